//! How a file is known: its blocks, the tree over them, and what follows from both.
//!
//! A file is cut into blocks of 4,096 bytes, the last may be shorter. Its commitment is the root of the RFC 9162
//! tree over the blocks, and its length. The length is part of it: a checker takes the number of leaves from the
//! committed length and never from a proof.

pub mod growth;
pub mod leaf_list;
pub mod range;
pub mod shown;
pub mod tree;

use crate::{
    bounds::{BLOCK_SIZE, MAX_LENGTH},
    Digest,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// Root and length of a file: of its plaintext or of its sealed form.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct Commitment {
    /// Root of the tree over the blocks.
    #[cfg_attr(feature = "serde", serde(with = "crate::id::hex_digest"))]
    pub root: Digest,
    /// Length in bytes: more than 0, at most [`MAX_LENGTH`].
    pub length: u64,
}

impl Commitment {
    /// Whether the length is one that a file may have.
    pub fn validate(&self) -> Result<(), BadLength> {
        check_length(self.length)
    }

    /// Number of blocks.
    pub fn blocks(&self) -> u64 {
        block_count(self.length)
    }
}

/// The length is 0 or more than [`MAX_LENGTH`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadLength(pub u64);

impl fmt::Display for BadLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("the file is empty"),
            length => write!(f, "the file has {length} bytes; at most {MAX_LENGTH} are possible"),
        }
    }
}

impl core::error::Error for BadLength {}

/// Refuses a length of 0 and one over [`MAX_LENGTH`].
pub fn check_length(length: u64) -> Result<(), BadLength> {
    if (1..=MAX_LENGTH).contains(&length) {
        Ok(())
    } else {
        Err(BadLength(length))
    }
}

/// Number of blocks of a file of this length.
pub fn block_count(length: u64) -> u64 {
    length.div_ceil(BLOCK_SIZE)
}

/// Length of the block with this index in a file of this length; `None` if there is no such block.
pub fn block_length(length: u64, index: u64) -> Option<u64> {
    let start = index.checked_mul(BLOCK_SIZE)?;
    match length.checked_sub(start) {
        None | Some(0) => None,
        Some(rest) => Some(rest.min(BLOCK_SIZE)),
    }
}
