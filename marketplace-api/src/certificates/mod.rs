//! Certificates of origin and trade history, made for whoever asks.
//!
//! A certificate needs nobody's trust, this service's least of all: what is handed out is made from a node's proofs
//! and verified first, and its reader verifies it again, against a trust anchor that they have from somewhere else.
//!
//! Promises: at most [`MAX_CONCURRENT`] are made at a time and at most [`MAX_WAITING`] requests wait for their turn; who asks
//! again before the next block is finalized gets the same one; what is cached is bounded in number and in size.

mod node;

use std::{
    collections::HashMap,
    fmt::Debug,
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use tokio::sync::Semaphore;
use wonbon_client::certificate::{CertificateError, VerifiedCertificate};
use wonbon_model::Hash;

pub use node::NodeIssuer;

use crate::locks::Mutex;

/// Most certificates that are made at a time. Each takes a node's time, and this machine's.
pub const MAX_CONCURRENT: usize = 2;
/// Most requests that wait to have one made.
pub const MAX_WAITING: usize = 32;
/// How long a certificate is handed out again, even if no newer block is seen.
const CACHE_LIFETIME: Duration = Duration::from_secs(60);
/// Most certificates that are cached.
const MAX_CACHED: usize = 64;
/// Largest certificate that is cached, in bytes of its binary form.
const MAX_CACHED_BYTES: usize = 1 << 20;

/// Makes certificates out of proofs of a node.
#[async_trait]
pub trait Issuer: Debug + Send + Sync + 'static {
    /// A verified certificate about a dataset, as of the newest block that can be certified.
    async fn issue(&self, dataset: Hash) -> Result<VerifiedCertificate, CertificateError>;
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// Too many wait already.
    #[error("too many certificates are being made")]
    Busy,
    /// It could not be made.
    #[error(transparent)]
    Failed(#[from] CertificateError),
}

/// The certificates of a service.
#[derive(Debug)]
pub struct Certificates {
    issuer: Arc<dyn Issuer>,
    /// One permit for each that is being made.
    making: Semaphore,
    /// One permit for each that is being made or waits for it.
    queue: Semaphore,
    /// Those made lately, and since when they are here.
    cached: Mutex<HashMap<Hash, (Arc<VerifiedCertificate>, Instant)>>,
}

impl Certificates {
    /// Those that `issuer` makes.
    pub fn new(issuer: Arc<dyn Issuer>) -> Self {
        Self {
            issuer,
            making: Semaphore::new(MAX_CONCURRENT),
            queue: Semaphore::new(MAX_CONCURRENT + MAX_WAITING),
            cached: Mutex::default(),
        }
    }

    /// A certificate about a dataset as of block `finalized`, which is the newest that the service knows of, or
    /// later.
    pub async fn get(&self, dataset: Hash, finalized: u32) -> Result<Arc<VerifiedCertificate>, IssueError> {
        if let Some(made) = self.cached(dataset, finalized) {
            return Ok(made);
        }
        let _place = self.queue.try_acquire().map_err(|_| IssueError::Busy)?;
        let _turn = self.making.acquire().await.map_err(|_| CertificateError::Stopped)?;
        // Somebody else may have had it made meanwhile.
        if let Some(made) = self.cached(dataset, finalized) {
            return Ok(made);
        }
        let made = Arc::new(self.issuer.issue(dataset).await?);
        self.cache(dataset, &made);
        Ok(made)
    }

    /// How many more may wait than do now.
    pub fn places_left(&self) -> usize {
        self.queue.available_permits()
    }

    fn cached(&self, dataset: Hash, finalized: u32) -> Option<Arc<VerifiedCertificate>> {
        let cached = self.cached.lock();
        let (made, since) = cached.get(&dataset)?;
        let fresh = made.report.block() >= finalized && since.elapsed() < CACHE_LIFETIME;
        fresh.then(|| made.clone())
    }

    fn cache(&self, dataset: Hash, made: &Arc<VerifiedCertificate>) {
        let proof = made.certificate.proof.iter().map(Vec::len);
        let hand_offs =
            made.certificate.hand_offs.iter().map(|one| one.header.len() + one.justification.len());
        if proof.chain(hand_offs).sum::<usize>() > MAX_CACHED_BYTES {
            return;
        }
        let mut cached = self.cached.lock();
        cached.retain(|_, (_, since)| since.elapsed() < CACHE_LIFETIME);
        if cached.len() >= MAX_CACHED {
            let oldest = cached.iter().min_by_key(|(_, (_, since))| *since).map(|(dataset, _)| *dataset);
            oldest.map(|dataset| cached.remove(&dataset));
        }
        cached.insert(dataset, (made.clone(), Instant::now()));
    }
}
