//! The ledger of a period as a file: CSV, Parquet or JSON, one row at a time.
//!
//! What it promises: rows come out in the order in which they are given; memory is bounded by a row group of the
//! Parquet file; text that others wrote cannot become a formula in a spreadsheet; a file that was cut off is
//! not taken for a whole one (JSON ends with its count, Parquet with its footer).

mod columns;
mod csv;
mod findings;
mod formula;
mod json;
#[cfg(feature = "parquet")]
mod parquet;
mod row;

pub use findings::findings_csv;
pub use row::LedgerRow;

use serde::Serialize;
use std::io::{self, Write};
use std::str::FromStr;

/// How the ledger is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// RFC 4180, UTF-8 with a byte-order mark, with a header.
    Csv,
    /// Apache Parquet, with everything about the export in its key-value metadata.
    #[cfg(feature = "parquet")]
    Parquet,
    /// One JSON document, which ends with the count of its rows.
    Json,
}

impl Format {
    /// The media type, with the parameters that a reader needs.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            #[cfg(feature = "parquet")]
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Json => "application/json",
        }
    }

    /// How a file's name ends.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            #[cfg(feature = "parquet")]
            Self::Parquet => "parquet",
            Self::Json => "json",
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "csv" => Ok(Self::Csv),
            #[cfg(feature = "parquet")]
            "parquet" => Ok(Self::Parquet),
            "json" => Ok(Self::Json),
            _ => Err("expected csv, parquet or json".to_owned()),
        }
    }
}

/// What an export is of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct About {
    /// Genesis hash of the chain.
    pub genesis: String,
    /// The block that it was read at.
    pub as_of: crate::AsOf,
    /// The period as text: `2026-01-01 to 2026-03-31`.
    pub period: String,
}

/// Writes a ledger, one row at a time.
pub struct LedgerWriter<W: Write + Send> {
    inner: Inner<W>,
}

enum Inner<W: Write + Send> {
    Csv(Box<csv::Writer<W>>),
    #[cfg(feature = "parquet")]
    Parquet(Box<parquet::Writer<W>>),
    Json(json::Writer<W>),
}

impl<W: Write + Send> LedgerWriter<W> {
    /// Begins a file with what comes before the first row.
    pub fn new(format: Format, about: &About, out: W) -> io::Result<Self> {
        let inner = match format {
            Format::Csv => Inner::Csv(Box::new(csv::Writer::new(out)?)),
            #[cfg(feature = "parquet")]
            Format::Parquet => Inner::Parquet(Box::new(parquet::Writer::new(about, out)?)),
            Format::Json => Inner::Json(json::Writer::new(about, out)?),
        };
        Ok(Self { inner })
    }

    /// Writes a row; they stand in the order in which they come.
    pub fn row(&mut self, row: &LedgerRow) -> io::Result<()> {
        match &mut self.inner {
            Inner::Csv(writer) => writer.row(row),
            #[cfg(feature = "parquet")]
            Inner::Parquet(writer) => writer.row(row),
            Inner::Json(writer) => writer.row(row),
        }
    }

    /// Writes what comes after the last row: a file that misses it was cut off.
    pub fn finish(self) -> io::Result<()> {
        match self.inner {
            Inner::Csv(writer) => writer.finish(),
            #[cfg(feature = "parquet")]
            Inner::Parquet(writer) => writer.finish(),
            Inner::Json(writer) => writer.finish(),
        }
    }
}

#[cfg(test)]
mod tests;
