//! What companies keep here for their own members: company secrets, each wrapped for one member, and content keys, sealed
//! under such a secret or encrypted to one member who has none.
//!
//! Promises: the service takes all of it for bytes that it cannot read; whatever is stored once is never replaced, so that
//! a member who turns cannot destroy what colleagues rely on; the bytes count against the company's quota. What is for one
//! member belongs to a membership: who leaves and is taken on again, perhaps with another key, gets it anew. Content keys
//! stand under their commitments: a dataset that is sealed again has another key.
//!
//! Epochs are counted from 1; the chain says which there are. Which of them were begun here is an object of its own, so that
//! any service over one bucket knows it. A company that was recovered, or came from another service, may have lost some: a
//! few may be passed over, and count as begun.

use std::sync::Arc;

use bytes::Bytes;
use codec::Encode;
use sha2::{Digest, Sha256};
use thiserror::Error;
use wonbon_model::{AccountId, Hash};

use crate::{
    kv::Batch,
    locks::KeyedMutex,
    read_model::{queries, ReadModel},
    storage::{Folder, Quota, Storage, StorageError},
    task::run_to_completion,
};

/// Most bytes of a wrapped secret.
pub const MAX_WRAPPED_BYTES: usize = 4 * 1024;
/// Most epochs that may be passed over at once.
const MAX_PASSED_OVER: u32 = 63;
/// Most bytes of a sealed key.
pub const MAX_KEY_BYTES: usize = 1024;

/// Why something was not stored.
#[derive(Debug, Error)]
pub enum SecretError {
    /// There is nothing in it.
    #[error("there are no bytes in it")]
    Empty,
    /// Other bytes stand there.
    #[error("other bytes are stored there, and nothing is replaced")]
    Exists,
    /// It is too far from those that have begun.
    #[error("epoch {epoch} is too far from those before it: they are counted from 1, one after another")]
    Gap {
        /// The epoch that was asked for.
        epoch: u32,
    },
    /// The secret is for nobody who acts for the company.
    #[error("{0} is no member of the company")]
    NotMember(AccountId),
    /// Bytes or rows cannot be read or written, or the quota is used up.
    #[error(transparent)]
    Storage(StorageError),
}

impl<E: Into<StorageError>> From<E> for SecretError {
    fn from(error: E) -> Self {
        Self::Storage(error.into())
    }
}

type Result<T, E = SecretError> = std::result::Result<T, E>;

/// The wrapped secrets and sealed keys of all companies.
#[derive(Debug)]
pub struct Secrets {
    storage: Arc<dyn Storage>,
    read_model: ReadModel,
    quota: Arc<Quota>,
    /// Held by whoever looks whether something is stored and then stores it.
    names: KeyedMutex<Hash>,
}

impl Secrets {
    /// Over the store and the read model of a service.
    pub fn new(storage: Arc<dyn Storage>, read_model: ReadModel, quota: Arc<Quota>) -> Self {
        Self { storage, read_model, quota, names: KeyedMutex::default() }
    }

    /// Stores a company's secret of an epoch, wrapped for a member; `false` if the same bytes were there. With the first
    /// one its epoch begins.
    pub async fn put_wrapped(
        self: &Arc<Self>,
        company: AccountId,
        epoch: u32,
        member: AccountId,
        bytes: Bytes,
    ) -> Result<bool> {
        let secrets = self.clone();
        run_to_completion(async move {
            let newest = secrets.newest_epoch(company).await?;
            if epoch == 0 || epoch.saturating_sub(newest) > MAX_PASSED_OVER.saturating_add(1) {
                return Err(SecretError::Gap { epoch });
            }
            let name = secrets.wrapped_name(company, epoch, member).await?;
            let name = name.ok_or(SecretError::NotMember(member))?;
            let new = secrets.create(Folder::WrappedSecrets, name, company, bytes).await?;
            // Last, in order, and whether the secret is new or not: a crash in between is made good by whoever stores it
            // again.
            for begun in newest.saturating_add(1)..=epoch {
                let (name, bytes) = (epoch_name(company, begun), begun.to_be_bytes());
                let bytes = Bytes::copy_from_slice(&bytes);
                secrets.storage.put_if_absent(Folder::SecretEpochs, name, bytes).await?;
            }
            Ok(new)
        })
        .await
    }

    /// A company's secret of an epoch, wrapped for a member.
    pub async fn wrapped(
        &self,
        company: AccountId,
        epoch: u32,
        member: AccountId,
    ) -> Result<Option<Bytes>, StorageError> {
        match self.wrapped_name(company, epoch, member).await? {
            Some(name) => self.storage.get(Folder::WrappedSecrets, name).await,
            None => Ok(None),
        }
    }

    /// The newest epoch of a company; 0 if none has begun.
    pub async fn newest_epoch(&self, company: AccountId) -> Result<u32, StorageError> {
        let (mut there, mut step) = (0_u32, 1_u32);
        // There are no gaps, so that few are asked for.
        while self.has_epoch(company, there.saturating_add(step)).await? {
            there = there.saturating_add(step);
            step = step.saturating_mul(2);
        }
        while step > 1 {
            step /= 2;
            if self.has_epoch(company, there.saturating_add(step)).await? {
                there = there.saturating_add(step);
            }
        }
        Ok(there)
    }

    /// Stores a content key that is sealed for a company; `false` if the same bytes were there.
    pub async fn put_key(
        self: &Arc<Self>,
        company: AccountId,
        commitment: Hash,
        bytes: Bytes,
    ) -> Result<bool> {
        let secrets = self.clone();
        let name = key_name(company, commitment);
        run_to_completion(async move { secrets.create(Folder::SealedKeys, name, company, bytes).await }).await
    }

    /// A content key that is sealed for a company.
    pub async fn key(&self, company: AccountId, commitment: Hash) -> Result<Option<Bytes>, StorageError> {
        self.storage.get(Folder::SealedKeys, key_name(company, commitment)).await
    }

    /// Stores a content key that is encrypted to one member; `false` if the same bytes were there.
    pub async fn put_entrusted(
        self: &Arc<Self>,
        company: AccountId,
        commitment: Hash,
        member: AccountId,
        bytes: Bytes,
    ) -> Result<bool> {
        let secrets = self.clone();
        run_to_completion(async move {
            let name = secrets.entrusted_name(company, commitment, member).await?;
            let name = name.ok_or(SecretError::NotMember(member))?;
            secrets.create(Folder::SealedKeys, name, company, bytes).await
        })
        .await
    }

    /// A content key that is encrypted to one member.
    pub async fn entrusted(
        &self,
        company: AccountId,
        commitment: Hash,
        member: AccountId,
    ) -> Result<Option<Bytes>, StorageError> {
        match self.entrusted_name(company, commitment, member).await? {
            Some(name) => self.storage.get(Folder::SealedKeys, name).await,
            None => Ok(None),
        }
    }

    async fn has_epoch(&self, company: AccountId, epoch: u32) -> Result<bool, StorageError> {
        Ok(self.storage.length(Folder::SecretEpochs, epoch_name(company, epoch)).await?.is_some())
    }

    /// What the secret of an epoch stands under that is wrapped for a member; `None` if they are none.
    async fn wrapped_name(
        &self,
        company: AccountId,
        epoch: u32,
        member: AccountId,
    ) -> Result<Option<Hash>, StorageError> {
        let generation = self.generation(company, member).await?;
        Ok(generation.map(|generation| name("wrapped-secret", &(company, epoch, member, generation))))
    }

    /// What a content key stands under that is encrypted to a member; `None` if they are none.
    async fn entrusted_name(
        &self,
        company: AccountId,
        commitment: Hash,
        member: AccountId,
    ) -> Result<Option<Hash>, StorageError> {
        let generation = self.generation(company, member).await?;
        Ok(generation.map(|generation| name("entrusted-key", &(company, commitment.0, member, generation))))
    }

    /// Which of a company's memberships a member has; `None` if they are none.
    async fn generation(&self, company: AccountId, member: AccountId) -> Result<Option<u32>, StorageError> {
        let found = self.read_model.run(move |kv| queries::member(kv, company, member)).await?;
        Ok(found.map(|found| found.generation))
    }

    /// Stores an object that is never replaced, for a company if it has room; `false` if the same bytes were there.
    async fn create(&self, folder: Folder, name: Hash, company: AccountId, bytes: Bytes) -> Result<bool> {
        if bytes.is_empty() {
            return Err(SecretError::Empty);
        }
        let same = |found: Bytes| match found == bytes {
            true => Ok(false),
            false => Err(SecretError::Exists),
        };
        let _name = self.names.lock(name).await;
        if let Some(found) = self.storage.get(folder, name).await? {
            return same(found);
        }
        let length = bytes.len() as u64;
        let _reserved = self.quota.reserve(company, length).await?;
        if self.storage.put_if_absent(folder, name, bytes.clone()).await? {
            self.quota.store(company, length, Batch::new()).await?;
            return Ok(true);
        }
        // Another service stored it at this moment.
        let found = self.storage.get(folder, name).await?.ok_or(StorageError::Missing)?;
        same(found)
    }
}

/// The name of an object from what it is of. Folders keep kinds apart; the word keeps them apart in a hash too.
fn name(kind: &str, of: &impl Encode) -> Hash {
    Hash(Sha256::digest((kind, of).encode()).into())
}

fn epoch_name(company: AccountId, epoch: u32) -> Hash {
    name("secret-epoch", &(company, epoch))
}

fn key_name(company: AccountId, commitment: Hash) -> Hash {
    name("sealed-key", &(company, commitment.0))
}
