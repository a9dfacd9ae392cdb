//! From the errors of the client to what the person at the terminal reads, with the exit code.

use wonbon_client::chain::ChainError;
use wonbon_client::keys::KeyFileError;

use crate::exit::{Code, Failure};

impl From<KeyFileError> for Failure {
    fn from(error: KeyFileError) -> Self {
        let advice = match &error {
            KeyFileError::Exists(_) => "choose another name",
            KeyFileError::Missing(_) => {
                "make one with `wonbon key new`, name another with --key, or use --key dev:NAME on a development chain"
            }
            KeyFileError::Io { .. } => "check the disk and the permissions",
            KeyFileError::Malformed(_) => "is --key the right file? take it from your backup if it was damaged",
            KeyFileError::WrongPassphrase(_) => "try again; a file that was changed cannot be told from a wrong passphrase",
        };
        Failure::new(Code::Key, error.to_string()).advise(advice)
    }
}

impl From<ChainError> for Failure {
    fn from(error: ChainError) -> Self {
        let message = error.to_string();
        match &error {
            ChainError::Unreachable { .. } => Failure::new(Code::Unreachable, message)
                .advise("start the node, or name it with --chain or WONBON_CHAIN"),
            ChainError::OtherChain { .. } => Failure::new(Code::Unreachable, message)
                .advise("check --chain and --genesis: nothing was sent to that chain"),
            ChainError::OtherRuntime(_) => Failure::new(Code::Unreachable, message)
                .advise("this version of wonbon is for another version of the chain; use the matching one"),
            ChainError::Node(_) => {
                Failure::new(Code::Unreachable, message).advise("run the command again when the node is back")
            }
            ChainError::Refused { error: name, .. } => {
                let failure = Failure::new(Code::Failure, message).named(name.clone());
                match refusal_advice(name) {
                    Some(advice) => failure.advise(advice),
                    None => failure,
                }
            }
            ChainError::Rejected(reason) => {
                let failure = Failure::new(Code::Failure, message).named("Rejected");
                if reason.to_lowercase().contains("fee") || reason.to_lowercase().contains("balance") {
                    failure.advise("the account cannot pay the fee; see `wonbon balance`")
                } else {
                    failure
                }
            }
            ChainError::Expired { .. } => {
                Failure::new(Code::Failure, message).named("Expired").advise("run the same command again")
            }
            ChainError::StatePruned(_) => Failure::new(Code::Failure, message)
                .advise("name a node that keeps all states (an archive node) with --chain"),
            ChainError::NoSuchBlock(_) | ChainError::Undecodable { .. } => Failure::new(Code::Failure, message),
        }
    }
}

/// What to do about an error that the chain answers by name.
fn refusal_advice(name: &str) -> Option<&'static str> {
    Some(match name {
        "StaleTerms" => "the offer changed since you looked; look again with `wonbon show` and order again",
        "NotVerified" => "the company must be registered and verified: `wonbon company register`, then ask the registrar",
        "OfferNotOpen" => "look for another offer with `wonbon search`",
        "OwnOffer" => "order with another company's key",
        "BondTooSmall" => "the seller must add to the bond: `wonbon offer bond OFFER AMOUNT`",
        "TooLate" => "the window for this has passed; see `wonbon show order:N`",
        "TooEarly" => "the window has not passed yet; see `wonbon show order:N`",
        "AlreadyDelivered" => "nothing is left to do; see `wonbon show order:N`",
        "KeyReused" => "seal the file again: every sealing needs its own key",
        "InsufficientBalance" | "FundsUnavailable" | "InsufficientFunds" => {
            "the account has too little money; see `wonbon balance`"
        }
        "BadOrigin" => "this needs the authority: sudo on a development chain, the council elsewhere",
        "AlreadyRegistered" => "see who was first with `wonbon show` and the dataset id",
        _ => return None,
    })
}

/// The failure for a record that the chain does not have.
pub fn unknown(what: impl std::fmt::Display) -> Failure {
    Failure::new(Code::Refused, format!("there is no {what} on this chain"))
        .advise("finality may be some seconds behind; otherwise check the number and --chain")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_follow_the_kind_of_error() {
        let refused = ChainError::Refused {
            pallet: "Marketplace".into(),
            error: "StaleTerms".into(),
            explanation: String::new(),
        };
        let failure = Failure::from(refused);
        assert_eq!((failure.code, failure.name.as_deref()), (Code::Failure, Some("StaleTerms")));
        assert!(failure.advice.is_some());
        let other = ChainError::OtherChain { expected: [0; 32], found: [1; 32] };
        assert_eq!(Failure::from(other).code, Code::Unreachable);
        assert_eq!(Failure::from(ChainError::Unreachable { url: "ws://x".into(), reason: "r".into() }).code, Code::Unreachable);
        assert_eq!(Failure::from(KeyFileError::Missing("x".into())).code, Code::Key);
    }
}
