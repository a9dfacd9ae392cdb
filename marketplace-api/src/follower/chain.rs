//! The chain as a source of finalized blocks, through `wonbon-client`.
//!
//! The client reconnects by itself for a few seconds; after that, and after every error, the connection is given
//! up and the next question opens a new one, so that a node that came back as another chain is noticed.

use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Mutex;
use wonbon_client::{
    chain::{self, Chain, ChainError, ConnectOptions, FinalizedBlocks},
    ledger::{self, LedgerChange},
};

use super::source::{ChainSource, SourceError};
use crate::model::{
    Account, Attestation, BlockChanges, BlockRef, Change, Dataset, Delivery, Hash, Method, Offer, OfferState,
    Order, OrderState, OrderTerms, Outcome, Parent, Participant, Revocation, Role, SizeClass, Standing,
    Trade, Withdrawal,
};

/// How long the client tries a lost connection before the follower hears of it.
const GIVE_UP: Duration = Duration::from_secs(5);

/// A node and the connection to it, if there is one.
struct ChainNode {
    url: String,
    expected_genesis: Option<Hash>,
    connection: Mutex<Option<Chain>>,
}

/// The subscription that gives block `next` when it is finalized.
struct Waiting {
    next: u32,
    blocks: FinalizedBlocks,
}

/// A node together with the subscription that waits for its next finalized block.
pub struct ChainFollower {
    node: ChainNode,
    waiting: Mutex<Option<Waiting>>,
}

impl std::fmt::Debug for ChainFollower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChainFollower").field("url", &self.node.url).finish_non_exhaustive()
    }
}

impl ChainFollower {
    /// A node by its address. Nothing is sent yet.
    pub fn new(url: String, expected_genesis: Option<Hash>) -> Self {
        let node = ChainNode { url, expected_genesis, connection: Mutex::default() };
        Self { node, waiting: Mutex::default() }
    }
}

impl ChainNode {
    async fn chain(&self) -> Result<Chain, SourceError> {
        let mut connection = self.connection.lock().await;
        if let Some(chain) = &*connection {
            return Ok(chain.clone());
        }
        let mut options = ConnectOptions::new(&self.url).genesis(self.expected_genesis.map(|hash| hash.0));
        options.give_up_after = Some(GIVE_UP);
        let chain = Chain::connect_with(options).await.map_err(source_error)?;
        *connection = Some(chain.clone());
        Ok(chain)
    }

    async fn disconnect(&self) {
        *self.connection.lock().await = None;
    }

    /// Passes a result on, and gives the connection up if it is an error.
    async fn checked<T>(&self, result: Result<T, ChainError>) -> Result<T, SourceError> {
        match result {
            Ok(value) => Ok(value),
            Err(error) => {
                self.disconnect().await;
                Err(source_error(error))
            }
        }
    }
}

fn source_error(error: ChainError) -> SourceError {
    match error {
        ChainError::OtherChain { expected, found } => {
            SourceError::OtherChain { expected: Hash(expected), found: Hash(found) }
        }
        error @ (ChainError::OtherRuntime(_)
        | ChainError::Undecodable { .. }
        | ChainError::StatePruned(_)) => SourceError::Unreadable(error.to_string()),
        error => SourceError::Unreachable(error.to_string()),
    }
}

#[async_trait]
impl ChainSource for ChainFollower {
    async fn genesis(&self) -> Result<Hash, SourceError> {
        // Asked when following begins anew: an old connection may by now lead to another chain.
        self.node.disconnect().await;
        *self.waiting.lock().await = None;
        Ok(Hash(self.node.chain().await?.genesis()))
    }

    async fn finalized(&self) -> Result<BlockRef, SourceError> {
        let chain = self.node.chain().await?;
        self.node.checked(chain.finalized_block().await).await.map(block_ref)
    }

    async fn finalized_after(&self, number: u32) -> Result<BlockRef, SourceError> {
        let chain = self.node.chain().await?;
        let mut waiting = self.waiting.lock().await;
        let next = number.saturating_add(1);
        let mut current = match waiting.take() {
            Some(current) if current.next == next => current,
            _ => Waiting { next, blocks: chain.finalized_blocks(next) },
        };
        self.node.checked(current.blocks.next().await).await?;
        current.next = next.saturating_add(1);
        *waiting = Some(current);
        drop(waiting);
        self.node.checked(chain.finalized_block().await).await.map(block_ref)
    }

    async fn block(&self, number: u32) -> Result<BlockChanges, SourceError> {
        let chain = self.node.chain().await?;
        let found = self.node.checked(chain.block_at(number).await).await?;
        let block =
            found.ok_or_else(|| SourceError::Unreachable(format!("the node has no block {number}")))?;
        let done = self.node.checked(chain.block_changes(block).await).await?;
        let mut changes = Vec::with_capacity(done.changes.len());
        for change in done.changes {
            translate(change, &mut changes);
        }
        Ok(BlockChanges {
            block: block_ref(done.block),
            parent: Hash(done.parent),
            time_ms: done.time_ms,
            changes,
        })
    }
}

fn block_ref(block: chain::BlockRef) -> BlockRef {
    BlockRef { number: block.height, hash: Hash(block.hash) }
}

fn account(account: ledger::AccountId) -> Account {
    Account(account.0)
}

fn translate(change: LedgerChange, out: &mut Vec<Change>) {
    match change {
        LedgerChange::Participant { account: who, record } => {
            out.push(Change::Participant(participant(who, record)))
        }
        LedgerChange::Dataset { dataset: id, record } => out.push(Change::Dataset(dataset(id, record))),
        LedgerChange::Parents { dataset, parents } => {
            out.extend(parents.into_iter().zip(0..).map(|(parent, index)| {
                Change::Parent(Parent {
                    child: Hash(dataset.0),
                    index,
                    parent: Hash(parent.dataset.0),
                    relation: relation(parent.relation).to_owned(),
                })
            }));
        }
        LedgerChange::Attestation { dataset, index, record } => {
            out.push(Change::Attestation(attestation(dataset, index, record)));
        }
        LedgerChange::Handover { dataset, to } => {
            out.push(Change::Handover { dataset: Hash(dataset.0), to: to.map(account) });
        }
        LedgerChange::Offer { offer: id, record } => out.push(Change::Offer(offer(id, record))),
        LedgerChange::Order { order: id, record: Some(record) } => out.push(Change::Order(order(id, record))),
        // A final order comes as its trade, in the same block.
        LedgerChange::Order { record: None, .. } => {}
        LedgerChange::Trade { dataset, index, record } => {
            out.push(Change::Trade(trade(dataset, index, record)))
        }
        LedgerChange::Rules(_) => {}
    }
}

fn participant(who: ledger::AccountId, record: ledger::Participant) -> Participant {
    let profile = record.profile;
    let digits = profile.registration_number.digits();
    let role = |role| match role {
        ledger::Role::Provider => Role::Provider,
        ledger::Role::Consumer => Role::Consumer,
        ledger::Role::Auditor => Role::Auditor,
        ledger::Role::Inspector => Role::Inspector,
    };
    Participant {
        account: account(who),
        name: ledger::text(&profile.name),
        registration_number: ledger::text(digits),
        ksic: profile.ksic.to_string(),
        size: match profile.size {
            ledger::SizeClass::Small => SizeClass::Small,
            ledger::SizeClass::Medium => SizeClass::Medium,
            ledger::SizeClass::MidMarket => SizeClass::MidMarket,
            ledger::SizeClass::Large => SizeClass::Large,
            ledger::SizeClass::Institute => SizeClass::Institute,
        },
        region: profile.region.code().to_owned(),
        roles: profile.roles.iter().map(role).collect(),
        standing: match record.standing {
            ledger::Standing::Pending => Standing::Pending,
            ledger::Standing::Verified => Standing::Verified,
            ledger::Standing::Suspended => Standing::Suspended,
        },
        accredited: record.accredited,
        registered_at: record.registered_at,
        changed_at: record.changed_at,
    }
}

fn dataset(id: ledger::DatasetId, record: ledger::Dataset) -> Dataset {
    Dataset {
        id: Hash(id.0),
        registrant: account(record.registrant),
        owner: account(record.owner),
        length: record.length,
        metadata: Hash(record.metadata),
        method: match record.method {
            ledger::Method::Collected => Method::Collected,
            ledger::Method::Cleaned => Method::Cleaned,
            ledger::Method::Preprocessed => Method::Preprocessed,
            ledger::Method::Labelled => Method::Labelled,
            ledger::Method::Aggregated => Method::Aggregated,
            ledger::Method::Anonymised => Method::Anonymised,
            ledger::Method::Synthesised => Method::Synthesised,
        },
        registered_at: record.registered_at,
        parent_count: record.parent_count,
        withdrawn: record
            .withdrawn
            .map(|gone| Withdrawal { at: gone.at, reason: ledger::text(&gone.reason) }),
        records: record.records,
        head: Hash(record.head),
    }
}

fn relation(relation: ledger::Relation) -> &'static str {
    match relation {
        ledger::Relation::DerivedFrom => "derived_from",
        ledger::Relation::NewVersionOf => "new_version_of",
        ledger::Relation::CleanedFrom => "cleaned_from",
        ledger::Relation::PreprocessedFrom => "preprocessed_from",
        ledger::Relation::LabelledFrom => "labelled_from",
        ledger::Relation::AggregatedFrom => "aggregated_from",
        ledger::Relation::AnonymisedFrom => "anonymised_from",
        ledger::Relation::SynthesisedFrom => "synthesised_from",
        ledger::Relation::SubsetOf => "subset_of",
    }
}

fn attestation(dataset: ledger::DatasetId, index: u32, record: ledger::Attestation) -> Attestation {
    let kind = match record.kind {
        ledger::AttestationKind::Quality => "quality",
        ledger::AttestationKind::SmartFactoryLevel => "smart_factory_level",
        ledger::AttestationKind::Processing => "processing",
    };
    Attestation {
        dataset: Hash(dataset.0),
        index,
        inspector: account(record.inspector),
        kind: kind.to_owned(),
        document: Hash(record.document),
        at: record.at,
        revoked: record.revoked.map(|gone| Revocation { at: gone.at, reason: ledger::text(&gone.reason) }),
    }
}

fn offer(id: ledger::OfferId, record: ledger::Offer) -> Offer {
    Offer {
        id,
        dataset: Hash(record.dataset.0),
        seller: account(record.seller),
        length: record.length,
        sealed_root: Hash(record.sealed_root),
        key_commitment: Hash(record.key_commitment),
        price: record.price,
        licence: Hash(record.licence),
        nda: Hash(record.nda),
        delivery_window: record.delivery_window,
        dispute_window: record.dispute_window,
        bond: record.bond,
        open_orders: record.open_orders,
        exposure: record.exposure,
        state: match record.state {
            ledger::OfferState::Open => OfferState::Open,
            ledger::OfferState::Withdrawn => OfferState::Withdrawn,
            ledger::OfferState::Faulted => OfferState::Faulted,
        },
        offered_at: record.offered_at,
    }
}

fn order(id: ledger::OrderId, record: ledger::Order) -> Order {
    let (state, delivery) = match record.state {
        ledger::OrderState::Placed => (OrderState::Placed, None),
        ledger::OrderState::Delivered { delivery, at, dispute_until } => {
            let (ephemeral, wrapped) = (Hash(delivery.ephemeral), Hash(delivery.wrapped));
            (OrderState::Delivered, Some(Delivery { ephemeral, wrapped, at, dispute_until }))
        }
    };
    let terms = record.terms;
    Order {
        id,
        offer: record.offer,
        buyer: account(record.buyer),
        terms: OrderTerms {
            genesis: Hash(terms.genesis),
            offer: terms.offer,
            dataset: Hash(terms.dataset.0),
            length: terms.length,
            sealed_root: Hash(terms.sealed_root),
            key_commitment: Hash(terms.key_commitment),
            seller: account(terms.seller),
            price: terms.price,
            platform_fee: terms.platform_fee,
            dispute_reserve: terms.dispute_reserve,
            bond: terms.bond,
            missed_delivery_penalty: terms.missed_delivery_penalty,
            delivery_window: terms.delivery_window,
            dispute_window: terms.dispute_window,
            licence: Hash(terms.licence),
            nda: Hash(terms.nda),
        },
        order_key: Hash(record.order_key.0),
        nonce: Hash(record.nonce),
        placed_at: record.placed_at,
        deliver_by: record.deliver_by,
        state,
        delivery,
        reserve_left: record.reserve_left,
    }
}

fn trade(dataset: ledger::DatasetId, index: u32, record: ledger::Trade) -> Trade {
    let (outcome, bad_block) = match record.outcome {
        ledger::Outcome::Accepted => (Outcome::Accepted, None),
        ledger::Outcome::Lapsed => (Outcome::Lapsed, None),
        ledger::Outcome::Missed => (Outcome::Missed, None),
        ledger::Outcome::WrongKey => (Outcome::WrongKey, None),
        ledger::Outcome::BadBlock(block) => (Outcome::BadBlock, Some(block)),
        ledger::Outcome::Faulted => (Outcome::Faulted, None),
    };
    Trade {
        dataset: Hash(dataset.0),
        index,
        order: record.order,
        offer: record.offer,
        seller: account(record.seller),
        buyer: account(record.buyer),
        price: record.price,
        platform_fee: record.platform_fee,
        sealed_root: Hash(record.sealed_root),
        key_commitment: Hash(record.key_commitment),
        licence: Hash(record.licence),
        nda: Hash(record.nda),
        terms: Hash(record.terms),
        placed_at: record.placed_at,
        delivered_at: record.delivered_at,
        final_at: record.final_at,
        outcome,
        bad_block,
    }
}
