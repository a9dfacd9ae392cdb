//! Texts that a spreadsheet would take for a formula.
//!
//! It takes a field that begins with `=`, `+`, `-`, `@`, a tab or a line break for one, and company names are chosen by
//! companies; such a field gets an apostrophe in front, which spreadsheets show as text.

/// A field that no spreadsheet takes for a formula.
pub(crate) fn guarded(field: &str) -> String {
    match field.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => {
            format!("'{field}")
        }
        _ => field.to_owned(),
    }
}
