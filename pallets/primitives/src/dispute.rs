//! A buyer's proof that the seller cheated. Chain, client and verifier run this one check.
//!
//! Buyers show the shared point of their order's delivery, which gives everyone the delivered key. Either that
//! key is not the promised one; or it is, and one block of the sealed payload, opened with it, does not hash to
//! its leaf in the tree of the dataset. Everything is read from the order; a proof that does not hold changes
//! nothing, but it has made the delivered key public: a client checks its own proof first.

use crate::{
    bounds::{BlockBound, PathBound},
    content::{
        block_length,
        tree::{leaf_hash, verify_inclusion, BadProof},
        Commitment,
    },
    delivery::{verify_shared, Delivery, DeliveryError, OrderKey, SharedSecretProof},
    seal::{self, ContentKey},
    Digest, OrderId,
};
use bounded_collections::BoundedVec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use zeroize::Zeroize;

/// What an order and its delivery say; a dispute is judged by this alone.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct DisputeTerms {
    /// The buyer's key for this order.
    pub order_key: OrderKey,
    /// What the seller delivered.
    pub delivery: Delivery,
    /// The promised key.
    pub key_commitment: Digest,
    /// The sealed payload.
    pub sealed: Commitment,
    /// Root and length of the dataset, which the opened payload should be.
    pub plain: Commitment,
}

/// What a buyer sends.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct DisputeProof {
    /// The shared point of the delivery.
    pub shared: SharedSecretProof,
    /// What is wrong.
    pub fault: Fault,
}

/// What the seller did wrong.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub enum Fault {
    /// The delivered key is not the promised one.
    WrongKey,
    /// A block is not the dataset's.
    BadBlock(BlockFault),
}

/// One block, as it is sealed and as it should be.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub struct BlockFault {
    /// Which block.
    pub index: u64,
    /// The block of the sealed payload.
    pub sealed_block: BoundedVec<u8, BlockBound>,
    /// Its path in the sealed tree.
    pub sealed_path: BoundedVec<Digest, PathBound>,
    /// The leaf of the dataset with this index.
    pub plain_leaf: Digest,
    /// Its path in the plaintext tree.
    pub plain_path: BoundedVec<Digest, PathBound>,
}

/// What a dispute proves.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen,
)]
pub enum Verdict {
    /// The seller delivered another key than they promised.
    WrongKey,
    /// The block with this index is not the dataset's.
    BadBlock(u64),
}

/// Why a dispute does not hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DisputeError {
    /// The order's own lengths are impossible or differ.
    #[error("the lengths of sealed payload and dataset are impossible or differ")]
    Terms,
    /// The shared point is not proved.
    #[error(transparent)]
    Shared(DeliveryError),
    /// The delivered key is the promised one.
    #[error("the delivered key is the promised one")]
    KeyIsRight,
    /// The delivered key is not the promised one; that is the fault to dispute, and no block can be judged.
    #[error("the delivered key is not the promised one: dispute the key")]
    KeyIsWrong,
    /// There is no such block, or the block has not the length that its index implies.
    #[error("there is no block of this length at this index")]
    BlockLength,
    /// The block is not in the sealed payload.
    #[error("the block is not in the sealed payload: {0}")]
    SealedPath(BadProof),
    /// The leaf is not in the dataset.
    #[error("the leaf is not in the dataset: {0}")]
    PlainPath(BadProof),
    /// The block is right.
    #[error("the block is the dataset's")]
    BlockIsRight,
}

/// Judges a dispute.
pub fn verify(
    genesis: &Digest,
    order: OrderId,
    terms: &DisputeTerms,
    proof: &DisputeProof,
) -> Result<Verdict, DisputeError> {
    let key = verify_shared(genesis, order, &terms.order_key, &terms.delivery, &proof.shared)
        .map_err(DisputeError::Shared)?;
    let promised = seal::commitment(&key) == terms.key_commitment;
    match (&proof.fault, promised) {
        (Fault::WrongKey, false) => Ok(Verdict::WrongKey),
        (Fault::WrongKey, true) => Err(DisputeError::KeyIsRight),
        (Fault::BadBlock(_), false) => Err(DisputeError::KeyIsWrong),
        (Fault::BadBlock(block), true) => {
            verify_block(&ContentKey::from_bytes(key), &terms.sealed, &terms.plain, block)?;
            Ok(Verdict::BadBlock(block.index))
        }
    }
}

/// Whether this block proves that the sealed payload, opened with this key, is not the dataset.
///
/// The key must be the promised one; [`verify`] has checked that.
pub fn verify_block(
    key: &ContentKey,
    sealed: &Commitment,
    plain: &Commitment,
    fault: &BlockFault,
) -> Result<(), DisputeError> {
    if sealed.length != plain.length || plain.validate().is_err() {
        return Err(DisputeError::Terms);
    }
    if block_length(sealed.length, fault.index) != Some(fault.sealed_block.len() as u64) {
        return Err(DisputeError::BlockLength);
    }
    let blocks = sealed.blocks();
    let sealed_leaf = leaf_hash(&fault.sealed_block);
    verify_inclusion(&sealed_leaf, fault.index, blocks, &fault.sealed_path, &sealed.root)
        .map_err(DisputeError::SealedPath)?;
    verify_inclusion(&fault.plain_leaf, fault.index, blocks, &fault.plain_path, &plain.root)
        .map_err(DisputeError::PlainPath)?;

    let mut block = fault.sealed_block.to_vec();
    seal::apply(key, fault.index, &mut block).map_err(|_| DisputeError::BlockLength)?;
    let opened = leaf_hash(&block);
    block.zeroize();
    if opened == fault.plain_leaf {
        Err(DisputeError::BlockIsRight)
    } else {
        Ok(())
    }
}
