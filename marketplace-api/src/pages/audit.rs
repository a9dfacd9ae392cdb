//! The page of an auditor: the ledger of a period to save, and a report of suspicious dealing.
//!
//! Without a period there is only the form: a report takes a while, and a crawler should not ask for one.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Html};
use serde::Deserialize;
use wonbon_audit::{Finding, Report, Thresholds, TradeRef};

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

struct TradeLine {
    block: String,
    dataset: String,
    href: String,
    seller: String,
    buyer: String,
    price: String,
    note: String,
}

struct FindingBlock {
    summary: String,
    companies: Vec<(String, String)>,
    facts: Vec<(String, String)>,
    trades: Vec<TradeLine>,
    more: Option<String>,
}

struct RuleBlock {
    name: &'static str,
    korean: &'static str,
    meaning: &'static str,
    thresholds: Vec<(String, String)>,
    limits: Vec<String>,
    count: usize,
    findings: Vec<FindingBlock>,
    more: bool,
}

struct ReportBlock {
    period: String,
    as_of: String,
    trades: String,
    paid: String,
    rules: Vec<RuleBlock>,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    from: String,
    to: String,
    /// The period as a query.
    query: String,
    report: Option<ReportBlock>,
}

fn trade(report: &Report, trade: &TradeRef) -> TradeLine {
    let dataset = trade.dataset.to_string();
    TradeLine {
        block: format!("{} ({})", words::number(trade.block), trade.time),
        href: format!("/datasets/{dataset}"),
        dataset: format!("{}… #{}", dataset.get(..12).unwrap_or(&dataset), trade.index),
        seller: report.name(&trade.seller),
        buyer: report.name(&trade.buyer),
        price: words::won(trade.price),
        note: trade.note.clone(),
    }
}

fn finding(report: &Report, finding: &Finding) -> FindingBlock {
    let more = finding.trade_count > MAX_FINDING_TRADES;
    FindingBlock {
        summary: finding.summary.clone(),
        companies: finding
            .companies
            .iter()
            .map(|account| (report.name(account), format!("/companies/{account}")))
            .collect(),
        facts: finding.facts.iter().map(|fact| (fact.name.clone(), fact.value.clone())).collect(),
        trades: finding.trades.iter().take(MAX_FINDING_TRADES).map(|found| trade(report, found)).collect(),
        more: more.then(|| words::number((finding.trade_count - MAX_FINDING_TRADES) as u128)),
    }
}

fn block(report: &Report) -> ReportBlock {
    let rule = |rule: &wonbon_audit::RuleStatement| {
        let found = || report.findings.iter().filter(|found| found.rule == rule.name);
        RuleBlock {
            name: rule.name,
            korean: rule.korean,
            meaning: rule.meaning,
            thresholds: rule.thresholds.iter().map(|fact| (fact.name.clone(), fact.value.clone())).collect(),
            limits: rule.limits.clone(),
            count: rule.findings,
            findings: found().take(MAX_RULE_FINDINGS).map(|found| finding(report, found)).collect(),
            more: rule.findings > MAX_RULE_FINDINGS,
        }
    };
    ReportBlock {
        period: report.period.clone(),
        as_of: format!("{} ({})", words::number(report.as_of.block), report.as_of.time),
        trades: format!(
            "{} ({} paid)",
            words::number(report.trades as u128),
            words::number(report.paid_trades as u128)
        ),
        paid: words::won(report.paid),
        rules: report.rules.iter().map(rule).collect(),
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
        true => Some(block(&app.reports.make(wanted, Thresholds::default()).await?)),
    };
    let parts = [("from", &from), ("to", &to)];
    let parts = parts.iter().filter_map(|(name, text)| Some(format!("{name}={}", escape(text.as_deref()?))));
    let query = parts.collect::<Vec<_>>().join("&");
    render(&AuditPage { from: from.unwrap_or_default(), to: to.unwrap_or_default(), query, report })
}
