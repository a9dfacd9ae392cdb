//! An upgrade of the runtime that is to come.

use super::Amount;
use crate::Digest;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// An upgrade that the consortium announced. From `due` on anyone may give the code; until then it can be called off.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Upgrade<BlockNumber: Amount> {
    /// The layout: [`UPGRADE_LAYOUT`](super::UPGRADE_LAYOUT).
    pub version: u8,
    /// BLAKE2b-256 of the code as it will stand in the state.
    pub code_hash: Digest,
    /// The block in which it was announced.
    #[codec(compact)]
    pub announced_at: BlockNumber,
    /// The first block that may carry the code.
    #[codec(compact)]
    pub due: BlockNumber,
}

impl<BlockNumber: Amount + Ord> Upgrade<BlockNumber> {
    /// Whether something with an end in this block may still run when the rules change.
    pub fn is_reached_by(&self, end: &BlockNumber) -> bool {
        *end >= self.due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_before_an_upgrade_is_not_touched_by_it() {
        let upgrade = Upgrade::<u32> { version: 1, code_hash: [7; 32], announced_at: 10, due: 100 };
        assert!(!upgrade.is_reached_by(&99));
        assert!(upgrade.is_reached_by(&100));
        assert!(upgrade.is_reached_by(&u32::MAX));
    }
}
