//! A trade with everything that an auditor wants to see beside it.

use crate::{time_in_korea, Company};
use serde::Serialize;
use wonbon_model::{
    royalty_total, words::Term, AccountId, Balance, BlockNumber, BlockRef, DatasetId, Derivation, OfferId,
    OrderId, Outcome, Trade,
};
use wonbon_primitives::id::to_hex;

/// Seller or buyer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Party {
    /// Its account on the chain.
    pub account: AccountId,
    /// The company's name, if it is known.
    pub name: String,
    /// Its business registration number.
    pub registration_number: String,
}

impl Party {
    /// An account with what is known about its company.
    pub fn new(account: AccountId, company: Option<&Company>) -> Self {
        let company = company.cloned().unwrap_or_default();
        Self { account, name: company.name, registration_number: company.registration_number }
    }
}

/// What one ancestor's owner got.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RoyaltyPart {
    /// The dataset that the traded one was made from.
    pub dataset: DatasetId,
    /// Who held that dataset when the order was placed.
    pub account: AccountId,
    /// How much, in won.
    #[serde(serialize_with = "crate::money::serialize")]
    pub amount: Balance,
}

/// A row of the ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LedgerRow {
    /// The block in which the trade became final.
    pub block: BlockNumber,
    /// Hash of that block, 64 hexadecimal digits.
    pub block_hash: String,
    /// Its time in milliseconds since 1970.
    pub time_ms: u64,
    /// The same in Korea.
    pub time: String,
    /// What was traded.
    pub dataset: DatasetId,
    /// The trade's number among the dataset's trades.
    pub index: u32,
    /// Number of the order, over the whole chain.
    pub order: OrderId,
    /// Number of the offer, over the whole chain.
    pub offer: OfferId,
    /// The company that sold, as of the export.
    pub seller: Party,
    /// The company that bought, as of the export.
    pub buyer: Party,
    /// How it ended, in one word.
    pub outcome: &'static str,
    /// The block that was proved wrong, if that is how.
    pub bad_block: Option<u64>,
    /// Whether the seller was paid.
    pub paid: bool,
    /// The price agreed, in won.
    #[serde(serialize_with = "crate::money::serialize")]
    pub price: Balance,
    /// The platform's part of it.
    #[serde(serialize_with = "crate::money::serialize")]
    pub platform_fee: Balance,
    /// The sum of the ancestors' parts.
    #[serde(serialize_with = "crate::money::serialize")]
    pub royalty_total: Balance,
    /// The ancestors' parts.
    pub royalties: Vec<RoyaltyPart>,
    /// What the buyer may do with it: `forbidden`, or the least royalty, as `5 %`.
    pub derivation: String,
    /// Hash of the licence text.
    pub licence: String,
    /// Hash of the non-disclosure agreement.
    pub nda: String,
    /// Digest of all terms.
    pub terms: String,
    /// The block of the order.
    pub placed_at: BlockNumber,
    /// The block of the delivery.
    pub delivered_at: Option<BlockNumber>,
    /// The trade's place in the dataset's hash chain.
    pub position: u32,
}

impl LedgerRow {
    /// A trade in its block.
    pub fn new(
        dataset: DatasetId,
        index: u32,
        trade: &Trade,
        block: BlockRef,
        seller: Option<&Company>,
        buyer: Option<&Company>,
    ) -> Self {
        let royalties: Vec<_> = trade
            .royalties
            .iter()
            .map(|part| RoyaltyPart { dataset: part.dataset, account: part.account, amount: part.amount })
            .collect();
        Self {
            block: trade.ended.block,
            block_hash: to_hex(&block.hash),
            time_ms: trade.ended.time,
            time: time_in_korea(trade.ended.time),
            dataset,
            index,
            order: trade.order,
            offer: trade.offer,
            seller: Party::new(trade.seller, seller),
            buyer: Party::new(trade.buyer, buyer),
            outcome: trade.outcome.word(),
            bad_block: match trade.outcome {
                Outcome::BadBlock(block) => Some(block),
                _ => None,
            },
            paid: trade.outcome.is_paid(),
            price: trade.price,
            platform_fee: trade.platform_fee,
            royalty_total: royalty_total(&trade.royalties),
            royalties,
            derivation: match trade.derivation {
                Derivation::Forbidden => "forbidden".to_owned(),
                Derivation::Permitted { royalty } => royalty.to_string(),
            },
            licence: to_hex(&trade.licence),
            nda: to_hex(&trade.nda),
            terms: to_hex(&trade.terms),
            placed_at: trade.placed_at,
            delivered_at: trade.delivered_at,
            position: trade.position,
        }
    }

    /// A row of nothing, for what only asks which columns there are.
    pub(crate) fn empty() -> Self {
        let nobody = || Party::new(AccountId([0; 32]), None);
        Self {
            block: 0,
            block_hash: String::new(),
            time_ms: 0,
            time: String::new(),
            dataset: DatasetId([0; 32]),
            index: 0,
            order: 0,
            offer: 0,
            seller: nobody(),
            buyer: nobody(),
            outcome: "",
            bad_block: None,
            paid: false,
            price: 0,
            platform_fee: 0,
            royalty_total: 0,
            royalties: Vec::new(),
            derivation: String::new(),
            licence: String::new(),
            nda: String::new(),
            terms: String::new(),
            placed_at: 0,
            delivered_at: None,
            position: 0,
        }
    }

    /// The ancestors' parts in one text: dataset, account and amount of each.
    pub(crate) fn royalty_text(&self) -> String {
        let part = |part: &RoyaltyPart| format!("{} {} {}", part.dataset, part.account, part.amount);
        self.royalties.iter().map(part).collect::<Vec<_>>().join("; ")
    }
}
