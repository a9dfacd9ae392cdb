//! A member's way to the secrets and content keys of their company: from this home, from the service, and as the chain
//! says which are the company's.
//!
//! What it promises:
//!
//! - A secret counts only if its commitment stands on the chain, whoever wrapped it; of two admins who begin an epoch at
//!   once the chain decides. What comes out of a sealed or entrusted key is compared with its commitment.
//! - Whatever an admin does with it brings the company up to date first: the first epoch, the next one once somebody has
//!   left, and every secret for members who have none of them yet. It can be killed anywhere and goes on the next time.
//! - Nothing new rests on a secret before the colleagues who are there can have it.

mod content;
#[cfg(test)]
mod tests;

pub use content::FetchedKey;

use super::rotation::{begin_epoch, wrap_again, Beginning, RotationError, Which, WhyNot};
use super::secrets::{CompanyId, CompanySecret, Epoch, SecretId};
use super::state::{CompanyChain, CompanyState};
use super::store::{CompanySecrets, State, StoreError};
use super::wrapping::WrappedSecret;
use crate::chain::ChainError;
use crate::keys::Keypair;
use crate::ports::Home;
use crate::service::{CompanyStore, ServiceError};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use thiserror::Error;
use wonbon_model::{AccountId, Digest};
use wonbon_primitives::delivery::OrderKey;

/// Why a company's secrets cannot be used.
#[derive(Debug, Error)]
pub enum KeyringError {
    /// The secrets of this home cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No epoch begins, or nothing is wrapped.
    #[error(transparent)]
    Rotation(#[from] RotationError),
    /// The chain refused, or cannot be reached.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The service refused, or cannot be reached.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// Whoever asks is no member of the company.
    #[error("{0} is no member of the company")]
    NotMember(AccountId),
    /// What the member does takes no secret.
    #[error("the company's secrets are for members who buy or sell, and for admins")]
    NotForTheirRoles,
    /// No admin has begun an epoch.
    #[error("the company has no secret yet")]
    NoEpoch,
    /// The secret is neither here nor at the service, wrapped for this member.
    #[error("the company's secret of epoch {0} is not here, and no admin has wrapped it for this key")]
    Missing(Epoch),
    /// It is here, and colleagues cannot have it.
    #[error("the company's secret of epoch {0} is not handed out to the other members yet")]
    NotShared(Epoch),
    /// The member's key is none that anything can be encrypted to.
    #[error("{0} has a key that nothing can be encrypted to")]
    BadMemberKey(AccountId),
}

impl KeyringError {
    /// Whether chain or service cannot be reached: no fault of what was asked.
    pub fn is_connection(&self) -> bool {
        match self {
            Self::Chain(error) => error.is_connection(),
            Self::Service(error) => error.is_connection(),
            _ => false,
        }
    }
}

type Result<T, E = KeyringError> = std::result::Result<T, E>;

/// What bringing a company's secrets up to date came to.
#[derive(Debug, Default)]
pub struct Refreshed {
    /// The epoch that was begun.
    pub begun: Option<Epoch>,
    /// The epochs whose secrets this home has now and did not have before.
    pub received: Vec<Epoch>,
    /// The epochs whose secrets this home does not have.
    pub missing: Vec<Epoch>,
    /// To whom secrets were handed out that they did not have.
    pub handed_out: Vec<AccountId>,
    /// Members who should have them, and cannot.
    pub left_out: Vec<AccountId>,
    /// What stopped handing out, or beginning: it is tried again the next time.
    pub failure: Option<KeyringError>,
}

/// The secrets and content keys of the company that a key acts for.
pub struct Keyring<'a> {
    chain: &'a dyn CompanyChain,
    service: &'a dyn CompanyStore,
    secrets: CompanySecrets<'a>,
    key: &'a Keypair,
    company: CompanyId,
    state: Mutex<Option<CompanyState>>,
    /// Content keys that the service did not have, and when it was asked.
    asked: Mutex<HashMap<Digest, Instant>>,
}

impl<'a> Keyring<'a> {
    /// For the company that a key acts for; `None` if it acts for its own account.
    pub fn new(
        chain: &'a dyn CompanyChain,
        service: &'a dyn CompanyStore,
        home: &'a dyn Home,
        key: &'a Keypair,
    ) -> Option<Self> {
        let company = CompanyId { genesis: chain.genesis(), account: key.membership()?.company };
        let secrets = CompanySecrets::new(home, key);
        Some(Self { chain, service, secrets, key, company, state: Mutex::default(), asked: Mutex::default() })
    }

    /// Whose secrets they are.
    pub fn company(&self) -> &CompanyId {
        &self.company
    }

    /// Brings everything up to date: fetches the secrets that are for this member, and, for an admin, begins an epoch if one
    /// is due and hands out what others lack.
    pub async fn refresh(&self) -> Result<Refreshed> {
        self.bring_up_to_date(false).await
    }

    /// The same, and begins an epoch whether it is due or not: for an admin who lost a secret, or who took a role that shares
    /// it from somebody.
    pub async fn renew(&self) -> Result<Refreshed> {
        self.bring_up_to_date(true).await
    }

    async fn bring_up_to_date(&self, renew: bool) -> Result<Refreshed> {
        let mut state = self.read_state().await?;
        let me = *state.member(&self.key.signer()).ok_or(KeyringError::NotMember(self.key.signer()))?;
        let mut done = Refreshed::default();
        if !me.shares_secrets() {
            return Ok(done);
        }
        self.receive(&state, &mut done).await?;
        if !me.is_admin() || state.recovering {
            return Ok(done);
        }
        if renew || state.is_due() {
            match self.begin(&state).await {
                Ok(epoch) => done.begun = Some(epoch),
                // Another admin was faster: theirs is the company's.
                Err(KeyringError::Chain(error)) if error.is_refused("Participants", "OtherEpoch") => {}
                Err(error) => {
                    done.failure = Some(error);
                    return Ok(done);
                }
            }
            state = self.read_state().await?;
            done.missing.clear();
            self.receive(&state, &mut done).await?;
        }
        if let Err(error) = self.hand_out(&state, &mut done).await {
            done.failure = Some(error);
        }
        Ok(done)
    }

    /// The company as the chain has it now.
    async fn read_state(&self) -> Result<CompanyState> {
        let read = self.chain.company_state(&self.company.account).await?;
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = Some(read.clone());
        Ok(read)
    }

    /// The company as it was read last.
    pub async fn state(&self) -> Result<CompanyState> {
        let known = self.state.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some(known) => Ok(known),
            None => self.read_state().await,
        }
    }

    /// Takes what is for this member from the service.
    async fn receive(&self, state: &CompanyState, done: &mut Refreshed) -> Result<()> {
        for id in state.secrets(&self.company) {
            if self.secrets.get(&id).await?.is_some() {
                continue;
            }
            match self.unwrapped(&id).await {
                Ok(Some(secret)) => {
                    self.secrets.keep(&secret).await?;
                    done.received.push(id.epoch);
                }
                Ok(None) => done.missing.push(id.epoch),
                Err(error) => {
                    done.missing.push(id.epoch);
                    done.failure = Some(error.into());
                }
            }
        }
        Ok(())
    }

    /// A secret that is at the service, wrapped for this member. What is no such thing counts as nothing.
    async fn unwrapped(&self, id: &SecretId) -> Result<Option<CompanySecret>, ServiceError> {
        let (company, member) = (&self.company.account, self.key.signer());
        let Some(bytes) = self.service.wrapped_secret(company, id.epoch.0, &member).await? else {
            return Ok(None);
        };
        let wrapped = WrappedSecret::from_bytes(&bytes).ok().filter(|wrapped| wrapped.secret() == id);
        // The chain says which secret it is, so that whoever wrapped it may have left since.
        let opened = wrapped.map(|wrapped| {
            wrapped.open(&self.company, &member, &self.key.member_secret(), &[*wrapped.wrapper()])
        });
        Ok(opened.and_then(|opened| {
            opened
                .inspect_err(|error| tracing::warn!(%error, epoch = id.epoch.0, "a secret is left out"))
                .ok()
        }))
    }

    /// Begins the next epoch, with the secret of an attempt that was interrupted if there is one.
    async fn begin(&self, state: &CompanyState) -> Result<Epoch> {
        let newest = state.newest(&self.company).map(|id| id.epoch);
        let next = match newest {
            None => Epoch::FIRST,
            Some(newest) => newest.next().ok_or(RotationError::LastEpoch(newest))?,
        };
        let begun = |kept: Vec<super::store::KeptSecret>| {
            let ours = |kept: &super::store::KeptSecret| {
                kept.state == State::Begun && kept.secret.id().epoch == next
            };
            kept.into_iter().find(ours).map(|kept| *kept.secret.id())
        };
        let id = match begun(self.secrets.all(&self.company).await?) {
            Some(id) => id,
            None => {
                let beginning =
                    Beginning { company: self.company, members: &state.members, removed: &[], seen: newest };
                let _made = begin_epoch(&self.secrets, self.key, &beginning).await?;
                let made = begun(self.secrets.all(&self.company).await?);
                made.ok_or(StoreError::Missing(next))?
            }
        };
        self.chain.begin_epoch(self.key, id.epoch, id.commitment).await?;
        Ok(id.epoch)
    }

    /// Gives every member who shares the secrets those that this home has, if they lack the newest.
    async fn hand_out(&self, state: &CompanyState, done: &mut Refreshed) -> Result<()> {
        let Some(newest) = state.newest(&self.company) else { return Ok(()) };
        if self.secrets.get(&newest).await?.is_none() {
            // Another admin's to hand out.
            return Ok(());
        }
        let ids = state.secrets(&self.company);
        let company = &self.company.account;
        for member in state.members.iter().filter(|member| member.shares_secrets()) {
            let theirs = self.service.wrapped_secret(company, newest.epoch.0, &member.account).await?;
            if theirs.is_some() {
                continue;
            }
            let wrapped = self.wrapped_for(state, member.account).await?;
            if let Some((account, WhyNot::BadKey)) = wrapped.1 {
                done.left_out.push(account);
                continue;
            }
            let mut wrapped = wrapped.0;
            wrapped.retain(|wrapped| ids.contains(wrapped.secret()));
            wrapped.sort_by_key(|wrapped| wrapped.secret().epoch);
            for one in wrapped {
                let epoch = one.secret().epoch.0;
                let put = self.service.put_wrapped_secret(company, epoch, &member.account, one.to_bytes());
                match put.await {
                    // Another admin gave it to them.
                    Err(error) if error.is_problem("never-replaced") => {}
                    other => other?,
                }
            }
            done.handed_out.push(member.account);
        }
        for id in ids {
            if self.secrets.get(&id).await?.is_some_and(|kept| kept.state == State::Begun) {
                self.secrets.shared(&id).await?;
            }
        }
        Ok(())
    }

    /// All secrets of this home, wrapped for one member, or why not.
    async fn wrapped_for(
        &self,
        state: &CompanyState,
        account: AccountId,
    ) -> Result<(Vec<WrappedSecret>, Option<(AccountId, WhyNot)>)> {
        // With the admin themself among them, who is looked for there.
        let mut members = state.members.clone();
        members.retain(|member| member.account == account || member.account == self.key.signer());
        let mut handed = wrap_again(&self.secrets, self.key, &self.company, &members, Which::All).await?;
        handed.wrapped.retain(|wrapped| *wrapped.member() == account);
        Ok((handed.wrapped, handed.left_out.into_iter().find(|(left_out, _)| *left_out == account)))
    }

    /// The secret for what is ordered and sealed now.
    pub async fn current(&self) -> Result<CompanySecret> {
        let state = self.state().await?;
        let me = state.member(&self.key.signer()).ok_or(KeyringError::NotMember(self.key.signer()))?;
        if !me.shares_secrets() {
            return Err(KeyringError::NotForTheirRoles);
        }
        let newest = state.newest(&self.company).ok_or(KeyringError::NoEpoch)?;
        match self.secrets.get(&newest).await? {
            Some(kept) if kept.state == State::Shared => Ok(kept.secret),
            Some(_) => Err(KeyringError::NotShared(newest.epoch)),
            None => Err(KeyringError::Missing(newest.epoch)),
        }
    }

    /// A secret that something was made with.
    pub async fn get(&self, id: &SecretId) -> Result<CompanySecret> {
        let kept = self.secrets.get(id).await?;
        kept.map(|kept| kept.secret).ok_or(KeyringError::Missing(id.epoch))
    }

    /// The secret that an order of the company was made with, by the nonce and the key that stand in the order; `None` if it is
    /// not here.
    pub async fn of_order(&self, nonce: &Digest, order_key: &OrderKey) -> Result<Option<SecretId>> {
        for kept in self.secrets.all(&self.company).await? {
            if kept.secret.order_secret(nonce).order_key() == *order_key {
                return Ok(Some(*kept.secret.id()));
            }
        }
        Ok(None)
    }

    /// All secrets of the company that this home has, the oldest first: those that the chain knows.
    pub async fn all(&self) -> Result<Vec<CompanySecret>> {
        let ids = self.state().await?.secrets(&self.company);
        let mut kept = self.secrets.all(&self.company).await?;
        kept.retain(|kept| ids.contains(kept.secret.id()));
        Ok(kept.into_iter().map(|kept| kept.secret).collect())
    }

    /// Keeps secrets that were read off a sheet; answers the epochs of those that are the company's by the chain.
    pub async fn restore(&self, secrets: &[CompanySecret]) -> Result<Vec<Epoch>> {
        let ids = self.read_state().await?.secrets(&self.company);
        let mut restored = Vec::new();
        for secret in secrets.iter().filter(|secret| ids.contains(secret.id())) {
            self.secrets.keep(secret).await?;
            restored.push(secret.id().epoch);
        }
        Ok(restored)
    }
}
