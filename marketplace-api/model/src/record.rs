//! The records that the pallets keep, with the chain's accounts, amounts and block numbers.

use super::{AccountId, Balance, BlockNumber};
use wonbon_primitives::{membership, record};

pub use wonbon_primitives::record::{
    AttestationKind, Clerk, Derivation, DeriveRight, GrownFrom, Name, OfferState, Outcome, Parent,
    ParentList, Profile, Reason, Revoker, RightSource, RoyaltyShare, RoyaltyShares, Standing, Version,
};

/// When something happened: the block, and its time.
pub type Moment = record::Moment<BlockNumber>;
/// A company.
pub type Participant = record::Participant<Balance, BlockNumber>;
/// A company that acts through people, beside its [`Participant`].
pub type Company = record::Company<AccountId, Balance, BlockNumber>;
/// A person, or a machine, who acts for a company.
pub type Member = record::Member<Balance, BlockNumber>;
/// A new admin proposed for a company that lost its keys.
pub type Recovery = record::Recovery<AccountId, Balance, BlockNumber>;
/// A registration number that a company does not have any more.
pub type FormerNumber = record::FormerNumber<BlockNumber>;
/// An epoch of a company's secrets.
pub type SecretEpoch = record::SecretEpoch<BlockNumber>;
/// What a member spent of their company's money on one day.
pub type Spending = record::Spending<Balance>;
/// What a person becomes a member with.
pub type Joining = membership::Joining<Balance, BlockNumber>;
/// A dataset. Its id is the key of the record.
pub type Dataset = record::Dataset<AccountId, Balance, BlockNumber>;
/// That a dataset was withdrawn.
pub type Withdrawal = record::Withdrawal<BlockNumber>;
/// An owner's answer to the fair sample's draw.
pub type SampleAnswer = record::SampleAnswer<BlockNumber>;
/// That a dataset went from one owner to another.
pub type Handover = record::Handover<AccountId, BlockNumber>;
/// An inspector's attestation.
pub type Attestation = record::Attestation<AccountId, Balance, BlockNumber>;
/// That an attestation was revoked.
pub type Revocation = record::Revocation<BlockNumber>;
/// What one ancestor's owner gets of one sale.
pub type Royalty = record::Royalty<AccountId, Balance>;
/// The royalties of one sale.
pub type Royalties = record::Royalties<AccountId, Balance>;
/// The permanent record of a trade.
pub type Trade = record::Trade<AccountId, Balance, BlockNumber>;

/// An announced commitment to a dataset.
pub type Announcement = record::Announcement<Balance, BlockNumber>;
/// Credit that is to be paid out.
pub type Redemption = record::Redemption<AccountId, Balance, BlockNumber>;
/// A sealing of a dataset, for sale.
pub type Offer = record::Offer<AccountId, Balance, BlockNumber>;
/// How far an order has come.
pub type OrderState = record::OrderState<BlockNumber>;
/// An order that is not final.
pub type Order = record::Order<AccountId, Balance, BlockNumber>;
/// That a delivery was missed.
pub type Pause = record::Pause<Balance, BlockNumber>;
/// Bond that its seller wants back.
pub type LeavingBond = record::LeavingBond<Balance, BlockNumber>;
/// By how much windows of open orders were extended.
pub type Extensions = record::Extensions<BlockNumber>;
/// The rules of the marketplace.
pub type Rules = record::Rules<Balance, BlockNumber>;

/// An upgrade of the chain's runtime that is to come.
pub type Upgrade = record::Upgrade<BlockNumber>;

/// What the ancestors' owners get of one sale together.
pub fn royalty_total(royalties: &Royalties) -> Balance {
    royalties.iter().fold(0, |sum: Balance, part| sum.saturating_add(part.amount))
}
