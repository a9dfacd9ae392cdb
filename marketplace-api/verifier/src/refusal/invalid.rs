//! What a certificate can be wrong about.

use super::{Part, RecordName};
use crate::{
    value::{Block, Hex, Time},
    BlockNumber,
};
use serde::Serialize;
use thiserror::Error;

/// The certificate does not prove what it says.
// A variant's text says what its fields are.
#[allow(missing_docs)]
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Invalid {
    // Anchors.
    /// It is about another chain than the anchor.
    #[error("it is of the chain with genesis {found}; the anchor is of {expected}")]
    OtherChain { expected: Hex, found: Hex },
    /// Every anchor is of a later block, so nothing leads to the certificate's.
    #[error("it is as of block {block}, before the earliest anchor (block {anchor})")]
    BeforeAnchors { block: BlockNumber, anchor: BlockNumber },
    /// The chain of hand-offs does not pass through an anchor that it spans.
    #[error("at block {block} it contradicts an anchor: {what}")]
    AnchorContradicted { block: BlockNumber, what: Contradiction },
    /// Something is dated before an anchor by its block and after it by its time, or the other way round.
    #[error("it dates block {block} at {time}; by the anchor, block {anchor} is of {anchor_time}")]
    AnchorTime { anchor: BlockNumber, anchor_time: Time, block: BlockNumber, time: Time },

    // Hand-offs.
    /// A hand-off is not of a later block than the one before it.
    #[error("hand-off {index} is of block {number}, not after block {previous}")]
    HandOffOrder { index: usize, previous: BlockNumber, number: BlockNumber },
    /// A hand-off is not of an earlier block than the certified header.
    #[error("hand-off {index} is of block {number}, not before the certified block {header}")]
    HandOffAfterHeader { index: usize, number: BlockNumber, header: BlockNumber },
    /// A hand-off's header schedules no change of the validators, or a header several.
    #[error("{part} schedules {found} changes of the validators at once; a hand-off has one")]
    ChangeCount { part: Part, found: usize },
    /// A change of the validators does not take effect at once.
    #[error(
        "{part} schedules a change with a delay of {delay} blocks; only changes at once can be followed"
    )]
    ChangeDelay { part: Part, delay: BlockNumber },
    /// A header says something about finality that no chain of hand-offs can be followed through.
    #[error("{part} has a {log:?} log: what comes after it needs a new anchor")]
    ForbiddenLog { part: Part, log: ForbiddenLog },
    /// A set of validators cannot be one.
    #[error("{part} hands over to an impossible set of validators: {why}")]
    BadSet { part: Part, why: BadSet },

    // Justifications.
    /// A justification is for another block than the header that it stands with.
    #[error(
        "the justification of {part} is for block {} ({}), not {} ({})",
        found.number, found.hash, expected.number, expected.hash
    )]
    OtherBlock { part: Part, expected: Block, found: Block },
    /// A vote of someone who is not in the set.
    #[error("the justification of {part} has a vote of {voter}, who is not in set {set_id}")]
    UnknownVoter { part: Part, set_id: u64, voter: Hex },
    /// Two votes of one voter, equal or not.
    #[error("the justification of {part} has two votes of {voter}")]
    RepeatedVoter { part: Part, voter: Hex },
    /// A vote for a block that is not the header's and not shown to descend from it.
    #[error("the justification of {part} has a vote of {voter} for block {} ({}), which is not shown to descend from it", target.number, target.hash)]
    UnrelatedVote { part: Part, voter: Hex, target: Block },
    /// A quorum voted for a block after the header's: the justification is that block's and not the header's.
    #[error("the votes of the justification of {part} make a later block final, {} ({})", block.number, block.hash)]
    LaterBlock { part: Part, block: Block },
    /// Nobody voted for the block itself, only for blocks after it that do not follow each other.
    #[error("no vote of the justification of {part} is for that block itself")]
    ForkedVotes { part: Part },
    /// A header that no vote needs, or the same one twice.
    #[error("the justification of {part} has header {hash}, which no vote needs")]
    UnneededAncestry { part: Part, hash: Hex },
    /// A signature is not the voter's over this vote, round and set.
    #[error(
        "the justification of {part}: the signature of {voter} is not over this vote in round {round} of set {set_id}"
    )]
    BadSignature { part: Part, voter: Hex, round: u64, set_id: u64 },
    /// The votes weigh less than a quorum, which is more than two thirds of all weight.
    #[error("the justification of {part} has votes of weight {weight}; {threshold} of {total} are wanted")]
    TooFewVotes { part: Part, weight: u64, threshold: u64, total: u64 },

    // The storage proof.
    /// The storage proof is not one of the header's state.
    #[error("the storage proof does not lead to the state root {root} of the certified header")]
    OtherState { root: Hex },
    /// The storage proof does not say whether a record is there.
    #[error("the storage proof does not cover {record}")]
    NotCovered { record: RecordName },
    /// The storage proof holds what no claim rests on, or is not in the one form that it has.
    #[error("the storage proof is not exactly what the claims rest on")]
    NotMinimal,

    // Claims.
    /// The dataset is not registered on the chain.
    #[error("dataset {dataset} is not registered on this chain as of block {block}")]
    NotRegistered { dataset: Hex, block: BlockNumber },
    /// A record that must be there is not.
    #[error("{record} is missing from the chain's state")]
    Missing { record: RecordName },
    /// A dataset's records do not have one place each in its hash chain; `position` is the first wrong one.
    #[error(
        "the records of dataset {dataset} do not fill its hash chain of {records}: position {position} {what}"
    )]
    Positions { dataset: Hex, records: u32, position: u32, what: BadPosition },
    /// A dataset's records give another hash chain than the one that the chain kept.
    #[error("the records of dataset {dataset} give head {found}; the chain kept {expected}")]
    HashChain { dataset: Hex, expected: Hex, found: Hex },
    /// The claims are not what the records say.
    #[error("the certificate's claims have digest {found}; the records give claims with {expected}")]
    OtherClaims { expected: Hex, found: Hex },
    /// The claims written out in a JSON certificate do not have the digest that stands beside them.
    #[error("the claims written in it have digest {found}; the one beside them is {stated}")]
    ClaimsDigest { stated: Hex, found: Hex },

    // The files beside it.
    /// The metadata document is none that the claims name: neither the dataset's nor an ancestor's.
    #[error(
        "the metadata document has SHA-256 {found}; the dataset's has {expected}, and no ancestor's has it"
    )]
    OtherMetadata { expected: Hex, found: Hex },
    /// The file has another length than the dataset.
    #[error("the file has {found} bytes; the dataset has {expected}")]
    FileLength { expected: u64, found: u64 },
    /// The file is not the dataset.
    #[error("the file's root is {found}; the dataset's is {expected}")]
    FileRoot { expected: Hex, found: Hex },

    // Samples.
    /// The sample is of another dataset.
    #[error("the sample is of another dataset")]
    SampleOfAnother,
    /// Its blocks are not the dataset's, or not the drawn ones.
    #[error("the sample does not hold: {what}")]
    Sample { what: String },
    /// The owner has answered no draw.
    #[error("the dataset's draw is not answered, so there is no fair sample of it")]
    SampleUnanswered,
    /// It is not the file that the owner answered for.
    #[error("the sample has SHA-256 {found}; the owner answered the draw with {expected}")]
    OtherSample { expected: Hex, found: Hex },
    /// It shows rows where the metadata document promised none, or none where it did.
    #[error(
        "the sample {} rows to their ends, against what the metadata document says of the dataset's rows",
        if *shows { "shows" } else { "does not show" }
    )]
    SampleRows { shows: bool },
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
// A variant's text says what its fields are.
#[allow(missing_docs)]
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Contradiction {
    /// The number of the set in force.
    #[error("set {found} is in force, not {expected}")]
    SetId { expected: u64, found: u64 },
    /// The set's members or their weights.
    #[error("other validators are in force")]
    Authorities,
    /// The hash of the anchor's block.
    #[error("the block has hash {found}, not {expected}")]
    Hash { expected: Hex, found: Hex },
}

/// A log that ends what an anchor can verify.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ForbiddenLog {
    /// Validators were changed without the old ones' consent.
    ForcedChange,
    /// A validator was disabled.
    OnDisabled,
    /// Voting was paused: nothing is final until it is resumed.
    Pause,
    /// Voting was resumed after a pause.
    Resume,
}

/// Why a list is no set of validators.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BadSet {
    /// A set must have one member at least.
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
