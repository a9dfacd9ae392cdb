//! Blocks that are shown to everyone, each provably part of the dataset: samples, and rows proved to a third party.
//!
//! A **chosen** sample shows the blocks that its owner likes to show. A **fair** one shows the blocks that the
//! chain drew: the seed is the hash of a block that came after the registration, [`draw`] makes one order of all
//! blocks from it, and the owner shows the first k. They cannot pick, cannot draw again, and what they show is
//! bound by its digest on the chain. [`ruled_out`] says what k blocks without a fault are worth.
//!
//! Of a table whose rows are lines of text a fair sample shows every row that begins in a drawn block, to its end:
//! with the drawn blocks come those behind them through which their last rows go on ([`rows`]). So nothing that is wrong
//! hides in rows that cross the edge of a block. [`most_blocks`] is the most that is given away.
//!
//! **File**: the magic bytes `WBSAMP`, a format byte, then the SCALE encoding of [`Sample`]. One sample has one
//! encoding: ranges are in order, do not touch (neighbours are one range), and every length is the implied one.
//! [`Sample::decode`] checks that much; that the blocks are the dataset's is for [`Sample::verify`].

#[cfg(feature = "std")]
mod confidence;
mod draw;
mod lines;
pub mod rows;

#[cfg(feature = "std")]
pub use confidence::{blocks_for, ruled_out};
pub use draw::draw;
pub use lines::Line;
pub use rows::Row;

use crate::{
    bounds::{SampleBound, BLOCK_SIZE, MAX_RANGE_PATH, MAX_SAMPLE, MAX_SAMPLED_PERCENT, MIN_SAMPLED},
    content::{
        block_count,
        range::{BadRange, BlockRange},
    },
    BoundedVec, Commitment, DatasetId, Digest,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeAll, DecodeWithMemTracking, Encode};
use core::ops::Range;
use sha2::{Digest as _, Sha256};

/// The first bytes of a sample file.
pub const MAGIC: &[u8; 6] = b"WBSAMP";
/// The format that is written and read.
pub const FORMAT: u8 = 2;
/// No sample file is longer: every block alone, with the longest path, and what stands around them.
pub const MAX_FILE: u64 = 128 + MAX_SAMPLE as u64 * (BLOCK_SIZE + 32 * MAX_RANGE_PATH as u64 + 16);

/// Why these blocks are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking)]
pub enum Kind {
    /// Somebody chose them.
    Chosen,
    /// They are the first of the draw with this seed.
    Fair {
        /// The seed.
        seed: Digest,
        /// How many blocks were drawn.
        #[codec(compact)]
        drawn: u32,
        /// Whether rows are lines of text, and those that begin in a drawn block are shown to their ends: then the blocks
        /// through which they go on are here too.
        rows: bool,
    },
    /// They are the blocks that hold these bytes, and with them whatever else is in them.
    Rows {
        /// The first byte, counted from the start of the file.
        #[codec(compact)]
        from: u64,
        /// The byte after the last.
        #[codec(compact)]
        to: u64,
    },
}

/// Blocks of one dataset with their proofs.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking)]
pub struct Sample {
    /// Root of the dataset's plaintext.
    pub dataset: DatasetId,
    /// Its length in bytes, as the sample says. It is right only if it is the committed one.
    #[codec(compact)]
    pub length: u64,
    /// Why these blocks.
    pub kind: Kind,
    /// The blocks.
    pub ranges: BoundedVec<BlockRange, SampleBound>,
}

/// Why a sample is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadSample {
    /// No sample file at all.
    #[error("no sample file")]
    Magic,
    /// A sample file of a format that is not known here.
    #[error("a sample file of format {0}, which is not known here")]
    Format(u8),
    /// Longer than any sample.
    #[error("the file is longer than any sample")]
    TooLong,
    /// The bytes are not the encoding of a sample.
    #[error("the sample file is damaged or cut off")]
    Encoding,
    /// No blocks, or more than a sample may have.
    #[error("a sample has 1 to {MAX_SAMPLE} blocks")]
    Count,
    /// The ranges are out of order, overlap or touch.
    #[error("the ranges of the sample are out of order, overlap or touch")]
    Order,
    /// A range that the dataset cannot have, or that is not the dataset's.
    #[error("the blocks from {first} on: {cause}")]
    Range {
        /// Index of its first block.
        first: u64,
        /// What is wrong with it.
        cause: BadRange,
    },
    /// The bytes that are meant are not all in one range of the blocks.
    #[error("the rows that are meant are not in the blocks")]
    Span,
    /// A sample of another dataset, or of another length.
    #[error("the sample is of another dataset")]
    OtherDataset,
    /// A sample of another kind than expected.
    #[error("the sample is of another kind")]
    OtherKind,
    /// The seed is not the one that the chain drew.
    #[error("the seed is not the one that the chain drew")]
    Seed,
    /// The blocks are not the first of the draw, with those through which their rows go on.
    #[error("the blocks are not the first of the draw, with the ends of their rows")]
    Draw,
    /// A fair sample of a dataset of which none is given.
    #[error("no fair sample is given of a dataset with fewer than {MIN_SAMPLED} bytes")]
    TooSmall,
    /// A fair sample that shows too much.
    #[error("a fair sample of this dataset shows at most {most} blocks, and this one {shown}")]
    TooMuch {
        /// Blocks that it shows.
        shown: u64,
        /// Blocks that it may show.
        most: u64,
    },
}

impl Sample {
    /// The file.
    pub fn to_file(&self) -> Vec<u8> {
        let mut file = Vec::with_capacity(self.size_hint().saturating_add(8));
        file.extend_from_slice(MAGIC);
        file.push(FORMAT);
        self.encode_to(&mut file);
        file
    }

    /// Reads a file, strictly: whatever is accepted is written again byte for byte.
    pub fn from_file(file: &[u8]) -> Result<Self, BadSample> {
        if file.len() as u64 > MAX_FILE {
            return Err(BadSample::TooLong);
        }
        let body = file.strip_prefix(MAGIC).ok_or(BadSample::Magic)?;
        let mut body = match body.split_first() {
            Some((&FORMAT, body)) => body,
            Some((&other, _)) => return Err(BadSample::Format(other)),
            None => return Err(BadSample::Encoding),
        };
        let sample = Self::decode_all(&mut body).map_err(|_| BadSample::Encoding)?;
        sample.check()?;
        if sample.to_file() != file {
            return Err(BadSample::Encoding);
        }
        Ok(sample)
    }

    /// SHA-256 of the file.
    pub fn digest(&self) -> Digest {
        Sha256::digest(self.to_file()).into()
    }

    /// Number of blocks.
    pub fn blocks(&self) -> u64 {
        self.ranges.iter().map(BlockRange::count).fold(0, u64::saturating_add)
    }

    /// The indices of the blocks, in order.
    pub fn indices(&self) -> impl Iterator<Item = u64> + '_ {
        self.ranges.iter().flat_map(BlockRange::indices)
    }

    /// The bytes of a part of the dataset, if they are all in one range.
    pub fn bytes(&self, span: &Range<u64>) -> Option<&[u8]> {
        self.ranges.iter().find_map(|range| {
            let from = usize::try_from(span.start.checked_sub(range.span().start)?).ok()?;
            let length = usize::try_from(span.end.checked_sub(span.start)?).ok()?;
            range.blocks.get(from..from.checked_add(length)?)
        })
    }

    /// Whether the parts fit each other.
    fn check(&self) -> Result<(), BadSample> {
        let mut next = 0;
        for range in &self.ranges {
            let first = range.first;
            range.fits(self.length).map_err(|cause| BadSample::Range { first, cause })?;
            // The first may begin at 0; every other one leaves out at least one block.
            if first < next {
                return Err(BadSample::Order);
            }
            next = range.indices().end.saturating_add(1);
        }
        if !(1..=u64::from(MAX_SAMPLE)).contains(&self.blocks()) {
            return Err(BadSample::Count);
        }
        match self.kind {
            Kind::Rows { from, to } if from >= to || self.bytes(&(from..to)).is_none() => {
                Err(BadSample::Span)
            }
            _ => Ok(()),
        }
    }

    /// Whether every block is the dataset's. The commitment comes from the chain, or from a certificate.
    pub fn verify(&self, dataset: &Commitment) -> Result<(), BadSample> {
        if (self.dataset.0, self.length) != (dataset.root, dataset.length) {
            return Err(BadSample::OtherDataset);
        }
        self.check()?;
        self.ranges.iter().try_for_each(|range| {
            range.verify(dataset).map_err(|cause| BadSample::Range { first: range.first, cause })
        })
    }

    /// The drawn blocks of a fair sample, in order; none of any other.
    pub fn drawn(&self, genesis: &Digest) -> Vec<u64> {
        let Kind::Fair { seed, drawn, .. } = self.kind else { return Vec::new() };
        let count = u64::from(drawn).min(MAX_SAMPLE.into());
        let mut blocks = draw(genesis, &seed, &self.dataset.0, block_count(self.length), count);
        blocks.sort_unstable();
        blocks
    }

    /// Whether it is a fair sample: the first blocks of the draw with the seed that the chain stored, the ends of the
    /// rows that begin there if it says so, and no more than may be given away.
    pub fn verify_fair(
        &self,
        dataset: &Commitment,
        genesis: &Digest,
        seed: &Digest,
    ) -> Result<(), BadSample> {
        let (drawn, with_rows) = match self.kind {
            Kind::Fair { seed: stated, drawn, rows } if stated == *seed => (drawn, rows),
            Kind::Fair { .. } => return Err(BadSample::Seed),
            _ => return Err(BadSample::OtherKind),
        };
        self.verify(dataset)?;
        if dataset.length < MIN_SAMPLED {
            return Err(BadSample::TooSmall);
        }
        let (shown, most) = (self.blocks(), most_blocks(dataset.length));
        if shown > most {
            return Err(BadSample::TooMuch { shown, most });
        }
        let mut expected = self.drawn(genesis);
        // As many as are said, and so at least one and no more than there are.
        if drawn == 0 || expected.len() as u64 != u64::from(drawn) {
            return Err(BadSample::Draw);
        }
        if with_rows {
            let blocks =
                rows::followed(self.length, &expected, |index| self.block(index).ok_or(BadSample::Draw))?;
            expected = blocks.into_iter().collect();
        }
        if self.indices().eq(expected) {
            Ok(())
        } else {
            Err(BadSample::Draw)
        }
    }

    /// The bytes of a block, if it is here.
    pub fn block(&self, index: u64) -> Option<&[u8]> {
        let at = self.ranges.partition_point(|range| range.indices().end <= index);
        let range = self.ranges.get(at)?;
        let from = index.checked_sub(range.first)?.checked_mul(BLOCK_SIZE)?;
        let from = usize::try_from(from).ok()?;
        let rest = range.blocks.get(from..).filter(|rest| !rest.is_empty())?;
        rest.chunks(BLOCK_SIZE as usize).next()
    }
}

/// Most blocks that a fair sample of a dataset of this length shows, the drawn ones and the ends of rows together: none of
/// a small one, a tenth of any other, and never more than a sample has.
pub fn most_blocks(length: u64) -> u64 {
    if length < MIN_SAMPLED {
        return 0;
    }
    let tenth = block_count(length).saturating_mul(MAX_SAMPLED_PERCENT).saturating_div(100);
    tenth.min(MAX_SAMPLE.into())
}
