//! What is found out about a header's finality.

use crate::value::{Block, Hex, Time};
use serde::Serialize;

/// On whose word a block is final.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finality {
    /// The number of the set of validators that finalized the block.
    pub set_id: u64,
    /// The round of their vote.
    pub round: u64,
    /// How many validators the set has.
    pub validators: usize,
    /// The validators who voted for the block, by their keys.
    pub signers: Vec<Hex>,
    /// The weight of their votes.
    pub weight: u64,
    /// The weight that is wanted.
    pub threshold: u64,
    /// The weight of the whole set.
    pub total_weight: u64,
    /// How many hand-offs were followed from the anchor on.
    pub hand_offs: usize,
    /// How many hand-offs are in the certificate from before the anchor. Nothing rests on them.
    pub earlier_hand_offs: usize,
    /// Every anchor that was given, from the earliest block to the latest.
    pub anchors: Vec<AnchorUse>,
}

/// An anchor, and what it was good for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AnchorUse {
    /// The block that the anchor is of.
    pub block: Block,
    /// That block's time, as far as the anchor states one.
    pub time: Option<Time>,
    /// Its set of validators.
    pub set_id: u64,
    /// What became of it.
    pub role: AnchorRole,
}

/// What an anchor was good for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AnchorRole {
    /// The certificate's hand-offs begin after it.
    TooEarly,
    /// Finality was followed from here.
    Start,
    /// The set of validators in force at it is its own.
    Passed,
    /// It is of a later block than the certificate: a newer certificate could be checked against it too.
    Later,
}
