//! What a rule raises: findings, each with the rule's name and the trades that it rests on.

use crate::facts::AuditedTrade;
use crate::period::time_in_korea;
use serde::Serialize;
use wonbon_model::{AccountId, Balance, BlockNumber, DatasetId, OrderId};

/// Most trades that one finding lists. It says how many there are.
pub const MAX_LISTED_TRADES: usize = 1_000;

/// A rule as it was run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RuleStatement {
    /// Its name in reports: lower case with dashes.
    pub name: &'static str,
    /// The same in Korean.
    pub korean: &'static str,
    /// What it looks for, and what it means.
    pub meaning: &'static str,
    /// The thresholds that it was run with.
    pub thresholds: Vec<Fact>,
    /// How many findings it raised.
    pub findings: usize,
    /// What it did not look at, if it did not look at everything.
    pub limits: Vec<String>,
}

/// What a finding says beside its trades, or a rule about its thresholds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Fact {
    /// What was looked at, in a few words.
    pub name: String,
    /// How much, or which.
    pub value: String,
}

impl Fact {
    /// Of any value that can be written.
    pub fn new(name: impl Into<String>, value: impl ToString) -> Self {
        Self { name: name.into(), value: value.to_string() }
    }
}

/// A trade that a finding rests on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct TradeRef {
    /// The dataset that was traded.
    pub dataset: DatasetId,
    /// Its number among the dataset's trades.
    pub index: u32,
    /// Number of the order, over the whole chain.
    pub order: OrderId,
    /// The block in which it ended.
    pub block: BlockNumber,
    /// That block's time, in Korea.
    pub time: String,
    /// The company that sold.
    pub seller: AccountId,
    /// The company that bought.
    pub buyer: AccountId,
    /// The price agreed, in won.
    pub price: Balance,
    /// What is to be said about it, if anything.
    pub note: String,
}

impl TradeRef {
    /// A trade with a remark.
    pub(crate) fn new(trade: &AuditedTrade, note: impl Into<String>) -> Self {
        Self {
            dataset: trade.dataset,
            index: trade.index,
            order: trade.order,
            block: trade.ended.block,
            time: time_in_korea(trade.ended.time),
            seller: trade.seller,
            buyer: trade.buyer,
            price: trade.price,
            note: note.into(),
        }
    }
}

/// Something that a person should look at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    /// The rule that raised it.
    pub rule: &'static str,
    /// What it is about, in one sentence.
    pub summary: String,
    /// The companies that it is about, whether or not a trade names them.
    pub companies: Vec<AccountId>,
    /// What it rests on beside the trades.
    pub facts: Vec<Fact>,
    /// How many trades it rests on.
    pub trade_count: usize,
    /// How many of those are not listed.
    pub trades_left_out: usize,
    /// Those trades, in order; at most [`MAX_LISTED_TRADES`].
    pub trades: Vec<TradeRef>,
}

impl Finding {
    /// A finding that rests on these trades.
    pub(crate) fn new(
        rule: &'static str,
        companies: Vec<AccountId>,
        summary: String,
        trades: impl IntoIterator<Item = TradeRef>,
    ) -> Self {
        let mut all = trades.into_iter();
        let trades: Vec<_> = all.by_ref().take(MAX_LISTED_TRADES).collect();
        let trades_left_out = all.count();
        let trade_count = trades.len().saturating_add(trades_left_out);
        Self { rule, summary, companies, facts: Vec::new(), trade_count, trades_left_out, trades }
    }

    /// With what it rests on beside the trades.
    pub(crate) fn with(mut self, facts: impl IntoIterator<Item = Fact>) -> Self {
        self.facts.extend(facts);
        self
    }
}
