//! From the errors of the client to what the person at the terminal reads, with the exit code.

use wonbon_client::chain::ChainError;
use wonbon_client::exchange::{ExchangeError, SealingError};
use wonbon_client::keys::KeyFileError;
use wonbon_client::service::ServiceError;
use wonbon_package::{files::FileError, PackageError};

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
            ChainError::NoSuchBlock(_) | ChainError::Undecodable { .. } => {
                Failure::new(Code::Failure, message)
            }
        }
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        let message = error.to_string();
        match &error {
            ServiceError::Unreachable { .. } => Failure::new(Code::Unreachable, message)
                .advise("is the service running? name it with --service or WONBON_SERVICE"),
            ServiceError::BadAddress(_) => {
                Failure::new(Code::Usage, message).advise("an address looks like http://127.0.0.1:8080")
            }
            ServiceError::Corrupt(_) => Failure::new(Code::Verification, message)
                .advise("nothing of it was used; try again, or ask another service"),
            ServiceError::TooLarge { .. } => Failure::new(Code::Refused, message)
                .named("upload-too-large")
                .advise(
                "nothing was announced; ask the operator for room, split the file, or name another service",
            ),
            ServiceError::NoKey => Failure::new(Code::Key, message).advise("say --key"),
            ServiceError::Storage(_) | ServiceError::Unexpected(_) => Failure::new(Code::Failure, message),
            ServiceError::Problem(problem) => {
                let (code, advice) = match (problem.slug(), problem.status) {
                    ("root-mismatch" | "leaf-list-mismatch", _) => {
                        (Code::Verification, Some("the upload was changed on its way; nothing was published"))
                    }
                    (_, 401) => {
                        (Code::Key, Some("is it the service of this chain? check --service and --chain"))
                    }
                    ("not-an-auditor", _) => {
                        (Code::Failure, Some("take the role `auditor` with `wonbon company update`; the registrar then accredits the company"))
                    }
                    (_, 403) => (
                        Code::Failure,
                        Some("the company must be registered and verified: `wonbon company register`"),
                    ),
                    ("over-quota", _) => (
                        Code::Refused,
                        Some("ask the operator for more room; then the same command goes on with the upload"),
                    ),
                    (_, 413) => (Code::Refused, Some("ask the operator what may be sent")),
                    (_, 500..=599) => (Code::Unreachable, Some("the service has trouble; try again later")),
                    _ => (Code::Failure, None),
                };
                let name = if problem.slug().is_empty() {
                    problem.status.to_string()
                } else {
                    problem.slug().to_owned()
                };
                let failure = Failure::new(code, message).named(name);
                match advice {
                    Some(advice) => failure.advise(advice),
                    None => failure,
                }
            }
        }
    }
}

impl From<SealingError> for Failure {
    fn from(error: SealingError) -> Self {
        let message = error.to_string();
        match &error {
            SealingError::Storage(_) => Failure::new(Code::Failure, message)
                .advise("check the disk and the permissions of the home folder"),
            SealingError::Malformed { .. } => Failure::new(Code::Key, message).advise(
                "take the file from your backup: without it orders of that offer cannot be delivered",
            ),
            SealingError::OtherAccount(_) => Failure::new(Code::Key, message)
                .advise("use the --key that published it, or another --home for this key"),
        }
    }
}

impl From<ExchangeError> for Failure {
    fn from(error: ExchangeError) -> Self {
        let message = error.to_string();
        let failure = |code| Failure::new(code, message.clone());
        match error {
            ExchangeError::Chain(error) => error.into(),
            ExchangeError::Service(error) => error.into(),
            ExchangeError::Sealing(error) => error.into(),
            ExchangeError::Storage(_) => {
                failure(Code::Failure).advise("check the disk, its free space and the permissions")
            }
            ExchangeError::Journal { .. } => failure(Code::Refused).advise(
                "if you are sure that nothing of it is needed any more, remove that file and start anew",
            ),
            ExchangeError::Corrupt { .. } => failure(Code::Verification)
                .named("Corrupt")
                .advise("nothing was paid for it; try again, and tell the operator if it happens again"),
            ExchangeError::Unsealable { .. } => failure(Code::Refused),
            ExchangeError::AlreadyRegistered { dataset, .. } => failure(Code::Failure)
                .named("AlreadyRegistered")
                .advise(format!("the same bytes cannot be registered twice; see `wonbon show {dataset}`")),
            ExchangeError::OtherParents { dataset, .. } => failure(Code::Refused).named("OtherParents").advise(
                format!("nothing was sent; what came with a registration stays: see `wonbon provenance {dataset}`"),
            ),
            ExchangeError::NoSuchDataset(_) => failure(Code::Refused)
                .named("NoSuchDataset")
                .advise("finality may be some seconds behind; otherwise check the id and --chain"),
            ExchangeError::NotOwner { .. } => {
                failure(Code::Refused).named("NotOwner").advise("use the owner's key with --key")
            }
            ExchangeError::OtherFile { .. } => failure(Code::Refused)
                .named("OtherFile")
                .advise("nothing was sent; name the file that was published, byte for byte"),
            ExchangeError::NotGrown { .. } => failure(Code::Refused).named("NotGrown").advise(
                "nothing was registered; a new version begins with the whole blocks of the old one, byte for byte; \
                 name the old file with --old-file if only its last block was changed",
            ),
            ExchangeError::NoRightToDerive(dataset) => {
                failure(Code::Refused).named("NoRightToDerive").advise(format!(
                    "nothing was sent; buy a copy under an offer that permits deriving: `wonbon search {dataset}`"
                ))
            }
            ExchangeError::RoyaltyBelowLicence { dataset, owed, .. } => {
                failure(Code::Refused).named("RoyaltyBelowLicence").advise(format!(
                    "nothing was sent; leave the royalty out, or grant at least that: --parent {dataset}:RELATION:{}",
                    owed.to_string().replace(' ', "")
                ))
            }
            ExchangeError::AlreadyAnswered(_) => failure(Code::Refused)
                .named("AlreadyAnswered")
                .advise("the same command with the number of blocks that was answered shows that sample again"),
            ExchangeError::NoSuchOffer(_) => {
                failure(Code::Refused).named("NoSuchOffer").advise("look for offers with `wonbon search`")
            }
            ExchangeError::OfferClosed { .. } => failure(Code::Refused)
                .named("OfferNotOpen")
                .advise("look for other offers with `wonbon search`"),
            ExchangeError::NoSuchOrder(_) => failure(Code::Refused).named("NoSuchOrder"),
            ExchangeError::NoRules => failure(Code::Failure).named("NoRules"),
            ExchangeError::AgainstRules(_) => failure(Code::Refused)
                .named("AgainstRules")
                .advise("choose a value within the rules; nothing was sent"),
            ExchangeError::Changed(offer) => failure(Code::Failure).named("StaleTerms").advise(format!(
                "look at it again with `wonbon show {offer}` and run the same command again"
            )),
            ExchangeError::NoFault(_) => failure(Code::Failure).named("NoFault"),
            ExchangeError::DisputeOver(order) => failure(Code::Verification).named("DisputeOver").advise(
                format!("what was delivered is wrong; see `wonbon show order:{order}` for how it ends"),
            ),
            ExchangeError::Occupied(_) => failure(Code::Refused).named("Occupied").advise(
                "move that file away and run the same command again soon: the order goes on meanwhile",
            ),
            ExchangeError::Busy(_) => failure(Code::Failure)
                .named("Busy")
                .advise("wait for it to end; then the same command says what became of it"),
            ExchangeError::Delivery(_) => failure(Code::Failure).named("Delivery"),
        }
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        let message = error.to_string();
        let (code, advice) = match error {
            FileError::Package(cause) => return cause.into(),
            FileError::Cancelled => (Code::Interrupted, "nothing was written"),
            FileError::Io { .. } => (Code::Failure, "check the disk, its free space and the permissions"),
            FileError::SameFile(_) | FileError::OtherFile(_) => (Code::Refused, "nothing was written"),
            FileError::Changed(_) => {
                (Code::Refused, "let nothing write to the file meanwhile, and run it again")
            }
            _ => return Failure::new(Code::Failure, message),
        };
        Failure::new(code, message).advise(advice)
    }
}

impl From<PackageError> for Failure {
    fn from(error: PackageError) -> Self {
        let (code, advice) = match &error {
            PackageError::Length(_)
            | PackageError::Growth(_)
            | PackageError::NoSuchBlock(_)
            | PackageError::TooManyBlocks(_) => (Code::Refused, "nothing was written"),
            PackageError::PackageLength { .. } | PackageError::Payload | PackageError::LeafList => {
                (Code::Verification, "the package is damaged or another one; get it again")
            }
            PackageError::WrongKey => (Code::Verification, "it is the key of another package"),
            PackageError::BadBlock(_) => (
                Code::Verification,
                "whoever sealed it sealed something else than the dataset; nothing was written",
            ),
            _ => return Failure::new(Code::Failure, error.to_string()),
        };
        Failure::new(code, error.to_string()).advise(advice)
    }
}

/// What to do about an error that the chain answers by name.
fn refusal_advice(name: &str) -> Option<&'static str> {
    Some(match name {
        "StaleTerms" => "the offer changed since you looked; look again with `wonbon show` and order again",
        "NotVerified" => {
            "the company must be registered and verified: `wonbon company register`, then ask the registrar"
        }
        "OtherRegistrationNumber" | "OtherRoles" => {
            "the company changed meanwhile; look at it with `wonbon company show` and decide again"
        }
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
        "NoRightToDerive" => "buy a copy of every parent under a licence that permits deriving",
        "RoyaltyBelowLicence" => {
            "grant each parent's owner at least what the licence of the bought copy asks"
        }
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
        assert_eq!(
            Failure::from(ChainError::Unreachable { url: "ws://x".into(), reason: "r".into() }).code,
            Code::Unreachable
        );
        assert_eq!(Failure::from(KeyFileError::Missing("x".into())).code, Code::Key);
    }
}
