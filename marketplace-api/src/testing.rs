//! What tests of this crate share: companies, datasets, offers and blocks to put into a read model.

use crate::{
    kv::KvStore,
    model::{
        Account, BlockChanges, BlockRef, Change, Dataset, Derivation, Hash, Method, Offer, OfferState,
        Outcome, Participant, Role, SizeClass, Standing, Trade,
    },
    read_model::{queries, ReadModel},
};
use wonbon_client::chain::{ChainEvent, LedgerChange};

/// A company.
pub fn participant(account: Account, name: &str, standing: Standing) -> Participant {
    Participant {
        account,
        name: name.into(),
        registration_number: "1234567891".into(),
        ksic: "C29".into(),
        size: SizeClass::Small,
        region: "KR-48".into(),
        roles: vec![Role::Provider, Role::Consumer],
        standing,
        accredited: false,
        registered_at: 1,
        changed_at: 1,
    }
}

/// A dataset.
pub fn dataset(id: Hash, owner: Account, registered_at: u32, metadata: Hash) -> Dataset {
    Dataset {
        id,
        registrant: owner,
        owner,
        length: 10_000,
        metadata,
        method: Method::Collected,
        registered_at,
        registered_time_ms: time_of(registered_at),
        depth: 0,
        parent_count: 0,
        attestation_count: 0,
        handover_count: 0,
        version_count: 0,
        trade_count: 0,
        withdrawn: None,
        sample: None,
        records: 0,
        head: Hash([0; 32]),
    }
}

/// An offer.
pub fn offer(id: u64, dataset: Hash, seller: Account, sealed_root: Hash, price: u128) -> Offer {
    Offer {
        id,
        dataset,
        seller,
        length: 10_000,
        sealed_root,
        key_commitment: Hash([id as u8; 32]),
        price,
        licence: Hash([1; 32]),
        nda: Hash([2; 32]),
        delivery_window: 10,
        dispute_window: 10,
        bond: 1000,
        open_orders: 0,
        exposure: 0,
        state: OfferState::Open,
        offered_at: 5,
        derivation: Derivation::Forbidden,
    }
}

/// A trade that was accepted, or ended otherwise, in a block.
pub fn trade(dataset: Hash, index: u32, seller: Account, buyer: Account, outcome: Outcome, at: u32) -> Trade {
    Trade {
        dataset,
        index,
        order: u64::from(at) * 1000 + u64::from(index),
        offer: 1,
        seller,
        buyer,
        price: 1_250_000,
        platform_fee: 25_000,
        royalties: Vec::new(),
        licence: Hash([1; 32]),
        nda: Hash([2; 32]),
        derivation: Derivation::Forbidden,
        terms: Hash([5; 32]),
        placed_at: at.saturating_sub(1),
        delivered_at: Some(at),
        final_at: at,
        final_time_ms: time_of(at),
        outcome,
        bad_block: (outcome == Outcome::BadBlock).then_some(17),
        position: index,
    }
}

/// The time of a block, in milliseconds since 1970.
pub fn time_of(block: u32) -> u64 {
    1_800_000_000_000 + u64::from(block) * 2000
}

/// The next block after what was applied, with these changes.
pub fn next_block(kv: &dyn KvStore, changes: Vec<Change>) -> BlockChanges {
    let applied = crate::read_model::applied(kv).expect("a readable test ledger; qed");
    let number = applied.map_or(0, |block| block.number + 1);
    let mut hash = [0xb1; 32];
    hash[..4].copy_from_slice(&number.to_be_bytes());
    BlockChanges {
        block: BlockRef { number, hash: Hash(hash) },
        parent: applied.map_or(Hash::default(), |block| block.hash),
        time_ms: time_of(number),
        changes,
    }
}

/// Applies a block with these changes.
pub fn apply(kv: &dyn KvStore, changes: Vec<Change>) {
    let block = next_block(kv, changes);
    crate::read_model::apply_block(kv, &block).expect("a block that follows; qed");
}

/// Applies a block that did this on the chain, as the follower does.
pub fn apply_from_chain(kv: &dyn KvStore, records: Vec<LedgerChange>, events: &[ChainEvent]) {
    let mut block = next_block(kv, Vec::new());
    for record in records {
        crate::follower::translate(record, &mut block.changes);
    }
    crate::follower::translate_events(block.block.number, events, &mut block.changes);
    crate::read_model::apply_block(kv, &block).expect("a block that follows; qed");
}

/// Registers a company.
pub fn register(kv: &dyn KvStore, account: Account, standing: Standing) {
    apply(kv, vec![Change::Participant(participant(account, "한빛정밀 Hanbit", standing))]);
}

/// Applies a block with these changes, from the async side.
pub async fn apply_async(read_model: &ReadModel, changes: Vec<Change>) {
    let done = read_model.run(move |kv| {
        apply(kv, changes);
        queries::participant(kv, Account::default()).map(drop)
    });
    done.await.expect("a readable test ledger; qed");
}
