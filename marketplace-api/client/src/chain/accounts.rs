//! The state of the chain at one block: companies, what accounts have, and who has which office.

use super::error::Result;
use super::View;
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use wonbon_model::{text, AccountId, Balance, BlockNumber, Participant, Redemption};

/// What an account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccountBalance {
    /// What it can spend or have put on hold.
    pub free: Balance,
    /// What is on hold: escrow, bonds, deposits.
    pub held: Balance,
}

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
    /// Every company that ever registered.
    pub async fn participants(&self) -> Result<Vec<(AccountId, Participant)>> {
        self.walk(("Participants", "Participants")).await
    }

    /// The name under which a company is registered.
    pub async fn company_name(&self, account: &AccountId) -> Result<Option<String>> {
        Ok(self.participant(account).await?.map(|found| text(&found.profile.name)))
    }

    /// What an account has.
    pub async fn balance(&self, account: &AccountId) -> Result<AccountBalance> {
        let data = self.account(account).await?.map(|info| info.data);
        Ok(data.map(|data| AccountBalance { free: data.free, held: data.reserved }).unwrap_or_default())
    }

    /// How many transactions of an account are in the blocks up to here.
    pub async fn nonce(&self, account: &AccountId) -> Result<u64> {
        Ok(self.account(account).await?.map_or(0, |info| info.nonce.into()))
    }

    /// The redemptions that the issuer has not decided on, in the order of their numbers.
    pub async fn redemptions(&self) -> Result<Vec<(u64, Redemption)>> {
        self.walk(("Credit", "Redemptions")).await
    }

    /// The least that can be redeemed at once, in won.
    pub fn minimum_redemption(&self) -> Result<Balance> {
        self.constant(("Credit", "MinimumRedemption"))
    }

    /// How many blocks a redemption waits for the issuer before it lapses.
    pub fn redemption_life(&self) -> Result<BlockNumber> {
        self.constant(("Credit", "RedemptionLife"))
    }

    /// The validators of the session, in the order in which they were chosen.
    pub async fn validators(&self) -> Result<Vec<AccountId>> {
        Ok(self.read(("Session", "Validators"), vec![]).await?.unwrap_or_default())
    }

    /// The members of the council.
    pub async fn council(&self) -> Result<Vec<AccountId>> {
        Ok(self.read(("Council", "Members"), vec![]).await?.unwrap_or_default())
    }

    /// The account that may use `sudo`, on a development chain.
    pub async fn sudo_key(&self) -> Result<Option<AccountId>> {
        self.read(("Sudo", "Key"), vec![]).await
    }
}
