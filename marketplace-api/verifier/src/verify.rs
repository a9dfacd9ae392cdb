//! The whole check of a certificate, and what comes out of it.

use crate::{
    anchor::Anchors,
    certificate::{block_of, refusal_only, Certificate},
    claims::{derive, Block, Claims},
    finality,
    proof::ProofReader,
    refusal::{Invalid, Refusal},
    value::{Hex, Time},
    BlockNumber,
};
use serde::Serialize;
use thiserror::Error;

/// What a verified certificate proves, and on what it rests.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Report {
    /// SHA-256 of the certificate's binary form.
    pub certificate: Hex,
    /// The claims' digest.
    pub claims_digest: Hex,
    /// How the claims' block was found to be final.
    pub finality: Finality,
    /// What a reader has to know before he relies on it.
    pub warnings: Vec<Warning>,
    /// What is proved.
    pub claims: Claims,
}

/// What a reader has to know before he relies on a valid certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error, Serialize)]
#[serde(tag = "warning", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Warning {
    /// By a later anchor, others had taken the place of the validators who signed. Who got hold of their keys since
    /// could have written this.
    #[error("signed by validators replaced by block {by_block}; ask for a newer certificate")]
    ValidatorsReplaced {
        /// The anchor's block.
        by_block: BlockNumber,
    },
}

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
    /// Its block.
    pub block: Block,
    /// Its time.
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

/// Checks a certificate against the anchors.
pub fn verify(certificate: &Certificate, anchors: &Anchors) -> Result<Report, Refusal> {
    let genesis = anchors.genesis();
    if certificate.genesis != genesis {
        return Err(other_chain(genesis, certificate.genesis));
    }
    // Nothing below is decoded from the proof before the root that it must lead to is known to be final.
    let (header, finality) = finality::check(certificate, anchors)?;
    let mut reader = ProofReader::new(&certificate.proof, header.state_root)?;
    let claims = refusal_only(derive(&mut reader, &certificate.dataset, block_of(&header)))?;
    reader.finish()?;
    // GRANDPA signs without the genesis hash: the same keys may serve another chain.
    if claims.chain.genesis.0 != genesis {
        return Err(other_chain(genesis, claims.chain.genesis.0));
    }
    let digest = claims.digest();
    if digest != certificate.claims_digest {
        return Err(Invalid::OtherClaims {
            expected: digest.into(),
            found: certificate.claims_digest.into(),
        }
        .into());
    }
    Ok(Report {
        certificate: certificate.digest().into(),
        claims_digest: digest.into(),
        warnings: warnings(&finality),
        finality,
        claims,
    })
}

fn warnings(finality: &Finality) -> Vec<Warning> {
    let mut later = finality.anchors.iter().filter(|anchor| anchor.role == AnchorRole::Later);
    let replaced = later.find(|anchor| anchor.set_id > finality.set_id);
    replaced.map(|anchor| Warning::ValidatorsReplaced { by_block: anchor.block.number }).into_iter().collect()
}

fn other_chain(expected: crate::Hash, found: crate::Hash) -> Refusal {
    Invalid::OtherChain { expected: expected.into(), found: found.into() }.into()
}

impl Report {
    /// The block as of which everything was proved.
    pub fn block(&self) -> BlockNumber {
        self.claims.chain.block.number
    }
}
