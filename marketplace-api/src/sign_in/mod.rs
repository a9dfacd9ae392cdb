//! Sign-in: the account key signs a challenge, a token follows.
//!
//! A challenge is its own proof: account, expiry and a nonce under a key that only this process has. So nothing is
//! stored for it, no number of requests fills anything up, and nobody can use up another's challenges. What is
//! stored is the challenges that were *used*, until they expire, so that each works once; that takes a valid
//! signature of a registered company and is bounded for each account.
//!
//! The message that is signed names the chain and the address at which the client reached the service (see
//! [`Origins`]), so that nobody can pass a challenge on to somebody who means to sign in elsewhere.
//!
//! Whoever signs does so for themselves or, as a member, for a company; the message says which. What follows is a
//! [session](session), in which a member has the rights that their [roles](rights) give.

mod origin;
pub mod rights;
mod session;

use std::{collections::HashMap, sync::Arc, time::Duration};

use ed25519_dalek::{Signature, VerifyingKey};
use hmac::{Hmac, Mac};
use serde::Serialize;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use thiserror::Error;
use utoipa::ToSchema;
use wonbon_model::{AccountId, Hash};

pub use origin::Origins;
pub use session::{Caller, Token};

use crate::{
    applications::Applications,
    kv::{KvError, KvStore},
    locks::Mutex,
    read_model::{queries, ReadModel},
    state::State,
    storage::StorageError,
};

/// How long a challenge can be answered.
const CHALLENGE_MS: u64 = 2 * 60 * 1000;
/// Most challenges that one account may use within their lifetime.
const USED_PER_ACCOUNT: usize = 32;
/// Bytes of the proof within a challenge.
const PROOF_BYTES: usize = 16;

/// Why a sign-in was refused.
#[derive(Debug, Error)]
pub enum SignInError {
    /// The challenge is none of this service, of another account, or too old.
    #[error("the challenge is not one of this service for this account, or it has expired")]
    Challenge,
    /// The challenge was used before.
    #[error("the challenge was used before")]
    Used,
    /// Too many sign-ins in a short time.
    #[error("at most {USED_PER_ACCOUNT} sign-ins in two minutes")]
    TooMany,
    /// It was signed for another address.
    #[error("signed for an address that is not this service's; its own: {0}")]
    Origin(String),
    /// The signature does not verify.
    #[error("the signature does not verify")]
    Signature,
    /// The account is no registered company, and nobody who acts for one or for the registrar.
    #[error("the account is not registered")]
    Unknown,
    /// The account acts for no such company.
    #[error("the account is no member of the company")]
    NotMember,
    /// The service has not seen the chain yet.
    #[error("the chain has not been reached yet")]
    NoChain,
    /// The rows cannot be read or written.
    #[error(transparent)]
    Kv(#[from] KvError),
    /// Nobody can tell whether the account has handed in an application.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A challenge to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ChallengeView)]
pub struct Challenge {
    /// 32 random bytes, good for one answer.
    #[serde(rename = "challenge")]
    pub bytes: Hash,
    /// Until when, in milliseconds since 1970.
    #[serde(rename = "expires_at")]
    pub expires_at_ms: u64,
}

/// The message that an account signs to sign in at an origin, for itself or for a company.
pub fn message(
    genesis: Hash,
    account: AccountId,
    company: Option<AccountId>,
    challenge: Hash,
    origin: &str,
) -> [u8; 32] {
    wonbon_client::service::sign_in_message(&genesis.0, &account, company.as_ref(), &challenge.0, origin)
}

/// An answer to a challenge. Not `Debug`: a signature is nothing to print.
pub struct Answer<'a> {
    /// Who wants to sign in.
    pub account: AccountId,
    /// The company for which, if not for themselves.
    pub company: Option<AccountId>,
    /// What the service gave to sign.
    pub challenge: Hash,
    /// Where the client reached the service.
    pub origin: &'a str,
    /// The signature over [`message`].
    pub signature: [u8; 64],
}

/// Challenges and tokens.
pub struct SignIn {
    read_model: ReadModel,
    state: State,
    applications: Arc<Applications>,
    key: [u8; 32],
    session: Duration,
    origins: Origins,
    used: Mutex<HashMap<AccountId, Vec<Challenge>>>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").finish_non_exhaustive()
    }
}

impl SignIn {
    /// With sessions of this length, at these addresses.
    pub fn new(
        (read_model, state): (ReadModel, State),
        applications: Arc<Applications>,
        session: Duration,
        origins: Origins,
    ) -> Self {
        let key = crate::random::bytes();
        Self { read_model, state, applications, key, session, origins, used: Mutex::default() }
    }

    /// A challenge for an account.
    pub fn challenge(&self, account: AccountId, now_ms: u64) -> Challenge {
        let expires_at_ms = now_ms + CHALLENGE_MS;
        let nonce = crate::random::bytes::<8>();
        let proof = self.proof(account, expires_at_ms, &nonce);
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&expires_at_ms.to_be_bytes());
        bytes[8..16].copy_from_slice(&nonce);
        bytes[16..].copy_from_slice(&proof);
        Challenge { bytes: Hash(bytes), expires_at_ms }
    }

    fn proof(&self, account: AccountId, expires_at_ms: u64, nonce: &[u8]) -> [u8; PROOF_BYTES] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes a key of any length; qed");
        mac.update(&account.0);
        mac.update(&expires_at_ms.to_be_bytes());
        mac.update(nonce);
        let proof = mac.finalize().into_bytes();
        *proof.first_chunk().expect("SHA-256 has 32 bytes; qed")
    }

    fn read(&self, account: AccountId, bytes: Hash, now_ms: u64) -> Result<Challenge, SignInError> {
        let (expiry, rest) = bytes.0.split_first_chunk::<8>().expect("8 of 32 bytes; qed");
        let (nonce, proof) = rest.split_at(8);
        let expires_at_ms = u64::from_be_bytes(*expiry);
        let ours: bool = self.proof(account, expires_at_ms, nonce).ct_eq(proof).into();
        if !ours || expires_at_ms <= now_ms {
            return Err(SignInError::Challenge);
        }
        Ok(Challenge { bytes, expires_at_ms })
    }

    /// Checks an answer and gives a token.
    pub async fn sign_in(
        &self,
        genesis: Option<Hash>,
        answer: &Answer<'_>,
        now_ms: u64,
    ) -> Result<Token, SignInError> {
        let Answer { account, company, origin, .. } = *answer;
        let genesis = genesis.ok_or(SignInError::NoChain)?;
        if !self.origins.has(origin) {
            return Err(SignInError::Origin(self.origins.to_string()));
        }
        let challenge = self.read(account, answer.challenge, now_ms)?;
        let key = VerifyingKey::from_bytes(&account.0).map_err(|_| SignInError::Signature)?;
        let signed = message(genesis, account, company, challenge.bytes, origin);
        key.verify_strict(&signed, &Signature::from_bytes(&answer.signature))
            .map_err(|_| SignInError::Signature)?;
        let membership = match self.read_model.read(move |kv| membership(kv, account, company)).await {
            // Applications are bounded as well, and so are those whom the operator names.
            Err(SignInError::Unknown) if self.applications.concern(account).await? => None,
            found => found?,
        };
        self.use_up(account, challenge, now_ms)?;
        let lifetime_ms = u64::try_from(self.session.as_millis()).unwrap_or(u64::MAX);
        Ok(self.begin_session(account, membership, now_ms, now_ms.saturating_add(lifetime_ms)).await?)
    }

    fn use_up(&self, account: AccountId, challenge: Challenge, now_ms: u64) -> Result<(), SignInError> {
        let mut all = self.used.lock();
        all.retain(|_, used| {
            used.retain(|one| one.expires_at_ms > now_ms);
            !used.is_empty()
        });
        let used = all.entry(account).or_default();
        if used.contains(&challenge) {
            return Err(SignInError::Used);
        }
        if used.len() >= USED_PER_ACCOUNT {
            return Err(SignInError::TooMany);
        }
        used.push(challenge);
        Ok(())
    }
}

/// The membership that an account signs in with; `None` if it signs in for itself. What is kept for a sign-in is for
/// accounts that the chain knows, of which nobody makes as many as they like.
fn membership(
    kv: &dyn KvStore,
    account: AccountId,
    company: Option<AccountId>,
) -> Result<Option<session::Membership>, SignInError> {
    if let Some(company) = company {
        let member = queries::member(kv, company, account)?.ok_or(SignInError::NotMember)?;
        return Ok(Some((company, member.generation)));
    }
    let known = queries::participant(kv, account)?.is_some()
        || queries::is_member_anywhere(kv, account)?
        || queries::is_clerk(kv, account)?;
    known.then_some(None).ok_or(SignInError::Unknown)
}

#[cfg(test)]
mod tests;
