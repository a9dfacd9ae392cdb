//! Why a call was refused: by the runtime, as the events of its block tell, or by the node that should have taken it.

use super::error::Result;
use super::nodes::NodeRefusal;
use super::view::At;
use super::{ChainError, MayNotAct};
use codec::Decode;
use subxt::config::substrate::SubstrateConfig;
use subxt::error::{BackendError, DispatchError, RpcError};
use subxt::events::Event;
use wonbon_model::Digest;

/// The error that an event tells of: of the extrinsic itself, or of a call within it.
pub(super) fn refusal(at: &At, event: &Event<'_, SubstrateConfig>) -> Result<Option<ChainError>> {
    let mut fields = event.field_bytes();
    let failed = match (event.pallet_name(), event.event_name()) {
        ("System", "ExtrinsicFailed") => true,
        // The result stands alone.
        ("Sudo", "Sudid" | "SudoAsDone") | ("Consortium", "Enacted") => is_error(&mut fields)?,
        // The hash of the motion, then the result.
        ("Council", "Executed" | "MemberExecuted") => {
            Digest::decode(&mut fields).map_err(|error| ChainError::undecodable("a motion", error))?;
            is_error(&mut fields)?
        }
        _ => false,
    };
    if !failed {
        return Ok(None);
    }
    // What follows the error (of a failed extrinsic: what it weighed) must not be taken for a part of it.
    let bytes = dispatch_error_bytes(fields)?;
    let error = DispatchError::decode_from(bytes, at.metadata())
        .map_err(|error| ChainError::undecodable("a dispatch error", error))?;
    Ok(Some(refused_by_name(error)))
}

fn is_error(fields: &mut &[u8]) -> Result<bool> {
    Ok(u8::decode(fields).map_err(|error| ChainError::undecodable("a result", error))? == 1)
}

/// A module's error has an index and four bytes after the variant, some others have one byte, the rest none.
fn dispatch_error_bytes(fields: &[u8]) -> Result<&[u8]> {
    const MODULE_ERROR: u8 = 3;
    const ERRORS_WITH_ONE_BYTE: [u8; 4] = [7, 8, 9, 14];
    let length = match fields.first() {
        Some(&MODULE_ERROR) => 6,
        Some(variant) if ERRORS_WITH_ONE_BYTE.contains(variant) => 2,
        _ => 1,
    };
    fields.get(..length).ok_or_else(|| ChainError::undecodable("a dispatch error", "it is cut off"))
}

fn refused_by_name(error: DispatchError) -> ChainError {
    let refused = |pallet: &str, error: String, explanation: String| ChainError::Refused {
        pallet: pallet.to_owned(),
        error,
        explanation,
    };
    match error {
        DispatchError::Module(module) => match module.details() {
            Ok(details) => refused(
                details.pallet.name(),
                details.variant.name.clone(),
                details.variant.docs.join(" ").trim().to_owned(),
            ),
            Err(_) => refused("Unknown", module.details_string(), String::new()),
        },
        DispatchError::Token(token) => refused("Token", format!("{token:?}"), token.to_string()),
        DispatchError::Arithmetic(error) => refused("Arithmetic", format!("{error:?}"), error.to_string()),
        other => refused("Dispatch", format!("{other:?}"), other.to_string()),
    }
}

/// What the runtime's own extensions say in a rejection, by its number there.
const CUSTOM_ERROR: &str = "Custom error: ";

/// The error of a rejection with this text.
pub(super) fn rejected(reason: String) -> ChainError {
    let number = reason.split(CUSTOM_ERROR).nth(1).and_then(|rest| rest.trim().parse().ok());
    let reason = match number {
        Some(1_u8) => MayNotAct::NotMember,
        Some(2) => MayNotAct::Role,
        Some(3) => MayNotAct::DayLimit,
        Some(4) => MayNotAct::Recovery,
        Some(number) => return ChainError::Rejected(why_not(number).map_or(reason, str::to_owned)),
        None => return ChainError::Rejected(reason),
    };
    ChainError::MayNotAct { reason }
}

/// Why the runtime admits no delivery or dispute, by its number.
fn why_not(number: u8) -> Option<&'static str> {
    match number {
        7 => Some("deliveries and disputes stand in no other call"),
        8 => Some("the order is another company's to deliver or to dispute"),
        9 => Some("the order is final, delivered already or not delivered yet"),
        10 => Some("the order's time is over"),
        _ => None,
    }
}

/// Code and text of a node's refusal to take a transaction; `None` if it was no refusal.
pub(super) fn rejection(error: &BackendError) -> Option<(i32, String)> {
    let BackendError::Rpc(RpcError::ClientError(subxt::rpcs::Error::User(refusal))) = error else {
        return None;
    };
    let data = refusal.data.as_ref().map(|data| data.get().to_owned());
    Some(in_words(NodeRefusal { code: refusal.code, message: refusal.message.clone(), data }))
}

/// Code and text of a node's refusal.
pub(super) fn in_words(refusal: NodeRefusal) -> (i32, String) {
    let data = refusal.data.and_then(|data| serde_json::from_str::<String>(&data).ok());
    let text = match data.filter(|data| is_in_words(data)) {
        Some(data) => format!("{}: {data}", refusal.message),
        None => refusal.message,
    };
    (refusal.code, text)
}

/// Of a value that has no words a node prints what its programmers see, as `Any { .. }`: that tells a person nothing.
fn is_in_words(text: &str) -> bool {
    !text.contains("{ .. }")
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt::rpcs::UserError;

    fn refused(code: i32, message: &str, data: Option<&str>) -> BackendError {
        let data = data.map(|data| serde_json::value::to_raw_value(data).unwrap());
        let refusal = UserError { code, message: message.to_owned(), data };
        BackendError::Rpc(RpcError::ClientError(subxt::rpcs::Error::User(refusal)))
    }

    #[test]
    fn a_refusal_is_told_in_words_and_nothing_else() {
        // As the pool answers: what it has already it names by a hash whose type is erased.
        let had = refused(1013, "Transaction Already Imported", Some("Any { .. }"));
        assert_eq!(rejection(&had), Some((1013, "Transaction Already Imported".to_owned())));
        let poor = "Inability to pay some fees (e.g. account balance too low)";
        let poor = refused(1010, "Invalid Transaction", Some(poor));
        let (code, reason) = rejection(&poor).unwrap();
        assert_eq!(code, 1010);
        assert_eq!(ChainError::Rejected(reason).to_string(), "the node refuses the transaction: Invalid Transaction: Inability to pay some fees (e.g. account balance too low)");
        let bare = refused(1012, "Transaction is temporarily banned", None);
        assert_eq!(rejection(&bare), Some((1012, "Transaction is temporarily banned".to_owned())));
    }

    #[test]
    fn why_somebody_may_not_act_is_told_by_its_number() {
        let of = |text: &str| rejected(text.to_owned());
        for (number, reason) in [
            (1, MayNotAct::NotMember),
            (2, MayNotAct::Role),
            (3, MayNotAct::DayLimit),
            (4, MayNotAct::Recovery),
        ] {
            let text = format!("Invalid Transaction: Custom error: {number}");
            assert_eq!(of(&text), ChainError::MayNotAct { reason });
        }
        for (number, words) in
            [(7, "no other call"), (8, "another company's"), (9, "delivered already"), (10, "time")]
        {
            let reason = of(&format!("Invalid Transaction: Custom error: {number}"));
            assert!(matches!(&reason, ChainError::Rejected(text) if text.contains(words)), "{reason}");
        }
        for other in ["Invalid Transaction: Custom error: 5", "Custom error: 11", "Custom error: ", "fee"] {
            assert_eq!(of(other), ChainError::Rejected(other.to_owned()));
        }
    }
}
