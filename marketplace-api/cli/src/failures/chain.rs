//! The chain: it cannot be reached, or it refuses.

use wonbon_client::chain::ChainError;

use crate::exit::{Code, Failure};

impl From<ChainError> for Failure {
    fn from(error: ChainError) -> Self {
        let message = error.to_string();
        match &error {
            ChainError::Unreachable { .. } => Failure::new(Code::Unreachable, message)
                .advise("start the node, or name it with --chain or WONBON_CHAIN"),
            ChainError::OtherChain { .. } => Failure::new(Code::Unreachable, message)
                .advise("check --chain and --genesis: nothing was sent to that chain"),
            ChainError::OtherRuntime(_) => Failure::new(Code::Unreachable, message).advise(
                "this version of wonbon does not fit this version of the chain; use the one that does",
            ),
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
            ChainError::NoSuchBlock(_) | ChainError::Undecodable { .. } => {
                Failure::new(Code::Failure, message)
            }
        }
    }
}

/// What to do about an error that the chain answers by name.
fn refusal_advice(name: &str) -> Option<&'static str> {
    Some(match name {
        "StaleTerms" => "the offer changed after you looked; look again with `wonbon show`, then order again",
        "NotVerified" => {
            "the company must be registered and verified: `wonbon company register`, then ask the registrar"
        }
        "OtherRegistrationNumber" | "OtherRoles" => {
            "the company's record has changed; look at it with `wonbon company show` and decide again"
        }
        "OfferNotOpen" => "look for another offer with `wonbon search`",
        "OwnOffer" => "order with another company's key",
        "BondTooSmall" => "the seller must add to the bond: `wonbon offer bond OFFER AMOUNT`",
        "TooLate" => "the time for this has passed; see `wonbon show order:N`",
        "TooEarly" => "it is too early for this; see `wonbon show order:N`",
        "AlreadyDelivered" => "nothing is left to do; see `wonbon show order:N`",
        "KeyReused" => "seal the file again: each sealing needs a key of its own",
        "InsufficientBalance" | "FundsUnavailable" | "InsufficientFunds" => {
            "the account has too little money; see `wonbon balance`"
        }
        "BadOrigin" => "this needs the authority: sudo on a development chain, the council elsewhere",
        "NoRightToDerive" => "first buy every parent under an offer that allows selling derived data",
        "RoyaltyBelowLicence" => {
            "give each parent's owner at least the share that the licence of the bought copy asks for"
        }
        "AlreadyRegistered" => "`wonbon show` with the dataset id says who was first",
        _ => return None,
    })
}
