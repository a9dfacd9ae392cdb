//! How a command reaches the chain and the service.

use std::sync::{Arc, PoisonError};

use wonbon_client::chain::{Call, Chain, ChainError, ConnectOptions, Included, Until, View};
use wonbon_client::home::SystemClock;
use wonbon_client::keys::Keypair;
use wonbon_client::light::{check_clock, Light};
use wonbon_client::ports::Clock;
use wonbon_client::service::Service;
use wonbon_model::AccountId;
use wonbon_verifier::{anchor, TrustAnchor};

use super::keys::KeyChoice;
use super::{pinned_chain, Context};
use crate::arguments::CompanyChoice;
use crate::exit::{Code, Failure, Result};
use crate::files::read_bounded;

impl Context {
    /// Connects to the chain; what is read from its finalized state is proved.
    pub async fn chain(&self) -> Result<Chain> {
        self.connect(self.nodes()).await
    }

    /// Connects to the chain, and takes the node's word for everything: for what is checked in another way, or says that
    /// it is a node's word.
    pub async fn chain_unproved(&self) -> Result<Chain> {
        self.connect_plain(self.nodes()).await
    }

    /// The nodes that the options name.
    pub fn nodes(&self) -> ConnectOptions {
        ConnectOptions::to_nodes(self.global.chain.iter().cloned())
    }

    /// What proves the chain's state: the anchor in the home folder, or the one that the options name.
    fn light(&self) -> Result<Light> {
        let given = match &self.global.trust_anchor {
            Some(path) => {
                let json = read_bounded(path, anchor::MAX_SIZE)?;
                let anchor = TrustAnchor::from_json(&json).map_err(|error| {
                    Failure::new(Code::Refused, format!("the trust anchor {}: {error}", path.display()))
                        .advise("`wonbon trust-anchor` writes one from a chain specification that you trust")
                })?;
                Some(anchor)
            }
            None => None,
        };
        Ok(Light::new(Arc::new(self.file_home()?.anchors()), Arc::new(SystemClock), given))
    }

    /// The same as [`Context::chain`] in another way.
    pub async fn connect(&self, options: ConnectOptions) -> Result<Chain> {
        let light = self.light()?;
        self.connect_plain(options.proved_by(light)).await
    }

    /// The first chain that the home folder is used with is remembered, and no other is taken
    /// unless the options say so.
    async fn connect_plain(&self, options: ConnectOptions) -> Result<Chain> {
        let chain = Chain::connect_with(options.genesis(self.global.genesis)).await?;
        self.connections.lock().unwrap_or_else(PoisonError::into_inner).push(chain.clone());
        for node in chain.left_out() {
            self.out.warn(format!("{node}; the others are asked"));
        }
        if let (Ok(home), false) = (self.home(), self.global.any_chain) {
            let asked_for = self.global.genesis.is_some();
            if let Some(warning) = pinned_chain::chain(&home, &chain.genesis(), asked_for)? {
                self.out.warn(warning);
            }
        }
        Ok(chain)
    }

    /// Connects, and unlocks the key, which acts for whom the options or the home folder say. A development key is refused on every chain but a development one:
    /// everybody knows it.
    pub async fn chain_and_key(&self) -> Result<(Chain, Keypair)> {
        let (chain, key) = self.chain_and_own_key().await?;
        let key = self.acting(&chain, key).await?;
        Ok((chain, key))
    }

    /// The same with the key acting for its own account.
    pub async fn chain_and_own_key(&self) -> Result<(Chain, Keypair)> {
        // The passphrase first: nobody wants to wait for a connection and then be asked.
        let key = self.unlock()?;
        self.handle_interrupts();
        let chain = self.chain().await?;
        self.check_before_signing(&chain).await?;
        Ok((chain, key))
    }

    /// Connects, and submits a call with the key; answers once it is final.
    pub async fn submit(&self, call: &Call) -> Result<(Chain, Keypair, Included)> {
        let (chain, key) = self.chain_and_key().await?;
        let done = chain.submit(&key, call, Until::Finalized).await?;
        Ok((chain, key, done))
    }

    /// The same with the key's own account.
    pub async fn submit_for_oneself(&self, call: &Call) -> Result<(Chain, Keypair, Included)> {
        let (chain, key) = self.chain_and_own_key().await?;
        let done = chain.submit(&key, call, Until::Finalized).await?;
        Ok((chain, key, done))
    }

    /// Connects; with the account that was named, or else the one for which the key acts. No passphrase is needed.
    pub async fn chain_and_account(&self, named: Option<AccountId>) -> Result<(Chain, AccountId)> {
        let account = match (named, self.global.company) {
            (Some(account), _) | (None, Some(CompanyChoice::Account(account))) => account,
            _ => {
                // The key first: without it nothing is asked.
                let signer = self.account()?;
                let chain = self.chain().await?;
                let account = self.company_of(&chain, &signer).await?.unwrap_or(signer);
                return Ok((chain, account));
            }
        };
        Ok((self.chain().await?, account))
    }

    /// The state of the chain at its last finalized block, and the same account.
    pub async fn view_and_account(&self, named: Option<AccountId>) -> Result<(View, AccountId)> {
        let (chain, account) = self.chain_and_account(named).await?;
        Ok((chain.finalized().await?, account))
    }

    /// The state of the chain at its last finalized block.
    pub async fn view(&self) -> Result<View> {
        Ok(self.chain().await?.finalized().await?)
    }

    /// The service for what needs signing in, on the chain that was connected.
    pub fn service(&self, chain: &Chain, key: &Keypair) -> Result<Service> {
        Ok(Service::new(&self.global.service, chain.genesis(), Some(key.clone()))?)
    }

    /// Refuses a development key on every chain but a development one, and a clock that the service contradicts: what is
    /// fresh is told by it.
    pub async fn check_before_signing(&self, chain: &Chain) -> Result<()> {
        if matches!(self.key_choice()?, KeyChoice::Dev(_)) && !chain.is_development().await? {
            return Err(Failure::new(
                Code::Key,
                format!("{} is a key that everybody knows; this is no development chain", self.global.key),
            )
            .advise("make a key with `wonbon key new` and name it with --key"));
        }
        let others = self.catalogue()?;
        Ok(check_clock(SystemClock.now_ms(), &[&others]).await.map_err(ChainError::from)?)
    }

    /// The service for reading what needs no signing in.
    pub fn catalogue(&self) -> Result<Service> {
        // Only signing in binds to the chain, and nothing here signs in.
        let genesis = self.global.genesis.unwrap_or_default();
        Ok(Service::new(&self.global.service, genesis, None)?)
    }
}
