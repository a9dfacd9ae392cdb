//! The records of `wonbon_primitives` with a runtime's accounts, money and block numbers in them, and what a
//! registration says.

use frame_support::traits::fungible::Inspect;
use frame_system::pallet_prelude::BlockNumberFor;
use wonbon_primitives::{
    content::growth::GrowthProof,
    dataset::Method,
    record::{Announcement, Attestation, Dataset, Handover, Moment, ParentList},
    Commitment, Digest,
};

/// Money, as the runtime's currency counts it.
pub type BalanceOf<T> =
    <<T as crate::Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;

/// The announcement record of a runtime.
pub type AnnouncementOf<T> = Announcement<BalanceOf<T>, BlockNumberFor<T>>;

/// The dataset record of a runtime.
pub type DatasetOf<T> = Dataset<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;

/// The attestation record of a runtime.
pub type AttestationOf<T> =
    Attestation<<T as frame_system::Config>::AccountId, BalanceOf<T>, BlockNumberFor<T>>;

/// The handover record of a runtime.
pub type HandoverOf<T> = Handover<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

/// A moment of a runtime.
pub type MomentOf<T> = Moment<BlockNumberFor<T>>;

/// What a registration says.
pub(crate) struct Registration {
    /// Root and length of the plaintext.
    pub(crate) commitment: Commitment,
    /// What the announcement was hidden with.
    pub(crate) salt: Digest,
    /// SHA-256 of the metadata document.
    pub(crate) metadata: Digest,
    /// How the dataset was made.
    pub(crate) method: Method,
    /// What it was made from.
    pub(crate) parents: ParentList,
    /// The proof that a new version begins with the old one.
    pub(crate) growth: Option<GrowthProof>,
}
