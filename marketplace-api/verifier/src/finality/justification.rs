//! GRANDPA justifications: votes of a set of validators that make a block final.

use super::{
    reader::{Reader, Wrong},
    AuthoritySet, Header,
};
use crate::{
    refusal::{Invalid, Part, Unreadable},
    value::{Block, Hex},
    BlockNumber, Hash,
};
use codec::{Compact, Encode};
use ed25519_dalek::{Signature, VerifyingKey};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// The votes of one round that make a block final.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Justification {
    /// The round of GRANDPA in which they were cast; each signature covers it.
    pub round: u64,
    /// The block that is final by it.
    pub target: Block,
    /// As the node wrote them; whether they count is checked apart.
    pub precommits: Vec<Precommit>,
    /// The headers that lead from the blocks voted for back to the target.
    pub ancestries: Vec<Header>,
}

/// A signed vote for a block and all before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Precommit {
    /// The block voted for.
    pub target: Block,
    /// The signature over this vote, the round and the number of the set.
    pub signature: [u8; 64],
    /// GRANDPA key (ed25519) of the validator.
    pub voter: [u8; 32],
}

/// What the votes amount to.
#[derive(Debug)]
pub(super) struct Votes {
    pub(super) signers: Vec<Hex>,
    pub(super) weight: u64,
}

impl Justification {
    /// Decodes a justification, to its last byte.
    pub fn decode(bytes: &[u8], part: Part) -> Result<Self, Unreadable> {
        let mut reader = Reader::new(bytes);
        let justification = Self::read(&mut reader).and_then(|read| reader.expect_end().map(|()| read));
        justification.map_err(|what| Unreadable::Justification { part, what: what.to_owned() })
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Wrong> {
        let round = reader.long()?;
        let target = block(reader)?;
        let mut precommits = Vec::new();
        for _ in 0..reader.compact()? {
            precommits.push(Precommit {
                target: block(reader)?,
                signature: reader.array()?,
                voter: reader.array()?,
            });
        }
        let mut ancestries = Vec::new();
        for _ in 0..reader.compact()? {
            ancestries.push(Header::read(reader)?);
        }
        Ok(Self { round, target, precommits, ancestries })
    }

    /// The bytes that it decodes from.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = self.round.to_le_bytes().to_vec();
        block_into(&self.target, &mut out);
        Compact(self.precommits.len() as u32).encode_to(&mut out);
        for vote in &self.precommits {
            block_into(&vote.target, &mut out);
            out.extend_from_slice(&vote.signature);
            out.extend_from_slice(&vote.voter);
        }
        Compact(self.ancestries.len() as u32).encode_to(&mut out);
        for header in &self.ancestries {
            out.extend_from_slice(header.bytes());
        }
        out
    }

    /// Whether it is for this block.
    pub(super) fn check_target(&self, part: Part, expected: Block) -> Result<(), Invalid> {
        if self.target == expected {
            Ok(())
        } else {
            Err(Invalid::OtherBlock { part, expected, found: self.target })
        }
    }

    /// Whether its votes are a quorum of this set for its target.
    pub(super) fn check_votes(&self, part: Part, set_id: u64, set: &AuthoritySet) -> Result<Votes, Invalid> {
        let mut voters = BTreeSet::new();
        let mut ancestry = Ancestry::new(self, part)?;
        let mut weight = 0u64;
        for vote in &self.precommits {
            let voter = Hex(vote.voter);
            let its = set.weight(&vote.voter).ok_or(Invalid::UnknownVoter { part, set_id, voter })?;
            if !voters.insert(voter) {
                return Err(Invalid::RepeatedVoter { part, voter });
            }
            if !ancestry.leads_back(&vote.target, its) {
                return Err(Invalid::UnrelatedVote { part, voter, target: vote.target });
            }
            if !self.is_signed(vote, set_id) {
                return Err(Invalid::BadSignature { part, voter, round: self.round, set_id });
            }
            weight = weight.saturating_add(its);
        }
        let (threshold, total) = (set.threshold(), set.total());
        ancestry.check_descendants(threshold)?;
        // Then the lowest block voted for is not before all others, and other verifiers refuse that.
        if weight >= threshold && self.precommits.iter().all(|vote| vote.target != self.target) {
            return Err(Invalid::ForkedVotes { part });
        }
        if weight < threshold {
            return Err(Invalid::TooFewVotes { part, weight, threshold, total });
        }
        Ok(Votes { signers: voters.into_iter().collect(), weight })
    }

    /// Verified strictly: no weak keys, and no second signature that also passes.
    fn is_signed(&self, vote: &Precommit, set_id: u64) -> bool {
        const PRECOMMIT: u8 = 1;
        let mut message = vec![PRECOMMIT];
        message.extend_from_slice(&vote.target.hash.0);
        message.extend_from_slice(&vote.target.number.to_le_bytes());
        message.extend_from_slice(&self.round.to_le_bytes());
        message.extend_from_slice(&set_id.to_le_bytes());
        VerifyingKey::from_bytes(&vote.voter)
            .and_then(|key| key.verify_strict(&message, &Signature::from_bytes(&vote.signature)))
            .is_ok()
    }
}

fn block(reader: &mut Reader<'_>) -> Result<Block, Wrong> {
    Ok(Block { hash: reader.array::<32>()?.into(), number: reader.number()? })
}

fn block_into(block: &Block, out: &mut Vec<u8>) {
    out.extend_from_slice(&block.hash.0);
    out.extend_from_slice(&block.number.to_le_bytes());
}

/// The headers that come with votes, and what the votes made of them so far.
struct Ancestry {
    part: Part,
    target: Block,
    headers: BTreeMap<Hash, Voted>,
}

/// A header after the target.
struct Voted {
    number: BlockNumber,
    parent: Hash,
    /// Whether a vote needed it.
    needed: bool,
    /// The weight of the votes for this very block.
    weight: u64,
}

impl Ancestry {
    fn new(justification: &Justification, part: Part) -> Result<Self, Invalid> {
        let mut headers = BTreeMap::new();
        for header in &justification.ancestries {
            let voted = Voted { number: header.number, parent: header.parent, needed: false, weight: 0 };
            if headers.insert(header.hash, voted).is_some() {
                return Err(Invalid::UnneededAncestry { part, hash: header.hash.into() });
            }
        }
        Ok(Self { part, target: justification.target, headers })
    }

    /// Takes a vote for this block. Whether it is the target, or descends from it by these headers.
    fn leads_back(&mut self, block: &Block, weight: u64) -> bool {
        if let Some(voted) = self.headers.get_mut(&block.hash.0) {
            voted.weight = voted.weight.saturating_add(weight);
        }
        let (mut hash, mut number) = (block.hash.0, block.number);
        loop {
            if hash == self.target.hash.0 {
                return number == self.target.number;
            }
            match self.headers.get_mut(&hash) {
                Some(header) if header.number == number && number > self.target.number => {
                    // Who needed it before was led back to the target.
                    if std::mem::replace(&mut header.needed, true) {
                        return true;
                    }
                    (hash, number) = (header.parent, number - 1);
                }
                _ => return false,
            }
        }
    }

    /// Refuses headers that were not needed, and votes that are a quorum for one of the headers.
    fn check_descendants(self, threshold: u64) -> Result<(), Invalid> {
        let part = self.part;
        if let Some((hash, _)) = self.headers.iter().find(|(_, header)| !header.needed) {
            return Err(Invalid::UnneededAncestry { part, hash: (*hash).into() });
        }
        // The latest first, so that every block has the votes of its descendants before it counts.
        let mut by_number: Vec<_> = self.headers.iter().collect();
        by_number.sort_unstable_by_key(|(_, header)| Reverse(header.number));
        let mut inherited = BTreeMap::<Hash, u64>::new();
        for (hash, header) in by_number {
            let weight = header.weight.saturating_add(inherited.get(hash).copied().unwrap_or(0));
            if weight >= threshold {
                let block = Block { number: header.number, hash: (*hash).into() };
                return Err(Invalid::LaterBlock { part, block });
            }
            let parents = inherited.entry(header.parent).or_default();
            *parents = parents.saturating_add(weight);
        }
        Ok(())
    }
}
