//! Where the row groups of a Parquet file stand, and which bytes show them.
//!
//! Promises: the spans are those that the footer names, and a footer that contradicts itself or the file's length is
//! refused.

use std::io::{Read, Seek};
use std::ops::Range;

use ::parquet::file::metadata::ParquetMetaData;
use ::parquet::file::reader::{FileReader, SerializedFileReader};

use super::source::Source;
use super::{broken, guarded};
use crate::ProfileError;

/// Bytes behind the footer: its length, and the magic word.
const TAIL_BYTES: u64 = 8;

/// One row group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The numbers of its rows. The first row of a file is row 1, as in separated text below the header.
    pub rows: Range<u64>,
    /// The bytes of its columns.
    pub spans: Vec<Range<u64>>,
}

/// The row groups of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    /// The groups in the file's order.
    pub groups: Vec<Group>,
    /// The bytes of the footer and of what stands behind it. Whoever reads a group needs them.
    pub footer: Range<u64>,
}

/// Finds the row groups of the file that `input` reads.
pub fn groups<R: Read + Seek + Send + 'static>(mut input: R) -> Result<Groups, ProfileError> {
    guarded(move || {
        let length = input.seek(std::io::SeekFrom::End(0))?;
        let mut footer = [0; 4];
        let at = length.checked_sub(TAIL_BYTES).ok_or(ProfileError::NotParquet)?;
        input.seek(std::io::SeekFrom::Start(at))?;
        input.read_exact(&mut footer)?;
        let start = at.checked_sub(u32::from_le_bytes(footer).into()).ok_or(ProfileError::NotParquet)?;
        let reader = SerializedFileReader::new(Source::new(input)?).map_err(broken)?;
        Ok(Groups { groups: of(reader.metadata(), length)?, footer: start..length })
    })
}

/// The row groups that a footer names.
pub(super) fn of(about: &ParquetMetaData, length: u64) -> Result<Vec<Group>, ProfileError> {
    let wrong = |what: &str| ProfileError::BrokenParquet(what.into());
    let mut first = 1u64;
    let mut groups = Vec::with_capacity(about.num_row_groups());
    for group in about.row_groups() {
        let rows = u64::try_from(group.num_rows()).map_err(|_| wrong("a negative number of rows"))?;
        let end = first.checked_add(rows).ok_or_else(|| wrong("too many rows"))?;
        let span = |(start, count): (u64, u64)| Some(start..start.checked_add(count)?);
        let spans = group.columns().iter().map(|column| span(column.byte_range()));
        let spans: Option<Vec<_>> = spans.map(|span| span.filter(|span| span.end <= length)).collect();
        let spans = spans.ok_or_else(|| wrong("a column stands beyond the file's end"))?;
        groups.push(Group { rows: first..end, spans });
        first = end;
    }
    Ok(groups)
}
