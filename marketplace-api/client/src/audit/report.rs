//! What comes out: findings, each with its rule and the trades it rests on.

use super::facts::{AuditedTrade, Company, Evidence};
use super::period::{time_in_korea, Period};
use super::rules::{self, Thresholds};
use crate::chain::BlockRef;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use wonbon_model::{AccountId, Balance, BlockNumber, DatasetId, OrderId};
use wonbon_primitives::id::to_hex;

/// What the document calls itself.
const FORMAT: &str = "wonbon/audit-report/1";
/// Most trades that one finding lists. It says how many there are.
pub const MAX_LISTED: usize = 1_000;

/// The block that the evidence was read at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AsOf {
    /// Its height.
    pub block: BlockNumber,
    /// Its hash.
    pub block_hash: String,
    /// Its time, in Korea.
    pub time: String,
}

impl AsOf {
    /// A finalized block.
    pub fn new(block: BlockRef, time_ms: u64) -> Self {
        Self { block: block.height, block_hash: to_hex(&block.hash), time: time_in_korea(time_ms) }
    }
}

/// A rule as it was run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RuleStatement {
    /// Its name.
    pub name: &'static str,
    /// The same in Korean.
    pub korean: &'static str,
    /// What it looks for, and what it means.
    pub meaning: &'static str,
    /// Its thresholds.
    pub thresholds: Vec<Fact>,
    /// How many findings it raised.
    pub findings: usize,
    /// What it did not look at, if it did not look at everything.
    pub limits: Vec<String>,
}

/// A named value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Fact {
    /// What.
    pub name: String,
    /// How much, or which.
    pub value: String,
}

impl Fact {
    /// A named value.
    pub fn new(name: impl Into<String>, value: impl ToString) -> Self {
        Self { name: name.into(), value: value.to_string() }
    }
}

/// A trade that a finding rests on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct TradeRef {
    /// Of what.
    pub dataset: DatasetId,
    /// Its number among the dataset's trades.
    pub index: u32,
    /// The order.
    pub order: OrderId,
    /// The block in which it ended.
    pub block: BlockNumber,
    /// That block's time, in Korea.
    pub time: String,
    /// Who sold.
    pub seller: AccountId,
    /// Who bought.
    pub buyer: AccountId,
    /// The price agreed.
    #[serde(serialize_with = "crate::audit::money::serialize")]
    pub price: Balance,
    /// What is to be said about it, if anything.
    pub note: String,
}

impl TradeRef {
    /// A trade with a remark.
    pub(super) fn new(trade: &AuditedTrade, note: impl Into<String>) -> Self {
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
    /// The companies concerned.
    pub companies: Vec<AccountId>,
    /// What it rests on beside the trades.
    pub facts: Vec<Fact>,
    /// How many trades it rests on.
    pub trade_count: usize,
    /// How many of those are not listed.
    pub trades_left_out: usize,
    /// Those trades, in order; at most [`MAX_LISTED`].
    pub trades: Vec<TradeRef>,
}

impl Finding {
    /// A finding that rests on these trades.
    pub(super) fn new(
        rule: &'static str,
        companies: Vec<AccountId>,
        summary: String,
        trades: impl IntoIterator<Item = TradeRef>,
    ) -> Self {
        let mut all = trades.into_iter();
        let trades: Vec<_> = all.by_ref().take(MAX_LISTED).collect();
        let trades_left_out = all.count();
        let trade_count = trades.len().saturating_add(trades_left_out);
        Self { rule, summary, companies, facts: Vec::new(), trade_count, trades_left_out, trades }
    }

    /// With what it rests on beside the trades.
    pub(super) fn with(mut self, facts: impl IntoIterator<Item = Fact>) -> Self {
        self.facts.extend(facts);
        self
    }
}

/// A company that a finding names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Named {
    /// Its account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Its business registration number.
    pub registration_number: String,
}

/// The report of suspicious dealing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Report {
    /// What this document is.
    pub format: &'static str,
    /// Genesis hash of the chain.
    pub genesis: String,
    /// The block that everything was read at.
    pub as_of: AsOf,
    /// What was audited.
    pub period: String,
    /// How many trades of the period were looked at.
    pub trades: usize,
    /// How many of them were paid.
    pub paid_trades: usize,
    /// The sum of their prices.
    #[serde(serialize_with = "crate::audit::money::serialize")]
    pub paid: Balance,
    /// The rules, in the order in which they were run.
    pub rules: Vec<RuleStatement>,
    /// What they raised, by rule.
    pub findings: Vec<Finding>,
    /// The companies that findings name, by account.
    pub companies: Vec<Named>,
}

impl Report {
    /// Runs every rule.
    pub fn new(mut evidence: Evidence, period: &Period, as_of: AsOf, thresholds: &Thresholds) -> Self {
        evidence.sort();
        let (rules, findings) = rules::run(&evidence, thresholds);
        let paid = || evidence.trades.iter().filter(|trade| trade.outcome.is_paid());
        Self {
            format: FORMAT,
            genesis: to_hex(&evidence.genesis),
            as_of,
            period: period.to_string(),
            trades: evidence.trades.len(),
            paid_trades: paid().count(),
            paid: paid().fold(0, |sum: Balance, trade| sum.saturating_add(trade.price)),
            companies: named(&evidence.companies, &findings),
            rules,
            findings,
        }
    }

    /// The name of a company that a finding names; its account if it has none.
    pub fn name(&self, account: &AccountId) -> String {
        match self.companies.binary_search_by_key(account, |company| company.account) {
            Ok(found) if !self.companies[found].name.is_empty() => self.companies[found].name.clone(),
            _ => account.to_string(),
        }
    }
}

fn named(companies: &BTreeMap<AccountId, Company>, findings: &[Finding]) -> Vec<Named> {
    let mentioned: BTreeSet<AccountId> = findings
        .iter()
        .flat_map(|finding| {
            let parties = finding.trades.iter().flat_map(|trade| [trade.seller, trade.buyer]);
            finding.companies.iter().copied().chain(parties)
        })
        .collect();
    let named = mentioned.into_iter().map(|account| {
        let company = companies.get(&account).cloned().unwrap_or_default();
        Named { account, name: company.name, registration_number: company.registration_number }
    });
    named.collect()
}
