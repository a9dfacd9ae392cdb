//! Trust anchors: what a reader knows about the chain before they see a certificate.
//!
//! An anchor names a finalized block and the set of validators in force after it: the set that finalizes the blocks
//! that follow (in the chain's state at that block: `GrandpaApi_current_set_id` and `grandpa_authorities`; for the
//! first block, set 0 of the chain specification). It comes from a source that the reader trusts. Several anchors,
//! of different times, are stronger than one: who got hold of keys that are no longer in use could write another
//! history from an old anchor on, but it could not pass through a newer one. An anchor with a time also says what a
//! certificate may date before it and what after it.

use crate::{
    authorities::AuthoritySet,
    refusal::BadSet,
    value::{Block, Hex, Time},
    BlockNumber, Hash,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;
use wonbon_model::unambiguous;

/// The largest anchor that is read, in bytes.
pub const MAX_SIZE: u64 = 1 << 20;

/// A block of the chain, and the validators in force after it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustAnchor {
    /// Which form this is.
    pub format: Format,
    /// Hash of the chain's first block.
    pub genesis: Hex,
    /// The finalized block after which the validators are in force.
    pub block: Block,
    /// The number of the set of validators that finalizes the blocks after it.
    pub set_id: u64,
    /// The members of that set, with what each one's vote counts.
    pub authorities: Vec<Authority>,
    /// That block's time, if it has one and it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Time>,
    /// Where the anchor comes from, in the words of who wrote it. Nothing depends on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The form of anchors that this release writes and reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Format {
    /// The first form; readers refuse every other.
    #[serde(rename = "wonbon/trust-anchor/1")]
    V1,
}

/// A validator in a set: its key, and what its vote counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// Its GRANDPA key (ed25519).
    pub key: Hex,
    /// What its vote counts, at least 1.
    pub weight: u64,
}

/// Why an anchor cannot be used.
#[derive(Debug, Error)]
pub enum BadAnchor {
    /// It is no anchor.
    #[error("it is not a trust anchor: {0}")]
    Json(#[from] serde_json::Error),
    /// Its set of validators cannot be one.
    #[error("its set of validators cannot be one: {0}")]
    Set(BadSet),
    /// Block 0 has another hash than the chain's first block.
    #[error("it is of block 0 and names another hash for it than the genesis hash")]
    Genesis,
    /// It is too large.
    #[error("it is larger than {MAX_SIZE} bytes")]
    TooLarge,
}

impl TrustAnchor {
    /// Reads the JSON of an anchor.
    pub fn from_json(json: &[u8]) -> Result<Self, BadAnchor> {
        if json.len() as u64 > MAX_SIZE {
            return Err(BadAnchor::TooLarge);
        }
        let anchor: Self = unambiguous::from_slice(json)?;
        anchor.validate()?;
        Ok(anchor)
    }

    /// The JSON of the anchor, for people too.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("an anchor is JSON: its names are texts; qed")
    }

    /// Whether this can be an anchor.
    pub fn validate(&self) -> Result<(), BadAnchor> {
        self.set().map_err(BadAnchor::Set)?;
        if self.block.number == 0 && self.block.hash != self.genesis {
            return Err(BadAnchor::Genesis);
        }
        Ok(())
    }

    /// The set of validators in force after the block.
    pub fn set(&self) -> Result<AuthoritySet, BadSet> {
        AuthoritySet::new(self.authorities.iter().map(|authority| (authority.key.0, authority.weight)))
    }
}

/// The anchors that a reader gives: of one chain, and none contradicts another.
#[derive(Clone, Debug)]
pub struct Anchors {
    genesis: Hash,
    by_block: BTreeMap<BlockNumber, (TrustAnchor, AuthoritySet)>,
}

/// Why anchors cannot be used together.
#[derive(Debug, Error)]
pub enum BadAnchors {
    /// There must be one at least.
    #[error("no trust anchor was given")]
    None,
    /// One of them is bad by itself.
    #[error(transparent)]
    Bad(#[from] BadAnchor),
    /// They are of different chains.
    #[error("the trust anchors are of different chains: {0} and {1}")]
    OtherChain(Hex, Hex),
    /// They say different things about one block, or a later one has an earlier set or time.
    #[error("the trust anchors of blocks {0} and {1} contradict each other")]
    Contradiction(BlockNumber, BlockNumber),
}

impl Anchors {
    /// Refuses anchors of different chains, and such as contradict each other.
    pub fn new(anchors: impl IntoIterator<Item = TrustAnchor>) -> Result<Self, BadAnchors> {
        let mut genesis: Option<Hex> = None;
        let mut by_block = BTreeMap::<BlockNumber, (TrustAnchor, AuthoritySet)>::new();
        for anchor in anchors {
            anchor.validate()?;
            let set = anchor.set().map_err(BadAnchor::Set)?;
            let first = *genesis.get_or_insert(anchor.genesis);
            if first != anchor.genesis {
                return Err(BadAnchors::OtherChain(first, anchor.genesis));
            }
            let number = anchor.block.number;
            match by_block.get_mut(&number) {
                Some((same, its_set)) => {
                    let times = same.time.zip(anchor.time);
                    if (same.block.hash, same.set_id, &*its_set) != (anchor.block.hash, anchor.set_id, &set)
                        || times.is_some_and(|(one, other)| one != other)
                    {
                        return Err(BadAnchors::Contradiction(number, number));
                    }
                    same.time = same.time.or(anchor.time);
                }
                None => {
                    by_block.insert(number, (anchor, set));
                }
            }
        }
        for ((earlier, (a, its_set)), (later, (b, set))) in by_block.iter().zip(by_block.iter().skip(1)) {
            if a.set_id > b.set_id || (a.set_id == b.set_id && its_set != set) {
                return Err(BadAnchors::Contradiction(*earlier, *later));
            }
        }
        let anchors = Self { genesis: genesis.ok_or(BadAnchors::None)?.0, by_block };
        for ((earlier, before), (later, after)) in anchors.dated().zip(anchors.dated().skip(1)) {
            if before > after {
                return Err(BadAnchors::Contradiction(earlier, later));
            }
        }
        Ok(anchors)
    }

    /// The chain that they are of.
    pub fn genesis(&self) -> Hash {
        self.genesis
    }

    /// The anchors, from the earliest block to the latest.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &TrustAnchor> {
        self.by_block.values().map(|(anchor, _)| anchor)
    }

    /// The blocks of which they state the time, from the earliest to the latest.
    pub(crate) fn dated(&self) -> impl Iterator<Item = (BlockNumber, Time)> + '_ {
        self.iter().filter_map(|anchor| Some((anchor.block.number, anchor.time?)))
    }

    pub(crate) fn with_sets(&self) -> impl DoubleEndedIterator<Item = (&TrustAnchor, &AuthoritySet)> {
        self.by_block.values().map(|(anchor, set)| (anchor, set))
    }
}
