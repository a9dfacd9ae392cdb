//! The entries of the chain's storage that are read, with the types that they are read as: compared with the chain's
//! own description when connecting.

use super::accounts::AccountInfo;
use scale_info::{meta_type, MetaType};
use wonbon_model::{
    AccountId, Announcement, Attestation, BlockNumber, Dataset, DatasetId, DeriveRight, Digest, Handover,
    Offer, OfferId, Order, OrderId, Parent, Participant, RegistrationNumber, RoyaltyShares, Rules, Trade,
    Version,
};

/// An entry of the chain's storage, with the types that this client reads it as.
pub(super) struct Entry {
    pub(super) pallet: &'static str,
    pub(super) name: &'static str,
    pub(super) keys: Vec<MetaType>,
    pub(super) value: MetaType,
}

macro_rules! entries {
    ($( $pallet:ident . $name:ident : ( $($key:ty),* ) => $value:ty; )*) => {
        /// Every entry that is read, for the comparison with the metadata.
        pub(super) fn entries() -> Vec<Entry> {
            vec![ $( Entry {
                pallet: stringify!($pallet),
                name: stringify!($name),
                keys: vec![ $( meta_type::<$key>() ),* ],
                value: meta_type::<$value>(),
            } ),* ]
        }
    };
}

entries! {
    Participants.Participants: (AccountId) => Participant;
    Participants.ByRegistrationNumber: (RegistrationNumber) => AccountId;
    Provenance.Announcements: (AccountId, Digest) => Announcement;
    Provenance.Datasets: (DatasetId) => Dataset;
    Provenance.Parents: (DatasetId, u32) => Parent;
    Provenance.ChildCount: (DatasetId) => u32;
    Provenance.Children: (DatasetId, u32) => DatasetId;
    Provenance.Versions: (DatasetId, u32) => Version;
    Provenance.Royalties: (DatasetId) => RoyaltyShares;
    Provenance.Attestations: (DatasetId, u32) => Attestation;
    Provenance.Handovers: (DatasetId, u32) => Handover;
    Provenance.PendingHandovers: (DatasetId) => AccountId;
    Provenance.Seeds: (BlockNumber) => Digest;
    Marketplace.Rules: () => Rules;
    Marketplace.Offers: (OfferId) => Offer;
    Marketplace.Orders: (OrderId) => Order;
    Marketplace.NextOffer: () => OfferId;
    Marketplace.NextOrder: () => OrderId;
    Marketplace.Finished: (OrderId) => (DatasetId, u32);
    Marketplace.Trades: (DatasetId, u32) => Trade;
    Marketplace.CompanyTrades: (AccountId, u32) => (DatasetId, u32);
    Marketplace.CompanyTradeCount: (AccountId) => u32;
    Marketplace.DeriveRights: (AccountId, DatasetId) => DeriveRight;
    Marketplace.UsedKeys: (AccountId, Digest) => OfferId;
    Session.Validators: () => Vec<AccountId>;
    Timestamp.Now: () => u64;
    Council.Members: () => Vec<AccountId>;
    Council.Proposals: () => Vec<Digest>;
    System.Account: (AccountId) => AccountInfo;
}
