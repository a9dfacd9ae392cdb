//! The anchor of a chain and the highest block proved under it: what may follow, without a network.

use crate::chain::{hash_of, header_height, Unproved};
use crate::keys::Keypair;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;
use wonbon_model::{unambiguous, BlockNumber, BlockRef, Digest};
use wonbon_verifier::finality::{follow, Followed};
use wonbon_verifier::{Anchors, HandOff, Invalid, Refusal, TrustAnchor};

/// Layout of the records that are written and read.
const RECORD_VERSION: u8 = 1;
/// After so long the keys of validators that were replaced may be anyone's.
const MAX_ANCHOR_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Proved headers that are kept to compare others of the same height with.
const MAX_RECENT_HEADERS: usize = 256;
/// The validators of the development presets; everybody has their keys.
const KNOWN_VALIDATORS: [&str; 6] = ["//Alice", "//Bob", "//Charlie", "//Dave", "//Eve", "//Ferdie"];

/// A header that is said to be final, with what shows it; both in SCALE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The header.
    #[serde(with = "hex::serde")]
    pub header: Vec<u8>,
    /// What the validators signed of it.
    #[serde(with = "hex::serde")]
    pub justification: Vec<u8>,
}

/// The highest block proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Highest {
    height: BlockNumber,
    time_ms: u64,
    #[serde(flatten)]
    candidate: Candidate,
}

/// What is trusted of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trust {
    version: u8,
    /// Whose hand-offs are followed: given, or the last hand-off that was verified.
    anchor: TrustAnchor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    highest: Option<Highest>,
    /// Headers proved in this process.
    #[serde(skip)]
    recent: BTreeMap<BlockNumber, Candidate>,
}

/// A header that is final.
#[derive(Debug)]
pub struct Checked {
    followed: Followed,
    /// The anchor at the last hand-off on the way.
    anchor: Option<TrustAnchor>,
}

impl Checked {
    /// The root of the state after the block.
    pub fn state_root(&self) -> Digest {
        self.followed.header.state_root
    }
}

impl Trust {
    /// Begins with an anchor.
    pub fn begin(anchor: TrustAnchor) -> Result<Self, Unproved> {
        anchor.validate().map_err(|error| Unproved::BadAnchor(error.to_string()))?;
        Ok(Self { version: RECORD_VERSION, anchor, highest: None, recent: BTreeMap::new() })
    }

    /// Reads what was written for a chain.
    pub(super) fn from_json(json: &[u8], genesis: Digest) -> Result<Self, String> {
        let trust: Self = unambiguous::from_slice(json).map_err(|error| error.to_string())?;
        trust.anchor.validate().map_err(|error| error.to_string())?;
        if trust.version != RECORD_VERSION {
            return Err("it is of another version".to_owned());
        }
        if trust.anchor.genesis.0 != genesis {
            return Err("it is of another chain".to_owned());
        }
        Ok(trust)
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec_pretty(self).expect("texts and numbers are JSON; qed");
        json.push(b'\n');
        json
    }

    /// Where following hand-offs begins.
    pub fn anchor(&self) -> &TrustAnchor {
        &self.anchor
    }

    /// The height of the highest block that is known to be final.
    pub fn height(&self) -> BlockNumber {
        self.highest.as_ref().map_or(self.anchor.block.number, |highest| highest.height)
    }

    /// What was proved at a height.
    pub(super) fn seen_at(&self, height: BlockNumber) -> Option<&Candidate> {
        let highest = self.highest.as_ref().filter(|highest| highest.height == height);
        self.recent.get(&height).or(highest.map(|highest| &highest.candidate))
    }

    /// Whether all validators have keys that everybody knows.
    pub fn is_of_known_keys(&self) -> bool {
        let known: Vec<_> = KNOWN_VALIDATORS
            .iter()
            .map(|path| Keypair::dev(path).expect("the paths above are hard junctions; qed").account().0)
            .collect();
        self.anchor.authorities.iter().all(|authority| known.contains(&authority.key.0))
    }

    /// Whether it is a chain of one such validator: it begins anew whenever its developer likes.
    pub fn is_throwaway(&self) -> bool {
        self.anchor.authorities.len() == 1 && self.is_of_known_keys()
    }

    /// Refuses what is older than 30 days; keys that everybody knows do not age.
    pub(super) fn check_age(&self, now_ms: u64) -> Result<(), Unproved> {
        let time_ms = match (&self.highest, self.anchor.time) {
            (Some(highest), _) => highest.time_ms,
            (None, Some(time)) => time.millis(),
            // An anchor of the first block has no time: a person gave it, and knows how they came by it.
            (None, None) => return Ok(()),
        };
        let limit = u64::try_from(MAX_ANCHOR_AGE.as_millis()).unwrap_or(u64::MAX);
        if now_ms.saturating_sub(time_ms) > limit && !self.is_of_known_keys() {
            return Err(Unproved::OldAnchor { time_ms });
        }
        Ok(())
    }

    /// Whether a header is final, and not of the past.
    pub fn check(&self, candidate: &Candidate, hand_offs: &[HandOff]) -> Result<Checked, Unproved> {
        let anchors = Anchors::new([self.anchor.clone()]);
        let anchors = anchors.map_err(|error| Unproved::BadAnchor(error.to_string()))?;
        let followed = follow_some(hand_offs, candidate, &anchors);
        let (followed, used) = followed.map_err(|reason| {
            let block = BlockRef { height: stated(&candidate.header), hash: hash_of(&candidate.header) };
            match reason {
                Refusal::Invalid(Invalid::BeforeAnchors { block: found, .. }) => {
                    Unproved::Past { found, highest: self.height() }
                }
                reason => Unproved::NotFinal { block, reason: Box::new(reason) },
            }
        })?;
        let height = followed.header.number;
        if self.seen_at(height).is_some_and(|seen| hash_of(&seen.header) != followed.header.hash) {
            return Err(Unproved::TwoFinalized { height, place: String::new() });
        }
        if height < self.height() {
            return Err(Unproved::Past { found: height, highest: self.height() });
        }
        let anchor = match used.split_last() {
            None => None,
            Some((last, before)) => {
                let last = follow(before, &last.header, &last.justification, &anchors);
                let last = last.map_err(|reason| Unproved::NotFinal {
                    block: BlockRef { height, hash: followed.header.hash },
                    reason: Box::new(reason),
                })?;
                Some(last.anchor(self.anchor.genesis.0, None))
            }
        };
        Ok(Checked { followed, anchor })
    }

    /// Takes what was checked, whose block has this time. Answers whether the validators changed on the way.
    pub(super) fn advance(&mut self, checked: Checked, candidate: Candidate, time_ms: u64) -> bool {
        let changed = checked.anchor.is_some();
        if let Some(anchor) = checked.anchor {
            // Without a time: the block's is that of `highest`, and not of the earlier one that handed over.
            self.anchor = anchor;
        }
        let height = checked.followed.header.number;
        self.recent.insert(height, candidate.clone());
        while self.recent.len() > MAX_RECENT_HEADERS {
            self.recent.pop_first();
        }
        self.highest = Some(Highest { height, time_ms, candidate });
        changed
    }
}

/// Follows those hand-offs that lead to the header; a node lists the later ones too.
fn follow_some<'a>(
    hand_offs: &'a [HandOff],
    candidate: &Candidate,
    anchors: &Anchors,
) -> Result<(Followed, &'a [HandOff]), Refusal> {
    let height = stated(&candidate.header);
    let before = hand_offs.iter().take_while(|hand_off| stated(&hand_off.header) < height).count();
    let used = &hand_offs[..before];
    follow(used, &candidate.header, &candidate.justification, anchors).map(|followed| (followed, used))
}

/// The height that a header states; what states none is found out when it is followed.
fn stated(header: &[u8]) -> BlockNumber {
    header_height(header).unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests;
