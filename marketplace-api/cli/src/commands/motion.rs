//! What a motion of the council does, in words: company names, amounts and reasons instead of a call's bytes.
//!
//! Promises: every argument is in the sentence, or the sentence is a list of all arguments; a call that this program has no
//! sentence for is listed by name and never passed over.

use std::collections::BTreeMap;

use wonbon_client::chain::{Decoded, DecodedCall, OpenMotion, View};
use wonbon_model::words::{amount, duration};
use wonbon_model::{AccountId, BlockNumber, RegistrationNumber};
use wonbon_primitives::id::to_hex;
use wonbon_verifier::report::plain;

use crate::exit::Result;
use crate::lines::Line;

/// The names of companies, by their accounts.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(BTreeMap<AccountId, String>);

impl Names {
    /// Looks the companies of a call up.
    pub(super) async fn learn(&mut self, view: &View, call: &DecodedCall) -> Result<()> {
        let mut accounts = Vec::new();
        collect(call, &mut accounts);
        for account in accounts {
            self.learn_one(view, account).await?;
        }
        Ok(())
    }

    /// Looks one company up.
    pub(super) async fn learn_one(&mut self, view: &View, account: AccountId) -> Result<()> {
        if !self.0.contains_key(&account) {
            if let Some(name) = view.company_name(&account).await? {
                self.0.insert(account, name);
            }
        }
        Ok(())
    }

    /// `한빛정밀 주식회사 (5F…)`, or the account alone.
    pub(super) fn of(&self, account: &AccountId) -> String {
        match self.0.get(account) {
            Some(name) => format!("{} ({account})", plain(name)),
            None => account.to_string(),
        }
    }
}

fn collect(call: &DecodedCall, accounts: &mut Vec<AccountId>) {
    fn of(value: &Decoded, accounts: &mut Vec<AccountId>) {
        match value {
            Decoded::Account(account) => accounts.push(*account),
            Decoded::List(values) => values.iter().for_each(|value| of(value, accounts)),
            Decoded::Word(_, fields) | Decoded::Fields(fields) => {
                fields.iter().for_each(|(_, value)| of(value, accounts));
            }
            Decoded::Call(call) => collect(call, accounts),
            _ => {}
        }
    }
    call.arguments.iter().for_each(|(_, value)| of(value, accounts));
}

/// Everything that a member of the council reads of a motion before voting.
pub(super) async fn lines(view: &View, motion: &OpenMotion) -> Result<Vec<Line>> {
    let mut names = Names::default();
    names.learn(view, &motion.call).await?;
    let left = motion.end.saturating_sub(view.block().height);
    Ok(vec![
        ("motion", format!("{} ({})", motion.index, to_hex(&motion.hash))),
        ("what", sentence(&motion.call, &names)),
        ("votes", votes(motion)),
        ("ends", ends(motion.end, left)),
    ])
}

/// `2 for, 0 against, of 3 needed`.
pub(super) fn votes(motion: &OpenMotion) -> String {
    format!("{} for, {} against; {} are needed", motion.ayes.len(), motion.nays.len(), motion.threshold)
}

fn ends(end: BlockNumber, left: BlockNumber) -> String {
    match left {
        0 => format!("block {end}, which has passed: it can be closed"),
        left => format!("block {end}, {} from now", duration::blocks(left)),
    }
}

/// What a call does, in a sentence.
pub(super) fn sentence(call: &DecodedCall, names: &Names) -> String {
    if let Some(length) = call.unread {
        return format!("{}.{}, with {length} bytes, too long to be shown here", call.pallet, call.name);
    }
    let known = known(call, names);
    known.unwrap_or_else(|| listed(call, names))
}

fn known(call: &DecodedCall, names: &Names) -> Option<String> {
    let account = |name: &str| match call.argument(name)? {
        Decoded::Account(account) => Some(names.of(account)),
        _ => None,
    };
    let won = |name: &str| match call.argument(name)? {
        Decoded::Number(number) => Some(amount::krw(*number)),
        _ => None,
    };
    let plain = |name: &str| Some(shown(call.argument(name)?, names));
    let text = |name: &str| match call.argument(name)? {
        Decoded::Bytes(bytes) => readable(bytes),
        _ => None,
    };
    let number = |name: &str| match call.argument(name)? {
        Decoded::Bytes(digits) => {
            let digits = <[u8; 10]>::try_from(digits.as_slice()).ok()?;
            RegistrationNumber::new(digits).ok().map(|number| number.to_string())
        }
        _ => None,
    };
    Some(match (call.pallet.as_str(), call.name.as_str()) {
        ("Participants", "verify") => format!(
            "Verify {} as the company with the registration number {}.",
            account("account")?,
            number("registration_number")?
        ),
        ("Participants", "suspend") => {
            format!("Suspend {}. Reason: {}", account("account")?, text("reason")?)
        }
        ("Participants", "reinstate") => format!("Reinstate {}.", account("account")?),
        ("Participants", "accredit") => {
            format!("Accredit {} for the roles {}.", account("account")?, plain("roles")?)
        }
        ("Participants", "revoke_accreditation") => {
            format!("Revoke the accreditation of {}.", account("account")?)
        }
        ("Participants", "change_number") => format!(
            "Give {} the registration number {}.",
            account("account")?,
            number("registration_number")?
        ),
        ("Participants", "move_number") => format!(
            "Move the registration number of {}, which is pending then, to {}, which is verified then. Reason: {}",
            account("from")?,
            account("to")?,
            text("reason")?
        ),
        ("Participants", "unverify") => {
            format!("Take the verification of {} back. Reason: {}", account("account")?, text("reason")?)
        }
        ("Participants", "appoint_clerk") => format!(
            "Appoint {} as clerk, who establishes and verifies up to {} companies a day.",
            account("account")?,
            plain("daily")?
        ),
        ("Participants", "dismiss_clerk") => format!("Dismiss the clerk {}.", account("account")?),
        ("Participants", "cancel_recovery") => {
            format!("Take the proposed recovery of {} back.", account("company")?)
        }
        ("Participants", "enforce_recovery") => {
            format!("Complete the recovery of {}, whoever objected.", account("company")?)
        }
        ("Credit", "credit") => format!(
            "Credit {} to {} for the bank transfer {}.",
            won("amount")?,
            account("account")?,
            text("bank_reference")?
        ),
        ("Credit", "confirm_redemption") => format!(
            "Confirm that redemption {} was paid out by the bank transfer {}.",
            plain("redemption")?,
            text("bank_reference")?
        ),
        ("Credit", "reject_redemption") => format!(
            "Reject redemption {} and give the money back. Reason: {}",
            plain("redemption")?,
            text("reason")?
        ),
        ("Credit", "reverse_credit") => format!(
            "Take back {} that was credited for the bank transfer {}. Reason: {}",
            won("amount")?,
            text("bank_reference")?,
            text("reason")?
        ),
        ("Credit", "spend_treasury") => format!(
            "Pay {} of the treasury to {}. Reason: {}",
            won("amount")?,
            account("account")?,
            text("reason")?
        ),
        ("Consortium", "add_validator") => format!("Make {} a validator.", account("account")?),
        ("Consortium", "remove_validator") => {
            format!("Make {} a validator no more.", account("account")?)
        }
        ("Consortium", "enact") => match call.argument("call")? {
            Decoded::Call(inner) => format!("With the highest authority: {}", sentence(inner, names)),
            _ => return None,
        },
        ("Utility", "batch_all" | "batch" | "force_batch") => match call.argument("calls")? {
            Decoded::List(calls) => {
                let each = calls.iter().enumerate().map(|(at, call)| match call {
                    Decoded::Call(call) => format!("{}. {}", at + 1, sentence(call, names)),
                    other => format!("{}. {}", at + 1, shown(other, names)),
                });
                format!("{} things together:\n{}", calls.len(), each.collect::<Vec<_>>().join("\n"))
            }
            _ => return None,
        },
        _ => return None,
    })
}

/// A call that has no sentence of its own: its name, and each argument by name.
fn listed(call: &DecodedCall, names: &Names) -> String {
    let mut text = format!("{}.{}", call.pallet, call.name);
    for (name, value) in &call.arguments {
        text.push_str(&format!("\n{}: {}", name.replace('_', " "), shown(value, names)));
    }
    text
}

/// A text that hides nothing and begins no line: what is proposed was checked by nobody.
fn readable(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.is_empty())?;
    (plain(text) == text).then(|| text.to_owned())
}

/// A value for people.
fn shown(value: &Decoded, names: &Names) -> String {
    let fields = |fields: &[(String, Decoded)]| {
        let one = |(name, value): &(String, Decoded)| match name.parse::<usize>() {
            Ok(_) => shown(value, names),
            Err(_) => format!("{} {}", name.replace('_', " "), shown(value, names)),
        };
        fields.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    match value {
        Decoded::Account(account) => names.of(account),
        Decoded::Number(number) => amount::number(*number),
        Decoded::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        Decoded::Bytes(bytes) => readable(bytes).unwrap_or_else(|| format!("0x{}", hex::encode(bytes))),
        Decoded::Word(word, inner) if inner.is_empty() => word.clone(),
        Decoded::Word(word, inner) => format!("{word} ({})", fields(inner)),
        Decoded::Fields(inner) => format!("({})", fields(inner)),
        Decoded::List(values) => {
            values.iter().map(|value| shown(value, names)).collect::<Vec<_>>().join(", ")
        }
        Decoded::Call(call) => sentence(call, names),
        Decoded::Other(text) => text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(pallet: &str, name: &str, arguments: &[(&str, Decoded)]) -> DecodedCall {
        let arguments = arguments.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        DecodedCall { pallet: pallet.to_owned(), name: name.to_owned(), arguments, unread: None }
    }

    #[test]
    fn what_is_decided_is_a_sentence_with_names() {
        let account = AccountId([3; 32]);
        let names = Names([(account, "한빛정밀 주식회사".to_owned())].into());
        let whose = Decoded::Account(account);
        let credit = call(
            "Credit",
            "credit",
            &[
                ("account", whose.clone()),
                ("amount", Decoded::Number(7_000_000)),
                ("bank_reference", Decoded::Bytes(b"REF-1".to_vec())),
            ],
        );
        let expected = format!(
            "Credit {} to 한빛정밀 주식회사 ({account}) for the bank transfer REF-1.",
            amount::krw(7_000_000)
        );
        assert_eq!(sentence(&credit, &names), expected);
        let verify = call(
            "Participants",
            "verify",
            &[("account", whose), ("registration_number", Decoded::Bytes(b"1248100998".to_vec()))],
        );
        assert!(sentence(&verify, &names).contains("124-81-00998"), "{}", sentence(&verify, &names));
        let both = call(
            "Utility",
            "batch_all",
            &[("calls", Decoded::List([credit, verify].map(|call| Decoded::Call(Box::new(call))).to_vec()))],
        );
        let both = call("Consortium", "enact", &[("call", Decoded::Call(Box::new(both)))]);
        let text = sentence(&both, &names);
        assert!(text.starts_with("With the highest authority: 2 things together:\n1. Credit"), "{text}");
        assert!(text.contains("\n2. Verify"));
    }

    #[test]
    fn nothing_of_what_has_no_sentence_is_left_out() {
        let names = Names::default();
        let inner =
            vec![("percent".to_owned(), Decoded::Number(20)), ("hard".to_owned(), Decoded::Flag(true))];
        let odd = call(
            "Marketplace",
            "set_rules",
            &[("rules", Decoded::Fields(inner)), ("code", Decoded::Bytes(vec![0xff, 0]))],
        );
        assert_eq!(
            sentence(&odd, &names),
            "Marketplace.set_rules\nrules: (percent 20, hard yes)\ncode: 0xff00"
        );
        // A known name with other arguments is not guessed at.
        let other = call("Participants", "reinstate", &[("account", Decoded::Number(4))]);
        assert_eq!(sentence(&other, &names), "Participants.reinstate\naccount: 4");
        // Nor is a text shown that could make up lines of its own.
        let spoof = Decoded::Bytes("fine\nvotes: 9 for".as_bytes().to_vec());
        let spoof = call(
            "Participants",
            "suspend",
            &[("account", Decoded::Account(AccountId([3; 32]))), ("reason", spoof)],
        );
        assert!(sentence(&spoof, &names).contains("reason: 0x66696e65"), "{}", sentence(&spoof, &names));
        let long = DecodedCall { unread: Some(70_000), ..call("System", "set_code", &[]) };
        assert!(sentence(&long, &names).contains("70000 bytes"));
    }
}
