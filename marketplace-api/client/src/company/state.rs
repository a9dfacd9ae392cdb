//! What the chain says about a company and its members' secrets: who they are, and which secrets there are.
//!
//! Read from a proved view: a node that could name a member, or a secret, could read or choose everything.

use super::rotation::ProvedMember;
use super::secrets::{CompanyId, Epoch, SecretId};
use crate::chain::{Call, Chain, ChainError, Until};
use crate::keys::Keypair;
use async_trait::async_trait;
use wonbon_model::{AccountId, BlockNumber, Digest, SecretEpoch};

/// A company as the chain has it at one block.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompanyState {
    /// Its members, in the order in which they joined.
    pub members: Vec<ProvedMember>,
    /// How many of its memberships have ended.
    pub ended: u32,
    /// When it was recovered last.
    pub recovered_at: Option<BlockNumber>,
    /// Whether a recovery of it is open: members and secrets stay as they are.
    pub recovering: bool,
    /// The epochs of its secrets, from the first on.
    pub epochs: Vec<SecretEpoch>,
}

impl CompanyState {
    /// A member, by their account.
    pub fn member(&self, account: &AccountId) -> Option<&ProvedMember> {
        self.members.iter().find(|member| member.account == *account)
    }

    /// Which secrets there are, the oldest first.
    pub fn secrets(&self, company: &CompanyId) -> Vec<SecretId> {
        let ids = (1..).zip(&self.epochs).map(|(epoch, record)| SecretId {
            company: *company,
            epoch: Epoch(epoch),
            commitment: record.commitment,
        });
        ids.collect()
    }

    /// The secret that counts now; `None` before the first epoch.
    pub fn newest(&self, company: &CompanyId) -> Option<SecretId> {
        self.secrets(company).pop()
    }

    /// Whether another epoch is due: there is none, somebody has left since the last one began, or the company was recovered,
    /// and whoever lost it knows the last secret.
    pub fn is_due(&self) -> bool {
        self.epochs.last().is_none_or(|newest| {
            newest.ended < self.ended || self.recovered_at.is_some_and(|at| at >= newest.begun_at)
        })
    }
}

/// The chain, as companies' secrets need it; tests stand in for it.
#[async_trait]
pub trait CompanyChain: Send + Sync {
    /// Hash of the first block.
    fn genesis(&self) -> Digest;
    /// A company in the proved finalized state.
    async fn company_state(&self, company: &AccountId) -> Result<CompanyState, ChainError>;
    /// Begins an epoch of the company that this admin acts for, with the commitment to its secret; answers once that is final.
    async fn begin_epoch(&self, admin: &Keypair, epoch: Epoch, commitment: Digest) -> Result<(), ChainError>;
}

#[async_trait]
impl CompanyChain for Chain {
    fn genesis(&self) -> Digest {
        Chain::genesis(self)
    }

    async fn company_state(&self, company: &AccountId) -> Result<CompanyState, ChainError> {
        let view = self.finalized().await?;
        let Some(record) = view.company(company).await? else { return Ok(CompanyState::default()) };
        let members = view.members(company).await?.into_iter().map(|member| ProvedMember {
            account: member.account,
            roles: member.record.roles,
            key: member.record.key,
        });
        Ok(CompanyState {
            members: members.collect(),
            ended: record.memberships.saturating_sub(record.members),
            recovered_at: record.recovered_at,
            recovering: view.recovery(company).await?.is_some(),
            epochs: view.secret_epochs(company).await?,
        })
    }

    async fn begin_epoch(&self, admin: &Keypair, epoch: Epoch, commitment: Digest) -> Result<(), ChainError> {
        self.submit(admin, &Call::begin_epoch(epoch.0, commitment), Until::Finalized).await.map(drop)
    }
}
