//! Trades, which are what is left of orders that are final, and the rights that they gave.

use super::{Outcome, Word};
use crate::{record, AccountId, DatasetId, EntryKey, Hash};
use serde::Serialize;

/// The permanent record of an order that is final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Trade {
    /// Dataset.
    pub dataset: Hash,
    /// Position among the dataset's trades.
    pub index: u32,
    /// Order.
    pub order: u64,
    /// Offer.
    pub offer: u64,
    /// Seller.
    pub seller: AccountId,
    /// Buyer.
    pub buyer: AccountId,
    /// Price in won.
    pub price: u128,
    /// Fee of the platform, in won, paid if the price was.
    pub platform_fee: u128,
    /// The ancestors' parts of the price, paid if the price was.
    pub royalties: Vec<Royalty>,
    /// SHA-256 of the licence text.
    pub licence: Hash,
    /// SHA-256 of the non-disclosure agreement.
    pub nda: Hash,
    /// Whether the buyer may sell what they make from the dataset.
    pub derivation: Derivation,
    /// Digest of all terms.
    pub terms: Hash,
    /// Block of the order.
    pub placed_at: u32,
    /// Block of the delivery.
    pub delivered_at: Option<u32>,
    /// Block in which it became final.
    pub final_at: u32,
    /// That block's time in milliseconds since 1970.
    pub final_time_ms: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// The bad block, where that is the outcome.
    pub bad_block: Option<u64>,
    /// Its place in the dataset's hash chain.
    pub position: u32,
}

impl Trade {
    /// What stands under this key.
    pub fn new(key: EntryKey, record: &record::Trade) -> Self {
        Self {
            dataset: key.dataset.into(),
            index: key.index,
            order: record.order,
            offer: record.offer,
            seller: record.seller,
            buyer: record.buyer,
            price: record.price,
            platform_fee: record.platform_fee,
            royalties: record.royalties.iter().map(Royalty::from).collect(),
            licence: record.licence.into(),
            nda: record.nda.into(),
            derivation: record.derivation.into(),
            terms: record.terms.into(),
            placed_at: record.placed_at,
            delivered_at: record.delivered_at,
            final_at: record.ended.block,
            final_time_ms: record.ended.time,
            outcome: Word(record.outcome),
            bad_block: record.outcome.bad_block(),
            position: record.position,
        }
    }
}

/// What one ancestor's owner gets of one sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Royalty {
    /// The ancestor.
    pub dataset: Hash,
    /// Who held it when the order was placed.
    pub account: AccountId,
    /// What they get, in won.
    pub amount: u128,
}

impl From<&record::Royalty> for Royalty {
    fn from(record: &record::Royalty) -> Self {
        Self { dataset: record.dataset.into(), account: record.account, amount: record.amount }
    }
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

/// A company's right to sell what it makes from a dataset that it bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeriveRight {
    /// Company.
    pub company: AccountId,
    /// Dataset.
    pub dataset: Hash,
    /// The least royalty that is owed for it, in millionths.
    pub royalty: u32,
    /// Position, among the dataset's trades, of the trade that gave it.
    pub trade: u32,
}

impl DeriveRight {
    /// The right of a company to what is made from a dataset.
    pub fn new((company, dataset): (AccountId, DatasetId), record: &record::DeriveRight) -> Self {
        let royalty = record.royalty.millionths();
        Self { company, dataset: dataset.into(), royalty, trade: record.trade }
    }
}
