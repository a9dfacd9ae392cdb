//! A chain that decides, a service that may fail, and people who act for a company: for tests here and of trades.

use super::rotation::ProvedMember;
use super::secrets::Epoch;
use super::state::{CompanyChain, CompanyState};
use super::Keyring;
use crate::chain::ChainError;
use crate::home::FileHome;
use crate::keys::{Keypair, Membership};
use crate::service::{CompanyStore, Problem, ServiceError};
use async_trait::async_trait;
use std::collections::HashMap;
use std::sync::Mutex;
use tempfile::TempDir;
use wonbon_model::{AccountId, Digest, MemberRole, MemberRoles, SecretEpoch};

/// The company.
pub(crate) const COMPANY: AccountId = AccountId([50; 32]);

/// A chain with one company.
#[derive(Default)]
pub(crate) struct FakeChain {
    pub(crate) state: Mutex<CompanyState>,
    /// Another admin begins the next epoch with this commitment just before somebody does.
    pub(crate) rival: Mutex<Option<Digest>>,
}

impl FakeChain {
    pub(crate) fn begin(&self, commitment: Digest) {
        let mut state = self.state.lock().unwrap();
        let (ended, begun_at) = (state.ended, state.epochs.len() as u32 * 10);
        state.epochs.push(SecretEpoch { version: 1, commitment, ended, begun_at });
    }

    pub(crate) fn join(&self, person: &Person, roles: impl IntoIterator<Item = MemberRole>) {
        let roles = MemberRoles::of(roles).unwrap();
        let member = ProvedMember { account: person.key.signer(), roles, key: person.key.member_key() };
        self.state.lock().unwrap().members.push(member);
    }

    pub(crate) fn leave(&self, person: &Person) {
        let mut state = self.state.lock().unwrap();
        state.members.retain(|member| member.account != person.key.signer());
        state.ended += 1;
    }

    pub(crate) fn epochs(&self) -> usize {
        self.state.lock().unwrap().epochs.len()
    }
}

#[async_trait]
impl CompanyChain for FakeChain {
    fn genesis(&self) -> Digest {
        [1; 32]
    }

    async fn company_state(&self, _: &AccountId) -> Result<CompanyState, ChainError> {
        Ok(self.state.lock().unwrap().clone())
    }

    async fn begin_epoch(&self, _: &Keypair, epoch: Epoch, commitment: Digest) -> Result<(), ChainError> {
        let rival = self.rival.lock().unwrap().take();
        if let Some(rival) = rival {
            self.begin(rival);
        }
        if epoch.0 as usize != self.epochs() + 1 {
            let (pallet, error) = ("Participants".to_owned(), "OtherEpoch".to_owned());
            return Err(ChainError::Refused { pallet, error, explanation: String::new() });
        }
        self.begin(commitment);
        Ok(())
    }
}

/// A service that keeps what it is given.
#[derive(Default)]
pub(crate) struct FakeStore {
    pub(crate) kept: Mutex<HashMap<String, Vec<u8>>>,
    pub(crate) down: Mutex<bool>,
    pub(crate) asked: Mutex<usize>,
}

impl FakeStore {
    fn get(&self, name: String) -> Result<Option<Vec<u8>>, ServiceError> {
        *self.asked.lock().unwrap() += 1;
        self.answers()?;
        Ok(self.kept.lock().unwrap().get(&name).cloned())
    }

    pub(crate) fn put(&self, name: String, bytes: Vec<u8>) -> Result<(), ServiceError> {
        self.answers()?;
        let mut kept = self.kept.lock().unwrap();
        if kept.get(&name).is_some_and(|found| *found != bytes) {
            let kind = "urn:wonbon:problem:never-replaced".to_owned();
            return Err(ServiceError::Problem(Problem { kind, status: 409, ..Problem::default() }));
        }
        kept.insert(name, bytes);
        Ok(())
    }

    fn answers(&self) -> Result<(), ServiceError> {
        match *self.down.lock().unwrap() {
            true => Err(ServiceError::Unreachable { url: "here".to_owned(), reason: "down".to_owned() }),
            false => Ok(()),
        }
    }
}

#[async_trait]
impl CompanyStore for FakeStore {
    async fn wrapped_secret(
        &self,
        _: &AccountId,
        epoch: u32,
        member: &AccountId,
    ) -> Result<Option<Vec<u8>>, ServiceError> {
        self.get(format!("{epoch}/{member}"))
    }

    async fn put_wrapped_secret(
        &self,
        _: &AccountId,
        epoch: u32,
        member: &AccountId,
        wrapped: Vec<u8>,
    ) -> Result<(), ServiceError> {
        self.put(format!("{epoch}/{member}"), wrapped)
    }

    async fn sealed_key(&self, _: &AccountId, commitment: &Digest) -> Result<Option<Vec<u8>>, ServiceError> {
        self.get(hex::encode(commitment))
    }

    async fn put_sealed_key(
        &self,
        _: &AccountId,
        commitment: &Digest,
        sealed: Vec<u8>,
    ) -> Result<(), ServiceError> {
        self.put(hex::encode(commitment), sealed)
    }

    async fn entrusted_key(
        &self,
        _: &AccountId,
        commitment: &Digest,
        member: &AccountId,
    ) -> Result<Option<Vec<u8>>, ServiceError> {
        self.get(format!("{}/{member}", hex::encode(commitment)))
    }

    async fn put_entrusted_key(
        &self,
        _: &AccountId,
        commitment: &Digest,
        member: &AccountId,
        entrusted: Vec<u8>,
    ) -> Result<(), ServiceError> {
        self.put(format!("{}/{member}", hex::encode(commitment)), entrusted)
    }
}

/// Somebody who acts for the company, with a home of their own.
pub(crate) struct Person {
    pub(crate) key: Keypair,
    _folder: TempDir,
    pub(crate) home: FileHome,
}

impl Person {
    pub(crate) fn new(seed: u8) -> Self {
        Self::of(COMPANY, seed)
    }

    pub(crate) fn of(company: AccountId, seed: u8) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = FileHome::new(folder.path());
        let membership = Membership { company, generation: 0 };
        Self { key: Keypair::from_secret(&[seed; 32]).acting_by(membership), _folder: folder, home }
    }

    pub(crate) fn ring<'a>(&'a self, chain: &'a FakeChain, store: &'a FakeStore) -> Keyring<'a> {
        Keyring::new(chain, store, &self.home, &self.key).unwrap()
    }
}
