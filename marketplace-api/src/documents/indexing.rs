//! Which documents can be found: those that a registered dataset names. The index is in memory, and whoever fills it
//! has to register for that.

use std::{collections::HashSet, sync::Arc, time::Duration};

use futures::{future, StreamExt, TryStreamExt};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use wonbon_model::{metadata::Metadata, Hash};

use super::{readable, Documents, Kind};
use crate::{
    kv::{KvError, KvStore},
    read_model::queries::{self, PageRequest},
    storage::{Folder, StorageError},
};

/// Documents read at once.
const READ_AT_ONCE: usize = 16;
/// Datasets gone through at once.
const DATASETS_AT_ONCE: usize = 256;
/// Most documents that the store is asked for one by one, before it is asked what it has.
pub(super) const MAX_ASKED: usize = 256;
/// How often documents are looked for that datasets name and that were not there.
const REFRESH_EVERY: Duration = Duration::from_secs(60);

impl Documents {
    /// Reads into the search index what the datasets of the read model name.
    pub async fn read_named(&self) -> Result<(), KvError> {
        let mut after = None;
        loop {
            let request = PageRequest { after, limit: DATASETS_AT_ONCE };
            let list = move |kv: &dyn KvStore| queries::datasets(kv, None, &request, |_, _| Ok(true));
            let page = self.read_model.run(list).await?;
            self.read(page.items.iter().map(|dataset| Hash(dataset.record.metadata))).await;
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// Reads into the search index what datasets name. What is not stored yet stays wanted.
    async fn read(&self, named: impl IntoIterator<Item = Hash>) {
        let mut new: HashSet<Hash> = named.into_iter().collect();
        new.retain(|hash| self.search.summary(*hash).is_none());
        // Before it is looked for: it may be stored at this moment.
        self.wanted.lock().extend(&new);
        let read = new.into_iter().map(|hash| async move { (hash, self.get(Kind::Metadata, hash).await) });
        let mut read = futures::stream::iter(read).buffer_unordered(READ_AT_ONCE);
        while let Some((hash, bytes)) = read.next().await {
            match bytes.map(|bytes| bytes.map(|bytes| readable(&bytes))) {
                Ok(Some(Some(metadata))) => self.index(hash, &metadata),
                // It is what its hash says: it will not be readable later.
                Ok(Some(None)) => {
                    self.wanted.lock().remove(&hash);
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%hash, %error, "could not read a document"),
            }
        }
        // Not more at a time than the index takes in.
        self.search.flush().await;
    }

    /// Puts a document that is stored into the search index, if a dataset names it.
    pub(super) fn index(&self, hash: Hash, metadata: &Metadata) {
        if self.wanted.lock().remove(&hash) {
            self.search.insert(hash, metadata);
        }
    }

    /// Looks again for what is wanted: another service may have put it into a store that they share, or the store
    /// did not answer.
    pub async fn read_wanted(&self) -> Result<(), StorageError> {
        let wanted = self.wanted.lock().clone();
        let found = match wanted.len() {
            0 => return Ok(()),
            1..=MAX_ASKED => {
                let ask = |hash| async move {
                    let length = self.storage.length(Folder::Metadata, hash).await?;
                    Ok::<_, StorageError>(length.map(|_| hash))
                };
                let asked = futures::stream::iter(wanted.into_iter().map(ask));
                let found = asked.buffer_unordered(READ_AT_ONCE).try_filter_map(future::ok);
                found.try_collect().await?
            }
            _ => {
                let mut found = self.storage.list(Folder::Metadata).await?;
                found.retain(|hash| wanted.contains(hash));
                found
            }
        };
        self.read(found).await;
        Ok(())
    }

    /// Reads what the datasets of the read model name; `false` if that has to be done again.
    async fn read_first(&self) -> bool {
        let read = self.read_named().await;
        match &read {
            Ok(()) => tracing::info!(wanted = self.wanted.lock().len(), "read the documents of the datasets"),
            Err(error) => tracing::error!(%error, "could not read which documents datasets name"),
        }
        read.is_ok()
    }

    /// Keeps the search index up to date until it is cancelled: reads what the datasets of the read model name,
    /// and what `named` tells.
    pub async fn maintain(
        self: Arc<Self>,
        mut named: mpsc::UnboundedReceiver<Hash>,
        cancel: CancellationToken,
    ) {
        let work = async {
            let mut read_named = false;
            let mut refresh = tokio::time::interval(REFRESH_EVERY);
            loop {
                let mut hashes = Vec::new();
                tokio::select! {
                    1.. = named.recv_many(&mut hashes, DATASETS_AT_ONCE) => self.read(hashes).await,
                    _ = refresh.tick() => {
                        if !read_named {
                            read_named = self.read_first().await;
                        } else if let Err(error) = self.read_wanted().await {
                            tracing::warn!(%error, "could not look for documents");
                        }
                    }
                }
            }
        };
        tokio::select! {
            () = cancel.cancelled() => {}
            () = work => {}
        }
    }
}
