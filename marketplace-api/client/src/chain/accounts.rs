//! The state of the chain at one block: what accounts have, who acts for them, and who has which office.

use super::call::DELIVERY_PROXY;
use super::view::key;
use super::{ChainError, View};
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use wonbon_model::{AccountId, Balance, BlockNumber, Digest};

/// What an account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccountBalance {
    /// What it can spend or have put on hold.
    pub free: Balance,
    /// What is on hold: escrow, bonds, deposits.
    pub held: Balance,
}

/// Someone who may act for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Decode)]
pub struct ProxyDefinition {
    /// Who may act.
    pub delegate: AccountId,
    /// The runtime's index of what they may do: 0 anything, 1 deliver.
    pub kind: u8,
    /// Blocks between their announcement and their call.
    pub delay: BlockNumber,
}

impl ProxyDefinition {
    /// Whether they may deliver at once, and do nothing else.
    pub fn is_delivery(&self) -> bool {
        (self.kind, self.delay) == (DELIVERY_PROXY, 0)
    }

    /// Whether they may deliver at once.
    pub fn may_deliver(&self) -> bool {
        (self.kind == ANY_PROXY || self.kind == DELIVERY_PROXY) && self.delay == 0
    }
}

/// The proxy type of the runtime that can do anything.
const ANY_PROXY: u8 = 0;

/// The SDK's account record.
#[derive(Encode, Decode, TypeInfo)]
pub(super) struct AccountInfo {
    nonce: u32,
    consumers: u32,
    providers: u32,
    sufficients: u32,
    data: AccountData,
}

#[derive(Encode, Decode, TypeInfo)]
struct AccountData {
    free: Balance,
    reserved: Balance,
    frozen: Balance,
    flags: u128,
}

impl View {
    /// What an account has.
    pub async fn balance(&self, account: &AccountId) -> Result<AccountBalance, ChainError> {
        let found: Option<AccountInfo> = self.read("System", "Account", vec![key(account)]).await?;
        Ok(found.map_or_else(AccountBalance::default, |info| AccountBalance {
            free: info.data.free,
            held: info.data.reserved,
        }))
    }

    /// How many transactions of an account are in the blocks up to here.
    pub(super) async fn nonce(&self, account: &AccountId) -> Result<u64, ChainError> {
        let found: Option<AccountInfo> = self.read("System", "Account", vec![key(account)]).await?;
        Ok(found.map_or(0, |info| info.nonce.into()))
    }

    /// Who may act for an account.
    pub async fn proxies(&self, account: &AccountId) -> Result<Vec<ProxyDefinition>, ChainError> {
        let found: Option<(Vec<ProxyDefinition>, Balance)> =
            self.read("Proxy", "Proxies", vec![key(account)]).await?;
        Ok(found.map(|(definitions, _)| definitions).unwrap_or_default())
    }

    /// The validators of the session, in the order in which they were chosen.
    pub async fn validators(&self) -> Result<Vec<AccountId>, ChainError> {
        Ok(self.read("Session", "Validators", vec![]).await?.unwrap_or_default())
    }

    /// The members of the council.
    pub async fn council(&self) -> Result<Vec<AccountId>, ChainError> {
        Ok(self.read("Council", "Members", vec![]).await?.unwrap_or_default())
    }

    /// The motions that the council has before it, by hash.
    pub async fn motions(&self) -> Result<Vec<Digest>, ChainError> {
        Ok(self.read("Council", "Proposals", vec![]).await?.unwrap_or_default())
    }

    /// The account that may use `sudo`, on a development chain.
    pub async fn sudo_key(&self) -> Result<Option<AccountId>, ChainError> {
        self.read("Sudo", "Key", vec![]).await
    }
}
