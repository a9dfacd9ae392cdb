//! The entries of the chain's storage that are read, with the types that they are read as: compared with the chain's
//! own description when connecting.

use super::accounts::AccountInfo;
use super::error::Result;
use super::storage_key::key;
use super::View;
use scale_info::{meta_type, MetaType};
use wonbon_model::{
    AccountId, Announcement, Attestation, BlockNumber, Clerk, Company, Dataset, DatasetId, DeriveRight,
    Digest, Extensions, FormerNumber, GrownFrom, Handover, Member, Offer, OfferId, Order, OrderId, Parent,
    Participant, Recovery, Redemption, RoyaltyShares, Rules, SecretEpoch, Share, Spending, Trade, Upgrade,
    Version,
};

/// An entry of the chain's storage, with the types that this client reads it as.
pub(super) struct Entry {
    pub(super) pallet: &'static str,
    pub(super) name: &'static str,
    pub(super) keys: Vec<MetaType>,
    pub(super) value: MetaType,
}

/// Declares what is read one by one, with the function that reads it, and what is read as a list or by other functions.
macro_rules! entries {
    (
        read { $(
            $(#[$doc:meta])*
            $vis:vis $fn:ident ( $($key:ident : $key_ty:ty),* ) -> $pallet:ident . $name:ident : $value:ty;
        )* }
        others { $( $other_pallet:ident . $other:ident : ( $($other_key:ty),* ) => $other_value:ty; )* }
    ) => {
        impl View { $(
            $(#[$doc])*
            $vis async fn $fn(&self, $($key: $key_ty),*) -> Result<Option<$value>> {
                self.read((stringify!($pallet), stringify!($name)), vec![ $( key($key) ),* ]).await
            }
        )* }

        /// Every entry that is read, for the comparison with the metadata.
        pub(super) fn entries() -> Vec<Entry> {
            vec![
                $( Entry {
                    pallet: stringify!($pallet),
                    name: stringify!($name),
                    keys: vec![ $( meta_type::<$key_ty>() ),* ],
                    value: meta_type::<$value>(),
                }, )*
                $( Entry {
                    pallet: stringify!($other_pallet),
                    name: stringify!($other),
                    keys: vec![ $( meta_type::<$other_key>() ),* ],
                    value: meta_type::<$other_value>(),
                }, )*
            ]
        }
    };
}

entries! {
    read {
        /// A company; `None` if it is not registered.
        pub participant(account: &AccountId) -> Participants.Participants: Participant;
        /// What a company is that acts through people; `None` of an account that acts for itself.
        pub company(account: &AccountId) -> Participants.Companies: Company;
        /// Somebody who acts for a company.
        pub member(company: &AccountId, member: &AccountId) -> Participants.Members: Member;
        /// The new admin that is proposed for a company.
        pub recovery(company: &AccountId) -> Participants.Recoveries: Recovery;
        /// A registration number that a company had, by its number there.
        pub former_number(company: &AccountId, index: u32) -> Participants.FormerNumbers: FormerNumber;
        pub(super) secret_epoch_count(company: &AccountId) -> Participants.SecretEpochCount: u32;
        /// An epoch of a company's secrets, by its number.
        pub secret_epoch(company: &AccountId, epoch: u32) -> Participants.SecretEpochs: SecretEpoch;
        /// The company that an application led to, by what was signed.
        pub established_by(application: &Digest) -> Participants.Applications: AccountId;
        /// What a member spent of their company's money on the last day on which they did.
        pub spending(company: &AccountId, member: &AccountId) -> Participants.Spendings: Spending;
        pub(super) ended_count(account: &AccountId) -> Participants.EndedMemberships: u32;
        /// Somebody who does the registrar's daily work.
        pub clerk(account: &AccountId) -> Participants.Clerks: Clerk;

        /// An announcement that is open.
        pub announcement(account: &AccountId, commitment: &Digest) -> Provenance.Announcements: Announcement;
        /// A dataset; `None` if it is not registered.
        pub dataset(dataset: &DatasetId) -> Provenance.Datasets: Dataset;
        /// That a dataset is still to be entered with its parents, and which dataset it is a new version of.
        pub pending_lineage(dataset: &DatasetId) -> Provenance.PendingLineage: Option<GrownFrom>;
        pub(super) child_count(dataset: &DatasetId) -> Provenance.ChildCount: u32;
        /// A new version of a dataset, by its number there.
        pub version(dataset: &DatasetId, index: u32) -> Provenance.Versions: Version;
        pub(super) royalty_shares(dataset: &DatasetId) -> Provenance.Royalties: RoyaltyShares;
        /// An attestation of a dataset, by its number there.
        pub attestation(dataset: &DatasetId, index: u32) -> Provenance.Attestations: Attestation;
        /// That a dataset was handed over, by its number there.
        pub handover(dataset: &DatasetId, index: u32) -> Provenance.Handovers: Handover;
        /// To whom a dataset is being handed over.
        pub pending_handover(dataset: &DatasetId) -> Provenance.PendingHandovers: AccountId;
        /// The royalty for which the owner of a dataset that is being handed over keeps the right to derive from it.
        pub kept_right(dataset: &DatasetId) -> Provenance.KeptRights: Share;
        /// The seed of the fair samples of what was registered in a block; `None` while they are not drawn.
        pub seed(registered_at: BlockNumber) -> Provenance.Seeds: Digest;

        /// The rules of the marketplace, if there are any yet.
        pub rules() -> Marketplace.Rules: Rules;
        /// An offer, open or not.
        pub offer(offer: OfferId) -> Marketplace.Offers: Offer;
        pub(super) next_order_number() -> Marketplace.NextOrder: OrderId;
        pub(super) stored_order(order: OrderId) -> Marketplace.Orders: Order;
        pub(super) stored_extensions() -> Marketplace.Extensions: Extensions;
        pub(super) cleared_lineage(seller: &AccountId, dataset: &DatasetId) -> Marketplace.ClearedLineages: u32;
        pub(super) handed_over_by(account: &AccountId) -> Provenance.HandedOver: u32;
        /// Where the trade of a final order stands.
        pub(super) finished(order: OrderId) -> Marketplace.Finished: (DatasetId, u32);
        /// A trade of a dataset, by its number there.
        pub trade(dataset: &DatasetId, index: u32) -> Marketplace.Trades: Trade;
        pub(super) company_trade_count(account: &AccountId) -> Marketplace.CompanyTradeCount: u32;
        /// A company's right to sell what it makes from a dataset.
        pub derive_right(company: &AccountId, dataset: &DatasetId) -> Marketplace.DeriveRights: DeriveRight;
        /// The offer for which a seller used a key commitment.
        pub used_key(seller: &AccountId, commitment: &Digest) -> Marketplace.UsedKeys: OfferId;

        pub(super) orders_stopped_flag() -> Marketplace.OrdersStopped: bool;

        /// The upgrade of the chain that is announced, if one is.
        pub announced_upgrade() -> Upgrades.Announced: Upgrade;

        /// Money that is to be paid out, and was not yet.
        pub redemption(redemption: u64) -> Credit.Redemptions: Redemption;

        pub(super) account(account: &AccountId) -> System.Account: AccountInfo;
    }
    others {
        Provenance.Parents: (DatasetId, u32) => Parent;
        Provenance.Children: (DatasetId, u32) => DatasetId;
        Marketplace.CompanyTrades: (AccountId, u32) => (DatasetId, u32);
        Session.Validators: () => Vec<AccountId>;
        Timestamp.Now: () => u64;
        Council.Members: () => Vec<AccountId>;
    }
}
