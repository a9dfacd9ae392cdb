//! By how much the windows of open orders were extended, when the chain's finality had lagged.
//!
//! Promises: an extension only lengthens; it concerns the windows that are open at the end of its block, and no later one;
//! chain and tools compute a deadline with the same code.

use super::{Money, EXTENSIONS_LAYOUT};
use crate::{bounds::ExtensionsBound, BoundedVec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// One decision to extend all windows that were open.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub struct Extension<BlockNumber> {
    /// The block of the decision.
    pub at: BlockNumber,
    /// By how many blocks.
    pub by: BlockNumber,
}

/// All decisions that can still concern a window.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Extensions<BlockNumber> {
    /// Layout of this record, [`EXTENSIONS_LAYOUT`].
    pub version: u8,
    /// Blocks of all extensions there ever were, also of those that the list has no more.
    pub total: BlockNumber,
    /// The extensions, in the order in which they were decided.
    pub list: BoundedVec<Extension<BlockNumber>, ExtensionsBound>,
}

impl<BlockNumber: From<u32>> Default for Extensions<BlockNumber> {
    fn default() -> Self {
        Self { version: EXTENSIONS_LAYOUT, total: BlockNumber::from(0), list: BoundedVec::default() }
    }
}

impl<BlockNumber: Money> Extensions<BlockNumber> {
    /// The last block of a window that was opened in one block and was to end in another: each extension that found it
    /// open moved its end.
    pub fn end_of(&self, opened: BlockNumber, end: BlockNumber) -> BlockNumber {
        self.list.iter().fold(end, |end, extension| {
            let found_open = opened <= extension.at && extension.at <= end;
            if found_open {
                end.wide().saturating_add(extension.by.wide()).try_into().unwrap_or(end)
            } else {
                end
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn extensions(list: &[(u32, u32)]) -> Extensions<u32> {
        let list: Vec<_> = list.iter().map(|&(at, by)| Extension { at, by }).collect();
        Extensions { list: list.try_into().unwrap(), ..Default::default() }
    }

    #[test]
    fn only_windows_that_are_open_are_extended() {
        let one = extensions(&[(10, 100)]);
        assert_eq!(one.end_of(5, 10), 110, "in its last block");
        assert_eq!(one.end_of(10, 20), 120, "in its first block");
        assert_eq!(one.end_of(5, 9), 9, "it was over");
        assert_eq!(one.end_of(11, 20), 20, "it was opened later");
        assert_eq!(extensions(&[]).end_of(5, 10), 10);
    }

    #[test]
    fn extensions_add_up_while_the_window_they_made_is_open() {
        let two = extensions(&[(10, 100), (110, 5)]);
        assert_eq!(two.end_of(5, 10), 115, "the second finds open what the first extended");
        assert_eq!(two.end_of(5, 9), 9);
        assert_eq!(two.end_of(11, 110), 115);
        assert_eq!(two.end_of(11, 109), 109);
    }

    #[test]
    fn what_does_not_fit_shortens_nothing() {
        assert_eq!(extensions(&[(10, u32::MAX)]).end_of(5, 20), 20);
    }
}
