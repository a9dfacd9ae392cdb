//! How a command reaches the chain and the service.

use wonbon_client::chain::{Chain, ConnectOptions};
use wonbon_client::keys::Keypair;
use wonbon_client::service::Service;

use super::keys::KeyChoice;
use super::{pinned_chain, Context};
use crate::exit::{Code, Failure};

impl Context {
    /// Connects to the chain.
    pub async fn chain(&self) -> Result<Chain, Failure> {
        self.connect(ConnectOptions::new(&self.global.chain)).await
    }

    /// The same in another way. The first chain that the home folder is used with is remembered, and no other is taken
    /// unless the options say so.
    pub async fn connect(&self, options: ConnectOptions) -> Result<Chain, Failure> {
        let chain = Chain::connect_with(options.genesis(self.global.genesis)).await?;
        if let (Ok(home), false) = (self.home(), self.global.any_chain) {
            let asked_for = self.global.genesis.is_some();
            if let Some(warning) = pinned_chain::chain(&home, &chain.genesis(), asked_for)? {
                self.out.warn(warning);
            }
        }
        Ok(chain)
    }

    /// Connects, and unlocks the key. A development key is refused on every chain but a development one:
    /// everybody knows it.
    pub async fn chain_and_key(&self) -> Result<(Chain, Keypair), Failure> {
        // The passphrase first: nobody wants to wait for a connection and then be asked.
        let key = self.unlock()?;
        self.handle_interrupts();
        let chain = self.chain().await?;
        self.refuse_development_key(&chain).await?;
        Ok((chain, key))
    }

    /// See [`Context::chain_and_key`].
    pub async fn refuse_development_key(&self, chain: &Chain) -> Result<(), Failure> {
        if matches!(self.key_choice()?, KeyChoice::Dev(_)) && !chain.is_development().await? {
            return Err(Failure::new(
                Code::Key,
                format!("{} is a key that everybody knows; this is no development chain", self.global.key),
            )
            .advise("make a key with `wonbon key new` and name it with --key"));
        }
        Ok(())
    }

    /// The service for reading what needs no signing in.
    pub fn catalogue(&self) -> Result<Service, Failure> {
        // Only signing in binds to the chain, and nothing here signs in.
        let genesis = self.global.genesis.unwrap_or_default();
        Ok(Service::new(&self.global.service, genesis, None)?)
    }
}
