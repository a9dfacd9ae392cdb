//! The page of an auditor: the ledger of a period to save, and a report of suspicious dealing.
//!
//! Without a period there is only the form: a report takes a while, and a crawler should not ask for one.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Html};
use serde::Deserialize;
use wonbon_audit::{Finding, Report, RuleStatement, Thresholds, TradeRef};

use super::{escape, render, words, PageError};
use crate::{
    app::App,
    protocol::{
        extract::{period, Params},
        Problem,
    },
};

/// Trades of a finding that are shown; the JSON has more.
const MAX_FINDING_TRADES: usize = 10;
/// Findings of a rule that are shown.
const MAX_RULE_FINDINGS: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    from: Option<String>,
    to: Option<String>,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    from: String,
    to: String,
    /// The period as a query.
    query: String,
    report: Option<Report>,
}

impl AuditPage {
    /// The findings of a rule that are shown.
    fn findings<'a>(&self, report: &'a Report, rule: &RuleStatement) -> Vec<&'a Finding> {
        let found = report.findings.iter().filter(|found| found.rule == rule.name);
        found.take(MAX_RULE_FINDINGS).collect()
    }

    /// Whether a rule found more than is shown.
    fn more_findings(&self, rule: &RuleStatement) -> bool {
        rule.findings > MAX_RULE_FINDINGS
    }

    /// The trades of a finding that are shown.
    fn trades<'a>(&self, finding: &'a Finding) -> impl Iterator<Item = &'a TradeRef> {
        finding.trades.iter().take(MAX_FINDING_TRADES)
    }

    /// How many trades of a finding are not shown, if any.
    fn more_trades(&self, finding: &Finding) -> Option<String> {
        let more = finding.trade_count > MAX_FINDING_TRADES;
        more.then(|| self.count(&(finding.trade_count - MAX_FINDING_TRADES)))
    }

    fn count(&self, number: &usize) -> String {
        words::number(*number as u128)
    }
}

pub(super) async fn show_audit(
    State(app): State<Arc<App>>,
    query: Result<Params<Query>, Problem>,
) -> Result<Html<String>, PageError> {
    let Params(query) = query?;
    // An empty field of the form is an open end.
    let given =
        |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let asked = query.from.is_some() || query.to.is_some();
    let (from, to) = (given(query.from), given(query.to));
    let wanted = period(from.as_deref(), to.as_deref())?;
    let report = match asked {
        false => None,
        true => Some(app.reports.make(wanted, Thresholds::default()).await?),
    };
    let parts = [("from", &from), ("to", &to)];
    let parts = parts.iter().filter_map(|(name, text)| Some(format!("{name}={}", escape(text.as_deref()?))));
    let query = parts.collect::<Vec<_>>().join("&");
    render(&AuditPage { from: from.unwrap_or_default(), to: to.unwrap_or_default(), query, report })
}
