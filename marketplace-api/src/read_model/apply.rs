//! Applies one block, or a few that follow each other, to the read model, in one batch with number and hash.
//!
//! Applying the same block again changes nothing. A block that does not follow the one applied last is refused
//! with what is wrong, and the follower decides. Only the follower writes here, so that reading and
//! then writing needs no lock.

use std::collections::HashMap;

use codec::Encode;
use thiserror::Error;

use super::row::{decode, encode, Kind};
use crate::kv::{Batch, Direction, KvError, KvStore};
use crate::model::{Account, BlockChanges, BlockRef, Change, Hash};

/// How many block hashes are kept to recognise another history.
pub(crate) const RECENT_BLOCKS: u32 = 1024;

/// Whether the hash of a block is kept for good: the first ones, which tell a chain from one started anew from the
/// same genesis, and a few others.
fn is_landmark(number: u32) -> bool {
    number <= 1 || number.is_multiple_of(RECENT_BLOCKS)
}

/// The highest block up to `common` whose hash is still known once `applied` was applied.
pub(crate) fn comparable(applied: u32, common: u32) -> u32 {
    if applied - common < RECENT_BLOCKS {
        return common;
    }
    match common - common % RECENT_BLOCKS {
        0 => common.min(1),
        landmark => landmark,
    }
}

/// What came of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It was applied.
    Now,
    /// It had been applied before.
    Before,
}

/// Why a block was not applied.
#[derive(Debug, Error)]
pub enum ApplyError {
    /// Storage.
    #[error(transparent)]
    KvStore(#[from] KvError),
    /// The chain has another block at a height that was applied: the read model is of another history.
    #[error("block {number} is {found} here and {expected} on the chain")]
    OtherHistory {
        /// Height.
        number: u32,
        /// What was applied.
        found: Hash,
        /// What the chain has.
        expected: Hash,
    },
    /// Blocks are missing before this one.
    #[error("block {found} cannot follow block {applied:?}")]
    Gap {
        /// The block applied last.
        applied: Option<u32>,
        /// The block offered.
        found: u32,
    },
}

/// The block applied last.
pub(crate) fn applied(kv: &dyn KvStore) -> Result<Option<BlockRef>, KvError> {
    kv.get(&Kind::Applied.key(&[]))?.map(|row| decode(&row)).transpose()
}

/// The hash applied at a height, if it is recent enough to be known.
pub(crate) fn hash_at(kv: &dyn KvStore, number: u32) -> Result<Option<Hash>, KvError> {
    kv.get(&Kind::RecentBlock.key(&[&number]))?.map(|row| decode(&row)).transpose()
}

/// Applies a block.
pub(crate) fn apply(kv: &dyn KvStore, block: &BlockChanges) -> Result<Applied, ApplyError> {
    apply_all(kv, std::slice::from_ref(block))
}

/// Applies consecutive blocks in one batch: all of them or, after an error, none.
fn apply_all(kv: &dyn KvStore, blocks: &[BlockChanges]) -> Result<Applied, ApplyError> {
    match prepare(kv, blocks)? {
        Some(batch) => kv.write(batch).map(|()| Applied::Now).map_err(ApplyError::from),
        None => Ok(Applied::Before),
    }
}

/// The one batch that applies consecutive blocks; `None` if all of them were applied before.
pub(super) fn prepare(kv: &dyn KvStore, blocks: &[BlockChanges]) -> Result<Option<Batch>, ApplyError> {
    let mut last = applied(kv)?;
    let mut batch = Batch::new();
    let mut owners = Owners::new();
    for (index, block) in blocks.iter().enumerate() {
        let BlockRef { number, hash } = block.block;
        if index > 0 && blocks[index - 1].block.number.checked_add(1) != Some(number) {
            return Err(ApplyError::Gap { applied: last.map(|last| last.number), found: number });
        }
        if !follows(kv, last, block)? {
            continue;
        }
        for change in &block.changes {
            stage(kv, &mut batch, &mut owners, change)?;
        }
        if !block.changes.is_empty() {
            batch.put(Kind::Block.key(&[&number]), encode(&(hash, block.time_ms)));
        }
        batch.put(Kind::RecentBlock.key(&[&number]), encode(&hash));
        if let Some(old) = number.checked_sub(RECENT_BLOCKS).filter(|old| !is_landmark(*old)) {
            batch.remove(Kind::RecentBlock.key(&[&old]));
        }
        last = Some(block.block);
        batch.put(Kind::AppliedTime.key(&[]), encode(&block.time_ms));
    }
    if batch.changes.is_empty() {
        return Ok(None);
    }
    if let Some(last) = last {
        batch.put(Kind::Applied.key(&[]), encode(&last));
    }
    Ok(Some(batch))
}

/// Whether a block is the next one; `false` if it was applied before.
fn follows(kv: &dyn KvStore, last: Option<BlockRef>, block: &BlockChanges) -> Result<bool, ApplyError> {
    let BlockRef { number, hash } = block.block;
    match last {
        Some(last) if number <= last.number => match hash_at(kv, number)? {
            Some(found) if found != hash => Err(ApplyError::OtherHistory { number, found, expected: hash }),
            _ => Ok(false),
        },
        Some(last) if number == last.number + 1 => {
            if block.parent != last.hash {
                let (number, found, expected) = (last.number, last.hash, block.parent);
                return Err(ApplyError::OtherHistory { number, found, expected });
            }
            Ok(true)
        }
        None if number == 0 => Ok(true),
        _ => Err(ApplyError::Gap { applied: last.map(|last| last.number), found: number }),
    }
}

/// Owners of the datasets that a batch changes, which are not in the read model yet.
type Owners = HashMap<Hash, Account>;

fn stage(kv: &dyn KvStore, batch: &mut Batch, owners: &mut Owners, change: &Change) -> Result<(), KvError> {
    let mut put = |key: Vec<u8>, value: Vec<u8>| batch.put(key, value);
    match change {
        Change::Participant(participant) => {
            put(Kind::Participant.key(&[&participant.account]), encode(participant));
        }
        Change::RegistrationWithdrawn(account) => batch.remove(Kind::Participant.key(&[account])),
        Change::Dataset(dataset) => {
            let key = Kind::Dataset.key(&[&dataset.id]);
            put(Kind::DatasetByTime.key(&[&dataset.registered_at, &dataset.id]), encode(&()));
            put(
                Kind::DatasetByOwner.key(&[&dataset.owner, &dataset.registered_at, &dataset.id]),
                encode(&()),
            );
            put(key.clone(), encode(dataset));
            // The indices whose keys change: a handover moves the dataset to another owner.
            let old = match owners.insert(dataset.id, dataset.owner) {
                Some(owner) => Some(owner),
                None => match kv.get(&key)? {
                    Some(row) => Some(decode::<crate::model::Dataset>(&row)?.owner),
                    None => None,
                },
            };
            if let Some(old) = old.filter(|old| *old != dataset.owner) {
                batch.remove(Kind::DatasetByOwner.key(&[&old, &dataset.registered_at, &dataset.id]));
                batch.remove(Kind::UnansweredByOwner.key(&[&old, &dataset.registered_at, &dataset.id]));
            }
            for (kind, company) in [
                (Kind::UnansweredByOwner, dataset.owner),
                // Nobody sheds a sample that he does not want to show by handing the dataset over.
                (Kind::UnansweredByRegistrant, dataset.registrant),
            ] {
                let key = kind.key(&[&company, &dataset.registered_at, &dataset.id]);
                match dataset.sample {
                    None => batch.put(key, encode(&())),
                    Some(_) => batch.remove(key),
                }
            }
        }
        Change::Parent(parent) => {
            put(Kind::Parent.key(&[&parent.child, &parent.index]), encode(parent));
            put(
                Kind::Child.key(&[&parent.parent, &parent.child]),
                encode(&(&parent.relation, parent.royalty)),
            );
        }
        Change::Attestation(attestation) => {
            put(Kind::Attestation.key(&[&attestation.dataset, &attestation.index]), encode(attestation));
        }
        Change::Royalties { dataset, shares } => put(Kind::Royalties.key(&[dataset]), encode(shares)),
        Change::Version(version) => {
            put(Kind::Version.key(&[&version.dataset, &version.index]), encode(version));
        }
        Change::Seed { registered_at, seed } => put(Kind::Seed.key(&[registered_at]), encode(seed)),
        Change::PendingHandover { dataset, to } => match to {
            Some(account) => put(Kind::PendingHandover.key(&[dataset]), encode(account)),
            None => batch.remove(Kind::PendingHandover.key(&[dataset])),
        },
        Change::Handover(handover) => {
            put(Kind::Handover.key(&[&handover.dataset, &handover.index]), encode(handover));
        }
        Change::Transfer(transfer) => {
            put(Kind::Transfer.key(&[&transfer.at, &transfer.index]), encode(transfer));
        }
        Change::Delegation(found) => {
            let key = Kind::Delegation.key(&[&found.company, &found.delegate, &found.at, &found.index]);
            put(key, encode(&found.begins));
        }
        Change::DeriveRight(right) => {
            put(Kind::DeriveRight.key(&[&right.company, &right.dataset]), encode(right));
        }
        Change::Offer(offer) => {
            put(Kind::Offer.key(&[&offer.id]), encode(offer));
            put(Kind::OfferByDataset.key(&[&offer.dataset, &offer.id]), encode(&()));
            put(Kind::OfferBySeller.key(&[&offer.seller, &offer.id]), encode(&()));
            put(Kind::OfferBySealedRoot.key(&[&offer.sealed_root, &offer.id]), encode(&()));
        }
        Change::Order(order) => {
            put(Kind::Order.key(&[&order.id]), encode(order));
            put(Kind::OrderByOffer.key(&[&order.offer, &order.id]), encode(&()));
            put(Kind::OrderByBuyer.key(&[&order.buyer, &order.id]), encode(&()));
            put(Kind::OrderBySeller.key(&[&order.terms.seller, &order.id]), encode(&()));
            if let Some(delivery) = &order.delivery {
                put(Kind::DeliveryByTime.key(&[&delivery.at, &order.id]), encode(&()));
            }
        }
        Change::Trade(trade) => {
            put(Kind::Trade.key(&[&trade.dataset, &trade.index]), encode(trade));
            put(Kind::TradeByTime.key(&[&trade.final_at, &trade.dataset, &trade.index]), encode(&()));
            for company in [&trade.seller, &trade.buyer] {
                let key = Kind::TradeByCompany.key(&[company, &trade.final_at, &trade.dataset, &trade.index]);
                put(key, encode(&()));
            }
            if let Some(at) = trade.delivered_at {
                put(Kind::DeliveryByTime.key(&[&at, &trade.order]), encode(&()));
            }
            put(Kind::FinishedOrder.key(&[&trade.order]), encode(&(trade.dataset, trade.index)));
            batch.remove(Kind::Order.key(&[&trade.order]));
            batch.remove(Kind::OrderByOffer.key(&[&trade.offer, &trade.order]));
            batch.remove(Kind::OrderByBuyer.key(&[&trade.buyer, &trade.order]));
            batch.remove(Kind::OrderBySeller.key(&[&trade.seller, &trade.order]));
        }
    }
    Ok(())
}

/// Throws away everything that came from the chain. A crash in between is finished by [`finish_reset`].
pub(crate) fn reset(kv: &dyn KvStore) -> Result<(), KvError> {
    let mut mark = Batch::new();
    mark.put(Kind::Rebuilding.key(&[]), encode(&()));
    kv.write(mark)?;
    finish_reset(kv).map(drop)
}

/// Finishes a reset that was cut off; whether there was one.
pub(crate) fn finish_reset(kv: &dyn KvStore) -> Result<bool, KvError> {
    if kv.get(&Kind::Rebuilding.key(&[]))?.is_none() {
        return Ok(false);
    }
    // Its key is the largest, so that the mark goes last.
    kv.clear()?;
    Ok(true)
}

/// A digest over every row that came from the chain: equal for equal read models.
#[doc(hidden)]
pub fn fingerprint(kv: &dyn KvStore) -> Result<Hash, KvError> {
    use sha2::Digest as _;
    let mut hasher = sha2::Sha256::new();
    let mut after = None;
    loop {
        let rows = kv.scan(&[], after.as_deref(), Direction::Ascending, 256)?;
        let Some((last, _)) = rows.last() else { break };
        after = Some(last.clone());
        for row in &rows {
            hasher.update(row.encode());
        }
    }
    Ok(Hash(hasher.finalize().into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kv::MemoryStore, model::Standing, read_model::queries, testing};

    #[test]
    fn blocks_applied_at_once_leave_what_they_leave_one_by_one() {
        let (one, all) = (MemoryStore::new(), MemoryStore::new());
        let mut blocks = Vec::new();
        for owner in [1, 2, 3, 1, 2] {
            let dataset = testing::dataset(Hash([9; 32]), Account([owner; 32]), 1, Hash([1; 32]));
            let block = testing::next_block(&one, vec![Change::Dataset(dataset)]);
            apply(&one, &block).unwrap();
            blocks.push(block);
        }
        assert!(matches!(
            apply_all(&all, &[blocks[0].clone(), blocks[2].clone()]),
            Err(ApplyError::Gap { .. })
        ));
        assert_eq!(applied(&all).unwrap(), None);
        assert_eq!(apply_all(&all, &blocks).unwrap(), Applied::Now);
        assert_eq!(fingerprint(&all).unwrap(), fingerprint(&one).unwrap());
        assert_eq!(apply_all(&all, &blocks).unwrap(), Applied::Before);
    }

    #[test]
    fn a_registration_that_was_withdrawn_is_gone() {
        let kv = MemoryStore::new();
        let account = Account([1; 32]);
        let company = testing::participant(account, "한빛정밀", Standing::Pending);
        for (change, known) in
            [(Change::Participant(company), true), (Change::RegistrationWithdrawn(account), false)]
        {
            apply(&kv, &testing::next_block(&kv, vec![change])).unwrap();
            assert_eq!(queries::participant(&kv, account).unwrap().is_some(), known);
        }
    }
}
