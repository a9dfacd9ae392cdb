//! Blocks of a file with their proofs, in one pass; and which blocks show the rows that begin in drawn ones.

use super::{input::Input, FileError, Watch};
use crate::{PackageError, Sampling, Shown};
use std::path::Path;
use wonbon_primitives::{
    content::{block_length, range::BlockRange},
    sample::rows::{self, Selection},
    Commitment,
};

/// The blocks with these indices, in as few ranges as can be, each with its path, and the commitment to the file.
///
/// At most [`wonbon_primitives::bounds::MAX_SAMPLE`] blocks, which with their paths are what is held in memory.
pub fn block_ranges(
    path: &Path,
    indices: Vec<u64>,
    watch: &Watch<'_>,
) -> Result<(Commitment, Vec<BlockRange>), FileError> {
    let (input, length) = Input::open_plain(path)?;
    let shown = Shown::new(length, indices)?;
    let mut sampling = Sampling::new(&shown)?;
    input.pass(length, watch, |chunk, bytes| shown.cut(chunk, bytes), |chunk| sampling.push(chunk))?;
    Ok(sampling.finish()?)
}

/// The first of these drawn blocks that are shown with at most `most` blocks in all: with those through which their last
/// rows go on, if rows are lines.
pub fn select_blocks(
    path: &Path,
    drawn: &[u64],
    most: u64,
    rows_are_lines: bool,
) -> Result<Selection, FileError> {
    let (input, length) = Input::open_plain(path)?;
    if !rows_are_lines {
        let count = most.min(drawn.len() as u64);
        let blocks = drawn.iter().take(count as usize).copied().collect();
        return Ok(Selection { drawn: count.try_into().unwrap_or(u32::MAX), blocks });
    }
    rows::select(length, drawn, most, |index| read(&input, index, length))
}

/// The blocks with these indices without their proofs, to look at.
pub fn unproved_ranges(path: &Path, indices: Vec<u64>) -> Result<Vec<BlockRange>, FileError> {
    let (input, length) = Input::open_plain(path)?;
    let Shown { ranges, .. } = Shown::new(length, indices)?;
    let ranges = ranges.into_iter().map(|range| {
        let first = range.start;
        let mut blocks = Vec::new();
        for index in range {
            blocks.extend_from_slice(&read(&input, index, length)?);
        }
        Ok(BlockRange { first, blocks, path: Default::default() })
    });
    ranges.collect()
}

fn read(input: &Input, index: u64, length: u64) -> Result<Vec<u8>, FileError> {
    let here = block_length(length, index).ok_or(PackageError::NoSuchBlock(index))?;
    input.read_block(index, here)
}
