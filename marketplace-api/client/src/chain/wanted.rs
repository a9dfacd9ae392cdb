//! What is going to be read, said beforehand: it is then proved in one answer of the node instead of one by one.

use super::storage_key::{key, Keys, Name};
use super::{Chain, Result};
use wonbon_model::{AccountId, DatasetId, OfferId, OrderId};

/// Entries of the storage that somebody is about to read. Naming too many or too few changes what is asked, and never
/// what is read.
#[derive(Clone, Default)]
pub struct Wanted(Vec<(Name, Keys)>);

impl std::fmt::Debug for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| super::storage_key::shown(*name))).finish()
    }
}

impl Wanted {
    pub(super) fn entries(self) -> Vec<(Name, Keys)> {
        self.0
    }

    pub(super) fn entry(mut self, name: Name, keys: Keys) -> Self {
        self.0.push((name, keys));
        self
    }

    /// What an account has, and how many transactions of it there are.
    pub fn account(account: &AccountId) -> Self {
        Self::default().entry(("System", "Account"), vec![key(account)])
    }

    /// What a purchase begins with: all that follows from the number of the offer and from the buyer's account.
    pub fn purchase(offer: OfferId, buyer: &AccountId) -> Self {
        Self::account(buyer)
            .entry(("Marketplace", "Offers"), vec![key(offer)])
            .entry(("Marketplace", "Rules"), vec![])
            .entry(("Marketplace", "NextOrder"), vec![])
            .entry(("Marketplace", "OrdersStopped"), vec![])
            .entry(("Upgrades", "Announced"), vec![])
            .entry(("Marketplace", "CompanyTradeCount"), vec![key(buyer)])
            .entry(("Participants", "Participants"), vec![key(buyer)])
    }

    /// An open order, or what became of it.
    pub(super) fn order(self, order: OrderId) -> Self {
        self.extensions()
            .entry(("Marketplace", "Orders"), vec![key(order)])
            .entry(("Marketplace", "Finished"), vec![key(order)])
    }

    /// By how much the windows of open orders were extended: an order is read with it.
    pub(super) fn extensions(self) -> Self {
        self.entry(("Marketplace", "Extensions"), vec![])
    }

    /// A trade of a dataset.
    pub(super) fn trade(self, dataset: &DatasetId, index: u32) -> Self {
        self.entry(("Marketplace", "Trades"), vec![key(dataset), key(index)])
    }

    pub(super) fn dataset(self, dataset: &DatasetId) -> Self {
        self.entry(("Provenance", "Datasets"), vec![key(dataset)])
    }
}

impl Chain {
    /// The storage keys of these entries.
    pub(super) fn storage_keys(
        &self,
        entries: impl IntoIterator<Item = (Name, Keys)>,
    ) -> Result<Vec<Vec<u8>>> {
        let compiled = &self.inner.compiled;
        entries.into_iter().map(|(name, keys)| compiled.storage_key(name, keys)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::compiled::Compiled;
    use super::*;

    #[test]
    fn what_is_wanted_has_keys_in_the_runtime_that_this_program_was_built_for() {
        let compiled = Compiled::new([7; 32]).unwrap();
        let (account, dataset) = (AccountId([1; 32]), DatasetId([2; 32]));
        let wanted = Wanted::purchase(7, &account).order(3).trade(&dataset, 4).dataset(&dataset);
        let keys: Vec<_> = wanted
            .entries()
            .into_iter()
            .map(|(name, keys)| compiled.storage_key(name, keys).unwrap())
            .collect();
        assert_eq!(keys.len(), 13);
        let mut distinct = keys.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), keys.len());
    }
}
