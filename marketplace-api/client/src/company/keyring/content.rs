//! Content keys for colleagues: sealed under the company's secret, or entrusted to one member.

use super::super::content_key::SealedKey;
use super::super::entrusted::EntrustedKey;
use super::super::rotation::ProvedMember;
use super::super::wrapping::Recipient;
use super::{Keyring, KeyringError, Result};
use crate::service::ServiceError;
use rand_core::OsRng;
use std::sync::PoisonError;
use std::time::{Duration, Instant};
use wonbon_model::{DatasetId, Digest};
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::Commitment;

/// How long a content key that the service does not have is not asked for again.
const ASK_AGAIN: Duration = Duration::from_secs(6);

/// A content key that the service gave, checked against its commitment.
#[derive(Clone)]
pub struct FetchedKey {
    /// The root that names the dataset.
    pub dataset: DatasetId,
    /// Root and length of the sealed payload, as the colleague who sealed it says.
    pub sealed: Commitment,
    /// The key.
    pub key: ContentKey,
}

impl Keyring<'_> {
    /// Gives a content key to the colleagues, sealed under the company's secret.
    pub async fn share(&self, dataset: DatasetId, sealed: Commitment, key: &ContentKey) -> Result<()> {
        let secret = self.current().await?;
        let bytes = SealedKey::seal(&secret, dataset, sealed, key).to_bytes();
        stored(self.service.put_sealed_key(&self.company.account, &key.commitment(), bytes).await)
    }

    /// Gives a content key to one member.
    pub async fn entrust(
        &self,
        member: &ProvedMember,
        what: (DatasetId, Commitment),
        key: &ContentKey,
    ) -> Result<()> {
        let to = Recipient { account: member.account, key: member.key };
        let entrusted = EntrustedKey::entrust(self.company, &to, what, key, &mut OsRng)
            .map_err(|bad| KeyringError::BadMemberKey(bad.0))?;
        let (company, commitment) = (&self.company.account, key.commitment());
        stored(
            self.service.put_entrusted_key(company, &commitment, &member.account, entrusted.to_bytes()).await,
        )
    }

    /// The content key with this commitment, from the service; `None` if it has none that this member can open.
    pub async fn fetch(&self, commitment: &Digest) -> Result<Option<FetchedKey>> {
        {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            asked.retain(|_, at| at.elapsed() < ASK_AGAIN);
            if asked.contains_key(commitment) {
                return Ok(None);
            }
        }
        let found = match self.fetch_sealed(commitment).await? {
            Some(found) => Some(found),
            None => self.fetch_entrusted(commitment).await?,
        };
        if found.is_none() {
            self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(*commitment, Instant::now());
        }
        Ok(found)
    }

    async fn fetch_sealed(&self, commitment: &Digest) -> Result<Option<FetchedKey>> {
        let Some(bytes) = self.service.sealed_key(&self.company.account, commitment).await? else {
            return Ok(None);
        };
        let Ok(found) = SealedKey::from_bytes(&bytes) else { return Ok(None) };
        if found.secret().company != self.company {
            return Ok(None);
        }
        let mut kept = self.secrets.get(found.secret()).await?;
        if kept.is_none() {
            // A colleague may have begun an epoch meanwhile.
            self.refresh().await?;
            kept = self.secrets.get(found.secret()).await?;
        }
        let Some(kept) = kept else { return Ok(None) };
        match found.open(&kept.secret, found.dataset(), commitment) {
            Ok(key) => Ok(Some(FetchedKey { dataset: *found.dataset(), sealed: *found.sealed(), key })),
            Err(error) => {
                tracing::warn!(%error, "a content key of the company is left out");
                Ok(None)
            }
        }
    }

    async fn fetch_entrusted(&self, commitment: &Digest) -> Result<Option<FetchedKey>> {
        let (company, member) = (&self.company.account, self.key.signer());
        let Some(bytes) = self.service.entrusted_key(company, commitment, &member).await? else {
            return Ok(None);
        };
        let Ok(found) = EntrustedKey::from_bytes(&bytes) else { return Ok(None) };
        match found.open(&self.company, &member, &self.key.member_secret(), commitment) {
            Ok(key) => Ok(Some(FetchedKey { dataset: *found.dataset(), sealed: *found.sealed(), key })),
            Err(error) => {
                tracing::warn!(%error, "an entrusted content key is left out");
                Ok(None)
            }
        }
    }
}

/// What is there is never replaced, and of one commitment there is one key.
fn stored(put: Result<(), ServiceError>) -> Result<()> {
    match put {
        Err(error) if error.is_problem("never-replaced") => Ok(()),
        other => Ok(other?),
    }
}
