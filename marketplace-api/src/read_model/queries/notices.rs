//! What the council has decided for everybody: that new orders are stopped, and that an upgrade of the chain comes.

use wonbon_model::Upgrade;

use super::Result;
use crate::{
    kv::KvStore,
    read_model::row::{fetch, Kind},
};

/// Whether the council has stopped new orders.
pub fn orders_stopped(kv: &dyn KvStore) -> Result<bool> {
    Ok(kv.get(&Kind::OrdersStopped.key(&[]))?.is_some())
}

/// The upgrade of the chain that is announced, if one is.
pub fn upgrade(kv: &dyn KvStore) -> Result<Option<Upgrade>> {
    fetch(kv, &Kind::Upgrade.key(&[]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kv::MemoryStore, testing};
    use wonbon_client::chain::LedgerChange;

    #[test]
    fn what_was_decided_is_known_until_it_is_taken_back() {
        let kv = MemoryStore::new();
        let coming = Upgrade { version: 1, code_hash: [7; 32], announced_at: 3, due: 100 };
        for (stopped, announced) in [(false, None), (true, Some(coming)), (false, None)] {
            let changes = [LedgerChange::OrdersStopped(stopped), LedgerChange::Upgrade(announced.clone())];
            testing::apply(&kv, changes.into());
            assert_eq!(orders_stopped(&kv).unwrap(), stopped);
            assert_eq!(upgrade(&kv).unwrap(), announced);
        }
    }
}
