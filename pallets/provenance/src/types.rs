//! The types that are this pallet's own: announcements, and the records of `wonbon_primitives` with a runtime's
//! accounts, money and block numbers in them.

use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::traits::fungible::Inspect;
use frame_system::pallet_prelude::BlockNumberFor;
use scale_info::TypeInfo;
use wonbon_primitives::{
    content::growth::GrowthProof,
    dataset::Method,
    record::{Attestation, Dataset, Handover, Moment, ParentList},
    Commitment, Digest,
};

/// The layout that this release writes in the first byte of an [`Announcement`].
pub const ANNOUNCEMENT_LAYOUT: u8 = 1;

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

/// A commitment to a root that its account is going to register.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct Announcement<Balance, BlockNumber> {
    /// Layout of this record, [`ANNOUNCEMENT_LAYOUT`].
    pub version: u8,
    /// When it was announced.
    pub at: BlockNumber,
    /// What is on hold for it.
    pub deposit: Balance,
}

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
