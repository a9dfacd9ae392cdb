//! What tests of this crate share: companies, datasets, offers and blocks to put into a read model.

use std::sync::Arc;

use async_trait::async_trait;
use axum::{routing::get, Router};
use codec::Encode;
use sha2::{Digest as _, Sha256};
use wonbon_client::{
    certificate::{CertificateError, VerifiedCertificate},
    chain::{Act, BlockChanges, ChainError, ChainEvent, LedgerChange},
};
use wonbon_model::{
    AccountId, Balance, BlockRef, Company, Dataset, DatasetId, Derivation, EntryKey, Hash, Keyed, Member,
    MemberRoles, Method, Moment, Name, Offer, OfferId, OfferState, Outcome, Parent, Participant, Profile,
    Region, Relation, Role, Roles, RoyaltyShare, Share, SizeClass, Standing, Trade,
};

use crate::{
    certificates::Issuer,
    follower::Status,
    kv::{rows, KvError, KvStore, MemoryStore},
    read_model::{queries, ApplyError, ReadModel},
    service::Rows,
};

/// A company.
pub fn participant(account: AccountId, name: &str, standing: Standing) -> Keyed<AccountId, Participant> {
    let record = Participant {
        version: 1,
        profile: Profile {
            name: Name::truncate_from(name.as_bytes().to_vec()),
            registration_number: "1234567891".parse().expect("a number with its check digit; qed"),
            ksic: "C29".parse().expect("a code of the classification; qed"),
            size: SizeClass::Small,
            region: Region::SouthGyeongsang,
            roles: Roles::from(Role::Provider).with(Role::Consumer),
        },
        standing,
        accredited: false,
        registered_at: 1,
        changed_at: 1,
        deposit: 0,
    };
    Keyed::new(account, record)
}

/// A member with these roles, as bits.
pub fn member(roles: u8, generation: u32) -> Member {
    Member {
        version: 1,
        roles: MemberRoles::from_bits(roles).expect("a test's roles are some; qed"),
        day_limit: 1_000_000,
        key: [roles; 32],
        generation,
        joined_at: 2,
    }
}

/// A company that acts through people, with these admins.
pub fn company(index: u32, members: u32, admins: &[AccountId]) -> Company {
    Company {
        version: 1,
        index,
        established_at: 2,
        members,
        admins: admins.to_vec().try_into().expect("a test's company has few admins; qed"),
        memberships: members,
        former_numbers: 0,
        deposit: 0,
        recoveries: 0,
        recovered_at: None,
    }
}

/// A dataset.
pub fn dataset(
    id: DatasetId,
    owner: AccountId,
    registered_at: u32,
    metadata: Hash,
) -> Keyed<DatasetId, Dataset> {
    let record = Dataset {
        version: 1,
        registrant: owner,
        owner,
        length: 10_000,
        metadata: metadata.0,
        method: Method::Collected,
        registered: moment_of(registered_at),
        announced: registered_at.saturating_sub(4),
        provisional_until: registered_at,
        depth: 0,
        parent_count: 0,
        attestation_count: 0,
        handover_count: 0,
        version_count: 0,
        trade_count: 0,
        withdrawn: None,
        sample: None,
        records: 0,
        head: [0; 32],
        deposit: 0,
    };
    Keyed::new(id, record)
}

/// An offer.
pub fn offer(
    id: OfferId,
    dataset: DatasetId,
    seller: AccountId,
    sealed_root: Hash,
    price: Balance,
) -> Keyed<OfferId, Offer> {
    let record = Offer {
        version: 2,
        dataset,
        seller,
        length: 10_000,
        sealed_root: sealed_root.0,
        key_commitment: [id as u8; 32],
        price,
        licence: [1; 32],
        nda: [2; 32],
        delivery_window: 10,
        dispute_window: 10,
        bond: 1000,
        open_orders: 0,
        exposure: 0,
        state: OfferState::Open,
        offered_at: 5,
        derivation: Derivation::Forbidden,
        pause: None,
        leaving: None,
        longest_dispute_window: 10,
        missed: 0,
        refused: 0,
        refunded: 0,
    };
    Keyed::new(id, record)
}

/// A trade that was accepted, or ended otherwise, in a block.
pub fn trade(
    dataset: DatasetId,
    index: u32,
    seller: AccountId,
    buyer: AccountId,
    outcome: Outcome,
    at: u32,
) -> Keyed<EntryKey, Trade> {
    let record = Trade {
        version: 1,
        order: u64::from(at) * 1000 + u64::from(index),
        offer: 1,
        seller,
        buyer,
        price: 1_250_000,
        platform_fee: 25_000,
        royalties: Default::default(),
        licence: [1; 32],
        nda: [2; 32],
        derivation: Derivation::Forbidden,
        terms: [5; 32],
        placed_at: at.saturating_sub(1),
        delivered_at: Some(at),
        ended: moment_of(at),
        outcome,
        position: index,
    };
    Keyed::new(EntryKey { dataset, index }, record)
}

/// What a block does that leaves a record as it is here.
pub trait Put {
    /// The change.
    fn put(self) -> LedgerChange;
}

impl Put for Keyed<AccountId, Participant> {
    fn put(self) -> LedgerChange {
        LedgerChange::Participant { account: self.key, record: Some(self.record) }
    }
}

impl Put for Keyed<DatasetId, Dataset> {
    fn put(self) -> LedgerChange {
        LedgerChange::Dataset { dataset: self.key, record: self.record }
    }
}

impl Put for Keyed<OfferId, Offer> {
    fn put(self) -> LedgerChange {
        LedgerChange::Offer { offer: self.key, record: self.record }
    }
}

impl Put for Keyed<EntryKey, Trade> {
    fn put(self) -> LedgerChange {
        LedgerChange::Trade { dataset: self.key.dataset, index: self.key.index, record: self.record }
    }
}

/// What a dataset was made from: the parents with the relation to them and their shares in millionths.
pub fn parents(dataset: DatasetId, parents: &[(DatasetId, Relation, u32)]) -> LedgerChange {
    let share = |millionths| Share::from_millionths(millionths).expect("a test's share is a part; qed");
    let parents = parents.iter().map(|(dataset, relation, royalty)| Parent {
        dataset: *dataset,
        relation: *relation,
        royalty: share(*royalty),
    });
    let parents: Vec<_> = parents.collect();
    let royalties = parents.iter().filter(|parent| parent.royalty > Share::NONE);
    let royalties =
        royalties.map(|parent| RoyaltyShare { dataset: parent.dataset, share: parent.royalty }).collect();
    LedgerChange::Parents { dataset, parents, royalties }
}

/// The time of a block, in milliseconds since 1970.
pub fn time_of(block: u32) -> u64 {
    1_800_000_000_000 + u64::from(block) * 2000
}

/// A block with its time.
pub fn moment_of(block: u32) -> Moment {
    Moment { block, time: time_of(block) }
}

/// The next block after what was applied, with these changes.
pub fn next_block(kv: &dyn KvStore, changes: Vec<LedgerChange>) -> BlockChanges {
    let applied = crate::read_model::applied(kv).expect("a readable test ledger; qed");
    let height = applied.map_or(0, |block| block.height + 1);
    let mut hash = [0xb1; 32];
    hash[..4].copy_from_slice(&height.to_be_bytes());
    BlockChanges {
        block: BlockRef { height, hash },
        parent: applied.map_or([0; 32], |block| block.hash),
        time_ms: time_of(height),
        events: Vec::new(),
        acts: Vec::new(),
        changes,
    }
}

/// Applies consecutive blocks in one batch: all of them or, after an error, none. `false` if all were applied before.
pub fn apply_all(kv: &dyn KvStore, blocks: &[BlockChanges]) -> Result<bool, ApplyError> {
    match crate::read_model::prepare(kv, blocks)? {
        Some(batch) => Ok(kv.write(batch).map(|()| true)?),
        None => Ok(false),
    }
}

/// A digest over every row that came from the chain: equal for equal read models.
pub fn fingerprint(kv: &dyn KvStore) -> Result<Hash, KvError> {
    let mut hasher = Sha256::new();
    for row in rows(kv, Vec::new(), None) {
        hasher.update(row?.encode());
    }
    Ok(Hash(hasher.finalize().into()))
}

/// Applies a block with these changes.
pub fn apply(kv: &dyn KvStore, changes: Vec<LedgerChange>) {
    apply_from_chain(kv, changes, &[]);
}

/// Applies a block with these changes, in which this happened.
pub fn apply_from_chain(kv: &dyn KvStore, changes: Vec<LedgerChange>, events: &[ChainEvent]) {
    let block = BlockChanges { events: events.to_vec(), ..next_block(kv, changes) };
    apply_all(kv, &[block]).expect("a block that follows; qed");
}

/// Applies a block in which members acted.
pub fn apply_acts(kv: &dyn KvStore, acts: &[Act]) {
    let block = BlockChanges { acts: acts.to_vec(), ..next_block(kv, Vec::new()) };
    apply_all(kv, &[block]).expect("a block that follows; qed");
}

/// Registers a company.
pub fn register(kv: &dyn KvStore, account: AccountId, standing: Standing) {
    apply(kv, vec![participant(account, "한빛정밀 Hanbit", standing).put()]);
}

/// Applies a block with these changes, from the async side.
pub async fn apply_async(read_model: &ReadModel, changes: Vec<LedgerChange>) {
    let done = read_model.run(move |kv| {
        apply(kv, changes);
        queries::participant(kv, AccountId([0; 32])).map(drop)
    });
    done.await.expect("a readable test ledger; qed");
}

/// Makes no certificate: for a service that has no chain.
#[derive(Clone, Copy, Debug)]
pub struct Offline;

#[async_trait]
impl Issuer for Offline {
    async fn issue(&self, _: Hash) -> Result<VerifiedCertificate, CertificateError> {
        let reason = "this service has no chain".to_owned();
        Err(ChainError::Unreachable { url: String::new(), reason }.into())
    }
}

/// A router whose handlers panic or never end, behind what every request passes through.
pub fn faulty_router() -> Router {
    async fn panic() -> &'static str {
        panic!("a handler failed")
    }
    async fn hang() -> &'static str {
        std::future::pending().await
    }
    crate::router::layers::add(Router::new().route("/panic", get(panic)).route("/hang", get(hang)))
}

/// Stands in for a chain from which no block comes.
pub fn set_stale(status: &Status) {
    status.update(|progress| progress.applied_at = None);
}

/// Stands in for a chain that was reached.
pub fn set_genesis(status: &Status, genesis: Hash) {
    status.update(|progress| progress.genesis = Some(genesis));
}

/// The rows of a service, none yet and in memory.
pub fn rows_in_memory() -> Rows {
    Rows { read_model: Arc::new(MemoryStore::new()), state: Arc::new(MemoryStore::new()) }
}
