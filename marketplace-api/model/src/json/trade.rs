//! Trades, which are what is left of orders that are final, and the rights that they gave.

use super::{Outcome, Word};
use crate::{record, AccountId, DatasetId, EntryKey, Hash, RightSource};
use serde::{Deserialize, Serialize};

forms! {
    /// The permanent record of an order that is final.
    Trade(key: EntryKey, record: &record::Trade) {
        /// Root of the dataset.
        dataset: Hash = key.dataset.into();
        /// Position among the dataset's trades.
        index: u32 = key.index;
        /// Number of the order that it ended.
        order: u64 = record.order;
        /// Number of the offer.
        offer: u64 = record.offer;
        /// Who sold.
        seller: AccountId = record.seller;
        /// Who bought.
        buyer: AccountId = record.buyer;
        /// Price in won.
        price: u128 = record.price;
        /// Fee of the platform, in won, paid if the price was.
        platform_fee: u128 = record.platform_fee;
        /// The ancestors' parts of the price, paid if the price was.
        royalties: Vec<Royalty> = record.royalties.iter().map(Royalty::new).collect();
        /// SHA-256 of the licence text.
        licence: Hash = record.licence.into();
        /// SHA-256 of the non-disclosure agreement.
        nda: Hash = record.nda.into();
        /// Whether the buyer may sell what they make from the dataset.
        derivation: Derivation = record.derivation.into();
        /// Digest of all terms.
        terms: Hash = record.terms.into();
        /// Block of the order.
        placed_at: u32 = record.placed_at;
        /// Block of the delivery.
        delivered_at: Option<u32> = record.delivered_at;
        /// Block in which it became final.
        final_at: u32 = record.ended.block;
        /// That block's time in milliseconds since 1970.
        final_time_ms: u64 = record.ended.time;
        /// How it ended.
        outcome: Outcome = Word(record.outcome);
        /// The bad block, where that is the outcome.
        bad_block: Option<u64> = record.outcome.bad_block();
        /// Its place in the dataset's hash chain.
        position: u32 = record.position;
    }

    /// What one ancestor's owner gets of one sale.
    Royalty(record: &record::Royalty) {
        /// The ancestor.
        dataset: Hash = record.dataset.into();
        /// Who held it when the order was placed.
        account: AccountId = record.account;
        /// What they get, in won.
        amount: u128 = record.amount;
    }

    /// A royalty that was paid: what a dataset's holder got of one sale of something that was made from it.
    RoyaltyReceived(key: EntryKey, trade: &record::Trade, royalty: &record::Royalty) {
        /// The dataset that it was paid for.
        dataset: Hash = royalty.dataset.into();
        /// Who held it when the order was placed, and got the royalty.
        account: AccountId = royalty.account;
        /// What they got, in won.
        amount: u128 = royalty.amount;
        /// The dataset that was sold.
        sold: Hash = key.dataset.into();
        /// Position of the sale among the trades of what was sold.
        index: u32 = key.index;
        /// Number of the order.
        order: u64 = trade.order;
        /// Who sold.
        seller: AccountId = trade.seller;
        /// Who bought.
        buyer: AccountId = trade.buyer;
        /// Price in won.
        price: u128 = trade.price;
        /// Block in which the sale became final, and the royalty was paid.
        final_at: u32 = trade.ended.block;
        /// That block's time in milliseconds since 1970.
        final_time_ms: u64 = trade.ended.time;
    }

    /// A company's right to sell what it makes from a dataset that it bought, or handed over.
    DeriveRight(key: (AccountId, DatasetId), record: &record::DeriveRight) {
        /// Whose right it is.
        company: AccountId = key.0;
        /// Root of the dataset.
        dataset: Hash = key.1.into();
        /// The least royalty that is owed for it, in millionths.
        royalty: u32 = record.royalty.millionths();
        /// Position, among the dataset's trades, of the trade that gave it.
        trade: Option<u32> = match record.source {
            RightSource::Trade(index) => Some(index),
            RightSource::Handover(_) => None,
        };
        /// Position, among the dataset's handovers, of the one in which the company kept it.
        handover: Option<u32> = match record.source {
            RightSource::Handover(index) => Some(index),
            RightSource::Trade(_) => None,
        };
    }
}

/// What royalties came to that were paid to a company, or for a dataset. A service adds them up; the chain does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoyaltiesReceived {
    /// Its parts of sales of what was made from its data, in won.
    pub royalties_received: u128,
    /// How many there were.
    pub royalties_received_count: u64,
}

/// Whether who bought a copy may sell what they make from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Derivation {
    /// They may not.
    Forbidden,
    /// They may, and owe at least this royalty.
    Permitted {
        /// The least share, in millionths, of each sale of what they make and of what others make from that.
        royalty: u32,
    },
}

impl From<record::Derivation> for Derivation {
    fn from(derivation: record::Derivation) -> Self {
        match derivation {
            record::Derivation::Forbidden => Self::Forbidden,
            record::Derivation::Permitted { royalty } => Self::Permitted { royalty: royalty.millionths() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Share;

    #[test]
    fn a_derivation_reads_as_in_what_is_kept() {
        let royalty = Share::from_millionths(50_000).unwrap();
        for kept in [record::Derivation::Forbidden, record::Derivation::Permitted { royalty }] {
            let answered = serde_json::to_value(Derivation::from(kept)).unwrap();
            assert_eq!(answered, serde_json::to_value(kept).unwrap());
        }
    }
}
