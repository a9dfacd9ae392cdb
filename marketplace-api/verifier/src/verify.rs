//! The whole check of a certificate, and what comes out of it.

use crate::{
    anchor::Anchors,
    certificate::{refusal_only, Certificate},
    claims::{derive, Claims, Moment},
    finality::{follow, AnchorRole, Finality, Followed},
    proof::ProofReader,
    refusal::{Invalid, Refusal},
    value::Hex,
    verdict::Verdict,
    BlockNumber,
};
use serde::Serialize;
use thiserror::Error;

/// What a verified certificate proves, and on what it rests.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Report {
    /// SHA-256 of the certificate's binary form.
    pub certificate: Hex,
    /// [`Claims::digest`]: two certificates of one block say the same if they have the same.
    pub claims_digest: Hex,
    /// How the claims' block was found to be final.
    pub finality: Finality,
    /// What a reader has to know before they rely on it.
    pub warnings: Vec<Warning>,
    /// What is proved by all of this.
    pub claims: Claims,
}

/// What a reader has to know before they rely on a valid certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error, Serialize)]
#[serde(tag = "warning", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Warning {
    /// By a later anchor, others had taken the place of the validators who signed. Who got hold of their keys since
    /// could have written this.
    #[error("signed by validators replaced by block {by_block}; ask for a newer certificate")]
    ValidatorsReplaced {
        /// Height of the block of the anchor that shows it.
        by_block: BlockNumber,
    },
}

/// Checks a certificate against the anchors.
pub fn verify(certificate: &Certificate, anchors: &Anchors) -> Result<Report, Refusal> {
    let genesis = anchors.genesis();
    if certificate.genesis != genesis {
        return Err(other_chain(genesis, certificate.genesis));
    }
    // Nothing below is decoded from the proof before the root that it must lead to is known to be final.
    let Followed { header, finality, .. } =
        follow(&certificate.hand_offs, &certificate.header, &certificate.justification, anchors)?;
    let mut reader = ProofReader::new(&certificate.proof, header.state_root)?;
    let claims = refusal_only(derive(&mut reader, &certificate.dataset, header.block()))?;
    reader.into_proof()?;
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
    check_times(&claims, anchors)?;
    Ok(Report {
        certificate: certificate.digest().into(),
        claims_digest: digest.into(),
        warnings: warnings(&finality),
        finality,
        claims,
    })
}

/// Time passes from block to block, so what is dated must lie on the same side of a dated anchor by its block and by
/// its time. Whoever holds old keys can vote for any time, but not for one that the reader knows better.
fn check_times(claims: &Claims, anchors: &Anchors) -> Result<(), Invalid> {
    let as_of = claims.as_of();
    for (anchor, anchor_time) in anchors.dated() {
        let fits = |moment: &Moment| {
            if moment.block > anchor {
                moment.time >= anchor_time
            } else {
                moment.time <= anchor_time
            }
        };
        let same = as_of.block != anchor || as_of.time == anchor_time;
        let misdated = Some(&as_of).filter(|as_of| !same || !fits(as_of));
        if let Some(Moment { block, time }) = misdated.or_else(|| claims.moments().find(|at| !fits(at))) {
            return Err(Invalid::AnchorTime { anchor, anchor_time, block: *block, time: *time });
        }
    }
    Ok(())
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

    /// What the certificate is found to be.
    pub fn verdict(&self) -> Verdict {
        if self.warnings.is_empty() {
            Verdict::Valid
        } else {
            Verdict::ValidWithWarnings
        }
    }
}
