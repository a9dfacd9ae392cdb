//! Sessions: what a signed challenge is exchanged for.
//!
//! A token is 32 random bytes. Only its SHA-256 is kept, with account and expiry; each account has at most
//! [`SESSIONS_PER_ACCOUNT`], the oldest goes first. What a token allows is asked of the read model at each request: a
//! session for a company ends with the membership that it was begun in.

use codec::{Decode, Encode};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use wonbon_model::{AccountId, Hash, MemberRoles};

use super::SignIn;
use crate::{
    kv::{Batch, Direction, KvError, KvStore},
    read_model::queries,
    state::row::{decode, encode, fetch, Kind},
};

/// Most sessions of one account.
pub(super) const SESSIONS_PER_ACCOUNT: usize = 32;

/// A token. Its text is shown once, to the client, and never logged.
pub struct Token {
    secret: [u8; 32],
    /// Until when, in milliseconds since 1970.
    pub expires_at_ms: u64,
}

impl Token {
    /// The text that the client sends.
    pub fn expose(&self) -> String {
        hex::encode(self.secret)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token").field("expires_at_ms", &self.expires_at_ms).finish_non_exhaustive()
    }
}

/// Who a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account whose rights count: a company, or an account for itself.
    pub account: AccountId,
    /// Who acts for the company, and what they may do, if it is one.
    pub member: Option<(AccountId, MemberRoles)>,
}

/// A membership that a session was begun in: the company, and which of its memberships it was.
pub(super) type Membership = (AccountId, u32);

#[derive(Encode, Decode)]
struct Session {
    token_hash: Hash,
    signer: AccountId,
    membership: Option<Membership>,
    expires_at_ms: u64,
}

impl SignIn {
    /// Gives an account a token, for itself or as a member.
    pub(super) async fn begin_session(
        &self,
        signer: AccountId,
        membership: Option<Membership>,
        now_ms: u64,
        expires_at_ms: u64,
    ) -> Result<Token, KvError> {
        let token = Token { secret: crate::random::bytes(), expires_at_ms };
        let token_hash = Hash(Sha256::digest(token.secret).into());
        let session = Session { token_hash, signer, membership, expires_at_ms };
        self.state.run(move |kv| keep(kv, &session, now_ms)).await?;
        Ok(token)
    }

    /// Whom a token stands for; `None` if it is nobody's, has expired, or was given to a member who is none any more.
    pub async fn caller(&self, token: &str, now_ms: u64) -> Result<Option<Caller>, KvError> {
        let Ok(Hash(secret)) = token.parse::<Hash>() else { return Ok(None) };
        let token_hash = Hash(Sha256::digest(secret).into());
        let key = Kind::Session.key(&[&token_hash]);
        let found: Option<Session> = self.state.run(move |kv| fetch(kv, &key)).await?;
        let Some(session) = found else { return Ok(None) };
        let same: bool = session.token_hash.0.ct_eq(&token_hash.0).into();
        if !same || session.expires_at_ms <= now_ms {
            return Ok(None);
        }
        let Session { signer, membership, .. } = session;
        let Some((company, generation)) = membership else {
            return Ok(Some(Caller { account: signer, member: None }));
        };
        let member = self.read_model.run(move |kv| queries::member(kv, company, signer)).await?;
        // Whoever was removed and taken on again signs in again.
        let member = member.filter(|member| member.generation == generation);
        Ok(member.map(|member| Caller { account: company, member: Some((signer, member.roles)) }))
    }
}

/// Stores a session, and removes the account's expired ones and its oldest beyond the bound.
fn keep(kv: &dyn KvStore, session: &Session, now_ms: u64) -> Result<(), KvError> {
    let prefix = Kind::SessionByAccount.key(&[&session.signer]);
    let older = kv.scan(&prefix, None, Direction::Ascending, 4 * SESSIONS_PER_ACCOUNT)?;
    let mut batch = Batch::new();
    let surplus = (older.len() + 1).saturating_sub(SESSIONS_PER_ACCOUNT);
    for (position, (key, row)) in older.into_iter().enumerate() {
        let (expires_at_ms, token_hash): (u64, Hash) = decode(&row)?;
        if position < surplus || expires_at_ms <= now_ms {
            batch.remove(key);
            batch.remove(Kind::Session.key(&[&token_hash]));
            batch.remove(Kind::EarlierSession.key(&[&token_hash]));
        }
    }
    batch.put(Kind::Session.key(&[&session.token_hash]), encode(session));
    let by_account =
        Kind::SessionByAccount.key(&[&session.signer, &session.expires_at_ms, &session.token_hash]);
    batch.put(by_account, encode(&(session.expires_at_ms, session.token_hash)));
    kv.write(batch)
}
