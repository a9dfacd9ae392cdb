//! A small market with one of everything that the chain can say, told to the service as the follower would.
//!
//! Only this file knows how records reach the service.

use axum::{body::Body, http::Request};
use marketplace_api::testing;
use wonbon_client::chain::{BalancesEvent, ChainEvent, LedgerChange, ParticipantsEvent};
use wonbon_model::{
    AccountId, Attestation, AttestationKind, Dataset, DatasetId, DeriveRight, Handover, Hash, MemberRole,
    Method, Offer, OfferState, OrderState, Outcome, Region, Relation, Revocation, Revoker, RightSource, Role,
    Royalty, SampleAnswer, SizeClass, Standing, Version, Withdrawal,
};
use wonbon_primitives::{delivery::Delivery, sample::Kind};

use super::{
    contents::{fair, metadata, raw, rows, sha256, shown, LICENCE, NDA, SEED, SHOWN, SMALL_METADATA},
    records::{
        at, dataset, offer, order, parent, participant, permitted, royalty_share, share, terms, trade,
        PERMITTED,
    },
};
use crate::common::{Company, Package, Service};

/// The service with the market in it.
pub(super) struct Market {
    pub(super) service: Service,
    pub(super) seller: Company,
    pub(super) buyer: Company,
    inspector: Company,
    pub(super) auditor: Company,
    pending: Company,
    suspended: Company,
    /// What the raw dataset is sold as.
    pub(super) package: Package,
    /// Name of the raw dataset's metadata document.
    pub(super) metadata: Hash,
    /// Name of the licence text.
    pub(super) licence: Hash,
    raw: DatasetId,
}

const VERSION: DatasetId = DatasetId([0xd2; 32]);
const CLEAN: DatasetId = DatasetId([0xd3; 32]);
const MADE: DatasetId = DatasetId([0xd4; 32]);
/// Datasets with the other methods and relations.
const OTHERS: [(DatasetId, Method, Relation); 6] = [
    (DatasetId([0xe1; 32]), Method::Preprocessed, Relation::PreprocessedFrom),
    (DatasetId([0xe2; 32]), Method::Labelled, Relation::LabelledFrom),
    (DatasetId([0xe3; 32]), Method::Aggregated, Relation::AggregatedFrom),
    (DatasetId([0xe4; 32]), Method::Anonymised, Relation::AnonymisedFrom),
    (DatasetId([0xe5; 32]), Method::Collected, Relation::SubsetOf),
    (DatasetId([0xe6; 32]), Method::Cleaned, Relation::DerivedFrom),
];

fn id(company: &Company) -> AccountId {
    AccountId(company.account.0)
}

impl Market {
    pub(super) async fn new() -> Self {
        let [seller, buyer, inspector, auditor, pending, suspended] = [1, 2, 3, 4, 5, 6].map(Company::new);
        let market = Self {
            service: Service::new().await,
            package: Package::new(10_000, 7),
            metadata: sha256(metadata().as_bytes()),
            licence: sha256(LICENCE.as_bytes()),
            raw: raw(),
            seller,
            buyer,
            inspector,
            auditor,
            pending,
            suspended,
        };
        market.tell();
        market.store().await;
        market
    }

    /// The companies, by what they are here.
    pub(super) fn companies(&self) -> [(&'static str, AccountId); 6] {
        [
            ("seller", &self.seller),
            ("buyer", &self.buyer),
            ("inspector", &self.inspector),
            ("auditor", &self.auditor),
            ("pending", &self.pending),
            ("suspended", &self.suspended),
        ]
        .map(|(name, company)| (name, company.account))
    }

    /// The datasets, by what they are here; the first has the most records.
    pub(super) fn datasets(&self) -> [(&'static str, Hash); 4] {
        [("raw", self.raw), ("version", VERSION), ("clean", CLEAN), ("made", MADE)]
            .map(|(name, dataset)| (name, Hash(dataset.0)))
    }

    fn apply(&self, records: Vec<LedgerChange>, events: &[ChainEvent]) {
        testing::apply_from_chain(&*self.service.kv, records, events);
    }

    /// Blocks 0 to 5 of the chain.
    fn tell(&self) {
        self.apply(self.registrations(), &[]);
        self.apply(self.data(), &[]);
        self.apply(self.facts_and_offers(), &[]);
        self.apply(self.first_trades(), &self.transfers());
        self.apply(self.orders_and_trades(), &[]);
        let (seller, buyer) = (id(&self.seller), id(&self.buyer));
        let back = ChainEvent::Balances(BalancesEvent::Transfer { from: seller, to: buyer, amount: 70_000 });
        let member = AccountId([0x77; 32]);
        let removed = ChainEvent::Participants(ParticipantsEvent::MemberRemoved { company: seller, member });
        self.apply(self.odd_trades(), &[back, removed]);
    }

    fn registrations(&self) -> Vec<LedgerChange> {
        use Region::{Busan, Daejeon, Sejong, Seoul, Ulsan};
        use Role::{Auditor, Consumer, Inspector, Provider};
        use SizeClass::{Institute, Large, Medium, MidMarket, Small};
        let records = [
            (&self.seller, {
                let roles = [Provider, Consumer];
                participant(
                    "한빛정밀 주식회사",
                    "123-45-67891",
                    "C29223",
                    (Small, Ulsan),
                    &roles,
                    Standing::Verified,
                )
            }),
            (&self.buyer, {
                let roles = [Provider, Consumer];
                participant(
                    "Daehan Tools <Ltd> & Sons",
                    "104-81-23454",
                    "C30",
                    (Medium, Seoul),
                    &roles,
                    Standing::Verified,
                )
            }),
            (&self.inspector, {
                participant(
                    "한국품질연구원",
                    "220-81-62517",
                    "M70",
                    (Institute, Daejeon),
                    &[Inspector],
                    Standing::Verified,
                )
            }),
            (&self.auditor, {
                participant(
                    "감사법인 하나",
                    "120-87-65763",
                    "M71",
                    (Large, Busan),
                    &[Auditor],
                    Standing::Verified,
                )
            }),
            (&self.pending, {
                participant("세종소프트", "214-88-00010", "J", (MidMarket, Sejong), &[], Standing::Pending)
            }),
            (&self.suspended, {
                participant(
                    "멈춘 회사",
                    "101-01-00009",
                    "C25",
                    (Small, Busan),
                    &[Provider],
                    Standing::Suspended,
                )
            }),
        ];
        let mut changes: Vec<_> = records
            .into_iter()
            .map(|(company, record)| LedgerChange::Participant { account: id(company), record: Some(record) })
            .collect();
        changes.push(LedgerChange::Participant { account: AccountId([0x66; 32]), record: None });
        changes
    }

    fn data(&self) -> Vec<LedgerChange> {
        let (seller, buyer, inspector) = (id(&self.seller), id(&self.buyer), id(&self.inspector));
        let raw = Dataset {
            registrant: buyer,
            attestation_count: 4,
            handover_count: 1,
            version_count: 1,
            trade_count: 12,
            sample: Some(SampleAnswer { blocks: SHOWN, digest: fair().digest(), at: at(1), position: 2 }),
            records: 20,
            ..dataset(seller, rows().len() as u64, self.metadata, Method::Collected)
        };
        let version = Dataset {
            parent_count: 1,
            provisional_until: 9,
            ..dataset(seller, rows().len() as u64 + 4096, Hash([0x9a; 32]), Method::Collected)
        };
        let clean = Dataset {
            depth: 1,
            parent_count: 1,
            trade_count: 1,
            ..dataset(seller, 8192, sha256(SMALL_METADATA.as_bytes()), Method::Cleaned)
        };
        let reason = "잘못 등록했습니다 <b>".as_bytes().to_vec().try_into().unwrap();
        let made = Dataset {
            depth: 2,
            parent_count: 2,
            withdrawn: Some(Withdrawal { at: at(1), reason, position: 1 }),
            records: 2,
            registered: at(0),
            ..dataset(buyer, 3 << 30, Hash([0x9b; 32]), Method::Synthesised)
        };
        let attestation = |kind, revoked, position| Attestation {
            version: 1,
            inspector,
            kind,
            document: [0x30 + position as u8; 32],
            at: at(1),
            position,
            revoked,
            deposit: 5_000,
        };
        let revocation = |by, reason: &str, position| {
            let reason = reason.as_bytes().to_vec().try_into().unwrap();
            Some(Revocation { by, at: at(1), reason, position })
        };
        let attestations = [
            attestation(AttestationKind::Quality, None, 3),
            attestation(AttestationKind::SmartFactoryLevel, None, 4),
            attestation(AttestationKind::Processing, revocation(Revoker::Inspector, "다른 공장", 7), 5),
            attestation(AttestationKind::Quality, revocation(Revoker::Authority, "no such plant", 8), 6),
        ];
        let raw_id = self.raw;
        let mut changes: Vec<_> = [(raw_id, raw), (VERSION, version), (CLEAN, clean), (MADE, made)]
            .into_iter()
            .map(|(dataset, record)| LedgerChange::Dataset { dataset, record })
            .collect();
        changes.extend([
            LedgerChange::Parents {
                dataset: VERSION,
                parents: vec![parent(raw_id, Relation::NewVersionOf, 0)],
                royalties: Vec::new(),
            },
            LedgerChange::Parents {
                dataset: CLEAN,
                parents: vec![parent(raw_id, Relation::CleanedFrom, 50_000)],
                royalties: vec![royalty_share(raw_id, 50_000)],
            },
            LedgerChange::Parents {
                dataset: MADE,
                parents: vec![
                    parent(CLEAN, Relation::SynthesisedFrom, 25_001),
                    parent(raw_id, Relation::AggregatedFrom, 0),
                ],
                royalties: vec![royalty_share(CLEAN, 25_001), royalty_share(raw_id, 50_000)],
            },
            LedgerChange::Version {
                dataset: raw_id,
                index: 0,
                record: Version { dataset: VERSION, position: 1 },
            },
            LedgerChange::Seed { registered_at: 1, seed: SEED },
            LedgerChange::PendingHandover { dataset: CLEAN, to: Some(buyer) },
            LedgerChange::Handover {
                dataset: raw_id,
                index: 0,
                record: Handover { version: 1, from: buyer, to: seller, at: at(1), position: 9 },
            },
        ]);
        changes.extend((0..).zip(attestations).map(|(index, record)| LedgerChange::Attestation {
            dataset: raw_id,
            index,
            record,
        }));
        for (other, method, relation) in OTHERS {
            let record = Dataset { depth: 1, parent_count: 1, ..dataset(buyer, 5, Hash([0x9c; 32]), method) };
            changes.push(LedgerChange::Dataset { dataset: other, record });
            let parents = vec![parent(raw_id, relation, 0)];
            changes.push(LedgerChange::Parents { dataset: other, parents, royalties: Vec::new() });
        }
        changes
    }

    /// The offer whose payload the service has.
    fn open_offer(&self) -> Offer {
        Offer {
            length: rows().len() as u64,
            sealed_root: self.package.sealed_root.0,
            open_orders: 2,
            exposure: 250_000,
            derivation: permitted(),
            ..offer(1, self.raw, id(&self.seller), 1_250_000)
        }
    }

    fn clean_offer(&self) -> Offer {
        offer(4, CLEAN, id(&self.seller), 12_345_678_901)
    }

    fn facts_and_offers(&self) -> Vec<LedgerChange> {
        let seller = id(&self.seller);
        let withdrawn = Offer { state: OfferState::Withdrawn, bond: 0, ..offer(2, CLEAN, seller, 900_000) };
        let faulted = Offer { state: OfferState::Faulted, ..offer(3, VERSION, seller, 1) };
        let offers = [(1, self.open_offer()), (2, withdrawn), (3, faulted), (4, self.clean_offer())];
        offers.into_iter().map(|(offer, record)| LedgerChange::Offer { offer, record }).collect()
    }

    fn trade(&self, index: u32, outcome: Outcome, block: u32) -> LedgerChange {
        let terms = terms(1, &self.open_offer(), Vec::new());
        let record = trade(10 + u64::from(index), id(&self.buyer), &terms, outcome, block, 10 + index);
        LedgerChange::Trade { dataset: self.raw, index, record }
    }

    fn first_trades(&self) -> Vec<LedgerChange> {
        let right = DeriveRight { version: 2, royalty: share(PERMITTED), source: RightSource::Trade(0) };
        vec![
            self.trade(0, Outcome::Accepted, 3),
            self.trade(1, Outcome::Lapsed, 3),
            self.trade(2, Outcome::Missed, 3),
            LedgerChange::DeriveRight { company: id(&self.buyer), dataset: self.raw, record: right },
        ]
    }

    fn transfers(&self) -> Vec<ChainEvent> {
        let (seller, buyer, member) = (id(&self.seller), id(&self.buyer), AccountId([0x77; 32]));
        let added = |company| {
            let (roles, day_limit, generation) = (MemberRole::Deliver.into(), 0, 0);
            let added = ParticipantsEvent::MemberAdded { company, member, roles, day_limit, generation };
            ChainEvent::Participants(added)
        };
        vec![
            ChainEvent::Balances(BalancesEvent::Transfer { from: buyer, to: seller, amount: 600_000 }),
            ChainEvent::Balances(BalancesEvent::Transfer {
                from: buyer,
                to: AccountId([0x88; 32]),
                amount: 5,
            }),
            added(seller),
            added(buyer),
        ]
    }

    fn orders_and_trades(&self) -> Vec<LedgerChange> {
        let (seller, buyer) = (id(&self.seller), id(&self.buyer));
        let open = terms(1, &self.open_offer(), Vec::new());
        let royalty = Royalty { dataset: self.raw, account: seller, amount: 616_050_000 };
        let with_royalty = terms(4, &self.clean_offer(), vec![royalty]);
        let delivery = Delivery { ephemeral: [0xc3; 32], wrapped: [0xc4; 32] };
        let delivered = OrderState::Delivered { delivery, at: 4, dispute_until: 204 };
        let clean_trade = trade(16, buyer, &with_royalty, Outcome::Accepted, 4, 0);
        vec![
            LedgerChange::Order { order: 20, record: Some(order(buyer, open, OrderState::Placed)) },
            LedgerChange::Order { order: 21, record: Some(order(buyer, with_royalty, delivered)) },
            LedgerChange::Order { order: 16, record: None },
            self.trade(3, Outcome::WrongKey, 4),
            self.trade(4, Outcome::BadBlock(17), 4),
            self.trade(5, Outcome::Faulted, 4),
            LedgerChange::Trade { dataset: CLEAN, index: 0, record: clean_trade },
        ]
    }

    /// Trades that an auditor's rules notice: one at an odd price, and one back to a seller.
    fn odd_trades(&self) -> Vec<LedgerChange> {
        let (buyer, inspector) = (id(&self.buyer), id(&self.inspector));
        let prices = [1_000_000, 1_050_000, 1_100_000, 1_150_000, 1_200_000, 90_000_000];
        let mut changes: Vec<_> = (6..)
            .zip(prices)
            .map(|(index, price)| {
                let terms = terms(1, &Offer { price, ..self.open_offer() }, Vec::new());
                let order = 30 + u64::from(index);
                let record = trade(order, inspector, &terms, Outcome::Accepted, 5, 10 + index);
                LedgerChange::Trade { dataset: self.raw, index, record }
            })
            .collect();
        let (other, ..) = OTHERS[0];
        let back = terms(5, &offer(5, other, buyer, 2_000_000), Vec::new());
        let record = trade(29, id(&self.seller), &back, Outcome::Lapsed, 5, 1);
        changes.push(LedgerChange::Trade { dataset: other, index: 0, record });
        changes
    }

    /// What companies keep at the service: documents, samples, the package, and one download of it.
    async fn store(&self) {
        let token = self.service.sign_in(&self.seller).await;
        let samples = format!("/v1/datasets/{}/samples", self.raw);
        let sample = "application/vnd.wonbon.sample";
        for (path, media_type, bytes) in [
            (format!("/v1/metadata/{}", self.metadata), "application/json", metadata().into_bytes()),
            (
                format!("/v1/metadata/{}", sha256(SMALL_METADATA.as_bytes())),
                "application/json",
                SMALL_METADATA.into(),
            ),
            (format!("/v1/documents/{}", self.licence), "text/plain; charset=utf-8", LICENCE.into()),
            (format!("/v1/documents/{}", sha256(NDA.as_bytes())), "text/plain; charset=utf-8", NDA.into()),
            (format!("{samples}/chosen"), sample, shown(vec![0, 3], Kind::Chosen).to_file()),
            (format!("{samples}/fair"), sample, fair().to_file()),
        ] {
            let request = Request::put(&path)
                .header("authorization", format!("Bearer {token}"))
                .header("content-type", media_type);
            let answer = self.service.send(request.body(Body::from(bytes)).unwrap()).await;
            assert_eq!(answer.status, 201, "{path}: {}", answer.text());
        }
        self.service.upload(&token, &self.package).await;
        let token = self.service.sign_in(&self.buyer).await;
        let answer = self.service.download(&token, &self.package, &[("range", "bytes=0-99")]).await;
        assert_eq!(answer.status, 206, "{}", answer.text());
        self.service.app.documents.read_named().await.unwrap();
        self.service.app.search.flush().await;
    }
}
