//! Blocks of a file with their proofs, in one pass.

use super::{input::Input, FileError, Watch};
use crate::{Sampling, Shown};
use std::path::Path;
use wonbon_primitives::{content::range::BlockRange, Commitment};

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
