//! The finality of the synthetic chain: validators with keys, headers, and votes that can be forged.

use super::digest;
use codec::{Compact, Encode};
use ed25519_dalek::{Signer, SigningKey};
use sp_crypto_hashing::blake2_256;
use wonbon_verifier::{anchor::Authority, value::Hex, HandOff};

/// A set of validators that can sign.
#[derive(Clone)]
pub struct Validators(pub Vec<SigningKey>);

impl Validators {
    /// So many, other ones for each seed.
    pub fn new(count: u64, seed: u64) -> Self {
        Self((0..count).map(|index| SigningKey::from_bytes(&digest(seed * 1_000 + index))).collect())
    }

    pub fn public(&self) -> Vec<[u8; 32]> {
        self.0.iter().map(|key| key.verifying_key().to_bytes()).collect()
    }

    pub fn authorities(&self) -> Vec<Authority> {
        self.public().into_iter().map(|key| Authority { key: Hex(key), weight: 1 }).collect()
    }
}

/// Something that a header says to GRANDPA.
#[derive(Clone)]
pub enum Log {
    Change { next: Vec<([u8; 32], u64)>, delay: u32 },
    Forced { next: Vec<([u8; 32], u64)> },
    OnDisabled,
    Pause,
    Resume,
    Unknown,
}

impl Log {
    /// The one that a hand-off has.
    pub fn to(next: &Validators) -> Self {
        Self::Change { next: next.public().into_iter().map(|key| (key, 1)).collect(), delay: 0 }
    }

    fn payload(&self) -> Vec<u8> {
        match self {
            Self::Change { next, delay } => (1u8, next, delay).encode(),
            Self::Forced { next } => (2u8, 5u32, next, 0u32).encode(),
            Self::OnDisabled => (3u8, 0u64).encode(),
            Self::Pause => (4u8, 0u32).encode(),
            Self::Resume => (5u8, 0u32).encode(),
            Self::Unknown => vec![6],
        }
    }
}

/// A header in SCALE, as a certificate carries it.
pub fn header(parent: [u8; 32], number: u32, state_root: [u8; 32], logs: &[Log]) -> Vec<u8> {
    let mut items = vec![(6u8, *b"aura", u64::from(number).encode()).encode()];
    items.extend(logs.iter().map(|log| (4u8, *b"FRNK", log.payload()).encode()));
    items.push((5u8, *b"aura", vec![number as u8; 64]).encode());
    let mut header = (parent, Compact(number), state_root, digest(u64::from(number))).encode();
    header.extend(Compact(items.len() as u32).encode());
    header.extend(items.concat());
    header
}

/// A block: its hash and number.
pub type Block = ([u8; 32], u32);

pub fn block(header: &[u8], number: u32) -> Block {
    (blake2_256(header), number)
}

/// A vote, before it is encoded. Each field can be forged.
#[derive(Clone)]
pub struct Vote {
    pub target: Block,
    pub signature: [u8; 64],
    pub voter: [u8; 32],
}

impl Vote {
    pub fn sign(key: &SigningKey, target: Block, round: u64, set_id: u64) -> Self {
        let message = (1u8, target.0, target.1, round, set_id).encode();
        Self { target, signature: key.sign(&message).to_bytes(), voter: key.verifying_key().to_bytes() }
    }
}

/// A justification, before it is encoded.
#[derive(Clone)]
pub struct Justification {
    pub round: u64,
    pub target: Block,
    pub votes: Vec<Vote>,
    pub ancestries: Vec<Vec<u8>>,
}

impl Justification {
    pub const ROUND: u64 = 17;

    /// The votes of the first `count` validators for a block.
    pub fn of(validators: &Validators, count: usize, set_id: u64, target: Block) -> Self {
        let votes = validators.0[..count].iter().map(|key| Vote::sign(key, target, Self::ROUND, set_id));
        Self { round: Self::ROUND, target, votes: votes.collect(), ancestries: Vec::new() }
    }

    pub fn encode(&self) -> Vec<u8> {
        let votes: Vec<_> = self
            .votes
            .iter()
            .map(|vote| (vote.target.0, vote.target.1, vote.signature, vote.voter))
            .collect();
        let mut bytes = (self.round, self.target.0, self.target.1, votes).encode();
        bytes.extend(Compact(self.ancestries.len() as u32).encode());
        bytes.extend(self.ancestries.concat());
        bytes
    }
}

/// A header that hands over from one set to the next, finalized by a quorum.
pub fn hand_off(number: u32, set_id: u64, from: &Validators, logs: &[Log]) -> HandOff {
    let header = header(digest(u64::from(number) + 5_000), number, digest(9), logs);
    let quorum = from.0.len() - (from.0.len() - 1) / 3;
    let justification = Justification::of(from, quorum, set_id, block(&header, number)).encode();
    HandOff { header, justification }
}
