//! Every limit on size or number that chain and off-chain code must agree on.
//!
//! The `ConstU32` aliases are the same numbers as types, for `BoundedVec`.

use bounded_collections::ConstU32;

/// Bytes in a block; the last block of a file may be shorter.
pub const BLOCK_SIZE: u64 = 4096;
/// Largest length of a file: 2^38 bytes, 256 GiB. It is what one ChaCha20 counter can seal under one key.
pub const MAX_LENGTH: u64 = 1 << 38;
/// Most blocks of a file, 2^26.
pub const MAX_BLOCKS: u64 = MAX_LENGTH / BLOCK_SIZE;
/// Longest inclusion path: log2 of [`MAX_BLOCKS`].
pub const MAX_PATH: u32 = 26;
/// Longest consistency path: one hash more than an inclusion path.
pub const MAX_CONSISTENCY: u32 = 27;
/// Longest path of a range of blocks: one subtree at either side on each level below the root.
pub const MAX_RANGE_PATH: u32 = 50;
/// Most leaves that a registration shows.
pub const MAX_SHOWN_LEAVES: u32 = 8;
/// Bytes in a digest, a leaf hash, a key.
pub const DIGEST_SIZE: u64 = 32;

/// Longest name of a company, in bytes of UTF-8.
pub const MAX_NAME: u32 = 128;
/// Longest reason (withdrawal, suspension, revocation), in bytes of UTF-8.
pub const MAX_REASON: u32 = 256;
/// Most members of a company.
pub const MAX_MEMBERS: u32 = 64;
/// Most of them who are admins.
pub const MAX_ADMINS: u32 = 8;
/// Most parents of a dataset.
pub const MAX_PARENTS: u32 = 16;
/// Most royalties that a dataset carries, each for one dataset behind it.
pub const MAX_ROYALTIES: u32 = 16;
/// Most that all royalties of a dataset take together, in millionths of a sale: a half.
pub const MAX_ROYALTY_TOTAL: u32 = 500_000;
/// Most parents that are looked at when a dataset is offered or ordered, those of the seller's own datasets behind it
/// included.
pub const MAX_LINEAGE: u32 = 64;
/// Most extensions of windows that are remembered at a time.
pub const MAX_EXTENSIONS: u32 = 16;
/// Most open or paused offers of one dataset.
pub const MAX_OPEN_OFFERS: u32 = 16;
/// Most generations of parents behind a dataset; new versions do not count.
pub const MAX_DEPTH: u32 = 32;
/// Most blocks of a sample.
pub const MAX_SAMPLE: u32 = 4096;
/// A fair sample shows at most so many of a hundred blocks.
pub const MAX_SAMPLED_PERCENT: u64 = 10;
/// No fair sample is given of a file with fewer bytes: hardly anything would be left to sell.
pub const MIN_SAMPLED: u64 = 2_000_000;
/// Most blocks behind a drawn one through which a row is followed to its end.
pub const MAX_TAIL: u64 = 64;
/// No transaction that buyers and sellers send costs more, in won: what their tools say before they sign. Tests of the
/// runtime keep it.
pub const MAX_FEE: u128 = 500;
/// Largest metadata document, in bytes.
pub const MAX_METADATA: u32 = 256 * 1024;
/// Largest licence or NDA text, in bytes.
pub const MAX_DOCUMENT: u32 = 256 * 1024;

/// [`BLOCK_SIZE`] as a bound.
pub type BlockBound = ConstU32<4096>;
/// [`MAX_PATH`] as a bound.
pub type PathBound = ConstU32<MAX_PATH>;
/// [`MAX_CONSISTENCY`] as a bound.
pub type ConsistencyBound = ConstU32<MAX_CONSISTENCY>;
/// [`MAX_SHOWN_LEAVES`] as a bound.
pub type ShownLeavesBound = ConstU32<MAX_SHOWN_LEAVES>;
/// [`MAX_RANGE_PATH`] as a bound.
pub type RangePathBound = ConstU32<MAX_RANGE_PATH>;
/// [`MAX_SAMPLE`] as a bound.
pub type SampleBound = ConstU32<MAX_SAMPLE>;
/// [`MAX_NAME`] as a bound.
pub type NameBound = ConstU32<MAX_NAME>;
/// [`MAX_REASON`] as a bound.
pub type ReasonBound = ConstU32<MAX_REASON>;
/// [`MAX_ADMINS`] as a bound.
pub type AdminsBound = ConstU32<MAX_ADMINS>;
/// [`MAX_PARENTS`] as a bound.
pub type ParentsBound = ConstU32<MAX_PARENTS>;
/// [`MAX_OPEN_OFFERS`] as a bound.
pub type OpenOffersBound = ConstU32<MAX_OPEN_OFFERS>;
/// [`MAX_ROYALTIES`] as a bound.
pub type RoyaltiesBound = ConstU32<MAX_ROYALTIES>;
/// [`MAX_EXTENSIONS`] as a bound.
pub type ExtensionsBound = ConstU32<MAX_EXTENSIONS>;
