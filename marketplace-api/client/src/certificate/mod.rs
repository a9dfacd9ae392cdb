//! Making certificates from a node, and writing trust anchors down.
//!
//! A certificate is made in the way in which it is checked: [`wonbon_verifier::claims::derive`] runs over the
//! chain's storage and its keys are noted, the node proves exactly these, and the same derivation runs again over
//! the proof. What is handed out was verified against the anchors first, so a node that lies or has lost something
//! is found out here and not by the auditor.
//!
//! Which node can answer: it has the state of the block that is certified (Substrate keeps the states of the last
//! 256 blocks; `--state-pruning archive-canonical`, chosen when the database is made, keeps all) and the
//! justifications of the blocks at which the validators changed (kept unless blocks are pruned). The first set of
//! validators is read from the state of the first block, which needs an archive too, unless an anchor is given.

mod anchor;
mod prune_justification;
mod source;
mod specification;

pub use anchor::{anchor_at, genesis_anchor};
pub(crate) use anchor::{at_block, from_state};
pub use specification::{anchor_from_specification, BadSpecification, MAX_SPECIFICATION};

use crate::chain::{hash_of, header_height, Chain, ChainError, HandOffs, Justified, Unproved};
use source::ChainSource;
use tokio_util::sync::CancellationToken;
use wonbon_model::BlockRef;
use wonbon_model::{BlockNumber, DatasetId};
use wonbon_primitives::id::to_hex;
use wonbon_verifier::anchor::BadAnchors;
use wonbon_verifier::certificate::MAX_SIZE;
use wonbon_verifier::claims::{derive, Block, DeriveError, Recording};
use wonbon_verifier::{verify, Anchors, Certificate, HandOff, Invalid, Refusal, Report, TrustAnchor};

/// What a step of making a certificate or an anchor comes to.
type Result<T, E = CertificateError> = std::result::Result<T, E>;

/// A certificate that was verified, and what it proves.
#[derive(Debug, Clone)]
pub struct VerifiedCertificate {
    /// What can be verified without a node.
    pub certificate: Certificate,
    /// What verifying it gave.
    pub report: Report,
}

/// How far the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateStep {
    /// The records are being read as of this block.
    Reading(BlockRef),
    /// So many storage entries are being proved.
    Proving(usize),
    /// The certificate is being verified, with so many hand-offs.
    Verifying(usize),
}

/// Why there is no certificate or anchor.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The node refused, or cannot be reached.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The dataset is not on the chain.
    #[error("dataset {dataset} is not registered as of block {height}")]
    NotRegistered {
        /// The root that names it.
        dataset: DatasetId,
        /// As of which block.
        height: BlockNumber,
    },
    /// The block is not final.
    #[error("block {asked} is not finalized; the last finalized block is {finalized}")]
    NotFinalized {
        /// The block that was asked for.
        asked: BlockNumber,
        /// The last one that is.
        finalized: BlockNumber,
    },
    /// Nothing shows that the block is final.
    #[error("the node has no justification of block {0} nor of the blocks before it")]
    NoJustification(BlockNumber),
    /// The validators were changed by force, and no hand-off leads across.
    #[error(
        "the validators were changed by force at block {0}: only a trust anchor from after it leads further"
    )]
    Forced(BlockNumber),
    /// The certificate would be larger than what is read.
    #[error("the certificate would have more than {} MiB", MAX_SIZE >> 20)]
    TooLarge,
    /// The anchors cannot be used.
    #[error(transparent)]
    Anchors(#[from] BadAnchors),
    /// What the node gave does not verify.
    #[error("what the node gave does not verify: {0}")]
    Refused(Refusal),
    /// The node's authorities are no set of validators.
    #[error("the node's authorities cannot be read: {0}")]
    Authorities(String),
    /// Nobody waits for it any more.
    #[error("stopped")]
    Stopped,
}

impl From<Refusal> for CertificateError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(Invalid::NotRegistered { dataset, block }) => {
                Self::NotRegistered { dataset: DatasetId(dataset.0), height: block }
            }
            other => Self::Refused(other),
        }
    }
}

impl From<DeriveError> for CertificateError {
    fn from(error: DeriveError) -> Self {
        match error {
            DeriveError::Refused(refusal) => refusal.into(),
            DeriveError::Source(source) => match source.downcast::<CertificateError>() {
                Ok(error) => *error,
                Err(other) => ChainError::Node(other.to_string()).into(),
            },
        }
    }
}

/// Makes a certificate about a dataset, as of the newest finalized block that has a justification, or of the newest
/// such block up to `at`. Its hand-offs begin at the earliest of the anchors, and it verifies against all of them.
pub async fn make(
    chain: &Chain,
    dataset: DatasetId,
    at: Option<BlockNumber>,
    anchors: &Anchors,
    progress: impl Fn(CertificateStep),
) -> Result<VerifiedCertificate> {
    if anchors.genesis() != chain.genesis() {
        let (expected, found) = (anchors.genesis(), chain.genesis());
        return Err(ChainError::OtherChain { expected, found }.into());
    }
    let (block, justified) = certifiable(chain, at).await?;
    progress(CertificateStep::Reading(block));
    let keys = keys_of(chain, dataset, block).await?;
    progress(CertificateStep::Proving(keys.len()));
    let nodes = chain.read_proof(&keys, block).await?;
    let mut hand_offs = hand_offs_to(chain, anchors, block).await?;
    progress(CertificateStep::Verifying(hand_offs.len()));

    let (genesis, anchors) = (chain.genesis(), anchors.clone());
    blocking(move || {
        let Justified { header, mut justification } = justified;
        prune_justification::tidy(&anchors, &mut hand_offs, &header, &mut justification)?;
        let (certificate, _) = Certificate::make(dataset, genesis, hand_offs, header, justification, nodes)?;
        if certificate.encode().len() as u64 > MAX_SIZE {
            return Err(CertificateError::TooLarge);
        }
        let report = verify(&certificate, &anchors)?;
        Ok(VerifiedCertificate { certificate, report })
    })
    .await
}

/// Refuses anchors of different chains, and such as contradict each other.
pub fn anchors(list: impl IntoIterator<Item = TrustAnchor>) -> Result<Anchors> {
    Ok(Anchors::new(list)?)
}

/// The newest block up to `at` that can be certified, with what shows that it is final.
async fn certifiable(chain: &Chain, at: Option<BlockNumber>) -> Result<(BlockRef, Justified)> {
    let finalized = chain.finalized_block().await?;
    let newest = finalized_at(chain, finalized, at).await?;
    chain.justified_head(newest.hash).await.map_err(|error| match error {
        ChainError::Unproved(Unproved::NotJustified(height)) => CertificateError::NoJustification(height),
        other => other.into(),
    })
}

/// The finalized block at a height; the last one if none is given.
async fn finalized_at(chain: &Chain, finalized: BlockRef, at: Option<BlockNumber>) -> Result<BlockRef> {
    match at {
        None => Ok(finalized),
        Some(height) if height == finalized.height => Ok(finalized),
        Some(asked) if asked > finalized.height => {
            Err(CertificateError::NotFinalized { asked, finalized: finalized.height })
        }
        Some(height) => {
            let found = chain.block_at(height).await?;
            Ok(found.ok_or_else(|| ChainError::NoSuchBlock(height.to_string()))?)
        }
    }
}

/// The storage keys that the claims about a dataset rest on.
async fn keys_of(chain: &Chain, dataset: DatasetId, at: BlockRef) -> Result<Vec<Vec<u8>>> {
    // Reading is a plain function; it runs on a thread of its own, asks the node from there, and ends with whoever
    // waits for it.
    let stop = CancellationToken::new();
    let _stopped_with_us = stop.clone().drop_guard();
    let source = ChainSource::new(chain.clone(), at, stop, tokio::runtime::Handle::current());
    let block = Block { number: at.height, hash: at.hash.into() };
    blocking(move || {
        let mut reader = Recording::new(source);
        derive(&mut reader, &dataset, block)?;
        Ok(reader.into_keys())
    })
    .await
}

/// The hand-offs from the earliest anchor that the block can be reached from, up to the block.
async fn hand_offs_to(chain: &Chain, anchors: &Anchors, block: BlockRef) -> Result<Vec<HandOff>> {
    let start = anchors.iter().find(|anchor| anchor.block.number <= block.height);
    let after = start.map_or(chain.genesis(), |anchor| anchor.block.hash.0);
    let HandOffs { list, forced_at } = chain.hand_offs(after).await?;
    let mut wanted = Vec::new();
    for hand_off in list {
        let height = header_height(&hand_off.header).ok_or_else(|| {
            let name = to_hex(&hash_of(&hand_off.header));
            ChainError::undecodable(format!("the header {name}"), "it states no height")
        })?;
        // The block that hands over is still finalized by the set that hands over.
        if height >= block.height {
            return Ok(wanted);
        }
        wanted.push(hand_off);
    }
    match forced_at.filter(|height| *height < block.height) {
        Some(height) => Err(CertificateError::Forced(height)),
        None => Ok(wanted),
    }
}

/// Runs work that computes, or that waits on its own, where it holds up nothing else.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        // The runtime is ending; a panic of the work goes on here.
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(CertificateError::Stopped),
        },
    }
}
