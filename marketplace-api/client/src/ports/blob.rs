//! Names of the large things that a home keeps for a while.

use wonbon_model::DatasetId;

/// A package or a leaf list that a home may keep.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Blob {
    /// A seller's package, until it is offered; by the name of the publication's journal.
    Sealed(String),
    /// What has come so far of a buyer's package, not checked; by the name of the purchase's journal.
    Incoming(String),
    /// A buyer's package that was checked, until the order is final; by the name of the purchase's journal.
    Bought(String),
    /// The leaf list of a dataset that was sealed here.
    LeafList(DatasetId),
    /// A leaf list that the service gave, not checked.
    FetchedLeafList(DatasetId),
}
