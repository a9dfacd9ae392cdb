//! What can go wrong with a purchase or a publication, and what to do then.

use wonbon_client::exchange::{ExchangeError, SealingError};

use crate::exit::{Code, Failure};

impl Failure {
    /// That of the company's secrets, in which the store of sealings found it.
    fn of_company(error: SealingError) -> Self {
        match error {
            SealingError::Company(error) => error.into(),
            other => Self::new(Code::Failure, other.to_string()),
        }
    }
}

impl From<SealingError> for Failure {
    fn from(error: SealingError) -> Self {
        let (code, advice) = match &error {
            SealingError::Storage(_) => {
                (Code::Failure, "check the disk and the permissions of the home folder")
            }
            SealingError::Malformed { .. } => (
                Code::Key,
                "restore the file from your backup: without it orders of that offer cannot be delivered",
            ),
            SealingError::OtherAccount(_) => {
                (Code::Key, "use the --key that published it, or another --home for this key")
            }
            SealingError::Company(_) => return Self::of_company(error),
        };
        Failure::new(code, error.to_string()).advise(advice)
    }
}

impl From<ExchangeError> for Failure {
    fn from(error: ExchangeError) -> Self {
        let message = error.to_string();
        let unnamed = |code| Failure::new(code, message.clone());
        let failed = |name: &str| unnamed(Code::Failure).named(name);
        let refused = |name: &str| unnamed(Code::Refused).named(name);
        let wrong = |name: &str| unnamed(Code::Verification).named(name);
        match error {
            ExchangeError::Chain(error) => error.into(),
            ExchangeError::Service(error) => error.into(),
            ExchangeError::Sealing(error) => error.into(),
            ExchangeError::Storage(_) => {
                unnamed(Code::Failure).advise("check the disk, its free space and the permissions")
            }
            ExchangeError::Journal { .. } => unnamed(Code::Refused).advise(
                "if you are sure that you need nothing of it any more, remove that file and start again",
            ),
            ExchangeError::Corrupt { .. } => wrong("Corrupt")
                .advise("nothing was paid for it; try again, and tell the operator if it happens again"),
            ExchangeError::Unsealable { .. } => unnamed(Code::Refused),
            ExchangeError::AlreadyRegistered { dataset, .. } => failed("AlreadyRegistered")
                .advise(format!("the same bytes cannot be registered twice; see `wonbon show {dataset}`")),
            ExchangeError::Displaced { dataset, .. } => failed("Displaced").advise(format!(
                "nothing of this publication is left; see `wonbon show {dataset}`, and ask in your company who else had \
                 these bytes before they were announced"
            )),
            ExchangeError::OtherParents { dataset, .. } => refused("OtherParents").advise(format!(
                "nothing was sent; parents cannot change after the registration: see `wonbon provenance {dataset}`"
            )),
            ExchangeError::NoSuchDataset(_) => refused("NoSuchDataset")
                .advise("if it is new, wait some seconds and try again; otherwise check the id and --chain"),
            ExchangeError::NotOwner { .. } => refused("NotOwner").advise("use the owner's key with --key"),
            ExchangeError::OtherFile { .. } => refused("OtherFile")
                .advise("nothing was sent; name the file that was published, byte for byte"),
            ExchangeError::NotGrown { .. } => refused("NotGrown").advise(
                "nothing was registered; a new version begins with the whole blocks of the old one, byte for byte; \
                 name the old file with --old-file if only its last block was changed",
            ),
            ExchangeError::NoRightToDerive(dataset) => refused("NoRightToDerive").advise(format!(
                "nothing was sent; buy a copy under an offer that allows selling derived data: `wonbon search {dataset}`"
            )),
            ExchangeError::RoyaltyBelowLicence { dataset, owed, .. } => {
                refused("RoyaltyBelowLicence").advise(format!(
                    "nothing was sent; leave the royalty out, or give at least this: --parent {dataset}:RELATION:{}",
                    owed.to_string().replace(' ', "")
                ))
            }
            ExchangeError::AlreadyAnswered(_) => refused("AlreadyAnswered")
                .advise("the same command with the number of blocks that was answered shows that sample again"),
            ExchangeError::Sample(_) => refused("SampleTooLarge").advise(
                "nothing was shown; ask for less, or name the share that you will give away with --most, for example --most 5%",
            ),
            ExchangeError::NoDescription(_) => failed("NoDescription")
                .advise("nothing was shown; publish the file again, which stores its description, or use the service that has it"),
            ExchangeError::NoSuchOffer(_) => {
                refused("NoSuchOffer").advise("look for offers with `wonbon search`")
            }
            ExchangeError::OfferClosed { .. } => {
                refused("OfferNotOpen").advise("look for other offers with `wonbon search`")
            }
            ExchangeError::NoSuchOrder(_) => refused("NoSuchOrder"),
            ExchangeError::OthersOrder(_) => refused("OthersOrder").advise(
                "an admin hands out the company's secrets with `wonbon company secrets`, then run the same command again; \
                 or buy another copy with --another",
            ),
            ExchangeError::CompanysOrder(company) => refused("CompanysOrder")
                .advise(format!("act for the company: --company {company}")),
            ExchangeError::NotBought(_) => refused("NotBought"),
            ExchangeError::Company(error) => error.into(),
            ExchangeError::NotPlaced(_) => wrong("NotPlaced")
                .advise("run the same command again with another node (--chain)"),
            ExchangeError::NoRules => failed("NoRules"),
            ExchangeError::OrdersStopped => refused("NewOrdersStopped")
                .advise("nothing was ordered; try again when the council has resumed them"),
            ExchangeError::ReachesPastUpgrade { .. } => refused("ReachesPastUpgrade").advise(
                "nothing was ordered; order again once the upgrade has taken effect, with the program's new version",
            ),
            ExchangeError::AgainstRules(_) => {
                refused("AgainstRules").advise("choose a value within the rules; nothing was sent")
            }
            ExchangeError::Changed(offer) => failed("StaleTerms").advise(format!(
                "look at it again with `wonbon show {offer}` and run the same command again"
            )),
            ExchangeError::NoFault(_) => failed("NoFault"),
            ExchangeError::DisputeOver(order) => wrong("DisputeOver").advise(format!(
                "what was delivered is wrong; see `wonbon show order:{order}` for how it ends"
            )),
            ExchangeError::Occupied(_) => refused("Occupied").advise(
                "move that file away and run the same command again soon: the order does not wait",
            ),
            ExchangeError::Busy(_) => {
                failed("Busy").advise("wait until it ends, then run the same command again")
            }
            ExchangeError::Delivery(_) => failed("Delivery"),
        }
    }
}
