//! What can go wrong in a trade.

mod sample;

pub use sample::SampleRefusal;

use super::sealings::SealingError;
use crate::chain::ChainError;
use crate::company::KeyringError;
use crate::ports::StorageError;
use crate::service::ServiceError;
use thiserror::Error;
use wonbon_model::{AccountId, BlockNumber, DatasetId, OfferId, OrderId, Share};

/// Why a step of a trade failed. Where a `reason` is given it is in words for people; a `place` is named as they know it.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum ExchangeError {
    /// The chain refused, or cannot be reached.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The service refused, or cannot be reached.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// A content key cannot be stored or read.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// A journal, a package, the source or the sink cannot be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The journal of a purchase or a publication is not what it should be.
    #[error("{place} cannot be continued: {reason}")]
    Journal { place: String, reason: String },
    /// The data are not what they should be.
    #[error("{what} failed its check: {reason}")]
    Corrupt { what: String, reason: String },
    /// The file cannot be sold as it is: it is empty, too long, or not there.
    #[error("{place} cannot be sealed: {reason}")]
    Unsealable { place: String, reason: String },
    /// These bytes are registered, at this height by that company. The owner is whoever owns it now.
    #[error(
        "these bytes were first registered here by {registrant} in block {at} as dataset {dataset}; the owner is {owner}"
    )]
    AlreadyRegistered { dataset: DatasetId, registrant: AccountId, owner: AccountId, at: BlockNumber },
    /// We had registered these bytes, and somebody who had announced them earlier displaced our registration while it was
    /// provisional, at this height. Our deposit is back.
    #[error(
        "dataset {dataset} is {registrant}'s since block {at}: it had announced the same bytes before this account did, \
         and its registration took the place of ours; the deposit is back"
    )]
    Displaced { dataset: DatasetId, registrant: AccountId, at: BlockNumber },
    /// These bytes are registered, by us at this height, and not with the origin that was asked for.
    #[error("dataset {dataset} was registered in block {at} with other parents than those named")]
    OtherParents { dataset: DatasetId, at: BlockNumber },
    /// There is no such dataset.
    #[error("there is no dataset {0} on this chain")]
    NoSuchDataset(DatasetId),
    /// The dataset is another's now.
    #[error("dataset {dataset} belongs to {owner}")]
    NotOwner { dataset: DatasetId, owner: AccountId },
    /// The file is not the dataset's.
    #[error("{place} is not dataset {dataset}: {reason}")]
    OtherFile { place: String, dataset: DatasetId, reason: String },
    /// The new file does not contain the old dataset, which is the one named.
    #[error("the file is no new version of dataset {dataset}: {reason}")]
    NotGrown { dataset: DatasetId, reason: String },
    /// The seller neither owns a parent nor bought a copy of it that permits deriving.
    #[error("dataset {0} is not yours, and you hold no licence that permits selling what is made from it")]
    NoRightToDerive(DatasetId),
    /// Less is granted to a parent's owner than the licence asks.
    #[error("the licence of dataset {dataset} asks for a royalty of {owed}, and {offered} is granted")]
    RoyaltyBelowLicence { dataset: DatasetId, owed: Share, offered: Share },
    /// The draw was answered with another sample.
    #[error("the draw of dataset {0} was answered with another sample, and it is answered once")]
    AlreadyAnswered(DatasetId),
    /// A sample shows more than is given away.
    #[error(transparent)]
    Sample(#[from] SampleRefusal),
    /// The description of the dataset is not to be had, and says whether its rows are lines.
    #[error("the service does not have the metadata document of dataset {0}, which says what its rows are")]
    NoDescription(DatasetId),
    /// There is no such offer.
    #[error("there is no offer {0}")]
    NoSuchOffer(OfferId),
    /// The offer takes no orders.
    #[error("offer {offer} takes no orders: it is {state}")]
    OfferClosed { offer: OfferId, state: &'static str },
    /// There is no such order.
    #[error("there is no order {0}")]
    NoSuchOrder(OrderId),
    /// A colleague placed the order, with a secret that this key does not have.
    #[error(
        "order {0} was placed by another member of the company, with a secret that this home does not have"
    )]
    OthersOrder(OrderId),
    /// The journal is of an order for a company, and the key does not act for it now.
    #[error("the purchase is the company {0}'s, and the key does not act for it")]
    CompanysOrder(AccountId),
    /// The order is final, and the money came back.
    #[error("order {0} was refunded: there is nothing to open")]
    NotBought(OrderId),
    /// The company's secrets cannot be used.
    #[error(transparent)]
    Company(#[from] KeyringError),
    /// The node said that an order was placed, and the proved state has none.
    #[error("no order of offer {0} was placed, although the node said so; nothing was paid")]
    NotPlaced(OfferId),
    /// The market has no rules yet.
    #[error("the marketplace has no rules yet: nothing can be ordered")]
    NoRules,
    /// The council has stopped new orders for now.
    #[error("the council has stopped new orders for now; those that are open go on")]
    OrdersStopped,
    /// An order could still run when an announced upgrade changes the chain's rules.
    #[error(
        "an order could run until block {end}, and from block {due} on an upgrade may change the chain's rules"
    )]
    ReachesPastUpgrade { end: BlockNumber, due: BlockNumber },
    /// The rules of the marketplace do not allow an offer like this.
    #[error("the rules of the marketplace do not allow this: {0}")]
    AgainstRules(String),
    /// The offer is not any more what was agreed to.
    #[error("offer {0} changed since it was quoted; ask for it again")]
    Changed(OfferId),
    /// The proof of the seller's fault does not hold here, so it was not sent: the key stays secret.
    #[error("the proof of a fault does not hold, so no dispute was made: {0}")]
    NoFault(String),
    /// The data are wrong, but the order cannot be disputed any more: a proof would give the key away for nothing.
    #[error("order {0} cannot be disputed any more: the time for it is over, so no proof was sent")]
    DisputeOver(OrderId),
    /// Where the data go there is another file by now.
    #[error("{0} is there already and is another file than what was bought")]
    Occupied(String),
    /// Another process does the same for this account: the two would do it twice.
    #[error("{0} is running already")]
    Busy(String),
    /// The delivered key cannot be unwrapped, though the chain took it.
    #[error("the delivered key cannot be unwrapped: {0}")]
    Delivery(String),
}

impl ExchangeError {
    pub(super) fn corrupt(what: &str, reason: impl std::fmt::Display) -> Self {
        Self::Corrupt { what: what.to_owned(), reason: reason.to_string() }
    }

    /// Whether chain or service cannot be reached, or the chain is another one.
    pub fn is_connection(&self) -> bool {
        match self {
            Self::Chain(error) => error.is_connection(),
            Self::Service(error) => error.is_connection(),
            Self::Company(error) => error.is_connection(),
            _ => false,
        }
    }

    /// Whether data failed a check.
    #[cfg(test)]
    pub(super) fn is_corruption(&self) -> bool {
        matches!(self, Self::Corrupt { .. } | Self::Service(ServiceError::Corrupt(_)))
    }
}
