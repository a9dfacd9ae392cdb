//! The state of a chain: records under their keys, and the trie over them.

use super::digest;
use codec::{Compact, Encode};
use sp_core::{Blake2Hasher, H256};
use sp_trie::{LayoutV1, MemoryDB, TrieDBMutBuilder, TrieMut};
use std::collections::BTreeMap;
use wonbon_primitives::{
    company::{Ksic, Region, Role, SizeClass},
    dataset::{Method, Relation},
    record::{
        self, AttestationKind, Company, Derivation, Moment, Outcome, Parent, Profile, Revocation, Revoker,
        Royalty, SampleAnswer, Standing, Withdrawal, COMPANY_LAYOUT, DATASET_ENTRY_LAYOUT, DATASET_LAYOUT,
        PARTICIPANT_LAYOUT, TRADE_LAYOUT,
    },
    share::Share,
    DatasetId, Digest,
};
use wonbon_verifier::{keys, AccountId, Balance, BlockNumber};

pub type Dataset = record::Dataset<AccountId, Balance, BlockNumber>;
pub type Attestation = record::Attestation<AccountId, Balance, BlockNumber>;
pub type Handover = record::Handover<AccountId, BlockNumber>;
pub type Trade = record::Trade<AccountId, Balance, BlockNumber>;
pub type Participant = record::Participant<Balance, BlockNumber>;

/// The time of block 0.
pub const BEGINNING: u64 = 1_767_225_600_000;

/// When a block was made.
pub fn moment(block: u32) -> Moment<BlockNumber> {
    Moment { block, time: BEGINNING + u64::from(block) * 2_000 }
}

/// What the chain has in its storage, by full key.
#[derive(Clone)]
pub struct State(pub BTreeMap<Vec<u8>, Vec<u8>>);

impl State {
    /// The state of a chain with this genesis hash, at a block made at this time.
    pub fn new(genesis: [u8; 32], time: u64) -> Self {
        let mut state = Self(BTreeMap::new());
        state.put(keys::block_hash(0), genesis);
        state.put(keys::now(), time);
        state.put(keys::last_runtime_upgrade(), (Compact(1u32), "wonbon"));
        // What every chain has beside, so that the proof has something to leave out.
        for number in 0..200 {
            state.put([&digest(number)[..], b"elsewhere"].concat(), digest(number + 1_000));
        }
        state
    }

    pub fn put(&mut self, key: Vec<u8>, value: impl Encode) {
        self.0.insert(key, value.encode());
    }

    /// The state root, and every node of the trie.
    pub fn trie(&self) -> ([u8; 32], Vec<Vec<u8>>) {
        let mut nodes = MemoryDB::<Blake2Hasher>::new(&[0]);
        let mut root = H256::zero();
        {
            let mut trie = TrieDBMutBuilder::<LayoutV1<Blake2Hasher>>::new(&mut nodes, &mut root).build();
            for (key, value) in &self.0 {
                trie.insert(key, value).unwrap();
            }
        }
        let nodes = nodes.drain().into_values().filter(|(_, count)| *count > 0).map(|(node, _)| node);
        (root.0, nodes.collect())
    }

    /// A verified company for an account.
    pub fn company(&mut self, account: [u8; 32], name: &str) {
        self.put(
            keys::participant(&AccountId(account)),
            Participant {
                version: PARTICIPANT_LAYOUT,
                profile: Profile {
                    name: name.as_bytes().to_vec().try_into().unwrap(),
                    registration_number: "124-81-00998".parse().unwrap(),
                    ksic: Ksic::new(b"C29").unwrap(),
                    size: SizeClass::Small,
                    region: Region::Busan,
                    roles: [Role::Provider, Role::Consumer].into_iter().collect(),
                },
                standing: Standing::Verified,
                accredited: false,
                registered_at: 3,
                changed_at: 5,
                deposit: 10_000,
            },
        );
    }

    /// That a company acts through people, and was recovered so often, the last time in block 77.
    pub fn people(&mut self, account: [u8; 32], recoveries: u32) {
        self.put(
            keys::company(&AccountId(account)),
            Company::<AccountId, u128, u32> {
                version: COMPANY_LAYOUT,
                index: 0,
                established_at: 3,
                members: 1,
                admins: vec![AccountId(digest(9))].try_into().unwrap(),
                memberships: 2,
                former_numbers: 0,
                deposit: 0,
                recoveries,
                recovered_at: (recoveries > 0).then_some(77),
            },
        );
    }
}

/// A dataset and what happens to it, one event after the other.
pub struct Story {
    pub id: DatasetId,
    pub record: Dataset,
    parents: Vec<Parent>,
    entries: Vec<(Vec<u8>, Vec<u8>)>,
    attestations: Vec<Attestation>,
}

impl Story {
    /// Registered by this account, made from these datasets.
    pub fn begin(id: DatasetId, registrant: [u8; 32], parents: &[DatasetId], depth: u32) -> Self {
        let registrant = AccountId(registrant);
        let parents: Vec<_> = parents
            .iter()
            .map(|parent| Parent {
                dataset: *parent,
                relation: Relation::CleanedFrom,
                royalty: Share::from_millionths(50_000).unwrap(),
            })
            .collect();
        let mut record = Dataset {
            version: DATASET_LAYOUT,
            registrant,
            owner: registrant,
            length: 1 << 20,
            metadata: digest(7),
            method: Method::Cleaned,
            registered: moment(20),
            announced: 15,
            provisional_until: 25,
            depth,
            parent_count: parents.len() as u32,
            attestation_count: 0,
            handover_count: 0,
            version_count: 0,
            trade_count: 0,
            withdrawn: None,
            sample: None,
            records: 0,
            head: [0; 32],
            deposit: 5_000,
        };
        record.head = record::first_head(&id, &record, &parents);
        Self { id, record, parents, entries: Vec::new(), attestations: Vec::new() }
    }

    pub fn of_length(mut self, length: u64) -> Self {
        assert_eq!(self.record.records, 0, "the length is part of registration");
        self.record.length = length;
        self.record.head = record::first_head(&self.id, &self.record, &self.parents);
        self
    }

    pub fn provisional_until(mut self, block: u32) -> Self {
        assert_eq!(self.record.records, 0, "it is part of registration");
        self.record.provisional_until = block;
        self.record.head = record::first_head(&self.id, &self.record, &self.parents);
        self
    }

    fn extend(&mut self, entry: [u8; 32]) {
        self.record.head = record::next_head(&self.record.head, &entry);
        self.record.records += 1;
    }

    pub fn attest(&mut self, inspector: [u8; 32]) {
        let index = self.record.attestation_count;
        let attestation = Attestation {
            version: DATASET_ENTRY_LAYOUT,
            inspector: AccountId(inspector),
            kind: AttestationKind::Quality,
            document: digest(u64::from(index) + 100),
            at: moment(30 + index),
            position: self.record.records,
            revoked: None,
            deposit: 700,
        };
        self.extend(record::attestation_entry(&self.id, index, &attestation));
        self.attestations.push(attestation);
        self.record.attestation_count += 1;
    }

    pub fn revoke(&mut self, index: u32) {
        self.attestations[index as usize].revoked = Some(Revocation {
            by: Revoker::Inspector,
            at: moment(40 + index),
            reason: "측정기 교정 만료".as_bytes().to_vec().try_into().unwrap(),
            position: self.record.records,
        });
        self.extend(record::attestation_entry(&self.id, index, &self.attestations[index as usize].clone()));
    }

    pub fn hand_over(&mut self, to: [u8; 32]) {
        let to = AccountId(to);
        let index = self.record.handover_count;
        let handover = Handover {
            version: DATASET_ENTRY_LAYOUT,
            from: self.record.owner,
            to,
            at: moment(50 + index),
            position: self.record.records,
        };
        self.extend(record::handover_entry(&self.id, index, &handover));
        self.entries.push((keys::handover(&self.id, index), handover.encode()));
        self.record.owner = to;
        self.record.handover_count += 1;
    }

    pub fn version(&mut self, dataset: DatasetId) {
        let index = self.record.version_count;
        let version = record::Version { dataset, position: self.record.records };
        self.extend(record::version_entry(&self.id, index, &version));
        self.entries.push((keys::version(&self.id, index), version.encode()));
        self.record.version_count += 1;
    }

    pub fn trade(&mut self, buyer: [u8; 32], outcome: Outcome) {
        self.trade_under(TRADE_LAYOUT, buyer, outcome);
    }

    /// A trade in a layout of its own.
    pub fn trade_under(&mut self, version: u8, buyer: [u8; 32], outcome: Outcome) {
        let index = self.record.trade_count;
        let royalties: Vec<_> = self
            .parents
            .iter()
            .map(|parent| Royalty { dataset: parent.dataset, account: AccountId(digest(77)), amount: 4_875 })
            .collect();
        let trade = Trade {
            version,
            order: u64::from(index) + 40,
            offer: 9,
            seller: self.record.owner,
            buyer: AccountId(buyer),
            price: 100_000 + u128::from(index),
            platform_fee: 2_500,
            royalties: royalties.try_into().unwrap(),
            licence: digest(201),
            nda: digest(202),
            derivation: Derivation::Permitted { royalty: Share::from_millionths(50_000).unwrap() },
            terms: digest(u64::from(index) + 300),
            placed_at: 60 + index,
            delivered_at: outcome.is_paid().then_some(61 + index),
            ended: moment(62 + index),
            outcome,
            position: self.record.records,
        };
        self.extend(record::trade_entry(&self.id, index, &trade));
        self.entries.push((keys::trade(&self.id, index), trade.encode()));
        self.record.trade_count += 1;
    }

    pub fn answer_draw(&mut self) {
        self.answer_with(307, digest(55), digest(57));
    }

    /// The draw of this seed is answered with so many blocks in a file of this digest.
    pub fn answer_with(&mut self, blocks: u32, digest: Digest, seed: Digest) {
        let answer = SampleAnswer { blocks, digest, at: moment(58), position: self.record.records };
        self.entries.push((keys::seed(self.record.registered.block), seed.encode()));
        self.extend(record::sample_entry(&self.id, &answer));
        self.record.sample = Some(answer);
    }

    pub fn withdraw(&mut self) {
        let withdrawal = Withdrawal {
            at: moment(90),
            reason: b"replaced by a longer series".to_vec().try_into().unwrap(),
            position: self.record.records,
        };
        self.extend(record::withdrawal_entry(&self.id, &withdrawal));
        self.record.withdrawn = Some(withdrawal);
    }

    /// Writes all of it as the chain keeps it.
    pub fn write(&self, state: &mut State) {
        state.put(keys::dataset(&self.id), &self.record);
        for (index, parent) in (0..).zip(&self.parents) {
            state.put(keys::parent(&self.id, index), parent);
        }
        for (index, attestation) in (0..).zip(&self.attestations) {
            state.put(keys::attestation(&self.id, index), attestation);
        }
        state.0.extend(self.entries.iter().cloned());
    }
}
