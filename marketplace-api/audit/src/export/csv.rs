//! CSV as RFC 4180 has it, in UTF-8 with a byte-order mark: without one a Korean spreadsheet takes it for CP949.

use super::columns::COLUMNS;
use super::LedgerRow;
use std::io::{self, Write};

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
        out.write_record(COLUMNS.map(|(name, _)| name))?;
        Ok(Self { out })
    }

    pub(crate) fn row(&mut self, row: &LedgerRow) -> io::Result<()> {
        self.out.write_record(COLUMNS.iter().map(|(_, cell)| cell.text(row)))?;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}
