//! Following the chain: every finalized block once, in order, and what each did to the ledger.

use super::{
    BlockChanges, Chain, ChainError, ChainEvent, LedgerChange, MarketplaceEvent, ParticipantsEvent,
    ProvenanceEvent, View,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use subxt::config::substrate::{SubstrateConfig, SubstrateHeader, H256};
use subxt::events::Event;
use subxt::rpcs::client::RpcSubscription;
use wonbon_model::{AccountId, BlockNumber, BlockRef, DatasetId, Digest, OfferId, OrderId};

/// How long to wait for word of a finalized block before asking.
const NEWS_TIMEOUT: Duration = Duration::from_secs(6);

/// The finalized blocks from a height on: every height once, in order, over lost connections.
pub struct FinalizedBlocks {
    chain: Chain,
    next: BlockNumber,
    finalized: Option<BlockNumber>,
    news: Option<RpcSubscription<SubstrateHeader<H256>>>,
}

impl FinalizedBlocks {
    /// Waits for the next block. After an error it can be called again and goes on where it was.
    pub async fn next(&mut self) -> Result<BlockRef, ChainError> {
        while self.finalized.is_none_or(|finalized| self.next > finalized) {
            let known = self.finalized;
            let finalized = self.chain.finalized_block().await?.height;
            self.finalized = Some(finalized);
            // The first look may be old news; later ones follow word from the node or a long wait.
            if self.next > finalized && known.is_some() {
                self.wait().await;
            }
        }
        let block = self.chain.block_at(self.next).await?;
        let block = block.ok_or_else(|| ChainError::NoSuchBlock(self.next.to_string()))?;
        self.next = self.next.saturating_add(1);
        Ok(block)
    }

    async fn wait(&mut self) {
        if self.news.is_none() {
            self.news = self.chain.inner.rpc.chain_subscribe_finalized_heads().await.ok();
        }
        let heard = match &mut self.news {
            Some(news) => tokio::time::timeout(NEWS_TIMEOUT, news.next()).await,
            None => {
                tokio::time::sleep(Duration::from_secs(1)).await;
                return;
            }
        };
        if matches!(heard, Ok(None | Some(Err(_)))) {
            self.news = None;
        }
    }
}

impl Chain {
    /// The finalized blocks from a height on.
    pub fn finalized_blocks(&self, from: BlockNumber) -> FinalizedBlocks {
        FinalizedBlocks { chain: self.clone(), next: from, finalized: None, news: None }
    }

    /// The hash of a block's parent.
    pub async fn parent_of(&self, block: BlockRef) -> Result<Digest, ChainError> {
        Ok(self.header(H256(block.hash)).await?.parent_hash.0)
    }

    /// What a block did to the ledger. The genesis block "changes" all that the chain began with.
    pub async fn block_changes(&self, block: BlockRef) -> Result<BlockChanges, ChainError> {
        let parent = self.parent_of(block).await?;
        let view = self.at(block).await?;
        let events = view.events().await?;
        let mut touched = Touched::default();
        events.iter().for_each(|event| touched.add(event));
        if block.height == 0 {
            touched.rules = true;
            touched.participants.extend(view.participants().await?.into_iter().map(|(account, _)| account));
        }
        let changes = touched.read(&view).await?;
        Ok(BlockChanges { block, parent, time_ms: view.time_ms().await?, events, changes })
    }
}

impl View {
    /// The events of this block that this client knows, in order.
    pub async fn events(&self) -> Result<Vec<ChainEvent>, ChainError> {
        let all = self.client().events().fetch().await;
        let all = all.map_err(|error| super::view::pruned_or_node(self.block(), error))?;
        let mut events = Vec::new();
        for event in all.iter() {
            let event = event.map_err(|error| ChainError::undecodable("an event", error))?;
            events.extend(known(&event)?);
        }
        Ok(events)
    }
}

/// Decodes an event if it is one that this client knows.
pub(super) fn known(event: &Event<'_, SubstrateConfig>) -> Result<Option<ChainEvent>, ChainError> {
    let (pallet, name) = (event.pallet_name(), event.event_name());
    let mut fields = event.field_bytes();
    match ChainEvent::decode(pallet, name, &mut fields) {
        None => Ok(None),
        Some(Ok(decoded)) if fields.is_empty() => Ok(Some(decoded)),
        Some(Ok(_)) => Err(ChainError::undecodable(format!("event {pallet}.{name}"), "bytes are left over")),
        Some(Err(error)) => Err(ChainError::undecodable(format!("event {pallet}.{name}"), error)),
    }
}

/// The records that a block's events name.
#[derive(Default)]
struct Touched {
    participants: BTreeSet<AccountId>,
    datasets: BTreeSet<DatasetId>,
    new_datasets: BTreeSet<DatasetId>,
    versions: BTreeSet<(DatasetId, u32)>,
    seeds: BTreeSet<BlockNumber>,
    attestations: BTreeSet<(DatasetId, u32)>,
    pending_handovers: BTreeSet<DatasetId>,
    /// How often each was handed over in this block.
    handovers: BTreeMap<DatasetId, u32>,
    offers: BTreeSet<OfferId>,
    orders: BTreeSet<OrderId>,
    trades: BTreeSet<(DatasetId, u32)>,
    rights: BTreeSet<(AccountId, DatasetId)>,
    rules: bool,
}

impl Touched {
    fn add(&mut self, event: &ChainEvent) {
        match event {
            ChainEvent::Participants(event) => self.add_participants(event),
            ChainEvent::Provenance(event) => self.add_provenance(event),
            ChainEvent::Marketplace(event) => self.add_marketplace(event),
            ChainEvent::Credit(_)
            | ChainEvent::Balances(_)
            | ChainEvent::Proxy(_)
            | ChainEvent::Council(_) => {}
        }
    }

    fn add_participants(&mut self, event: &ParticipantsEvent) {
        use ParticipantsEvent as E;
        let (E::Registered { account, .. }
        | E::ProfileUpdated { account, .. }
        | E::Verified { account, .. }
        | E::Suspended { account, .. }
        | E::Reinstated { account, .. }
        | E::Accredited { account }
        | E::AccreditationRevoked { account }
        | E::RegistrationWithdrawn { account }) = event;
        self.participants.insert(*account);
    }

    fn add_provenance(&mut self, event: &ProvenanceEvent) {
        use ProvenanceEvent as E;
        match event {
            E::Announced { .. } | E::AnnouncementCancelled { .. } => {}
            E::DatasetRegistered { dataset, .. } => {
                self.datasets.insert(*dataset);
                self.new_datasets.insert(*dataset);
            }
            E::Attested { dataset, index, .. } | E::AttestationRevoked { dataset, index, .. } => {
                self.datasets.insert(*dataset);
                self.attestations.insert((*dataset, *index));
            }
            E::DatasetWithdrawn { dataset, .. }
            | E::HandoverProposed { dataset, .. }
            | E::HandoverCancelled { dataset, .. } => {
                // A withdrawal may end a proposal.
                self.datasets.insert(*dataset);
                self.pending_handovers.insert(*dataset);
            }
            E::HandedOver { dataset, .. } => {
                self.datasets.insert(*dataset);
                self.pending_handovers.insert(*dataset);
                let times = self.handovers.entry(*dataset).or_default();
                *times = times.saturating_add(1);
            }
            E::VersionRegistered { dataset, index, .. } => {
                self.datasets.insert(*dataset);
                self.versions.insert((*dataset, *index));
            }
            E::SeedDrawn { registered_at, .. } => {
                self.seeds.insert(*registered_at);
            }
            E::DrawAnswered { dataset, .. } => {
                self.datasets.insert(*dataset);
            }
        }
    }

    fn add_marketplace(&mut self, event: &MarketplaceEvent) {
        use MarketplaceEvent as E;
        match event {
            E::OfferMade { offer, .. }
            | E::PriceSet { offer, .. }
            | E::BondAdded { offer, .. }
            | E::OfferWithdrawn { offer }
            | E::BondReleased { offer, .. }
            | E::SealingFaulted { offer, .. } => {
                self.offers.insert(*offer);
            }
            E::OrderPlaced { order, offer, .. } | E::BondSlashed { order, offer, .. } => {
                self.orders.insert(*order);
                self.offers.insert(*offer);
            }
            E::KeyDelivered { order, .. } | E::DisputeReserveReleased { order, .. } => {
                self.orders.insert(*order);
            }
            E::TradeFinal { order, dataset, index, .. } => {
                self.orders.insert(*order);
                self.trades.insert((*dataset, *index));
                self.datasets.insert(*dataset);
            }
            // The trade of the same block has it.
            E::RoyaltyPaid { .. } => {}
            E::DeriveRightGranted { company, dataset, .. } => {
                self.rights.insert((*company, *dataset));
            }
            E::RulesSet { .. } => self.rules = true,
        }
    }

    async fn read(mut self, view: &View) -> Result<Vec<LedgerChange>, ChainError> {
        let missing = |what: String| ChainError::undecodable(what, "an event names it, the state has none");
        let mut changes = Vec::new();
        if self.rules {
            changes.extend(view.rules().await?.map(LedgerChange::Rules));
        }
        for account in self.participants {
            let record = view.participant(&account).await?;
            changes.push(LedgerChange::Participant { account, record });
        }
        for dataset in self.datasets {
            let record = view.dataset(&dataset).await?;
            let record = record.ok_or_else(|| missing(format!("dataset {dataset}")))?;
            // The event has no number; those of this block are the last ones.
            let times = self.handovers.get(&dataset).copied().unwrap_or_default();
            for index in record.handover_count.saturating_sub(times)..record.handover_count {
                let record = view.handover(&dataset, index).await?;
                let record = record.ok_or_else(|| missing(format!("handover {index} of {dataset}")))?;
                changes.push(LedgerChange::Handover { dataset, index, record });
            }
            changes.push(LedgerChange::Dataset { dataset, record });
        }
        for dataset in self.new_datasets {
            let (parents, royalties) = (view.parents(&dataset).await?, view.royalties(&dataset).await?);
            changes.push(LedgerChange::Parents { dataset, parents, royalties });
        }
        for (dataset, index) in self.versions {
            let record = view.version(&dataset, index).await?;
            let record = record.ok_or_else(|| missing(format!("version {index} of {dataset}")))?;
            changes.push(LedgerChange::Version { dataset, index, record });
        }
        for registered_at in self.seeds {
            let seed = view.seed(registered_at).await?;
            let seed = seed.ok_or_else(|| missing(format!("the seed of block {registered_at}")))?;
            changes.push(LedgerChange::Seed { registered_at, seed });
        }
        for (dataset, index) in self.attestations {
            let record = view.attestation(&dataset, index).await?;
            let record = record.ok_or_else(|| missing(format!("attestation {index} of {dataset}")))?;
            changes.push(LedgerChange::Attestation { dataset, index, record });
        }
        for dataset in self.pending_handovers {
            let to = view.pending_handover(&dataset).await?;
            changes.push(LedgerChange::PendingHandover { dataset, to });
        }
        let mut trades = Vec::new();
        for (dataset, index) in self.trades {
            let record = view.trade(&dataset, index).await?;
            let record = record.ok_or_else(|| missing(format!("trade {index} of {dataset}")))?;
            // The order is gone; its offer has one order less.
            self.offers.insert(record.offer);
            trades.push(LedgerChange::Trade { dataset, index, record });
        }
        for offer in self.offers {
            let record = view.offer(offer).await?.ok_or_else(|| missing(format!("offer {offer}")))?;
            changes.push(LedgerChange::Offer { offer, record });
        }
        for order in self.orders {
            changes.push(LedgerChange::Order { order, record: view.order(order).await? });
        }
        changes.extend(trades);
        for (company, dataset) in self.rights {
            let record = view.derive_right(&company, &dataset).await?;
            let record =
                record.ok_or_else(|| missing(format!("the right of {company} to derive from {dataset}")))?;
            changes.push(LedgerChange::DeriveRight { company, dataset, record });
        }
        Ok(changes)
    }
}
