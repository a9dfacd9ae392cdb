//! A new epoch when a member leaves, and secrets for those who came later or changed their key.
//!
//! Wrapped for are the members who buy or sell, and the admins; of every other it is said that and why not. Who they are, and their keys,
//! comes from a proved view of the chain: a node that could name a member could read everything.
//!
//! A rotation can be interrupted anywhere. The secret is kept first, then wrapped, and used when the caller has handed
//! out what was wrapped and says so ([`CompanySecrets::shared`]). Until then it is [`State::Begun`], and
//! [`wrap_again`] goes on with it: what some members may have already, the others still get.

use super::secrets::{CompanyId, CompanySecret, Epoch, SecretId};
use super::store::{CompanySecrets, State, StoreError};
use super::wrapping::{Recipient, WrappedSecret};
use crate::keys::Keypair;
use rand_core::OsRng;
use thiserror::Error;
use wonbon_model::AccountId;
use wonbon_primitives::membership::{MemberRole, MemberRoles};

/// A member as the chain has them, from a proved view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProvedMember {
    /// Their account.
    pub account: AccountId,
    /// What they may do.
    pub roles: MemberRoles,
    /// Their X25519 public key.
    pub key: [u8; 32],
}

impl ProvedMember {
    /// Whether the company's secrets are for them: who buys or sells, and admins, who hand them on.
    pub fn shares_secrets(&self) -> bool {
        [MemberRole::Buy, MemberRole::Sell, MemberRole::Admin].iter().any(|role| self.roles.contains(*role))
    }

    /// Whether they are an admin.
    pub fn is_admin(&self) -> bool {
        self.roles.contains(MemberRole::Admin)
    }
}

/// Why no epoch begins, or nothing is wrapped.
#[derive(Debug, Error)]
pub enum RotationError {
    /// The secrets of this home cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Only an admin's signature is believed.
    #[error("{0} is no admin of the company, so that no member would believe the secret")]
    NotAdmin(AccountId),
    /// The view is older than the removal.
    #[error("{0} is still a member of the company: the epoch begins when they are not")]
    StillMember(AccountId),
    /// There is no number for another epoch.
    #[error("there is no epoch after {0}")]
    LastEpoch(Epoch),
}

/// Why a member gets no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WhyNot {
    /// What they do takes none.
    #[error("neither buys nor sells")]
    NeitherBuysNorSells,
    /// Nothing can be encrypted to their key.
    #[error("has a key that nothing can be encrypted to")]
    BadKey,
}

/// What is to be handed out, all of it before the secrets are [`CompanySecrets::shared`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "what is not handed out is used by nobody"]
pub struct HandOut {
    /// Which secrets were wrapped, oldest first.
    pub secrets: Vec<SecretId>,
    /// Each of them for each member who buys, sells or is an admin.
    pub wrapped: Vec<WrappedSecret>,
    /// The other members.
    pub left_out: Vec<(AccountId, WhyNot)>,
}

/// What an epoch begins with.
#[derive(Debug, Clone, Copy)]
pub struct Beginning<'a> {
    /// Whose epoch it is.
    pub company: CompanyId,
    /// The members of now, all of them.
    pub members: &'a [ProvedMember],
    /// Who is no member any more; of a company's first epoch there is nobody.
    pub removed: &'a [AccountId],
    /// The newest epoch that was seen anywhere, at the service say: another admin may have begun one.
    pub seen: Option<Epoch>,
}

/// Begins an epoch, with a fresh secret that is kept here first. Secrets that were begun here and never shared are
/// wrapped with it: some members may have them already.
pub async fn begin_epoch(
    secrets: &CompanySecrets<'_>,
    admin: &Keypair,
    beginning: &Beginning<'_>,
) -> Result<HandOut, RotationError> {
    let Beginning { company, members, removed, seen } = *beginning;
    check_admin(admin, members)?;
    if let Some(still) = members.iter().find(|member| removed.contains(&member.account)) {
        return Err(RotationError::StillMember(still.account));
    }
    let _lock = secrets.lock(&company).await?;
    let kept = secrets.all(&company).await?;
    let newest = kept.iter().map(|kept| kept.secret.id().epoch).chain(seen).max();
    let epoch = match newest {
        None => Epoch::FIRST,
        Some(newest) => newest.next().ok_or(RotationError::LastEpoch(newest))?,
    };
    let fresh = CompanySecret::generate(company, epoch, &mut OsRng);
    secrets.begin(&fresh).await?;
    let begun = kept.into_iter().filter(|kept| kept.state == State::Begun).map(|kept| kept.secret);
    Ok(wrap_for(begun.chain([fresh]), members, admin))
}

/// Which secrets are wrapped again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that were begun here and not shared: a rotation that was interrupted.
    Begun,
    /// All: for a member who is new, or has another key. They open what was bought, and deliver what was offered, before.
    All,
}

/// Wraps secrets that are here for members.
pub async fn wrap_again(
    secrets: &CompanySecrets<'_>,
    admin: &Keypair,
    company: &CompanyId,
    members: &[ProvedMember],
    which: Which,
) -> Result<HandOut, RotationError> {
    check_admin(admin, members)?;
    let mut kept = secrets.all(company).await?;
    kept.retain(|kept| which == Which::All || kept.state == State::Begun);
    Ok(wrap_for(kept.into_iter().map(|kept| kept.secret), members, admin))
}

fn check_admin(admin: &Keypair, members: &[ProvedMember]) -> Result<(), RotationError> {
    let account = admin.signer();
    let is_admin = |member: &ProvedMember| member.account == account && member.is_admin();
    members.iter().any(is_admin).then_some(()).ok_or(RotationError::NotAdmin(account))
}

fn wrap_for(
    secrets: impl IntoIterator<Item = CompanySecret>,
    members: &[ProvedMember],
    admin: &Keypair,
) -> HandOut {
    let secrets: Vec<CompanySecret> = secrets.into_iter().collect();
    let (mut wrapped, mut left_out) = (Vec::new(), Vec::new());
    for member in members {
        if !member.shares_secrets() {
            left_out.push((member.account, WhyNot::NeitherBuysNorSells));
            continue;
        }
        let to = Recipient { account: member.account, key: member.key };
        let theirs = secrets.iter().map(|secret| WrappedSecret::wrap(secret, &to, admin, &mut OsRng));
        match theirs.collect::<Result<Vec<_>, _>>() {
            Ok(theirs) => wrapped.extend(theirs),
            Err(_) => left_out.push((member.account, WhyNot::BadKey)),
        }
    }
    HandOut { secrets: secrets.iter().map(|secret| *secret.id()).collect(), wrapped, left_out }
}

#[cfg(test)]
mod tests;
