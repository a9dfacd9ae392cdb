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
mod thresholds;

pub use thresholds::{BadThreshold, ThresholdOverrides, Thresholds};

use crate::facts::Evidence;
use crate::finding::{Fact, Finding, RuleStatement};

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
    fn every_rule_says_what_it_means_once() {
        let mut names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RULES.len());
        assert!(RULES.iter().all(|rule| rule.meaning.len() > 80 && !rule.korean.is_empty()));
    }
}
