//! A block of the chain.

use crate::{BlockNumber, Digest};
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use std::fmt;
use wonbon_primitives::id::to_hex;

/// A block by height and hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, TypeInfo)]
pub struct BlockRef {
    /// 0 for the genesis block, one more with each block.
    pub height: BlockNumber,
    /// BLAKE2b-256 of its header.
    pub hash: Digest,
}

impl fmt::Display for BlockRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.height, to_hex(&self.hash))
    }
}

impl fmt::Debug for BlockRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlockRef({self})")
    }
}
