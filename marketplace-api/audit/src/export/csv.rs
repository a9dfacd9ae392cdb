//! CSV as RFC 4180 has it, in UTF-8 with a byte-order mark: without one a Korean spreadsheet takes it for CP949.
//!
//! A spreadsheet takes a field that begins with `=`, `+`, `-`, `@`, a tab or a line break for a formula, and company
//! names are chosen by companies; such a field gets an apostrophe in front, which spreadsheets show as text.

use super::LedgerRow;
use std::io::{self, Write};

const HEADER: [&str; 27] = [
    "block",
    "block_hash",
    "time",
    "dataset",
    "index",
    "order",
    "offer",
    "seller",
    "seller_name",
    "seller_registration_number",
    "buyer",
    "buyer_name",
    "buyer_registration_number",
    "outcome",
    "bad_block",
    "paid",
    "price",
    "platform_fee",
    "royalty_total",
    "royalties",
    "derivation",
    "licence",
    "nda",
    "terms",
    "placed_at",
    "delivered_at",
    "position",
];

/// A field that no spreadsheet takes for a formula.
pub(crate) fn guarded(field: &str) -> String {
    match field.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => {
            format!("'{field}")
        }
        _ => field.to_owned(),
    }
}

/// Begins a file: the byte-order mark, then a writer with the line ends of RFC 4180.
pub(crate) fn begin<W: Write>(mut out: W) -> io::Result<csv::Writer<W>> {
    out.write_all("\u{feff}".as_bytes())?;
    Ok(csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out))
}

/// Writes rows as CSV.
pub(crate) struct Writer<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> Writer<W> {
    pub(crate) fn new(out: W) -> io::Result<Self> {
        let mut out = begin(out)?;
        out.write_record(HEADER)?;
        Ok(Self { out })
    }

    pub(crate) fn row(&mut self, row: &LedgerRow) -> io::Result<()> {
        let optional = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        let fields: [String; HEADER.len()] = [
            row.block.to_string(),
            row.block_hash.clone(),
            row.time.clone(),
            row.dataset.to_string(),
            row.index.to_string(),
            row.order.to_string(),
            row.offer.to_string(),
            row.seller.account.to_string(),
            guarded(&row.seller.name),
            guarded(&row.seller.registration_number),
            row.buyer.account.to_string(),
            guarded(&row.buyer.name),
            guarded(&row.buyer.registration_number),
            row.outcome.to_owned(),
            optional(row.bad_block),
            row.paid.to_string(),
            row.price.to_string(),
            row.platform_fee.to_string(),
            row.royalty_total.to_string(),
            row.royalty_text(),
            row.derivation.clone(),
            row.licence.clone(),
            row.nda.clone(),
            row.terms.clone(),
            row.placed_at.to_string(),
            optional(row.delivered_at.map(u64::from)),
            row.position.to_string(),
        ];
        self.out.write_record(&fields)?;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}
