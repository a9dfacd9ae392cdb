//! Removing a published payload, which its uploader may once no open offer and no open order needs it.

use std::sync::Arc;

use wonbon_model::{AccountId, Hash, Offer};

use super::{
    upload::{Stage, Upload},
    Payloads, RemoveError,
};
use crate::{
    kv::{KvError, KvStore},
    read_model::queries,
    task::run_to_completion,
};

/// Most offers of one payload that are looked through. With more of them it is not removed.
const MAX_OFFERS: usize = 1000;

impl Payloads {
    /// Removes a payload that nobody needs, and gives its bytes back to its uploader.
    pub async fn remove(self: &Arc<Self>, account: AccountId, sealed_root: Hash) -> Result<(), RemoveError> {
        let payloads = self.clone();
        run_to_completion(async move { payloads.remove_unneeded(account, sealed_root).await }).await
    }

    async fn remove_unneeded(&self, account: AccountId, sealed_root: Hash) -> Result<(), RemoveError> {
        let _root = self.publications.lock(sealed_root).await;
        let payload = self.publications.find_locked(sealed_root).await?.ok_or(RemoveError::Missing)?;
        if payload.uploader != account {
            return Err(RemoveError::NotTheUploader);
        }
        if let Some(offer) = self.read_model.run(move |kv| needed_by(kv, sealed_root)).await? {
            return Err(RemoveError::Needed { offer });
        }
        self.publications.remove(&payload).await?;
        // What says to a client that its upload is done; after a restart it would be taken for one in progress.
        let done = |upload: &&Arc<Upload>| {
            upload.manifest.expected.sealed_root == sealed_root && upload.stage() == Stage::Published
        };
        let uploads: Vec<_> = self.uploads.lock().values().filter(done).cloned().collect();
        for upload in uploads {
            self.discard(&upload).await?;
        }
        tracing::info!(%sealed_root, %account, "removed a payload");
        Ok(())
    }
}

/// An offer that is not closed, or has orders that are not final.
fn needed_by(kv: &dyn KvStore, sealed_root: Hash) -> Result<Option<u64>, KvError> {
    let offers = queries::offers_of_payload(kv, sealed_root, MAX_OFFERS)?;
    let too_many = offers.len() >= MAX_OFFERS;
    let needs = |offer: &Offer| too_many || !offer.state.is_closed() || offer.open_orders > 0;
    Ok(offers.iter().find(|offer| needs(&offer.record)).map(|offer| offer.key))
}
