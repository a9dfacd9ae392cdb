//! Companies' secrets in a home: one record each, encrypted under the member's account secret, never overwritten by
//! another and never removed.
//!
//! What it promises:
//!
//! - A secret is used only once it outlives a crash: [`CompanySecrets::current`] and all others give what was read back.
//! - A secret that this home began is [`State::Begun`] until [`CompanySecrets::shared`] says that the other members can
//!   have it. Nothing new rests on it before, so that no purchase waits for a colleague's machine.
//! - A record that is damaged, or another member's, is refused by its place. While one is, [`CompanySecrets::current`]
//!   gives nothing: an older epoch in its stead would be known to who left.

use super::secrets::{CompanyId, CompanySecret, Epoch, SecretId};
use crate::keys::secret_box::{decrypt, encrypt, json_file, random, Nonce, CIPHER};
use crate::keys::{Keypair, Secret};
use crate::ports::{Home, Lock, Records, StorageError};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use thiserror::Error;
use wonbon_model::{canonical, AccountId};
use wonbon_primitives::delivery::{OrderKey, OrderSecret};
use wonbon_primitives::id::to_hex;

const VERSION: u8 = 1;
/// Hexadecimal digits of a member's account and of a commitment in a name. The whole of both is in the record.
const SHORT: usize = 16;

/// Why a company's secrets cannot be used.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum StoreError {
    /// A record cannot be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// What was read is not what it should be.
    #[error("{place} is not a company's secret: {reason}")]
    Malformed { place: String, reason: String },
    /// The record belongs to another account, or was changed.
    #[error("{0} was written with another account's key, or was changed")]
    OtherAccount(String),
    /// The secret is not here.
    #[error("the secret of epoch {0} is not here")]
    Missing(Epoch),
    /// Another process changes the company's secrets.
    #[error("the secrets of company {0} are being changed by another process")]
    Busy(AccountId),
}

/// How far a secret has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was made here, and perhaps nobody else has it.
    Begun,
    /// The other members have it, or can have it.
    Shared,
}

/// A secret of this home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSecret {
    /// The secret.
    pub secret: CompanySecret,
    /// How far it has come.
    pub state: State,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u8,
    secret: SecretId,
    member: AccountId,
    state: State,
    cipher: String,
    #[serde(with = "hex::serde")]
    nonce: Nonce,
    #[serde(with = "hex::serde")]
    ciphertext: Vec<u8>,
}

/// The secrets of companies that one member has in a home.
#[derive(Clone)]
pub struct CompanySecrets<'h> {
    records: &'h dyn Records,
    member: AccountId,
    key: Secret,
}

impl<'h> CompanySecrets<'h> {
    /// The secrets of a home, for the member who has this key.
    pub fn new(home: &'h dyn Home, key: &Keypair) -> Self {
        Self { records: home.company_secrets(), member: key.signer(), key: key.store_key() }
    }

    /// To be held while a company's secrets are changed, by one process at a time.
    pub async fn lock(&self, company: &CompanyId) -> Result<Lock, StoreError> {
        let held = self.records.try_lock(&self.prefix(company)).await?;
        held.ok_or(StoreError::Busy(company.account))
    }

    /// Keeps a secret that was received or read off a sheet. Once it returns the secret outlives a crash. One that is
    /// here stays.
    pub async fn keep(&self, secret: &CompanySecret) -> Result<(), StoreError> {
        if !self.create(secret, State::Shared).await? {
            self.shared(secret.id()).await?;
        }
        Ok(())
    }

    /// Keeps a secret that was made here, before anybody else gets it.
    pub async fn begin(&self, secret: &CompanySecret) -> Result<(), StoreError> {
        if !self.create(secret, State::Begun).await? {
            self.get(secret.id()).await?;
        }
        Ok(())
    }

    /// Notes that the other members can have a secret: from now on it is used.
    pub async fn shared(&self, id: &SecretId) -> Result<(), StoreError> {
        let kept = self.get(id).await?.ok_or(StoreError::Missing(id.epoch))?;
        if kept.state == State::Shared {
            return Ok(());
        }
        let (name, record) = self.record(&kept.secret, State::Shared)?;
        Ok(self.records.replace(&name, &record).await?)
    }

    /// One secret, if it is here.
    pub async fn get(&self, id: &SecretId) -> Result<Option<KeptSecret>, StoreError> {
        let name = self.name(id);
        let kept = self.read(&name).await?;
        match kept {
            Some(kept) if kept.secret.id() != id => Err(self.malformed(&name, "it is another secret")),
            kept => Ok(kept),
        }
    }

    /// All secrets of a company, oldest epoch first. One that cannot be read is an error.
    pub async fn all(&self, company: &CompanyId) -> Result<Vec<KeptSecret>, StoreError> {
        let mut all = Vec::new();
        for name in self.names(company).await? {
            all.extend(self.of(company, &name).await?);
        }
        all.sort_by_key(|kept| *kept.secret.id());
        Ok(all)
    }

    /// The secret for what is ordered and sealed now: of the newest epoch that the other members have too. If two were
    /// begun at once, all members take the same of them.
    pub async fn current(&self, company: &CompanyId) -> Result<Option<CompanySecret>, StoreError> {
        let shared = self.all(company).await?.into_iter().filter(|kept| kept.state == State::Shared);
        let newest = shared.max_by_key(|kept| {
            let SecretId { epoch, commitment, .. } = kept.secret.id();
            (*epoch, Reverse(*commitment))
        });
        Ok(newest.map(|kept| kept.secret))
    }

    /// The secret of an order of the company's, found by the nonce and the key that stand in the order. A secret that
    /// cannot be read is an error only if no other fits.
    pub async fn order_secret(
        &self,
        company: &CompanyId,
        nonce: &[u8; 32],
        order_key: &OrderKey,
    ) -> Result<Option<OrderSecret>, StoreError> {
        let mut refused = None;
        for name in self.names(company).await? {
            match self.of(company, &name).await {
                Ok(kept) => {
                    let secret = kept.map(|kept| kept.secret.order_secret(nonce));
                    if let Some(secret) = secret.filter(|secret| secret.order_key() == *order_key) {
                        return Ok(Some(secret));
                    }
                }
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        refused.map_or(Ok(None), Err)
    }

    async fn names(&self, company: &CompanyId) -> Result<Vec<String>, StoreError> {
        let (mut names, prefix) = (self.records.names().await?, self.prefix(company));
        names.retain(|name| name.strip_prefix(&prefix).is_some_and(|rest| rest.starts_with('-')));
        Ok(names)
    }

    /// A record that has the name of one of the company's.
    async fn of(&self, company: &CompanyId, name: &str) -> Result<Option<KeptSecret>, StoreError> {
        let Some(kept) = self.read(name).await? else { return Ok(None) };
        if kept.secret.id().company != *company || self.name(kept.secret.id()) != name {
            return Err(self.malformed(name, "it is another secret"));
        }
        Ok(Some(kept))
    }

    /// `false` if there is a record of its name.
    async fn create(&self, secret: &CompanySecret, state: State) -> Result<bool, StoreError> {
        let (name, record) = self.record(secret, state)?;
        Ok(self.records.create(&name, &record).await?)
    }

    fn record(&self, secret: &CompanySecret, state: State) -> Result<(String, Vec<u8>), StoreError> {
        let (id, nonce) = (*secret.id(), random());
        let name = self.name(&id);
        let (member, cipher, ciphertext) = (self.member, CIPHER.to_owned(), Vec::new());
        let mut stored = Stored { version: VERSION, secret: id, member, state, cipher, nonce, ciphertext };
        let bound = self.bound(&name, &stored)?;
        stored.ciphertext = encrypt(&self.key, &nonce, secret.expose().as_ref(), &bound)
            .ok_or_else(|| self.malformed(&name, "it cannot be encrypted"))?;
        let record = json_file(&stored).map_err(|error| self.malformed(&name, &error.to_string()))?;
        Ok((name, record))
    }

    async fn read(&self, name: &str) -> Result<Option<KeptSecret>, StoreError> {
        let Some(json) = self.records.read(name).await? else { return Ok(None) };
        let stored: Stored =
            serde_json::from_slice(&json).map_err(|error| self.malformed(name, &error.to_string()))?;
        if stored.version != VERSION || stored.cipher != CIPHER {
            return Err(self.malformed(name, "it is of another version"));
        }
        let other = || StoreError::OtherAccount(self.records.place(name));
        let bound = self.bound(name, &stored)?;
        let plain = decrypt(&self.key, &stored.nonce, &stored.ciphertext, &bound).ok_or_else(other)?;
        let mut bytes = Secret::default();
        bytes.copy_from_slice(<&[u8; 32]>::try_from(plain.as_slice()).map_err(|_| other())?);
        let secret = CompanySecret::from_bytes(stored.secret.company, stored.secret.epoch, bytes);
        if *secret.id() != stored.secret || stored.member != self.member {
            return Err(other());
        }
        Ok(Some(KeptSecret { secret, state: stored.state }))
    }

    /// Everything but the ciphertext, in canonical JSON: it is bound to the ciphertext.
    fn bound(&self, name: &str, stored: &Stored) -> Result<Vec<u8>, StoreError> {
        let header = Stored { ciphertext: Vec::new(), ..stored.clone() };
        canonical::to_vec(&header).map_err(|error| self.malformed(name, &error.to_string()))
    }

    /// The company's account is of one chain: the chain need not be in the name.
    fn prefix(&self, company: &CompanyId) -> String {
        format!("{}-{}", to_hex(&company.account.0), &to_hex(&self.member.0)[..SHORT])
    }

    fn name(&self, id: &SecretId) -> String {
        format!("{}-{}-{}", self.prefix(&id.company), id.epoch, &to_hex(&id.commitment)[..SHORT])
    }

    fn malformed(&self, name: &str, reason: &str) -> StoreError {
        StoreError::Malformed { place: self.records.place(name), reason: reason.to_owned() }
    }
}

#[cfg(test)]
mod tests;
