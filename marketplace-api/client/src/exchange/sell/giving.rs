//! How much of a dataset a sample gives away, and how much it may.
//!
//! A fair sample gives away a hundredth unless its owner asks for more, never more than a tenth, and nothing of a small
//! dataset; a chosen one a tenth unless its owner names a larger share, and never all. Whoever gives knows before what
//! they give: [`Exposure`].

use crate::exchange::SampleRefusal;
use wonbon_model::Share;
use wonbon_primitives::bounds::MIN_SAMPLED;
use wonbon_primitives::content::range::BlockRange;
use wonbon_primitives::content::{block_count, block_length};
use wonbon_primitives::sample::{blocks_for, most_blocks, ruled_out, Kind, Sample};
use wonbon_primitives::{BoundedVec, DatasetId};

/// What a fair sample gives away unless more is asked for: a hundredth.
pub const USUAL_SHARE: u32 = 10_000;
/// What a sample gives away unless a larger share is named: a tenth. A fair one never gives more.
pub const LARGEST_SHARE: u32 = 100_000;

/// How much of a dataset is shown to everyone, for nothing and for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exposure {
    /// Blocks that are shown.
    pub shown: u64,
    /// Blocks that there are.
    pub blocks: u64,
    /// Bytes that are shown.
    pub bytes: u64,
    /// Bytes that there are.
    pub length: u64,
    /// Rows that are shown whole, where that is known.
    pub rows: Option<u64>,
}

impl Exposure {
    /// Of these blocks of a dataset of this length.
    pub fn of(indices: impl IntoIterator<Item = u64>, length: u64) -> Self {
        let (mut shown, mut bytes) = (0, 0u64);
        for index in indices {
            shown += 1;
            bytes = bytes.saturating_add(block_length(length, index).unwrap_or(0));
        }
        Self { shown, blocks: block_count(length), bytes, length, rows: None }
    }

    /// The same, with the rows of a table of lines that these blocks show whole.
    pub(super) fn with_rows(self, dataset: DatasetId, ranges: Vec<BlockRange>) -> Self {
        let rows = BoundedVec::try_from(ranges).ok().map(|ranges| {
            let sample = Sample { dataset, length: self.length, kind: Kind::Chosen, ranges };
            sample.lines().filter(|line| !line.bytes.is_empty()).count() as u64
        });
        Self { rows, ..self }
    }

    /// The share of the bytes that is shown, rounded up.
    pub fn share(&self) -> Share {
        let millionths = (u128::from(self.bytes) * 1_000_000).div_ceil(u128::from(self.length.max(1)));
        u32::try_from(millionths).ok().and_then(Share::from_millionths).unwrap_or(Share::WHOLE)
    }

    /// Refuses what shows more than this share, or everything.
    pub fn check(&self, most: Share) -> Result<(), SampleRefusal> {
        if self.shown >= self.blocks {
            return Err(SampleRefusal::Everything);
        }
        // Blocks are what is given: the last one may be short.
        if self.share() > most || over(self.shown, self.blocks, most) {
            let found = self.share();
            return Err(SampleRefusal::TooMuch { share: found, most });
        }
        Ok(())
    }
}

/// Whether so many blocks are more than this share of all.
fn over(shown: u64, blocks: u64, most: Share) -> bool {
    u128::from(shown) * 1_000_000 > u128::from(blocks) * u128::from(most.millionths())
}

/// How large a fair sample is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleSize {
    /// As many drawn blocks as can be shown.
    AsMuchAsMay,
    /// Enough drawn blocks to rule out that more than this share of all is bad.
    RulingOut(Share),
    /// This many drawn blocks, whatever share they rule out.
    Blocks(u32),
}

/// The most blocks of a fair sample of a dataset of this length that shows at most this share.
pub fn fair_limit(length: u64, most: Share) -> Result<u64, SampleRefusal> {
    if length < MIN_SAMPLED {
        return Err(SampleRefusal::TooSmall { length });
    }
    let share = u128::from(block_count(length)) * u128::from(most.millionths()) / 1_000_000;
    Ok(most_blocks(length).min(u64::try_from(share).unwrap_or(u64::MAX)))
}

impl SampleSize {
    /// How many drawn blocks are asked for, of a dataset of this length; `None` for as many as may be shown.
    pub fn drawn(&self, length: u64) -> Result<Option<u64>, SampleRefusal> {
        if length < MIN_SAMPLED {
            return Err(SampleRefusal::TooSmall { length });
        }
        match *self {
            Self::AsMuchAsMay => Ok(None),
            Self::Blocks(blocks) => Ok(Some(blocks.into())),
            Self::RulingOut(share) => {
                let (most, all) = (most_blocks(length), block_count(length));
                match blocks_for(share, all).filter(|needed| *needed <= most) {
                    Some(needed) => Ok(Some(needed)),
                    None => {
                        let least = ruled_out(most, all).unwrap_or(Share::WHOLE);
                        Err(SampleRefusal::ShareTooSmall { share, least })
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LARGE: u64 = (1 << 18) * 4096;

    fn per_million(millionths: u32) -> Share {
        Share::from_millionths(millionths).unwrap()
    }

    #[test]
    fn a_small_dataset_gives_nothing() {
        for size in [SampleSize::AsMuchAsMay, SampleSize::Blocks(1), SampleSize::RulingOut(Share::WHOLE)] {
            assert_eq!(size.drawn(1_999_999), Err(SampleRefusal::TooSmall { length: 1_999_999 }));
            assert!(size.drawn(2_000_000).is_ok(), "{size:?}");
        }
        assert!(fair_limit(1_999_999, Share::WHOLE).is_err());
        assert_eq!(fair_limit(2_000_000, per_million(USUAL_SHARE)), Ok(4));
        assert_eq!(fair_limit(2_000_000, Share::WHOLE), Ok(48));
        assert_eq!(fair_limit(LARGE, per_million(USUAL_SHARE)), Ok(2621));
        assert_eq!(fair_limit(LARGE, Share::WHOLE), Ok(4096));
    }

    #[test]
    fn a_sample_has_the_size_that_was_asked_for_or_none() {
        let ruling_out = |millionths| SampleSize::RulingOut(per_million(millionths));
        assert_eq!(ruling_out(100_000).drawn(LARGE), Ok(Some(307)));
        assert_eq!(SampleSize::Blocks(3).drawn(LARGE), Ok(Some(3)));
        assert_eq!(SampleSize::AsMuchAsMay.drawn(LARGE), Ok(None));
        for (millionths, length) in [(100, LARGE), (100_000, 2_000_000)] {
            let refused = ruling_out(millionths).drawn(length);
            assert!(
                matches!(refused, Err(SampleRefusal::ShareTooSmall { least, .. }) if least > Share::NONE)
            );
        }
    }

    #[test]
    fn what_is_given_is_counted_in_blocks_and_bytes() {
        let shown = Exposure::of([0, 7, 99], 99 * 4096 + 100);
        assert_eq!((shown.shown, shown.blocks, shown.bytes), (3, 100, 2 * 4096 + 100));
        assert_eq!(shown.share(), per_million(20_444));
        assert_eq!(shown.check(per_million(30_000)), Ok(()));
        assert!(matches!(shown.check(per_million(29_999)), Err(SampleRefusal::TooMuch { .. })));
        assert_eq!(Exposure::of([0], 100).check(Share::WHOLE), Err(SampleRefusal::Everything));
        let tenth = Exposure::of(0..10, 100 * 4096);
        assert_eq!(tenth.check(per_million(LARGEST_SHARE)), Ok(()));
        assert!(Exposure::of(0..11, 100 * 4096).check(per_million(LARGEST_SHARE)).is_err());
    }
}
