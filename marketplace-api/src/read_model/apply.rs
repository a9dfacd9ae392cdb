//! Applies one block, or a few that follow each other, to the read model, in one batch with number and hash.
//!
//! Applying the same block again changes nothing. A block that does not follow the one applied last is refused
//! with what is wrong, and the follower decides. Only the follower writes here, so that reading and
//! then writing needs no lock.

use std::collections::HashMap;

use thiserror::Error;
use wonbon_client::chain::{Act, BalancesEvent, BlockChanges, ChainEvent, LedgerChange, ParticipantsEvent};
use wonbon_model::{AccountId, BlockNumber, BlockRef, Dataset, DatasetId, EntryKey, Hash, OrderState};

use super::row::{encode, fetch, Kind};
use super::royalties::{self, Sums};
use crate::kv::{Batch, KvError, KvStore};

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

/// Why a block was not applied.
#[derive(Debug, Error)]
pub enum ApplyError {
    /// Rows cannot be read or written.
    #[error(transparent)]
    Kv(#[from] KvError),
    /// The chain has another block at a height that was applied: the read model is of another history.
    #[error("block {number} is {found} here and {expected} on the chain")]
    OtherHistory {
        /// Height of the block at which the histories part.
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
    fetch(kv, &Kind::Applied.key(&[]))
}

/// The hash applied at a height, if it is recent enough to be known.
pub(crate) fn hash_at(kv: &dyn KvStore, number: u32) -> Result<Option<Hash>, KvError> {
    fetch(kv, &Kind::RecentBlock.key(&[&number]))
}

/// The one batch that applies consecutive blocks; `None` if all of them were applied before.
pub(crate) fn prepare(kv: &dyn KvStore, blocks: &[BlockChanges]) -> Result<Option<Batch>, ApplyError> {
    let mut last = applied(kv)?;
    let mut batch = Batch::new();
    let (mut owners, mut sums) = (Owners::new(), Sums::default());
    for (index, block) in blocks.iter().enumerate() {
        let BlockRef { height: number, hash } = block.block;
        if index > 0 && blocks[index - 1].block.height.checked_add(1) != Some(number) {
            return Err(ApplyError::Gap { applied: last.map(|last| last.height), found: number });
        }
        if !follows(kv, last, block)? {
            continue;
        }
        for change in &block.changes {
            stage(kv, &mut batch, &mut owners, change)?;
            if let LedgerChange::Trade { dataset, index, record } = change {
                royalties::stage(kv, &mut batch, &mut sums, EntryKey::new(*dataset, *index), record)?;
            }
        }
        let kept = stage_events(&mut batch, number, &block.events);
        stage_acts(&mut batch, number, &block.acts);
        if kept || !block.acts.is_empty() || !block.changes.is_empty() {
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
    let BlockRef { height: number, hash } = block.block;
    let other = |number, found, expected| {
        Err(ApplyError::OtherHistory { number, found: Hash(found), expected: Hash(expected) })
    };
    match last {
        Some(last) if number <= last.height => match hash_at(kv, number)? {
            Some(found) if found.0 != hash => other(number, found.0, hash),
            _ => Ok(false),
        },
        Some(last) if number == last.height + 1 => {
            if block.parent != last.hash {
                return other(last.height, last.hash, block.parent);
            }
            Ok(true)
        }
        None if number == 0 => Ok(true),
        _ => Err(ApplyError::Gap { applied: last.map(|last| last.height), found: number }),
    }
}

/// What the indices of the datasets that a batch changes went by, which is not in the read model yet.
type Owners = HashMap<DatasetId, IndexedBy>;

/// What the indices of a dataset go by: who owns it, who registered it, and when.
#[derive(Clone, Copy, PartialEq, Eq)]
struct IndexedBy {
    owner: AccountId,
    registrant: AccountId,
    registered_at: BlockNumber,
}

impl IndexedBy {
    fn of(record: &Dataset) -> Self {
        let Dataset { owner, registrant, registered, .. } = record;
        Self { owner: *owner, registrant: *registrant, registered_at: registered.block }
    }

    /// The keys of the rows that say no more than that there is such a dataset.
    fn keys(&self, id: &DatasetId) -> [Vec<u8>; 4] {
        let Self { owner, registrant, registered_at } = self;
        [
            Kind::DatasetByTime.key(&[registered_at, id]),
            Kind::DatasetByOwner.key(&[owner, registered_at, id]),
            Kind::UnansweredByOwner.key(&[owner, registered_at, id]),
            Kind::UnansweredByRegistrant.key(&[registrant, registered_at, id]),
        ]
    }
}

fn stage(
    kv: &dyn KvStore,
    batch: &mut Batch,
    owners: &mut Owners,
    change: &LedgerChange,
) -> Result<(), KvError> {
    let mut put = |key: Vec<u8>, value: Vec<u8>| batch.put(key, value);
    match change {
        LedgerChange::Participant { account, record: Some(record) } => {
            put(Kind::Participant.key(&[account]), encode(record));
        }
        // A company that was not verified yet withdrew its registration.
        LedgerChange::Participant { account, record: None } => {
            batch.remove(Kind::Participant.key(&[account]));
        }
        LedgerChange::Company { account, record } => put(Kind::Company.key(&[account]), encode(record)),
        LedgerChange::Member { company, member, record: Some(record) } => {
            put(Kind::Member.key(&[company, member]), encode(record));
            put(Kind::CompanyByMember.key(&[member, company]), encode(&()));
        }
        LedgerChange::Member { company, member, record: None } => {
            batch.remove(Kind::Member.key(&[company, member]));
            batch.remove(Kind::CompanyByMember.key(&[member, company]));
        }
        LedgerChange::Recovery { company, record: Some(record) } => {
            put(Kind::Recovery.key(&[company]), encode(record));
        }
        LedgerChange::Recovery { company, record: None } => batch.remove(Kind::Recovery.key(&[company])),
        LedgerChange::FormerNumber { company, index, record } => {
            put(Kind::FormerNumber.key(&[company, index]), encode(record));
        }
        LedgerChange::Clerk { account, record: Some(record) } => {
            put(Kind::Clerk.key(&[account]), encode(record));
        }
        LedgerChange::Clerk { account, record: None } => batch.remove(Kind::Clerk.key(&[account])),
        LedgerChange::Dataset { dataset, record } => stage_dataset(kv, batch, owners, dataset, record)?,
        LedgerChange::Parents { dataset, parents, royalties } => {
            if !royalties.is_empty() {
                put(Kind::Royalties.key(&[dataset]), encode(royalties));
            }
            if !parents.is_empty() {
                put(Kind::Parents.key(&[dataset]), encode(parents));
            }
            for parent in parents {
                let key = Kind::Child.key(&[&parent.dataset, dataset]);
                put(key, encode(&(parent.relation, parent.royalty)));
            }
        }
        LedgerChange::Attestation { dataset, index, record } => {
            put(Kind::Attestation.key(&[dataset, index]), encode(record));
        }
        LedgerChange::Version { dataset, index, record } => {
            put(Kind::Version.key(&[dataset, index]), encode(record));
        }
        LedgerChange::Seed { registered_at, seed } => put(Kind::Seed.key(&[registered_at]), encode(seed)),
        LedgerChange::PendingHandover { dataset, to: Some(account) } => {
            put(Kind::PendingHandover.key(&[dataset]), encode(account));
        }
        LedgerChange::PendingHandover { dataset, to: None } => {
            batch.remove(Kind::PendingHandover.key(&[dataset]));
        }
        LedgerChange::Handover { dataset, index, record } => {
            put(Kind::Handover.key(&[dataset, index]), encode(record));
        }
        LedgerChange::DeriveRight { company, dataset, record } => {
            put(Kind::DeriveRight.key(&[company, dataset]), encode(record));
        }
        LedgerChange::Offer { offer, record } => {
            put(Kind::Offer.key(&[offer]), encode(record));
            put(Kind::OfferByDataset.key(&[&record.dataset, offer]), encode(&()));
            put(Kind::OfferBySeller.key(&[&record.seller, offer]), encode(&()));
            put(Kind::OfferBySealedRoot.key(&[&Hash(record.sealed_root), offer]), encode(&()));
        }
        LedgerChange::Order { order, record: Some(record) } => {
            put(Kind::Order.key(&[order]), encode(record));
            put(Kind::OrderByOffer.key(&[&record.offer, order]), encode(&()));
            put(Kind::OrderByBuyer.key(&[&record.buyer, order]), encode(&()));
            put(Kind::OrderBySeller.key(&[&record.terms.seller, order]), encode(&()));
            if let OrderState::Delivered { at, .. } = &record.state {
                put(Kind::DeliveryByTime.key(&[at, order]), encode(&()));
            }
        }
        // A final order comes as its trade, in the same block.
        LedgerChange::Order { record: None, .. } => {}
        LedgerChange::Trade { dataset, index, record } => {
            let ended = &record.ended.block;
            put(Kind::Trade.key(&[dataset, index]), encode(record));
            put(Kind::TradeByTime.key(&[ended, dataset, index]), encode(&()));
            for company in [&record.seller, &record.buyer] {
                put(Kind::TradeByCompany.key(&[company, ended, dataset, index]), encode(&()));
            }
            if let Some(at) = &record.delivered_at {
                put(Kind::DeliveryByTime.key(&[at, &record.order]), encode(&()));
            }
            put(Kind::FinishedOrder.key(&[&record.order]), encode(&(dataset, index)));
            batch.remove(Kind::Order.key(&[&record.order]));
            batch.remove(Kind::OrderByOffer.key(&[&record.offer, &record.order]));
            batch.remove(Kind::OrderByBuyer.key(&[&record.buyer, &record.order]));
            batch.remove(Kind::OrderBySeller.key(&[&record.seller, &record.order]));
        }
        LedgerChange::Rules(_) => {}
        LedgerChange::OrdersStopped(true) => put(Kind::OrdersStopped.key(&[]), encode(&())),
        LedgerChange::OrdersStopped(false) => batch.remove(Kind::OrdersStopped.key(&[])),
        LedgerChange::Upgrade(Some(upgrade)) => put(Kind::Upgrade.key(&[]), encode(upgrade)),
        LedgerChange::Upgrade(None) => batch.remove(Kind::Upgrade.key(&[])),
    }
    Ok(())
}

fn stage_dataset(
    kv: &dyn KvStore,
    batch: &mut Batch,
    owners: &mut Owners,
    id: &DatasetId,
    record: &Dataset,
) -> Result<(), KvError> {
    let key = Kind::Dataset.key(&[id]);
    let now = IndexedBy::of(record);
    // Rows whose keys change: a handover moves the dataset to another owner, and an earlier announcement makes it another's
    // registration altogether.
    let old = match owners.insert(*id, now) {
        Some(old) => Some(old),
        None => fetch(kv, &key)?.map(|earlier: Dataset| IndexedBy::of(&earlier)),
    };
    if let Some(old) = old.filter(|old| *old != now) {
        old.keys(id).into_iter().for_each(|key| batch.remove(key));
    }
    // Nobody sheds a sample that they do not want to show by handing the dataset over: the registrant keeps it too.
    let [by_time, by_owner, unanswered @ ..] = now.keys(id);
    for key in [by_time, by_owner] {
        batch.put(key, encode(&()));
    }
    batch.put(key, encode(record));
    for key in unanswered {
        match record.sample {
            None => batch.put(key, encode(&())),
            Some(_) => batch.remove(key),
        }
    }
    Ok(())
}

/// Keeps the events that no record tells of: direct transfers, who was a member when, and who founded a company. Whether there was
/// one.
fn stage_events(batch: &mut Batch, number: BlockNumber, events: &[ChainEvent]) -> bool {
    let (mut transfers, mut memberships, mut founded): (u32, u32, bool) = (0, 0, false);
    for event in events {
        match event {
            ChainEvent::Balances(BalancesEvent::Transfer { from, to, amount }) => {
                batch.put(Kind::Transfer.key(&[&number, &transfers]), encode(&(from, to, amount)));
                transfers += 1;
            }
            ChainEvent::Participants(
                event @ (ParticipantsEvent::MemberAdded { company, member, .. }
                | ParticipantsEvent::MemberRemoved { company, member }),
            ) => {
                let begins = matches!(event, ParticipantsEvent::MemberAdded { .. });
                let key = Kind::Membership.key(&[company, member, &number, &memberships]);
                batch.put(key, encode(&begins));
                memberships += 1;
            }
            ChainEvent::Participants(ParticipantsEvent::Established {
                company,
                admin,
                registration_number,
            }) => {
                let key = Kind::Established.key(&[admin, company]);
                batch.put(key, encode(&(number, registration_number)));
                founded = true;
            }
            _ => {}
        }
    }
    transfers > 0 || memberships > 0 || founded
}

/// Keeps who acted for which company.
fn stage_acts(batch: &mut Batch, number: BlockNumber, acts: &[Act]) {
    for (index, Act { extrinsic, company, member }) in (0_u32..).zip(acts) {
        batch.put(Kind::Act.key(&[&number, &index]), encode(&(extrinsic, company, member)));
        batch.put(Kind::ActByCompany.key(&[company, &number, &index]), encode(&()));
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use wonbon_model::Standing;

    use crate::{
        kv::MemoryStore,
        read_model::queries,
        testing::{self, apply_all, fingerprint, Put as _},
    };

    #[test]
    fn blocks_applied_at_once_leave_what_they_leave_one_by_one() {
        let (one, all) = (MemoryStore::new(), MemoryStore::new());
        let mut blocks = Vec::new();
        for owner in [1, 2, 3, 1, 2] {
            let dataset = testing::dataset(DatasetId([9; 32]), AccountId([owner; 32]), 1, Hash([1; 32]));
            let block = testing::next_block(&one, vec![dataset.put()]);
            apply_all(&one, std::slice::from_ref(&block)).unwrap();
            blocks.push(block);
        }
        assert!(matches!(
            apply_all(&all, &[blocks[0].clone(), blocks[2].clone()]),
            Err(ApplyError::Gap { .. })
        ));
        assert_eq!(applied(&all).unwrap(), None);
        assert!(apply_all(&all, &blocks).unwrap());
        assert_eq!(fingerprint(&all).unwrap(), fingerprint(&one).unwrap());
        assert!(!apply_all(&all, &blocks).unwrap());
    }

    /// Whoever comes with an earlier announcement has the dataset as if the displaced registration had never been.
    #[test]
    fn a_displaced_registration_leaves_no_row() {
        let id = DatasetId([9; 32]);
        let registered =
            |owner: u8, block: u32| testing::dataset(id, AccountId([owner; 32]), block, Hash([1; 32])).put();
        let (one_by_one, at_once) = (MemoryStore::new(), MemoryStore::new());
        let mut blocks = Vec::new();
        for (owner, block) in [(1, 1), (2, 2)] {
            let block = testing::next_block(&one_by_one, vec![registered(owner, block)]);
            apply_all(&one_by_one, std::slice::from_ref(&block)).unwrap();
            blocks.push(block);
        }
        apply_all(&at_once, &blocks).unwrap();
        let rows = |kv: &MemoryStore, owner: u8| {
            let request = queries::PageRequest { after: None, limit: 9 };
            queries::datasets(kv, Some(AccountId([owner; 32])), &request, |_, _| Ok(true))
                .unwrap()
                .items
                .len()
        };
        for kv in [&one_by_one, &at_once] {
            assert_eq!((rows(kv, 1), rows(kv, 2)), (0, 1));
        }
        assert_eq!(fingerprint(&one_by_one).unwrap(), fingerprint(&at_once).unwrap());
    }

    #[test]
    fn a_registration_that_was_withdrawn_is_gone() {
        let kv = MemoryStore::new();
        let account = AccountId([1; 32]);
        let company = testing::participant(account, "한빛정밀", Standing::Pending).put();
        let withdrawn = LedgerChange::Participant { account, record: None };
        for (change, known) in [(company, true), (withdrawn, false)] {
            testing::apply(&kv, vec![change]);
            assert_eq!(queries::participant(&kv, account).unwrap().is_some(), known);
        }
    }
}
