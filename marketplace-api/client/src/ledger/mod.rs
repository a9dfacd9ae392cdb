//! What stands on the chain, in our own types.
//!
//! The records that stay for good are those of `wonbon_primitives::record`; the others have the layout of the
//! pallets' own (fields in the same order), so that they decode from the bytes of the storage. That they still agree is checked against the metadata: of the committed
//! `metadata.scale` by a test, of a live chain when connecting. Every record starts with its layout version.

mod account;
mod change;
mod record;

pub use account::AccountId;
pub use change::{
    BalancesEvent, BlockChanges, ChainEvent, CouncilEvent, CreditEvent, LedgerChange, MarketplaceEvent,
    ParticipantsEvent, ProfileField, ProvenanceEvent, ProxyEvent, ProxyKind,
};
pub use record::*;

pub use wonbon_primitives::company::{Ksic, Region, RegistrationNumber, Role, Roles, SizeClass};
pub use wonbon_primitives::dataset::{Method, Relation};
pub use wonbon_primitives::share::Share;
pub use wonbon_primitives::{Commitment, DatasetId, Digest, OfferId, OrderId};

/// Korean won.
pub type Balance = u128;
/// Height of a block.
pub type BlockNumber = u32;
/// The terms of an order.
pub type OrderTerms = wonbon_primitives::terms::OrderTerms<AccountId, Balance, BlockNumber>;

/// A text as the chain keeps it. Bytes that are not UTF-8 (which the chain refuses) are replaced.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
