//! Sessions: what a signed challenge is exchanged for.
//!
//! A token is 32 random bytes. Only its SHA-256 is kept, with account and expiry; each account has at most
//! [`SESSIONS_PER_ACCOUNT`], the oldest goes first. What a token allows is asked of the read model at each request.

use codec::{Decode, Encode};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use wonbon_model::{AccountId, Hash};

use super::SignIn;
use crate::{
    kv::{Batch, Direction, KvError, KvStore},
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

#[derive(Encode, Decode)]
struct Session {
    token_hash: Hash,
    account: AccountId,
    expires_at_ms: u64,
}

impl SignIn {
    /// Gives an account a token.
    pub(super) async fn begin_session(
        &self,
        account: AccountId,
        now_ms: u64,
        expires_at_ms: u64,
    ) -> Result<Token, KvError> {
        let token = Token { secret: crate::random::bytes(), expires_at_ms };
        let session =
            Session { token_hash: Hash(Sha256::digest(token.secret).into()), account, expires_at_ms };
        self.state.run(move |kv| keep(kv, &session, now_ms)).await?;
        Ok(token)
    }

    /// Whose a token is; `None` if it is nobody's or has expired.
    pub async fn account_of(&self, token: &str, now_ms: u64) -> Result<Option<AccountId>, KvError> {
        let Ok(Hash(secret)) = token.parse::<Hash>() else { return Ok(None) };
        let token_hash = Hash(Sha256::digest(secret).into());
        let key = Kind::Session.key(&[&token_hash]);
        let found: Option<Session> = self.state.run(move |kv| fetch(kv, &key)).await?;
        let Some(session) = found else { return Ok(None) };
        let same: bool = session.token_hash.0.ct_eq(&token_hash.0).into();
        Ok((same && session.expires_at_ms > now_ms).then_some(session.account))
    }
}

/// Stores a session, and removes the account's expired ones and its oldest beyond the bound.
fn keep(kv: &dyn KvStore, session: &Session, now_ms: u64) -> Result<(), KvError> {
    let prefix = Kind::SessionByAccount.key(&[&session.account]);
    let older = kv.scan(&prefix, None, Direction::Ascending, 4 * SESSIONS_PER_ACCOUNT)?;
    let mut batch = Batch::new();
    let surplus = (older.len() + 1).saturating_sub(SESSIONS_PER_ACCOUNT);
    for (position, (key, row)) in older.into_iter().enumerate() {
        let (expires_at_ms, token_hash): (u64, Hash) = decode(&row)?;
        if position < surplus || expires_at_ms <= now_ms {
            batch.remove(key);
            batch.remove(Kind::Session.key(&[&token_hash]));
        }
    }
    batch.put(Kind::Session.key(&[&session.token_hash]), encode(session));
    let by_account =
        Kind::SessionByAccount.key(&[&session.account, &session.expires_at_ms, &session.token_hash]);
    batch.put(by_account, encode(&(session.expires_at_ms, session.token_hash)));
    kv.write(batch)
}
