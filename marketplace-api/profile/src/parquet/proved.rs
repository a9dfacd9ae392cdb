//! Rows of a Parquet file of which only some bytes are at hand, each of them proved: a sample, or a proof of rows.
//!
//! The footer says where the row groups stand; a group is shown if all bytes of all its columns are here. What the
//! footer says is the dataset's own: it is among the proved bytes.
//!
//! Promises: no byte is read that is not proved; what a stranger has made is refused and takes no more than bounded memory
//! for its rows.

use std::io;
use std::sync::Arc;

use ::parquet::errors::Result as ParquetResult;
use ::parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};
use bytes::buf::{Buf, Reader};
use bytes::Bytes;
use wonbon_primitives::sample::Sample;

use super::{broken, groups, guarded, values};
use crate::error::MAX_COLUMNS;
use crate::ProfileError;

/// Most rows that are shown at once.
pub const MAX_PROVED_ROWS: usize = 100_000;
/// Most memory of all cells together, in bytes.
const MAX_CELLS: usize = 256 << 20;

/// Rows whose bytes are proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvedRows {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows, at most as many as were asked for.
    pub rows: Vec<ProvedRow>,
    /// The row groups that are here, counted from 0.
    pub groups: Vec<usize>,
    /// How many rows these have.
    pub all_rows: u64,
    /// How many row groups the file has.
    pub file_groups: usize,
    /// How many rows the file has.
    pub file_rows: u64,
}

/// A row of a Parquet file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvedRow {
    /// Its number in the file, from 1.
    pub number: u64,
    /// Its cells as text, in the order of the columns.
    pub cells: Vec<String>,
}

/// The rows of those row groups of a Parquet file that a sample shows whole, at most `most`. An error if its bytes are not
/// those of a Parquet file, or its footer is not among them.
pub fn proved_rows(sample: &Sample, most: usize) -> Result<ProvedRows, ProfileError> {
    let most = most.min(MAX_PROVED_ROWS);
    let length = sample.length;
    if length.checked_sub(4).and_then(|at| sample.bytes(&(at..length))) != Some(b"PAR1") {
        return Err(ProfileError::NotParquet);
    }
    let parts = Parts::of(sample);
    guarded(move || {
        let reader = SerializedFileReader::new(parts).map_err(broken)?;
        let about = reader.metadata();
        let schema = about.file_metadata().schema_descr_ptr();
        if schema.num_columns() > MAX_COLUMNS {
            return Err(ProfileError::TooWide { found: schema.num_columns() });
        }
        let all = groups::of(about, length)?;
        let name = |index| crate::column::clean_name(&schema.column(index).path().parts().join("."));
        let mut found = ProvedRows {
            columns: (0..schema.num_columns()).map(name).collect(),
            rows: Vec::new(),
            groups: Vec::new(),
            all_rows: 0,
            file_groups: all.len(),
            file_rows: all.last().map_or(0, |last| last.rows.end.saturating_sub(1)),
        };
        let mut text = 0usize;
        for (index, group) in all.iter().enumerate() {
            if !group.spans.iter().all(|span| sample.bytes(span).is_some()) {
                continue;
            }
            found.groups.push(index);
            let rows = group.rows.end.saturating_sub(group.rows.start);
            found.all_rows = found.all_rows.saturating_add(rows);
            let wanted = most.saturating_sub(found.rows.len());
            let wanted = usize::try_from(rows).unwrap_or(usize::MAX).min(wanted);
            if wanted == 0 {
                continue;
            }
            let from = found.rows.len();
            let chunks = reader.get_row_group(index).map_err(broken)?;
            for column in 0..schema.num_columns() {
                let values = chunks.get_column_reader(column).map_err(broken)?;
                let cells = values::cells(&schema.column(column), values, wanted).map_err(broken)?;
                if column == 0 {
                    let numbers = group.rows.clone().take(cells.len());
                    found.rows.extend(numbers.map(|number| ProvedRow { number, cells: Vec::new() }));
                }
                if cells.len() != found.rows.len() - from {
                    return Err(ProfileError::BrokenParquet(
                        "its columns have different numbers of rows".into(),
                    ));
                }
                text = cells
                    .iter()
                    .fold(text, |text, cell| text.saturating_add(cell.len() + size_of::<String>()));
                if text > MAX_CELLS {
                    return Err(ProfileError::BrokenParquet(
                        "its rows are too many or too long to be shown at once".into(),
                    ));
                }
                found.rows.iter_mut().skip(from).zip(cells).for_each(|(row, cell)| row.cells.push(cell));
            }
        }
        Ok(found)
    })
}

/// The bytes that are here, as the source of a Parquet file's parts.
#[derive(Clone)]
struct Parts {
    length: u64,
    /// Each with where it begins, in order.
    ranges: Arc<[(u64, Bytes)]>,
}

impl Parts {
    fn of(sample: &Sample) -> Self {
        let ranges = sample.ranges.iter();
        let ranges = ranges.map(|range| (range.span().start, Bytes::copy_from_slice(&range.blocks)));
        Self { length: sample.length, ranges: ranges.collect() }
    }

    /// All that is here without a gap from one place on.
    fn from(&self, start: u64) -> ParquetResult<Bytes> {
        let at = self.ranges.partition_point(|(first, _)| *first <= start);
        let found = at.checked_sub(1).and_then(|at| self.ranges.get(at)).and_then(|(first, bytes)| {
            let skipped = usize::try_from(start.checked_sub(*first)?).ok()?;
            (skipped < bytes.len()).then(|| bytes.slice(skipped..))
        });
        found.ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, "these bytes are not proved").into())
    }
}

impl Length for Parts {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Parts {
    type T = Reader<Bytes>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(self.from(start)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        if length == 0 {
            return Ok(Bytes::new());
        }
        let bytes = self.from(start)?;
        match bytes.len() >= length {
            true => Ok(bytes.slice(..length)),
            false => {
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, "these bytes are not proved in full").into())
            }
        }
    }
}

#[cfg(test)]
mod tests;
