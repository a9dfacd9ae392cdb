//! The rules. Each looks for one pattern that R&D misuse control (부정사용) looks for in spending data, and says
//! what it means; none of them proves anything.
//!
//! Every rule takes the evidence with its trades in order, and gives its findings in an order that depends on
//! nothing else. Amounts and shares are whole numbers; only the outlier scores are not, and they are rounded.

mod circular;
mod concentration;
mod disputes;
mod price;
mod related;
#[cfg(test)]
mod testing;

use crate::evidence::Evidence;
use crate::finding::{Fact, Finding, RuleStatement};
use serde::{Deserialize, Serialize};
use wonbon_model::Balance;

/// When a rule raises a finding.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Concentration: from this share of a company's sales or purchases with one counterparty, in per cent.
    pub concentration_percent: u8,
    /// Concentration: a company with fewer paid trades on that side is not looked at.
    pub concentration_trades: u32,
    /// Related companies: direct transfers between two companies relate them from this sum on, in won.
    pub related_transfer: Balance,
    /// Related companies: a delegate that acts for more companies than this is a service and relates nobody.
    pub delegate_companies: u32,
    /// Circular trades: the most companies in a circle, at least 2.
    pub cycle_length: u8,
    /// Price outliers: from this many robust standard deviations away from the median.
    pub outlier_score: f64,
    /// Price outliers: a dataset with fewer paid trades is not looked at.
    pub outlier_trades: u32,
    /// Price outliers: an industry with fewer paid trades is not looked at.
    pub industry_trades: u32,
    /// Disputes lost: from this many on.
    pub lost_disputes: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            concentration_percent: 80,
            concentration_trades: 5,
            related_transfer: 1,
            delegate_companies: 3,
            cycle_length: 4,
            outlier_score: 3.5,
            outlier_trades: 5,
            industry_trades: 10,
            lost_disputes: 1,
        }
    }
}

/// A threshold makes no sense.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{name} must be {range}")]
pub struct BadThreshold {
    /// Which one.
    pub name: &'static str,
    /// What it may be.
    pub range: &'static str,
}

impl Thresholds {
    /// Checks that each is in its range.
    pub fn check(self) -> Result<Self, BadThreshold> {
        let wrong = |name, range| Err(BadThreshold { name, range });
        if !(1..=100).contains(&self.concentration_percent) {
            return wrong("concentration_percent", "1 to 100");
        }
        if !(2..=circular::LONGEST).contains(&self.cycle_length) {
            return wrong("cycle_length", "2 to 8");
        }
        if !(0.5..=1000.0).contains(&self.outlier_score) {
            return wrong("outlier_score", "0.5 to 1000");
        }
        if self.outlier_trades < 3 || self.industry_trades < 3 {
            return wrong("outlier_trades and industry_trades", "at least 3");
        }
        if self.lost_disputes == 0 || self.concentration_trades == 0 {
            return wrong("lost_disputes and concentration_trades", "at least 1");
        }
        Ok(self)
    }
}

/// What one rule came to.
struct Outcome {
    findings: Vec<Finding>,
    /// What it left out.
    limits: Vec<String>,
}

impl Outcome {
    fn complete(findings: Vec<Finding>) -> Self {
        Self { findings, limits: Vec::new() }
    }
}

/// A rule: what is said about it, and how it is run.
struct Rule {
    name: &'static str,
    korean: &'static str,
    meaning: &'static str,
    thresholds: fn(&Thresholds) -> Vec<Fact>,
    run: fn(&Evidence, &Thresholds) -> Outcome,
}

const RULES: [Rule; 6] = [
    concentration::RULE,
    related::RULE,
    circular::RULE,
    price::BY_DATASET,
    price::BY_INDUSTRY,
    disputes::RULE,
];

/// Runs every rule over evidence whose trades are in order.
pub(crate) fn run(evidence: &Evidence, thresholds: &Thresholds) -> (Vec<RuleStatement>, Vec<Finding>) {
    let mut statements = Vec::with_capacity(RULES.len());
    let mut findings = Vec::new();
    for rule in &RULES {
        let mut outcome = (rule.run)(evidence, thresholds);
        statements.push(RuleStatement {
            name: rule.name,
            korean: rule.korean,
            meaning: rule.meaning,
            thresholds: (rule.thresholds)(thresholds),
            findings: outcome.findings.len(),
            limits: outcome.limits,
        });
        findings.append(&mut outcome.findings);
    }
    (statements, findings)
}

#[cfg(test)]
mod tests {
    use super::testing::{evidence, trade};
    use super::*;
    use crate::{AsOf, Period, Report};
    use wonbon_model::BlockRef;

    fn report(evidence: Evidence) -> Report {
        let as_of = AsOf::new(BlockRef { height: 100, hash: [7; 32] }, 1_700_000_000_000);
        Report::new(evidence, &Period::default(), as_of, &Thresholds::default())
    }

    #[test]
    fn nothing_is_found_in_an_empty_ledger_or_one_trade() {
        for trades in [vec![], vec![trade(1, 1, 2, 1_000)]] {
            let count = trades.len();
            let report = report(evidence(trades));
            assert_eq!((report.trades, report.findings.len()), (count, 0));
            assert_eq!(report.rules.len(), RULES.len());
            assert!(report.companies.is_empty());
        }
    }

    #[test]
    fn the_order_of_the_evidence_does_not_show() {
        let mut trades: Vec<_> =
            (0..40u8).map(|n| trade(n, n % 4, (n + 1) % 4, 100 + u128::from(n))).collect();
        let one = serde_json::to_string(&report(evidence(trades.clone()))).unwrap();
        trades.reverse();
        trades.swap(3, 17);
        assert_eq!(serde_json::to_string(&report(evidence(trades))).unwrap(), one);
        assert!(one.contains("\"rule\":\"circular-trades\""));
    }

    #[test]
    fn thresholds_have_a_range() {
        assert!(Thresholds::default().check().is_ok());
        let bad = [
            Thresholds { concentration_percent: 101, ..Default::default() },
            Thresholds { cycle_length: 1, ..Default::default() },
            Thresholds { cycle_length: 9, ..Default::default() },
            Thresholds { outlier_score: f64::NAN, ..Default::default() },
            Thresholds { outlier_trades: 2, ..Default::default() },
            Thresholds { lost_disputes: 0, ..Default::default() },
        ];
        assert!(bad.into_iter().all(|thresholds| thresholds.check().is_err()));
    }

    #[test]
    fn every_rule_says_what_it_means_once() {
        let mut names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RULES.len());
        assert!(RULES.iter().all(|rule| rule.meaning.len() > 80 && !rule.korean.is_empty()));
    }
}
