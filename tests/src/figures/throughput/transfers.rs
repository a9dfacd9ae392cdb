//! Plain transfers as load, for comparison: all signed before the clock starts.

use std::collections::HashSet;

use super::{blocks::Block, hexadecimal, LIFE};
use wonbon_client::{
    chain::{Call, Chain, ChainError, Place},
    Keypair,
};

/// Signed transfers, and which of them are on their way.
#[derive(Debug)]
pub struct Transfers {
    /// Those that were not sent, the next one last.
    left: Vec<String>,
    sent: HashSet<String>,
}

impl Transfers {
    /// Signs so many transfers of one won, each account paying the next one in turns.
    pub async fn prepare(chain: &Chain, accounts: &[Keypair], count: usize) -> Result<Self, ChainError> {
        let view = chain.best().await?;
        let mut nonces = Vec::new();
        for account in accounts {
            nonces.push(view.nonce(&account.signer()).await?);
        }
        let mut left = Vec::with_capacity(count);
        for number in 0..count {
            let from = number % accounts.len();
            let to = accounts[(from + 1) % accounts.len()].account();
            let place = Place { nonce: nonces[from], birth: view.block(), life: LIFE };
            nonces[from] += 1;
            let call = Call::transfer(to, 1);
            left.push(hexadecimal(&chain.sign_ahead(&accounts[from], &call, place)?.0));
        }
        left.reverse();
        Ok(Self { left, sent: HashSet::new() })
    }

    /// The next transfers, until so many are on their way.
    pub fn until(&mut self, on_their_way: usize) -> Vec<String> {
        let count = on_their_way.saturating_sub(self.sent.len());
        let next = self.left.split_off(self.left.len().saturating_sub(count));
        let next: Vec<_> = next.into_iter().rev().collect();
        self.sent.extend(next.iter().cloned());
        next
    }

    /// How many of them a block has.
    pub fn in_block(&mut self, block: &Block) -> usize {
        block.transactions.iter().filter(|transaction| self.sent.remove(*transaction)).count()
    }
}
