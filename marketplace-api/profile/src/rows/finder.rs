//! Finds wanted rows among all that go by, and what the blocks that hold them show besides.

use std::collections::VecDeque;
use std::ops::{ControlFlow, Range, RangeInclusive};

use wonbon_primitives::bounds::BLOCK_SIZE;

use super::{Rows, RowsError};

/// Keeps what is needed of the rows that go by.
pub(super) struct Finder {
    wanted: RangeInclusive<u64>,
    /// The number of the row that comes next.
    next: u64,
    /// The rows of the last two blocks before the wanted ones, with their numbers.
    before: VecDeque<(u64, Range<u64>)>,
    first_visible: Option<u64>,
    span: Option<Range<u64>>,
    last: u64,
}

impl Finder {
    pub(super) fn new(wanted: RangeInclusive<u64>) -> Finder {
        Finder { wanted, next: 0, before: VecDeque::new(), first_visible: None, span: None, last: 0 }
    }

    /// Looks at the next row; `Break` when no further one matters.
    pub(super) fn add(&mut self, row: Range<u64>) -> ControlFlow<()> {
        let number = self.next;
        self.next += 1;
        if number < *self.wanted.start() {
            let edge = (row.start / BLOCK_SIZE).saturating_sub(1) * BLOCK_SIZE;
            while self.before.front().is_some_and(|(_, old)| old.end <= edge) {
                self.before.pop_front();
            }
            self.before.push_back((number, row));
            return ControlFlow::Continue(());
        }
        if number <= *self.wanted.end() {
            let start = match &self.span {
                Some(span) => span.start,
                None => {
                    let shown_from = blocks_of(&row).start * BLOCK_SIZE;
                    let other = self.before.iter().find(|(_, old)| old.end > shown_from);
                    self.first_visible = Some(other.map_or(number, |(other, _)| *other));
                    row.start
                }
            };
            self.span = Some(start..row.end);
            self.last = number;
            return ControlFlow::Continue(());
        }
        match &self.span {
            Some(span) if row.start < blocks_of(span).end * BLOCK_SIZE => {
                self.last = number;
                ControlFlow::Continue(())
            }
            _ => ControlFlow::Break(()),
        }
    }

    pub(super) fn into_rows(self) -> Result<Rows, RowsError> {
        match (self.span, self.first_visible) {
            (Some(span), Some(first)) if self.next > *self.wanted.end() => {
                Ok(Rows { blocks: blocks_of(&span), visible: first..=self.last, span })
            }
            _ => Err(RowsError::NoSuchRow { rows: self.next.saturating_sub(1), wanted: *self.wanted.end() }),
        }
    }
}

/// The blocks that prove rows of these bytes.
fn blocks_of(span: &Range<u64>) -> Range<u64> {
    span.start.saturating_sub(1) / BLOCK_SIZE..span.end.div_ceil(BLOCK_SIZE)
}
