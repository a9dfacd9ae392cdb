//! The records that the chain keeps, and the hash chain over those of one dataset that stay for good.
//!
//! They stand here and not in the pallets because a certificate's verifier decodes them from storage proofs,
//! and because the tools read the same bytes. Every record opens with a layout byte, so that a reader from
//! another release can tell a record that it does not understand from a wrong one; what has none (a parent)
//! follows the layout of the dataset it belongs to.
//!
//! A field's place in the struct is its place in the encoding. Changing either is a new layout version.

mod announcement;
mod chain;
mod company;
mod dataset;
mod extension;
mod frozen;
mod lineage;
mod offer;
mod order;
mod participant;
mod redemption;
mod rules;
mod terms;
mod trade;
mod upgrade;

pub use announcement::{announcement, Announcement};
pub use chain::{
    attestation_entry, first_head, handover_entry, next_head, sample_entry, trade_entry, version_entry,
    withdrawal_entry,
};
pub use company::{Clerk, Company, FormerNumber, Member, Recovery, SecretEpoch, Spending};
pub use dataset::{
    Attestation, AttestationKind, Dataset, GrownFrom, Handover, Parent, Revocation, Revoker, RoyaltyShare,
    SampleAnswer, Version, Withdrawal,
};
pub use extension::{Extension, Extensions};
pub use frozen::{dataset::decode_dataset, trade::read_trade};
pub use lineage::{BadLineage, Lineage};
pub use offer::{LeavingBond, Offer, OfferState, Pause};
pub use order::{Order, OrderState};
pub use participant::{Participant, Profile, Standing};
pub use redemption::Redemption;
pub use rules::{Money, Rules, MAX_WINDOW};
pub use terms::OrderTerms;
pub use trade::{Derivation, DeriveRight, Outcome, RightSource, Royalty, Trade};
pub use upgrade::Upgrade;

use crate::{
    bounds::{NameBound, ParentsBound, ReasonBound, RoyaltiesBound},
    BoundedVec,
};
use codec::{Decode, DecodeWithMemTracking, Encode, HasCompact, MaxEncodedLen};
use scale_info::TypeInfo;

/// The layout of a [`Dataset`]: the second, which says when it was announced and until when it was provisional.
pub const DATASET_LAYOUT: u8 = 2;
/// The layout of what stands under a dataset: [`Attestation`], [`Handover`].
pub const DATASET_ENTRY_LAYOUT: u8 = 1;
/// The layout of an [`Announcement`]: the second, whose commitment binds the length too and whose deposit is a dataset's.
pub const ANNOUNCEMENT_LAYOUT: u8 = 2;
/// The layout of an [`Offer`] and of an [`Order`].
pub const OFFER_LAYOUT: u8 = 2;
/// The layout of [`Extensions`].
pub const EXTENSIONS_LAYOUT: u8 = 1;
/// The layout of a [`Trade`]. [`read_trade`] reads the first as well.
pub const TRADE_LAYOUT: u8 = 2;
/// The layout of a [`DeriveRight`].
pub const DERIVE_RIGHT_LAYOUT: u8 = 2;
/// The layout of a [`Participant`].
pub const PARTICIPANT_LAYOUT: u8 = 1;

/// The layout of a [`Company`] and of what belongs to it: [`Member`], [`Recovery`], [`FormerNumber`], [`SecretEpoch`],
/// [`Clerk`].
pub const COMPANY_LAYOUT: u8 = 1;

/// The layout of a [`Redemption`]: the second, which has a payee and an end.
pub const REDEMPTION_LAYOUT: u8 = 2;

/// The layout of an [`Upgrade`].
pub const UPGRADE_LAYOUT: u8 = 1;

/// A company's name, in UTF-8.
pub type Name = BoundedVec<u8, NameBound>;
/// Why something was withdrawn, revoked or suspended, in UTF-8.
pub type Reason = BoundedVec<u8, ReasonBound>;
/// What a dataset was made from.
pub type ParentList = BoundedVec<Parent, ParentsBound>;
/// The royalties that a dataset carries, each for one dataset behind it.
pub type RoyaltyShares = BoundedVec<RoyaltyShare, RoyaltiesBound>;
/// The royalties of one sale.
pub type Royalties<AccountId, Balance> = BoundedVec<Royalty<AccountId, Balance>, RoyaltiesBound>;

/// An amount of money or a block number, which the records keep in SCALE's compact form.
pub trait Amount: HasCompact + MaxEncodedLen {}

impl<N: HasCompact + MaxEncodedLen> Amount for N {}

/// When something happened: the block, and the time that its author gave it.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct Moment<BlockNumber: Amount> {
    /// The block.
    #[codec(compact)]
    pub block: BlockNumber,
    /// Its time, in milliseconds since 1970 (UTC).
    #[codec(compact)]
    pub time: u64,
}

/// Whether `bytes` are UTF-8 text that a person can read on one line: not empty, no control characters, no
/// space at either end.
pub fn is_readable(bytes: &[u8]) -> bool {
    core::str::from_utf8(bytes)
        .is_ok_and(|text| !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control))
}
