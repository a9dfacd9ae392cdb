//! Certificates made from a node.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use tokio::sync::Mutex;
use wonbon_client::{
    certificate::{anchors, genesis_anchor, make, CertificateError, VerifiedCertificate},
    chain::{Chain, ConnectOptions},
};
use wonbon_model::Hash;
use wonbon_primitives::DatasetId;
use wonbon_verifier::Anchors;

use super::Issuer;
use crate::follower::Status;

/// How long a lost connection is tried before whoever waits hears of it.
const RECONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A node, connected to when the first certificate is asked for.
///
/// The connection is given up after every error, so that a node that came back as another chain is noticed. Which
/// chain it must be, the configuration says, or the follower, which found one first.
pub struct NodeIssuer {
    url: String,
    genesis: Option<Hash>,
    status: Status,
    connected: Mutex<Option<(Chain, Anchors)>>,
}

impl fmt::Debug for NodeIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodeIssuer").field("url", &self.url).finish_non_exhaustive()
    }
}

impl NodeIssuer {
    /// A node by its address. Nothing is sent yet.
    pub fn new(url: String, genesis: Option<Hash>, status: Status) -> Self {
        Self { url, genesis, status, connected: Mutex::default() }
    }

    /// The chain, and the anchor of its first block: what is verified here is that the node is not faulty.
    async fn connected(&self) -> Result<(Chain, Anchors), CertificateError> {
        let mut connected = self.connected.lock().await;
        if let Some((chain, anchors)) = &*connected {
            return Ok((chain.clone(), anchors.clone()));
        }
        let genesis = self.genesis.or_else(|| self.status.genesis());
        let mut options = ConnectOptions::new(&self.url).genesis(genesis.map(|hash| hash.0));
        options.give_up_after = Some(RECONNECT_TIMEOUT);
        let chain = Chain::connect_with(options).await?;
        let anchors = anchors([genesis_anchor(&chain).await?])?;
        *connected = Some((chain.clone(), anchors.clone()));
        Ok((chain, anchors))
    }
}

#[async_trait]
impl Issuer for NodeIssuer {
    async fn issue(&self, dataset: Hash) -> Result<VerifiedCertificate, CertificateError> {
        let (chain, anchors) = self.connected().await?;
        let made = make(&chain, DatasetId(dataset.0), None, &anchors, |_| {}).await;
        if matches!(made, Err(ref error) if !matches!(error, CertificateError::NotRegistered { .. })) {
            *self.connected.lock().await = None;
        }
        made
    }
}
