//! The chain's storage at one block, read through a node, as the derivation of claims wants it.
//!
//! The derivation says beforehand which keys it reads next, so they are fetched together: a certificate takes a
//! few requests for each generation of ancestors, and one for each thousand trades.

use super::{CertificateError, Result};
use crate::chain::Chain;
use std::collections::BTreeMap;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use wonbon_model::BlockRef;
use wonbon_verifier::certificate::MAX_SIZE;
use wonbon_verifier::claims::{ReadError, StorageReader};

/// Reads storage at a block. Only for threads that may block.
pub(super) struct ChainSource {
    chain: Chain,
    at: BlockRef,
    stop: CancellationToken,
    runtime: Handle,
    known: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    /// Bytes that were fetched. A certificate has at least as many.
    fetched: u64,
}

impl ChainSource {
    /// Over a node; requests run on `runtime` and end when `stop` is cancelled.
    pub(super) fn new(chain: Chain, at: BlockRef, stop: CancellationToken, runtime: Handle) -> Self {
        Self { chain, at, stop, runtime, known: BTreeMap::new(), fetched: 0 }
    }

    fn fetch(&mut self, keys: Vec<Vec<u8>>) -> Result<()> {
        let values = self.runtime.block_on(async {
            tokio::select! {
                values = self.chain.values(&keys, self.at) => values.map_err(CertificateError::from),
                () = self.stop.cancelled() => Err(CertificateError::Stopped),
            }
        })?;
        for (key, value) in keys.into_iter().zip(values) {
            let length = key.len().saturating_add(value.as_ref().map_or(0, Vec::len));
            self.fetched = self.fetched.saturating_add(length as u64);
            self.known.insert(key, value);
        }
        if self.fetched > MAX_SIZE {
            return Err(CertificateError::TooLarge);
        }
        Ok(())
    }
}

impl StorageReader for ChainSource {
    fn read(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, ReadError> {
        if let Some(value) = self.known.get(key) {
            return Ok(value.clone());
        }
        self.fetch(vec![key.to_vec()]).map_err(source)?;
        Ok(self.known.get(key).cloned().flatten())
    }

    fn announce(&mut self, keys: &[Vec<u8>]) -> Result<(), ReadError> {
        let missing: Vec<_> = keys.iter().filter(|key| !self.known.contains_key(*key)).cloned().collect();
        if missing.is_empty() {
            return Ok(());
        }
        self.fetch(missing).map_err(source)
    }
}

fn source(error: CertificateError) -> ReadError {
    ReadError::Source(Box::new(error))
}
