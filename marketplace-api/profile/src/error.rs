//! Why a file cannot be profiled. The caller knows which file it was, and what a person can do about it.

use std::io;

/// The most columns that are described: more is a mistaken delimiter or a transposed table.
pub(crate) const MAX_COLUMNS: usize = 16_384;

/// Why there is no profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Bytes that are not text in the expected encoding.
    #[error("not {encoding} text: byte 0x{byte:02x} at offset {offset} (line {line})")]
    NotText {
        /// The encoding that was expected.
        encoding: &'static str,
        /// Where in the file, from 0.
        offset: u64,
        /// The line, from 1.
        line: u64,
        /// The byte that the encoding does not have there.
        byte: u8,
        /// The file begins with a UTF-16 byte-order mark.
        utf16: bool,
    },
    /// A row that does not end.
    #[error("the row that begins on line {line} is longer than 8 MiB: perhaps a quotation mark there is never closed")]
    EndlessRow {
        /// Where it begins, from 1.
        line: u64,
    },
    /// Rows do not fit the header, and that was not allowed.
    #[error("line {line} has {found} fields where the header has {expected}")]
    Ragged {
        /// The first such line, from 1.
        line: u64,
        /// How many fields the row has.
        found: usize,
        /// How many the header has.
        expected: usize,
    },
    /// It has more columns than are profiled.
    #[error("the table has {found} columns; at most {MAX_COLUMNS} can be described")]
    TooWide {
        /// How many there are.
        found: usize,
    },
    /// A file that is said to be Parquet and is not.
    #[error("not a Parquet file: it does not begin and end with PAR1")]
    NotParquet,
    /// A Parquet file whose parts do not fit together.
    #[error("not a readable Parquet file: {0}")]
    BrokenParquet(String),
    /// A Parquet file, and this build of the library has no reader for such.
    #[error("Parquet files are not read here")]
    NoParquetReader,
    /// The bytes could not be had.
    #[error("reading failed: {0}")]
    Read(io::Error),
    /// The caller did not want to go on.
    #[error("stopped")]
    Stopped,
}

/// What one of the readers here failed with, or whatever else a reader did.
impl From<io::Error> for ProfileError {
    fn from(error: io::Error) -> Self {
        error.downcast().unwrap_or_else(Self::Read)
    }
}
