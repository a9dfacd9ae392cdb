//! The report: every rule run over the evidence of a period, with the companies that its findings name.

use crate::facts::{Company, Evidence, Named};
use crate::finding::{Finding, RuleStatement};
use crate::period::{time_in_korea, Period};
use crate::rules::{self, Thresholds};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use wonbon_model::{AccountId, Balance, BlockNumber, BlockRef};
use wonbon_primitives::id::to_hex;

/// What the document calls itself.
const FORMAT: &str = "wonbon/audit-report/1";

/// The block that the evidence was read at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AsOf {
    /// Height of the finalized block.
    pub block: BlockNumber,
    /// Hash of that block, 64 hexadecimal digits.
    pub block_hash: String,
    /// Its time, in Korea.
    pub time: String,
}

impl AsOf {
    /// Of a finalized block with this time.
    pub fn new(block: BlockRef, time_ms: u64) -> Self {
        Self { block: block.height, block_hash: to_hex(&block.hash), time: time_in_korea(time_ms) }
    }
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
    /// The period in words, with both ends.
    pub period: String,
    /// How many trades of the period were looked at.
    pub trades: usize,
    /// How many of them were paid.
    pub paid_trades: usize,
    /// The sum of their prices.
    pub paid: Balance,
    /// The rules, in the order in which they were run.
    pub rules: Vec<RuleStatement>,
    /// What they raised, by rule.
    pub findings: Vec<Finding>,
    /// The companies that findings name, by account.
    pub companies: Vec<Named>,
}

impl Report {
    /// Runs every rule over the evidence, in one order whatever order it came in.
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
    mentioned.into_iter().map(|account| Named::new(account, companies.get(&account))).collect()
}
