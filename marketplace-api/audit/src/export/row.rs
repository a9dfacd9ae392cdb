//! A trade with everything that an auditor wants to see beside it.

use crate::{time_in_korea, Company, Named};
use serde::Serialize;
use wonbon_model::{
    royalty_total, words::Term, AccountId, Balance, BlockNumber, BlockRef, DatasetId, Derivation, OfferId,
    OrderId, Trade,
};
use wonbon_primitives::id::to_hex;

/// What one ancestor's owner got.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RoyaltyPart {
    /// The dataset that the traded one was made from.
    pub dataset: DatasetId,
    /// Who held that dataset when the order was placed.
    pub account: AccountId,
    /// How much, in won.
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
    /// The dataset that was traded.
    pub dataset: DatasetId,
    /// The trade's number among the dataset's trades.
    pub index: u32,
    /// Number of the order, over the whole chain.
    pub order: OrderId,
    /// Number of the offer, over the whole chain.
    pub offer: OfferId,
    /// The company that sold, as of the export.
    pub seller: Named,
    /// The company that bought, as of the export.
    pub buyer: Named,
    /// How it ended, in one word.
    pub outcome: &'static str,
    /// The block that was proved wrong, if that is how.
    pub bad_block: Option<u64>,
    /// Whether the seller was paid.
    pub paid: bool,
    /// The price agreed, in won.
    pub price: Balance,
    /// The platform's part of it.
    pub platform_fee: Balance,
    /// The sum of the ancestors' parts.
    pub royalty_total: Balance,
    /// What each ancestor's owner gets of the price.
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
            seller: Named::new(trade.seller, seller),
            buyer: Named::new(trade.buyer, buyer),
            outcome: trade.outcome.word(),
            bad_block: trade.outcome.bad_block(),
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

    /// The ancestors' parts in one text: dataset, account and amount of each.
    pub(crate) fn royalty_text(&self) -> String {
        let part = |part: &RoyaltyPart| format!("{} {} {}", part.dataset, part.account, part.amount);
        self.royalties.iter().map(part).collect::<Vec<_>>().join("; ")
    }
}
