//! Buying and selling.

use wonbon_client::exchange::{ExchangeError, SealingError};

use crate::exit::{Code, Failure};

impl From<SealingError> for Failure {
    fn from(error: SealingError) -> Self {
        let message = error.to_string();
        match &error {
            SealingError::Storage(_) => Failure::new(Code::Failure, message)
                .advise("check the disk and the permissions of the home folder"),
            SealingError::Malformed { .. } => Failure::new(Code::Key, message).advise(
                "restore the file from your backup: without it orders of that offer cannot be delivered",
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
                "if you are sure that you need nothing of it any more, remove that file and start again",
            ),
            ExchangeError::Corrupt { .. } => failure(Code::Verification)
                .named("Corrupt")
                .advise("nothing was paid for it; try again, and tell the operator if it happens again"),
            ExchangeError::Unsealable { .. } => failure(Code::Refused),
            ExchangeError::AlreadyRegistered { dataset, .. } => failure(Code::Failure)
                .named("AlreadyRegistered")
                .advise(format!("the same bytes cannot be registered twice; see `wonbon show {dataset}`")),
            ExchangeError::OtherParents { dataset, .. } => failure(Code::Refused).named("OtherParents").advise(
                format!("nothing was sent; parents cannot change after the registration: see `wonbon provenance {dataset}`"),
            ),
            ExchangeError::NoSuchDataset(_) => failure(Code::Refused)
                .named("NoSuchDataset")
                .advise("if it is new, wait some seconds and try again; otherwise check the id and --chain"),
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
                    "nothing was sent; buy a copy under an offer that allows selling derived data: `wonbon search {dataset}`"
                ))
            }
            ExchangeError::RoyaltyBelowLicence { dataset, owed, .. } => {
                failure(Code::Refused).named("RoyaltyBelowLicence").advise(format!(
                    "nothing was sent; leave the royalty out, or give at least this: --parent {dataset}:RELATION:{}",
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
                "move that file away and run the same command again soon: the order does not wait",
            ),
            ExchangeError::Busy(_) => failure(Code::Failure)
                .named("Busy")
                .advise("wait until it ends, then run the same command again"),
            ExchangeError::Delivery(_) => failure(Code::Failure).named("Delivery"),
        }
    }
}
