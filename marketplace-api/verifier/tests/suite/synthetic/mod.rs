//! A synthetic chain: real tries with real records, real keys, headers and votes, in any shape that a test wants. Other
//! crates include this module by its path. They have a `verify` beside it.

#![allow(unreachable_pub)]

pub mod finality;
pub mod sample;
pub mod state;

/// 32 bytes that a number stands for.
pub fn digest(number: u64) -> [u8; 32] {
    wonbon_primitives::label::hash("test", &[&number.to_le_bytes()])
}
