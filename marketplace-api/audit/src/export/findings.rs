//! The findings of a report as CSV: a line for each trade that one lists, which says how many it rests on.

use super::csv::begin;
use super::formula::guarded;
use crate::Report;
use std::io::{self, Write};

/// One row for each trade that a finding lists, with what the finding says in front.
pub fn findings_csv<W: Write>(report: &Report, out: W) -> io::Result<()> {
    let mut out = begin(out)?;
    let columns = "finding rule summary facts trade_count trades_left_out dataset index order block time \
                   seller seller_name buyer buyer_name price note";
    out.write_record(columns.split(' '))?;

    for (number, finding) in (1usize..).zip(&report.findings) {
        let facts: Vec<_> =
            finding.facts.iter().map(|fact| format!("{}: {}", fact.name, fact.value)).collect();
        let facts = guarded(&facts.join("; "));
        for trade in &finding.trades {
            out.write_record([
                &number.to_string(),
                finding.rule,
                &guarded(&finding.summary),
                &facts,
                &finding.trade_count.to_string(),
                &finding.trades_left_out.to_string(),
                &trade.dataset.to_string(),
                &trade.index.to_string(),
                &trade.order.to_string(),
                &trade.block.to_string(),
                &trade.time,
                &trade.seller.to_string(),
                &guarded(&report.name(&trade.seller)),
                &trade.buyer.to_string(),
                &guarded(&report.name(&trade.buyer)),
                &trade.price.to_string(),
                &guarded(&trade.note),
            ])?;
        }
    }
    out.flush()
}
