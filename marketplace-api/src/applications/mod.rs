//! Applications for companies that act through people: handed in here, seen by the registrar, carried onto the chain by
//! a clerk.
//!
//! Whoever applies has no company, no money and no account on the chain, so nothing but their signature is asked for.
//! That bounds nobody: hence one open application for each account, a bound on all and on those of an hour, and an end to
//! each. What is stored was signed, is what the chain would take, and stands under the digest that was signed. An
//! application ends when the company is established or the last block has passed for which it was signed; it gives way
//! to others only then.
//!
//! Both objects of an application are small: the application under its digest, and the digest under its applicant. The
//! second is written last and removed last, so that a crash leaves an application that is whole, or none.

mod error;
mod stored;

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

use ed25519_dalek::{Signature, VerifyingKey};
use futures::{stream, StreamExt, TryStreamExt};
use wonbon_model::{AccountId, Application, Hash};

pub use error::ApplicationError;
use stored::{view, Stored};
pub use stored::{ApplicationState, ApplicationView};

use crate::{
    follower::Status,
    kv::{KvError, KvStore},
    locks::{KeyedMutex, Mutex},
    read_model::{
        applied,
        queries::{self, Page, PageRequest},
        ReadModel,
    },
    storage::{Folder, Storage, StorageError},
    task::run_to_completion,
};

/// Most applications that are kept.
pub const MAX_APPLICATIONS: usize = 1000;
/// Most new applications in an hour.
pub const MAX_PER_HOUR: usize = 200;
/// Most blocks until the last one for which an application is signed: a hundred days of two seconds each.
pub const MAX_BLOCKS: u32 = 100 * 24 * 60 * 30;
const HOUR_MS: u64 = 60 * 60 * 1000;
/// Applications read at once.
const READ_AT_ONCE: usize = 16;

type Result<T, E = ApplicationError> = std::result::Result<T, E>;

/// The applications of this service.
#[derive(Debug)]
pub struct Applications {
    storage: Arc<dyn Storage>,
    read_model: ReadModel,
    status: Status,
    /// Who sees them beside the chain's clerks.
    registrars: BTreeSet<AccountId>,
    /// When the new ones of this hour came.
    recent: Mutex<VecDeque<u64>>,
    /// Held by whoever looks what an account has handed in and then changes it.
    accounts: KeyedMutex<AccountId>,
}

impl Applications {
    /// Over the store and the read model of a service, for the chain's clerks and these accounts.
    pub fn new(
        storage: Arc<dyn Storage>,
        read_model: ReadModel,
        status: Status,
        registrars: impl IntoIterator<Item = AccountId>,
    ) -> Self {
        Self {
            storage,
            read_model,
            status,
            registrars: registrars.into_iter().collect(),
            recent: Mutex::default(),
            accounts: KeyedMutex::default(),
        }
    }

    /// Whether an account sees all applications.
    pub async fn is_registrar(&self, account: AccountId) -> Result<bool, KvError> {
        if self.registrars.contains(&account) {
            return Ok(true);
        }
        self.read_model.run(move |kv| queries::is_clerk(kv, account)).await
    }

    /// Whether an account sees any application.
    pub(crate) async fn concern(&self, account: AccountId) -> Result<bool, StorageError> {
        Ok(self.is_registrar(account).await?
            || self.storage.length(Folder::Applicants, Hash(account.0)).await?.is_some())
    }

    /// Takes an application, and says whether it is new here.
    pub async fn hand_in(
        self: &Arc<Self>,
        application: Application,
        now_ms: u64,
    ) -> Result<(ApplicationView, bool)> {
        let applications = self.clone();
        run_to_completion(async move { applications.take(application, now_ms).await }).await
    }

    async fn take(&self, application: Application, now_ms: u64) -> Result<(ApplicationView, bool)> {
        let genesis = self.status.genesis().ok_or(ApplicationError::NoChain)?;
        let digest = Hash(application.digest(&genesis.0)?);
        let account = application.account;
        let key = VerifyingKey::from_bytes(&account.0).map_err(|_| ApplicationError::Signature)?;
        key.verify_strict(&digest.0, &Signature::from_bytes(&application.signature.0))
            .map_err(|_| ApplicationError::Signature)?;
        let height = self.read_model.applied().await?.ok_or(ApplicationError::NoChain)?.height;

        let _account = self.accounts.lock(account).await;
        if let Some(earlier) = self.of(account).await? {
            if earlier.digest == digest {
                return Ok((earlier, false));
            }
            if earlier.state == ApplicationState::Open {
                return Err(ApplicationError::Open(earlier.digest));
            }
        }
        let expires = application.joining.expires;
        if expires <= height {
            return Err(ApplicationError::Expired { expires, height });
        }
        let latest = height.saturating_add(MAX_BLOCKS);
        if expires > latest {
            return Err(ApplicationError::TooLong { expires, latest });
        }
        self.count(now_ms)?;
        self.make_room().await?;
        self.forget(account).await?;
        let stored = Stored { application, received_at: height, received_at_ms: now_ms };
        self.storage.put(Folder::Applications, digest, stored.to_bytes().into()).await?;
        let named = digest.to_string().into();
        if !self.storage.put_if_absent(Folder::Applicants, Hash(account.0), named).await? {
            // Another service took one of the same account at this moment, perhaps this very one.
            let taken = self.named(account).await?;
            if taken != Some(digest) {
                self.storage.delete(Folder::Applications, digest).await?;
                return Err(ApplicationError::Open(taken.unwrap_or(digest)));
            }
        }
        Ok((self.views(vec![(digest, stored)]).await?.remove(0), true))
    }

    /// Counts a new one.
    fn count(&self, now_ms: u64) -> Result<()> {
        let mut recent = self.recent.lock();
        while recent.front().is_some_and(|at| at.saturating_add(HOUR_MS) <= now_ms) {
            recent.pop_front();
        }
        if recent.len() >= MAX_PER_HOUR {
            return Err(ApplicationError::TooMany);
        }
        recent.push_back(now_ms);
        Ok(())
    }

    /// Removes those that have ended, if there is no room for another.
    async fn make_room(&self) -> Result<()> {
        let names = self.storage.list(Folder::Applications).await?;
        if names.len() < MAX_APPLICATIONS {
            return Ok(());
        }
        let mut left = names.len();
        for view in self.load(&names).await? {
            if view.state != ApplicationState::Open {
                self.delete(view.application.account, view.digest).await?;
                left -= 1;
            }
        }
        match left < MAX_APPLICATIONS {
            true => Ok(()),
            false => Err(ApplicationError::Full),
        }
    }

    /// What an account has handed in.
    async fn of(&self, account: AccountId) -> Result<Option<ApplicationView>> {
        match self.named(account).await? {
            Some(digest) => self.get(digest).await,
            None => Ok(None),
        }
    }

    /// The digest of what an account has handed in.
    async fn named(&self, account: AccountId) -> Result<Option<Hash>> {
        let bytes = self.storage.get(Folder::Applicants, Hash(account.0)).await?;
        Ok(bytes.and_then(|bytes| std::str::from_utf8(&bytes).ok()?.parse().ok()))
    }

    /// Removes whatever an account has handed in.
    async fn forget(&self, account: AccountId) -> Result<()> {
        if let Some(digest) = self.named(account).await? {
            self.storage.delete(Folder::Applications, digest).await?;
        }
        Ok(self.storage.delete(Folder::Applicants, Hash(account.0)).await?)
    }

    async fn delete(&self, account: AccountId, digest: Hash) -> Result<()> {
        self.storage.delete(Folder::Applications, digest).await?;
        // It may be another one's by now.
        if self.named(account).await? == Some(digest) {
            self.storage.delete(Folder::Applicants, Hash(account.0)).await?;
        }
        Ok(())
    }

    /// An application.
    pub async fn get(&self, digest: Hash) -> Result<Option<ApplicationView>> {
        Ok(self.load(&[digest]).await?.pop())
    }

    /// Removes an application, if it is there.
    pub async fn remove(self: &Arc<Self>, application: ApplicationView) -> Result<()> {
        let applications = self.clone();
        run_to_completion(async move {
            let account = application.application.account;
            let _account = applications.accounts.lock(account).await;
            applications.delete(account, application.digest).await
        })
        .await
    }

    /// A page of those of this state, or of all, by digest.
    pub async fn list(
        &self,
        state: Option<ApplicationState>,
        request: PageRequest,
    ) -> Result<Page<ApplicationView>> {
        let mut names = self.storage.list(Folder::Applications).await?;
        names.sort();
        if let Some(after) = &request.after {
            names.retain(|name| name.0[..] > after[..]);
        }
        let mut items = Vec::new();
        for some in names.chunks(READ_AT_ONCE) {
            for view in self.load(some).await? {
                if state.is_some_and(|state| view.state != state) {
                    continue;
                }
                let digest = view.digest;
                items.push(view);
                if items.len() >= request.limit {
                    let next = names.last().filter(|last| **last != digest).map(|_| digest.0.to_vec());
                    return Ok(Page { items, next });
                }
            }
        }
        Ok(Page { items, next: None })
    }

    /// Those of these digests that are there and can be read.
    async fn load(&self, digests: &[Hash]) -> Result<Vec<ApplicationView>> {
        let load = |digest: Hash| async move {
            let bytes = self.storage.get(Folder::Applications, digest).await?;
            Ok::<_, StorageError>(bytes.and_then(|bytes| Stored::read(&bytes)).map(|stored| (digest, stored)))
        };
        // The futures are made first: a closure that is polled from a stream would have to be of every lifetime.
        let loads: Vec<_> = digests.iter().copied().map(load).collect();
        let found: Vec<_> = stream::iter(loads).buffered(READ_AT_ONCE).try_collect().await?;
        Ok(self.views(found.into_iter().flatten().collect()).await?)
    }

    /// What became of them, all as of one block.
    async fn views(&self, found: Vec<(Hash, Stored)>) -> Result<Vec<ApplicationView>, KvError> {
        let views = move |kv: &dyn KvStore| {
            let height = applied(kv)?.map_or(0, |block| block.height);
            found.into_iter().map(|(digest, stored)| view(kv, digest, stored, height)).collect()
        };
        self.read_model.read(views).await
    }
}

#[cfg(test)]
mod tests;
