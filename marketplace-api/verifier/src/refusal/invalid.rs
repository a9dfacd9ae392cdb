//! What a certificate can be wrong about.

use super::{Part, RecordName};
use crate::{
    value::{Block, Hex},
    BlockNumber,
};
use serde::Serialize;
use thiserror::Error;

/// The certificate does not prove what it says.
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Invalid {
    // Anchors.
    /// It is about another chain than the anchor.
    #[error("it is of the chain with genesis {found}; the anchor is of {expected}")]
    OtherChain {
        /// The anchor's.
        expected: Hex,
        /// The certificate's.
        found: Hex,
    },
    /// Every anchor is of a later block, so nothing leads to the certificate's.
    #[error("it is as of block {block}, before the earliest anchor (block {anchor})")]
    BeforeAnchors {
        /// The certificate's block.
        block: BlockNumber,
        /// The earliest anchor's.
        anchor: BlockNumber,
    },
    /// The chain of hand-offs does not pass through an anchor that it spans.
    #[error("at block {block} it contradicts an anchor: {what}")]
    AnchorContradicted {
        /// The anchor's block.
        block: BlockNumber,
        /// What differs.
        what: Contradiction,
    },

    // Hand-offs.
    /// A hand-off is not of a later block than the one before it.
    #[error("hand-off {index} is of block {number}, not after block {previous}")]
    HandOffOrder {
        /// Which hand-off.
        index: usize,
        /// The block of the one before.
        previous: BlockNumber,
        /// Its block.
        number: BlockNumber,
    },
    /// A hand-off is not of an earlier block than the certified header.
    #[error("hand-off {index} is of block {number}, not before the certified block {header}")]
    HandOffAfterHeader {
        /// Which hand-off.
        index: usize,
        /// Its block.
        number: BlockNumber,
        /// The certified block.
        header: BlockNumber,
    },
    /// A hand-off's header schedules no change of the validators, or a header several.
    #[error("{part} schedules {found} changes of the validators at once; a hand-off has one")]
    ChangeCount {
        /// Which header.
        part: Part,
        /// How many changes.
        found: usize,
    },
    /// A change of the validators does not take effect at once.
    #[error(
        "{part} schedules a change with a delay of {delay} blocks; only changes at once can be followed"
    )]
    ChangeDelay {
        /// Which header.
        part: Part,
        /// The delay.
        delay: BlockNumber,
    },
    /// A header says something about finality that no chain of hand-offs can be followed through.
    #[error("{part} has a {log:?} log: what comes after it needs a new anchor")]
    ForbiddenLog {
        /// Which header.
        part: Part,
        /// Which log.
        log: ForbiddenLog,
    },
    /// A set of validators cannot be one.
    #[error("{part} hands over to an impossible set of validators: {why}")]
    BadSet {
        /// Which header.
        part: Part,
        /// Why.
        why: BadSet,
    },

    // Justifications.
    /// A justification is for another block than the header that it stands with.
    #[error(
        "the justification of {part} is for block {} ({}), not {} ({})",
        found.number, found.hash, expected.number, expected.hash
    )]
    OtherBlock {
        /// Which header.
        part: Part,
        /// The header's block.
        expected: Block,
        /// The justification's.
        found: Block,
    },
    /// A vote of someone who is not in the set.
    #[error("the justification of {part} has a vote of {voter}, who is not in set {set_id}")]
    UnknownVoter {
        /// Which header.
        part: Part,
        /// The set that should have voted.
        set_id: u64,
        /// Who voted.
        voter: Hex,
    },
    /// Two votes of one voter, equal or not.
    #[error("the justification of {part} has two votes of {voter}")]
    RepeatedVoter {
        /// Which header.
        part: Part,
        /// Who voted twice.
        voter: Hex,
    },
    /// A vote for a block that is not the header's and not shown to descend from it.
    #[error("the justification of {part} has a vote of {voter} for block {} ({}), which is not shown to descend from it", target.number, target.hash)]
    UnrelatedVote {
        /// Which header.
        part: Part,
        /// Who voted.
        voter: Hex,
        /// For which block.
        target: Block,
    },
    /// A quorum voted for a block after the header's: the justification is that block's and not the header's.
    #[error("the votes of the justification of {part} make a later block final, {} ({})", block.number, block.hash)]
    LaterBlock {
        /// Which header.
        part: Part,
        /// The block that the votes make final.
        block: Block,
    },
    /// Nobody voted for the block itself, only for blocks after it that do not follow each other.
    #[error("no vote of the justification of {part} is for that block itself")]
    ForkedVotes {
        /// Which header.
        part: Part,
    },
    /// A header that no vote needs, or the same one twice.
    #[error("the justification of {part} has header {hash}, which no vote needs")]
    UnneededAncestry {
        /// Which header.
        part: Part,
        /// The superfluous header.
        hash: Hex,
    },
    /// A signature is not the voter's over this vote, round and set.
    #[error("the justification of {part}: the signature of {voter} is not over this vote in round {round} of set {set_id}")]
    BadSignature {
        /// Which header.
        part: Part,
        /// Who should have signed.
        voter: Hex,
        /// The round.
        round: u64,
        /// The set.
        set_id: u64,
    },
    /// Too few votes.
    #[error("the justification of {part} has votes of weight {weight}; {threshold} of {total} are wanted")]
    TooFewVotes {
        /// Which header.
        part: Part,
        /// The weight of the votes.
        weight: u64,
        /// The weight that is wanted.
        threshold: u64,
        /// The weight of the whole set.
        total: u64,
    },

    // The storage proof.
    /// The storage proof is not one of the header's state.
    #[error("the storage proof does not lead to the state root {root} of the certified header")]
    OtherState {
        /// The header's state root.
        root: Hex,
    },
    /// The storage proof does not say whether a record is there.
    #[error("the storage proof does not cover {record}")]
    NotCovered {
        /// Which record.
        record: RecordName,
    },
    /// The storage proof holds what no claim rests on, or is not in the one form that it has.
    #[error("the storage proof is not exactly what the claims rest on")]
    NotMinimal,

    // Claims.
    /// The dataset is not registered on the chain.
    #[error("dataset {dataset} is not registered on this chain as of block {block}")]
    NotRegistered {
        /// The dataset.
        dataset: Hex,
        /// As of which block.
        block: BlockNumber,
    },
    /// A record that must be there is not.
    #[error("{record} is missing from the chain's state")]
    Missing {
        /// Which record.
        record: RecordName,
    },
    /// A dataset's records do not have one place each in its hash chain.
    #[error("the records of dataset {dataset} do not fill its hash chain of {records}: position {position} {what}")]
    Positions {
        /// The dataset.
        dataset: Hex,
        /// How many entries the chain has.
        records: u32,
        /// The first wrong place.
        position: u32,
        /// What is wrong with it.
        what: BadPosition,
    },
    /// A dataset's records give another hash chain than the one that the chain kept.
    #[error("the records of dataset {dataset} give head {found}; the chain kept {expected}")]
    HashChain {
        /// The dataset.
        dataset: Hex,
        /// The head that the chain kept.
        expected: Hex,
        /// The head that the records give.
        found: Hex,
    },
    /// The claims are not what the records say.
    #[error("the certificate's claims have digest {found}; the records give claims with {expected}")]
    OtherClaims {
        /// The digest of what the records say.
        expected: Hex,
        /// The digest that the certificate has.
        found: Hex,
    },
    /// The claims written out in a JSON certificate do not have the digest that stands beside them.
    #[error("the claims written in it have digest {found}; the one beside them is {stated}")]
    ClaimsDigest {
        /// The digest that the certificate has.
        stated: Hex,
        /// The digest of the claims written out.
        found: Hex,
    },

    // The files beside it.
    /// The metadata document is not the one that the claims name.
    #[error("the metadata document has SHA-256 {found}; the dataset's has {expected}")]
    OtherMetadata {
        /// The dataset's.
        expected: Hex,
        /// The document's.
        found: Hex,
    },
    /// The file has another length than the dataset.
    #[error("the file has {found} bytes; the dataset has {expected}")]
    FileLength {
        /// The dataset's.
        expected: u64,
        /// The file's.
        found: u64,
    },
    /// The file is not the dataset.
    #[error("the file's root is {found}; the dataset's is {expected}")]
    FileRoot {
        /// The dataset's.
        expected: Hex,
        /// The file's.
        found: Hex,
    },
}

/// What is wrong with a place in a hash chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BadPosition {
    /// No record has it.
    #[error("has no record")]
    Empty,
    /// Two records have it.
    #[error("has two records")]
    Taken,
    /// It is after the end.
    #[error("is after its end")]
    Beyond,
}

/// What a chain of hand-offs and an anchor disagree about.
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Contradiction {
    /// The number of the set in force.
    #[error("set {found} is in force, not {expected}")]
    SetId {
        /// The anchor's.
        expected: u64,
        /// The certificate's.
        found: u64,
    },
    /// The set's members or their weights.
    #[error("other validators are in force")]
    Authorities,
    /// The hash of the anchor's block.
    #[error("the block has hash {found}, not {expected}")]
    Hash {
        /// The anchor's.
        expected: Hex,
        /// The certificate's.
        found: Hex,
    },
}

/// A log that ends what an anchor can verify.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ForbiddenLog {
    /// Validators were changed without the old ones' consent.
    ForcedChange,
    /// A validator was disabled.
    OnDisabled,
    /// Voting was paused.
    Pause,
    /// Voting was resumed.
    Resume,
}

/// Why a list is no set of validators.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BadSet {
    /// There is none.
    #[error("there is none")]
    Empty,
    /// One is in it twice.
    #[error("{0} is in it twice")]
    Repeated(Hex),
    /// One has no weight.
    #[error("{0} has no weight")]
    Weightless(Hex),
    /// The sum of the weights does not fit into 64 bits.
    #[error("the weights are too large")]
    TooHeavy,
}
