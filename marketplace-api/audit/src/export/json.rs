//! One JSON document: what it is of, the trades, and at the end how many there are.

use super::{About, LedgerRow};
use std::io::{self, Write};

/// Writes rows as JSON.
pub(crate) struct Writer<W: Write> {
    out: W,
    count: u64,
}

impl<W: Write> Writer<W> {
    pub(crate) fn new(about: &About, mut out: W) -> io::Result<Self> {
        out.write_all(b"{\"format\":\"wonbon/ledger/1\",\"about\":")?;
        serde_json::to_writer(&mut out, about)?;
        out.write_all(b",\"trades\":[")?;
        Ok(Self { out, count: 0 })
    }

    pub(crate) fn row(&mut self, row: &LedgerRow) -> io::Result<()> {
        self.out.write_all(if self.count == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut self.out, row)?;
        self.count += 1;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        write!(self.out, "\n],\"count\":{}}}\n", self.count)?;
        self.out.flush()
    }
}
