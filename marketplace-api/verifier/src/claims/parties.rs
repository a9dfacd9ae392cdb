//! The accounts that claims name, each once.

use super::{Claims, Company};
use crate::AccountId;
use std::collections::BTreeSet;

impl Claims {
    /// Every account that they name: who registered the dataset or an ancestor, holds or held it, sold, bought, was paid,
    /// or inspected.
    pub fn accounts(&self) -> BTreeSet<AccountId> {
        let mut accounts = BTreeSet::from([self.registrant.account, self.owner.account]);
        accounts.extend(self.attestations.iter().map(|attestation| attestation.inspector));
        accounts.extend(self.handovers.iter().flat_map(|handover| [handover.from, handover.to]));
        accounts.extend(self.trades.iter().flat_map(|trade| [trade.seller, trade.buyer]));
        let royalties = self.trades.iter().flat_map(|trade| &trade.royalties);
        accounts.extend(royalties.map(|royalty| royalty.account));
        accounts.extend(self.ancestors.iter().flat_map(|ancestor| [ancestor.registrant, ancestor.owner]));
        accounts
    }

    /// The company of an account, as of the claims' block.
    pub fn company(&self, account: &AccountId) -> Option<&Company> {
        let first = [&self.registrant, &self.owner].into_iter().find(|party| party.account == *account);
        let other = || {
            let place = self.parties.binary_search_by_key(account, |party| party.account).ok()?;
            self.parties.get(place)
        };
        first.or_else(other)?.company.as_ref()
    }
}
