//! Blocks of a file with their proofs.

use crate::{chunk::Sequence, tree::leaf_hashes, Chunk, PackageError};
use std::ops::Range;
use wonbon_primitives::{
    bounds::{BLOCK_SIZE, MAX_SAMPLE},
    content::{
        block_count, check_length,
        range::{self, BlockRange, Prover},
    },
    Commitment, Digest,
};

/// Which blocks of a file are shown: at most [`MAX_SAMPLE`].
#[derive(Clone, Debug)]
pub struct Shown {
    length: u64,
    /// In order, none touching another.
    pub(crate) ranges: Vec<Range<u64>>,
}

/// A chunk that was hashed, and the bytes of it that are shown.
#[derive(Clone, Debug)]
pub struct SampledChunk {
    chunk: Chunk,
    leaves: Vec<Digest>,
    /// Each with the range that it belongs to.
    shown: Vec<(usize, Vec<u8>)>,
}

impl Shown {
    /// The blocks with these indices of a file of this length, in as few ranges as can be.
    pub fn new(length: u64, indices: Vec<u64>) -> Result<Self, PackageError> {
        check_length(length)?;
        let ranges = range::join(indices);
        let count: u64 = ranges.iter().map(|range| range.end - range.start).sum();
        if count > u64::from(MAX_SAMPLE) {
            return Err(PackageError::TooManyBlocks(count));
        }
        let blocks = block_count(length);
        match ranges.iter().find(|range| range.end > blocks) {
            Some(range) => Err(PackageError::NoSuchBlock(range.start.max(blocks))),
            None => Ok(Self { length, ranges }),
        }
    }

    /// Hashes the bytes of a chunk and copies out what is shown of them.
    pub fn cut(&self, chunk: Chunk, bytes: &[u8]) -> Result<SampledChunk, PackageError> {
        chunk.holds(bytes)?;
        let here = chunk.first_block()..chunk.first_block() + chunk.blocks() as u64;
        let from = self.ranges.partition_point(|range| range.end <= here.start);
        let within =
            self.ranges.iter().enumerate().skip(from).take_while(|(_, range)| range.start < here.end);
        let place = |block: u64| ((block - here.start) * BLOCK_SIZE) as usize;
        let shown = within.map(|(at, range)| {
            let end = place(range.end.min(here.end)).min(bytes.len());
            (at, bytes[place(range.start.max(here.start))..end].to_vec())
        });
        Ok(SampledChunk { chunk, leaves: leaf_hashes(bytes), shown: shown.collect() })
    }
}

/// Folds the chunks of a file to the shown blocks with their paths, which are what is held in memory.
#[derive(Clone, Debug)]
pub struct Sampling {
    sequence: Sequence,
    ranges: Vec<Range<u64>>,
    found: Vec<Vec<u8>>,
    prover: Prover,
}

impl Sampling {
    /// Collects the paths of these blocks while a file passes.
    pub fn new(shown: &Shown) -> Result<Self, PackageError> {
        let (sequence, ranges) = (Sequence::new(shown.length)?, shown.ranges.clone());
        let blocks = block_count(shown.length);
        let prover = Prover::new(blocks, ranges.clone()).map_err(|_| PackageError::NoSuchBlock(blocks))?;
        Ok(Self { sequence, found: vec![Vec::new(); ranges.len()], ranges, prover })
    }

    /// Takes the next chunk.
    pub fn push(&mut self, chunk: SampledChunk) -> Result<(), PackageError> {
        self.sequence.advance(&chunk.chunk)?;
        chunk.leaves.into_iter().for_each(|leaf| self.prover.push(leaf));
        for (at, bytes) in chunk.shown {
            self.found.get_mut(at).ok_or(PackageError::Chunks)?.extend_from_slice(&bytes);
        }
        Ok(())
    }

    /// The commitment to the file and the ranges, once every chunk was given.
    pub fn finish(self) -> Result<(Commitment, Vec<BlockRange>), PackageError> {
        self.sequence.check_complete()?;
        let (root, paths) = self.prover.finish().map_err(|_| PackageError::Chunks)?;
        let ranges = self.ranges.iter().zip(self.found).zip(paths);
        let ranges = ranges.map(|((range, blocks), path)| BlockRange { first: range.start, blocks, path });
        Ok((Commitment { root, length: self.sequence.length() }, ranges.collect()))
    }
}
