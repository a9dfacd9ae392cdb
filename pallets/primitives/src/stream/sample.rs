//! Blocks of a file with their proofs, in one pass.

use super::{engine, input::Input, StreamError, Watch};
use crate::{
    bounds::{BLOCK_SIZE, MAX_SAMPLE},
    content::{
        block_count,
        range::{self, BlockRange, Prover},
        tree::leaf_hash,
    },
    Commitment, Digest,
};
use std::path::Path;

/// The blocks with these indices, in as few ranges as can be, each with its path, and the commitment to the file.
///
/// At most [`MAX_SAMPLE`] blocks, which with their paths are what is held in memory.
pub fn block_ranges(
    path: &Path,
    indices: Vec<u64>,
    watch: &Watch<'_>,
) -> Result<(Commitment, Vec<BlockRange>), StreamError> {
    let (input, length) = Input::open_plain(path)?;
    let ranges = range::join(indices);
    let count: u64 = ranges.iter().map(|range| range.end - range.start).sum();
    if count > u64::from(MAX_SAMPLE) {
        return Err(StreamError::TooManyBlocks(count));
    }
    let blocks = block_count(length);
    let beyond = ranges.iter().find(|range| range.end > blocks).map(|range| range.start.max(blocks));
    if let Some(index) = beyond {
        return Err(StreamError::NoSuchBlock(index));
    }
    let mut prover = Prover::new(blocks, ranges.clone()).map_err(|_| StreamError::NoSuchBlock(blocks))?;
    let mut found: Vec<Vec<u8>> = vec![Vec::new(); ranges.len()];
    engine::run(
        length,
        watch,
        |segment, buffer| {
            input.read(segment, buffer)?;
            let leaves: Vec<Digest> = buffer.chunks(BLOCK_SIZE as usize).map(leaf_hash).collect();
            let here = segment.first_block()..segment.first_block() + segment.blocks() as u64;
            let mut shown = Vec::new();
            let from = ranges.partition_point(|range| range.end <= here.start);
            for (at, range) in ranges.iter().enumerate().skip(from) {
                if range.start >= here.end {
                    break;
                }
                let place = |block: u64| ((block - here.start) * BLOCK_SIZE) as usize;
                let end = place(range.end.min(here.end)).min(buffer.len());
                shown.push((at, buffer[place(range.start.max(here.start))..end].to_vec()));
            }
            Ok((leaves, shown))
        },
        |_, (leaves, shown)| {
            leaves.into_iter().for_each(|leaf| prover.push(leaf));
            shown.into_iter().for_each(|(at, bytes)| found[at].extend_from_slice(&bytes));
            Ok(())
        },
    )?;
    input.check_unchanged()?;
    let (root, paths) = prover.finish().map_err(|_| StreamError::NoSuchBlock(blocks))?;
    let ranges = ranges.iter().zip(found).zip(paths);
    let ranges = ranges.map(|((range, blocks), path)| BlockRange { first: range.start, blocks, path });
    Ok((Commitment { root, length }, ranges.collect()))
}
