//! Which rows belong to a block, and which blocks show them to their ends.
//!
//! A row is a line of text, and a **line** begins at the start of the file or right behind a line break: a line feed, a
//! carriage return, or both in this order. It **belongs** to the block that holds the last byte of that line break, the
//! first line to the first block. So every line belongs to one block, and which ones do can be told from the block and
//! the bytes behind it alone: a line that begins at the very edge belongs to the block whose line break it follows.
//! A line with nothing in it is no row. The first row of a file is its header.
//!
//! The last line of a block mostly goes on in the next one. It is followed to the block in which it ends, through at most
//! [`MAX_TAIL`] blocks; of a longer line what is shown is cut off, and told to be.

use super::Sample;
use crate::{
    bounds::{BLOCK_SIZE, MAX_TAIL},
    content::block_count,
};
use alloc::{
    collections::{BTreeSet, VecDeque},
    vec::Vec,
};

/// A row that belongs to a block of a sample.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Where it begins, in bytes from the start of the dataset.
    pub offset: u64,
    /// Its bytes, without what ends it.
    pub bytes: Vec<u8>,
    /// Whether it is here to its end.
    pub whole: bool,
}

/// The first drawn blocks, and all that is shown with them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    /// How many drawn blocks.
    pub drawn: u32,
    /// These, and the blocks through which their last rows go on.
    pub blocks: BTreeSet<u64>,
}

/// The first of these drawn blocks whose rows are shown to their ends with at most `most` blocks in all.
pub fn select<B: AsRef<[u8]>, E>(
    length: u64,
    drawn: &[u64],
    most: u64,
    mut read: impl FnMut(u64) -> Result<B, E>,
) -> Result<Selection, E> {
    let mut selection = Selection::default();
    for block in drawn {
        let tail = tail(length, *block, &mut read)?;
        let end = block.saturating_add(tail);
        let new = (*block..=end).filter(|index| !selection.blocks.contains(index)).count() as u64;
        if (selection.blocks.len() as u64).saturating_add(new) > most {
            break;
        }
        selection.blocks.extend(*block..=end);
        selection.drawn = selection.drawn.saturating_add(1);
    }
    Ok(selection)
}

/// These blocks, and those through which their last rows go on.
pub fn followed<B: AsRef<[u8]>, E>(
    length: u64,
    drawn: &[u64],
    mut read: impl FnMut(u64) -> Result<B, E>,
) -> Result<BTreeSet<u64>, E> {
    let mut blocks = BTreeSet::new();
    for block in drawn {
        let tail = tail(length, *block, &mut read)?;
        blocks.extend(*block..=block.saturating_add(tail));
    }
    Ok(blocks)
}

/// How many blocks behind this one show the ends of its lines.
fn tail<B: AsRef<[u8]>, E>(
    length: u64,
    block: u64,
    read: &mut impl FnMut(u64) -> Result<B, E>,
) -> Result<u64, E> {
    let last = block_count(length).saturating_sub(1);
    let here = read(block)?;
    // Nothing begins here: a line that began before goes through it.
    if block > 0 && !here.as_ref().iter().any(|byte| breaks(*byte)) {
        return Ok(0);
    }
    // A carriage return at the edge may be one half of a line break: the byte behind it tells. If it is not, a line
    // begins at the edge. In either case a line break comes, or is there.
    for count in 1..=MAX_TAIL {
        let index = block.saturating_add(count);
        if index > last {
            return Ok(count.saturating_sub(1));
        }
        if read(index)?.as_ref().iter().any(|byte| breaks(*byte)) {
            return Ok(count);
        }
    }
    Ok(MAX_TAIL)
}

fn breaks(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

impl Sample {
    /// The rows that belong to these blocks of the sample, in the blocks' order.
    pub fn rows_of<'a>(
        &'a self,
        blocks: impl IntoIterator<Item = u64> + 'a,
    ) -> impl Iterator<Item = Row> + 'a {
        blocks.into_iter().flat_map(move |block| self.rows_in(block))
    }

    fn rows_in(&self, block: u64) -> VecDeque<Row> {
        let mut rows = VecDeque::new();
        let Some(here) = self.block(block) else { return rows };
        let start = block.saturating_mul(BLOCK_SIZE);
        let mut at = match block {
            0 => Some(0),
            _ => self.behind_break(block, here, 0),
        };
        while let Some(from) = at {
            let rest = here.get(from..).unwrap_or_default();
            let offset = start.saturating_add(from as u64);
            let row = match rest.iter().position(|byte| breaks(*byte)) {
                Some(end) => {
                    at = self.behind_break(block, here, from.saturating_add(end));
                    Row { offset, bytes: rest.get(..end).unwrap_or_default().to_vec(), whole: true }
                }
                None => {
                    at = None;
                    self.row_to_its_end(block, offset, rest)
                }
            };
            if !row.bytes.is_empty() {
                rows.push_back(row);
            }
        }
        rows
    }

    /// Where the line begins whose line break is the first at or behind `from`; `None` if there is none, or if its last
    /// byte is in the next block.
    fn behind_break(&self, block: u64, here: &[u8], from: usize) -> Option<usize> {
        let at = from.checked_add(here.get(from..)?.iter().position(|byte| breaks(*byte))?)?;
        let next = at.checked_add(1)?;
        let behind = match here.get(next) {
            Some(byte) => Some(*byte),
            None => self.block(block.checked_add(1)?).and_then(|block| block.first().copied()),
        };
        match (here.get(at), behind) {
            (Some(b'\r'), Some(b'\n')) if next < here.len() => next.checked_add(1),
            (Some(b'\r'), Some(b'\n')) => None,
            _ => Some(next),
        }
    }

    /// The row that begins with these last bytes of a block.
    fn row_to_its_end(&self, block: u64, offset: u64, head: &[u8]) -> Row {
        let mut row = Row { offset, bytes: head.to_vec(), whole: false };
        for count in 1..=MAX_TAIL {
            let index = block.saturating_add(count);
            if index >= block_count(self.length) {
                row.whole = true;
                break;
            }
            let Some(bytes) = self.block(index) else { break };
            let end = bytes.iter().position(|byte| breaks(*byte));
            row.bytes.extend_from_slice(bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default());
            if end.is_some() {
                row.whole = true;
                break;
            }
        }
        row
    }
}
