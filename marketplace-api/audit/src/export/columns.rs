//! The ledger as a table: its columns stand here once, for every format that has some.

use super::formula::guarded;
use super::LedgerRow;
use crate::time_in_korea;
use wonbon_model::Balance;
use Cell::{Amount, Flag, MaybeNumber, MaybeShort, Number, Short, Text, Time};

/// What a column has of a row.
pub(super) enum Cell {
    Short(fn(&LedgerRow) -> u32),
    MaybeShort(fn(&LedgerRow) -> Option<u32>),
    Number(fn(&LedgerRow) -> u64),
    MaybeNumber(fn(&LedgerRow) -> Option<u64>),
    /// Milliseconds since 1970.
    Time(fn(&LedgerRow) -> u64),
    Amount(fn(&LedgerRow) -> Balance),
    Text(fn(&LedgerRow) -> String),
    Flag(fn(&LedgerRow) -> bool),
}

impl Cell {
    /// The value as a spreadsheet reads it; empty where there is none.
    pub(super) fn text(&self, row: &LedgerRow) -> String {
        match self {
            Short(of) => of(row).to_string(),
            MaybeShort(of) => of(row).map(|number| number.to_string()).unwrap_or_default(),
            Number(of) => of(row).to_string(),
            MaybeNumber(of) => of(row).map(|number| number.to_string()).unwrap_or_default(),
            Time(of) => time_in_korea(of(row)),
            Amount(of) => of(row).to_string(),
            Text(of) => guarded(&of(row)),
            Flag(of) => of(row).to_string(),
        }
    }
}

/// Each column's name and cell.
pub(super) const COLUMNS: [(&str, Cell); 27] = [
    ("block", Short(|row| row.block)),
    ("block_hash", Text(|row| row.block_hash.clone())),
    ("time", Time(|row| row.time_ms)),
    ("dataset", Text(|row| row.dataset.to_string())),
    ("index", Short(|row| row.index)),
    ("order", Number(|row| row.order)),
    ("offer", Number(|row| row.offer)),
    ("seller", Text(|row| row.seller.account.to_string())),
    ("seller_name", Text(|row| row.seller.name.clone())),
    ("seller_registration_number", Text(|row| row.seller.registration_number.clone())),
    ("buyer", Text(|row| row.buyer.account.to_string())),
    ("buyer_name", Text(|row| row.buyer.name.clone())),
    ("buyer_registration_number", Text(|row| row.buyer.registration_number.clone())),
    ("outcome", Text(|row| row.outcome.to_owned())),
    ("bad_block", MaybeNumber(|row| row.bad_block)),
    ("paid", Flag(|row| row.paid)),
    ("price", Amount(|row| row.price)),
    ("platform_fee", Amount(|row| row.platform_fee)),
    ("royalty_total", Amount(|row| row.royalty_total)),
    ("royalties", Text(LedgerRow::royalty_text)),
    ("derivation", Text(|row| row.derivation.clone())),
    ("licence", Text(|row| row.licence.clone())),
    ("nda", Text(|row| row.nda.clone())),
    ("terms", Text(|row| row.terms.clone())),
    ("placed_at", Short(|row| row.placed_at)),
    ("delivered_at", MaybeShort(|row| row.delivered_at)),
    ("position", Short(|row| row.position)),
];
