//! The chain: connecting, reading at a block, submitting, following. The only module that names subxt.
//!
//! What it promises:
//!
//! - A chain whose genesis is not the one asked for, or whose runtime has records, events or calls that this
//!   program would misread, is refused when connecting (see [`metadata_check`]).
//! - A lost connection is taken up again; a transaction that was on its way is then looked for in the blocks
//!   and never sent a second time under another nonce.
//! - [`Chain::submit`] answers with what the call did in its block, inner calls of `sudo` and motions
//!   included, and errors by name.
//!
//! Names of pallets, calls and storage are resolved with the live metadata; values are encoded and decoded as
//! our own types, whose shapes are compared with it. So no code is generated, the ledger's types are those of
//! `wonbon-primitives` itself, and a changed runtime is noticed when connecting and not by a wrong number.

mod accounts;
mod acting;
mod agreement;
mod ahead;
mod batch;
mod blocks;
mod call;
mod changes;
mod companies;
mod compiled;
mod datasets;
mod decoded;
mod deposits;
mod encoding;
mod entries;
mod error;
mod finality;
mod heads;
mod iteration;
mod metadata_check;
mod motions;
mod nodes;
mod order_changes;
mod proved_state;
mod prover;
mod purchase;
mod refusal;
mod shape;
mod state_proof;
mod storage_key;
mod submit;
mod trading;
mod unproved;
mod unread;
mod view;
mod wanted;

pub use accounts::AccountBalance;
pub use ahead::Place;
pub use blocks::FinalizedBlocks;
pub use call::{Call, SessionKeys, Signature};
pub use changes::{
    Act, BalancesEvent, BlockChanges, ChainEvent, CouncilEvent, CreditEvent, LedgerChange, MarketplaceEvent,
    ParticipantsEvent, ProfileField, ProvenanceEvent, UpgradesEvent,
};
pub use companies::{CompanyMember, DayLimit};
pub use decoded::{Decoded, DecodedCall};
pub use deposits::Deposits;
pub use error::{ChainError, MayNotAct, Result};
pub use finality::{hash_of, height_of as header_height, HandOffs, Justified};
pub(crate) use finality::{FinalizedState, ValidatorKeys};
pub use motions::OpenMotion;
pub use proved_state::{ProvedState, ProvedValues};
pub use prover::Prover;
pub use purchase::{OrderProgress, OrdersSince, Prospect};
pub use submit::{Included, Signed, Until};
pub use trading::{royalty_count, OpenOrders, PlacedOrder};
pub use unproved::Unproved;
pub use view::View;
pub use wanted::Wanted;

use compiled::Compiled;
use heads::Heads;
use nodes::Nodes;
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use subxt::backend::{Backend, LegacyBackend};
use subxt::config::substrate::{SubstrateConfig, SubstrateHeader, H256};
use subxt::config::RpcConfigFor;
use subxt::rpcs::methods::LegacyRpcMethods;
use subxt::rpcs::RpcClient;
use subxt::OnlineClient;
use wonbon_model::{AccountId, BlockNumber, BlockRef, Digest};
use wonbon_primitives::id::to_hex;

/// What is asked of a connection: which chain, how long to wait, and whether its state is proved.
#[derive(Debug, Clone)]
pub struct ConnectOptions {
    /// The nodes' addresses, `ws://…` or `wss://…`: the first that answers is asked, and transactions go to all.
    pub urls: Vec<String>,
    /// The genesis that the chain must have.
    pub genesis: Option<Digest>,
    /// How long the first connection may take.
    pub timeout: Duration,
    /// What proves the finalized state; without it that is the node's word.
    pub prover: Option<Arc<dyn Prover>>,
    /// What will be read of that state first: it is proved with it.
    pub wanted: Wanted,
    /// How long a lost connection is tried before what waits for it fails; for ever if `None`.
    pub give_up_after: Option<Duration>,
}

impl ConnectOptions {
    /// Ten seconds for the first connection, two minutes for a lost one.
    pub fn new(url: impl Into<String>) -> Self {
        Self::to_nodes([url.into()])
    }

    /// The same for several nodes of one chain.
    pub fn to_nodes(urls: impl IntoIterator<Item = String>) -> Self {
        Self {
            urls: urls.into_iter().collect(),
            genesis: None,
            prover: None,
            wanted: Wanted::default(),
            timeout: Duration::from_secs(10),
            give_up_after: Some(Duration::from_secs(120)),
        }
    }

    /// With the genesis that the chain must have.
    #[must_use]
    pub fn genesis(mut self, genesis: Option<Digest>) -> Self {
        self.genesis = genesis;
        self
    }

    /// With proofs of the finalized state.
    #[must_use]
    pub fn proved_by(mut self, prover: impl Prover + 'static) -> Self {
        self.prover = Some(Arc::new(prover));
        self
    }

    /// With what will be read first.
    #[must_use]
    pub fn reading(mut self, wanted: Wanted) -> Self {
        self.wanted = wanted;
        self
    }

    /// For processes that run on and wait for their node.
    #[must_use]
    pub fn patient(mut self) -> Self {
        self.give_up_after = None;
        self
    }
}

/// How far finality is behind the best block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lag {
    /// Height of the best block.
    pub best: BlockNumber,
    /// Height of the last finalized block.
    pub finalized: BlockNumber,
}

impl Lag {
    /// Blocks that are not final.
    pub fn blocks(&self) -> BlockNumber {
        self.best.saturating_sub(self.finalized)
    }
}

/// A connection to a chain. Cheap to clone.
#[derive(Clone)]
pub struct Chain {
    inner: Arc<Inner>,
}

struct Inner {
    nodes: Nodes,
    left_out: Vec<ChainError>,
    genesis: Digest,
    client: OnlineClient<SubstrateConfig>,
    backend: Arc<LegacyBackend<SubstrateConfig>>,
    rpc: LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>,
    /// For calls that have no method of their own.
    requests: RpcClient,
    compiled: Compiled,
    prover: Option<Arc<dyn Prover>>,
    /// Begun when the newest finalized state is first asked for, or waited for.
    heads: OnceLock<Heads>,
    /// For each signer, so that nonces of transactions in flight do not collide.
    signing: Mutex<HashMap<AccountId, Arc<submit::Signing>>>,
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Chain({})", self.inner.nodes.url())
    }
}

impl Chain {
    /// Connects to a node, with the usual patience.
    pub async fn connect(url: &str, genesis: Option<Digest>) -> Result<Self> {
        Self::connect_with(ConnectOptions::new(url).genesis(genesis)).await
    }

    /// Connects to a node.
    pub async fn connect_with(options: ConnectOptions) -> Result<Self> {
        let ConnectOptions { urls, genesis, prover, wanted, timeout, give_up_after } = options;
        let (nodes, left_out) = Nodes::connect(&urls, timeout, give_up_after).await?;
        let url = nodes.url().to_owned();
        match tokio::time::timeout(timeout, Self::open(nodes, left_out, genesis, prover, wanted)).await {
            Ok(chain) => chain,
            Err(_) => {
                let reason = format!("no answer in {} s", timeout.as_secs());
                Err(ChainError::Unreachable { url, reason })
            }
        }
    }

    async fn open(
        nodes: Nodes,
        left_out: Vec<ChainError>,
        expected: Option<Digest>,
        prover: Option<Arc<dyn Prover>>,
        wanted: Wanted,
    ) -> Result<Self> {
        let genesis = nodes.genesis(expected)?;
        let requests = RpcClient::new(nodes.clone());
        let rpc = LegacyRpcMethods::new(requests.clone());
        let backend = Arc::new(LegacyBackend::builder().build(requests.clone()));
        // A proved chain has the compiled-in runtime: nothing is asked about it.
        let config = match &prover {
            Some(_) => compiled::config(genesis)?.0,
            None => SubstrateConfig::default(),
        };
        let client: OnlineClient<SubstrateConfig> =
            OnlineClient::from_backend_with_config(config, backend.clone())
                .await
                .map_err(ChainError::node)?;
        let compiled = Compiled::new(genesis)?;
        let inner = Inner {
            nodes,
            left_out,
            genesis,
            client,
            backend,
            rpc,
            requests,
            compiled,
            prover,
            heads: OnceLock::new(),
            signing: Mutex::default(),
        };
        let chain = Self { inner: Arc::new(inner) };
        let newest = chain.finalized_reading(wanted).await?;
        if chain.inner.prover.is_none() {
            metadata_check::check(newest.metadata())?;
        }
        Ok(chain)
    }

    /// The hash of the genesis block, which names the chain.
    pub fn genesis(&self) -> Digest {
        self.inner.genesis
    }

    /// The nodes that could not be reached when connecting, and why; they are not tried again.
    pub fn left_out(&self) -> &[ChainError] {
        &self.inner.left_out
    }

    /// Whether this is a development chain: everybody has the keys of its validators, or the node's specification says so.
    pub async fn is_development(&self) -> Result<bool> {
        if let Some(prover) = &self.inner.prover {
            if prover.protects_nothing().await {
                return Ok(true);
            }
        }
        let kind = self.inner.rpc.system_chain_type().await.map_err(ChainError::node)?;
        Ok(kind == "Development")
    }

    /// Refuses a runtime that this program was not built for: what is signed would mean something else there.
    pub(crate) fn check_runtime(&self, (version, name): (u32, &str)) -> Result<()> {
        let ours = self.inner.compiled.runtime();
        if ours == (version, name) {
            return Ok(());
        }
        let ours = format!("this program was built for {} {}", ours.1, ours.0);
        Err(ChainError::OtherRuntime(vec![format!("the chain runs {name} {version}"), ours]))
    }

    /// Milliseconds from one block to the next.
    pub(crate) fn slot_ms(&self) -> u64 {
        self.inner.compiled.slot_ms()
    }

    /// The last finalized block; proved, if that was asked for when connecting.
    pub async fn finalized_block(&self) -> Result<BlockRef> {
        match &self.inner.prover {
            Some(prover) => Ok(self.newest_proved(&**prover, &[]).await?.block()),
            None => self.reported_finalized().await,
        }
    }

    async fn newest_proved(&self, prover: &dyn Prover, keys: &[Vec<u8>]) -> Result<Arc<ProvedState>> {
        self.ask_nodes(|| prover.newest(self, keys)).await
    }

    /// What the first node gives that is not at fault: one after another is asked, beginning with the one in use.
    async fn ask_nodes<T, F: Future<Output = Result<T>>>(&self, ask: impl Fn() -> F) -> Result<T> {
        let mut answer = ask().await;
        for _ in 1..self.inner.nodes.count() {
            if !answer.as_ref().is_err_and(ChainError::is_of_the_node) {
                break;
            }
            self.inner.nodes.leave();
            answer = ask().await;
        }
        answer
    }

    /// The block that the node calls its last finalized one.
    pub(crate) async fn reported_finalized(&self) -> Result<BlockRef> {
        let block = self.inner.backend.latest_finalized_block_ref().await.map_err(ChainError::node)?;
        self.block_of(block.hash()).await
    }

    /// The block that the node builds on; it may be exchanged for another.
    pub async fn best_block(&self) -> Result<BlockRef> {
        let hash = self.retried(|| self.inner.rpc.chain_get_block_hash(None)).await?;
        let hash = hash.ok_or_else(|| ChainError::NoSuchBlock("best".to_owned()))?;
        self.block_of(hash).await
    }

    /// The block of a height, on the node's best chain.
    pub async fn block_at(&self, height: BlockNumber) -> Result<Option<BlockRef>> {
        let found = self.inner.backend.block_number_to_hash(height.into()).await.map_err(ChainError::node)?;
        Ok(found.map(|block| BlockRef { height, hash: block.hash().0 }))
    }

    /// The state at the last finalized block. Every value is proved, if that was asked for when connecting.
    pub async fn finalized(&self) -> Result<View> {
        self.finalized_reading(Wanted::default()).await
    }

    /// The same, when it is known what will be read.
    pub async fn finalized_reading(&self, wanted: Wanted) -> Result<View> {
        match &self.inner.prover {
            Some(prover) => {
                let keys = self.storage_keys(wanted.entries())?;
                let proved = self.newest_proved(&**prover, &keys).await?;
                self.view_of(proved, keys).await
            }
            None => self.at(self.reported_finalized().await?).await,
        }
    }

    /// The state at the last finalized block as of a moment ago, for what the chain checks again.
    pub async fn recent(&self, wanted: Wanted) -> Result<View> {
        match &self.inner.prover {
            Some(prover) => {
                let keys = self.storage_keys(wanted.entries())?;
                let proved = self.ask_nodes(|| prover.recent(self, &keys)).await?;
                self.view_of(proved, keys).await
            }
            None => self.finalized().await,
        }
    }

    async fn view_of(&self, proved: Arc<ProvedState>, keys: Vec<Vec<u8>>) -> Result<View> {
        proved.prove(self, keys).await?;
        let view = self.at(proved.block()).await?;
        Ok(view.proved_by(self.clone(), proved))
    }

    /// The state at the best block.
    pub async fn best(&self) -> Result<View> {
        self.at(self.best_block().await?).await
    }

    /// The state at a block.
    pub async fn at(&self, block: BlockRef) -> Result<View> {
        let at = self
            .inner
            .client
            .at_block_hash_and_number(H256(block.hash), u64::from(block.height))
            .await
            .map_err(|error| view::pruned_or_node(block, error))?;
        Ok(View::new(block, at))
    }

    /// How far finality is behind. With proofs the best block is where the clock says that it can be at most, one block a
    /// slot: a node that names a lower one would have time seem left that is not.
    pub async fn lag(&self) -> Result<Lag> {
        if let Some(prover) = &self.inner.prover {
            let proved = self.newest_proved(&**prover, &[]).await?;
            return Ok(self.lag_of(&**prover, &proved));
        }
        let finalized = self.reported_finalized().await?.height;
        Ok(Lag { best: self.best_block().await?.height.max(finalized), finalized })
    }

    fn lag_of(&self, prover: &dyn Prover, proved: &ProvedState) -> Lag {
        let finalized = proved.block().height;
        let slots = prover.age_ms(proved).checked_div(self.slot_ms()).unwrap_or_default();
        let best = finalized.saturating_add(BlockNumber::try_from(slots).unwrap_or(BlockNumber::MAX));
        Lag { best, finalized }
    }

    /// Waits until the finalized height is above this one, or for so long, and answers the finalized height.
    pub async fn finalized_above(&self, height: BlockNumber, most: Duration) -> Result<BlockNumber> {
        let until = tokio::time::Instant::now() + most;
        loop {
            // Of blocks that became final together only the last may be provable: then nothing newer is known yet.
            let reported = self.reported_height().unwrap_or_default();
            let finalized = self.finalized_block().await?.height;
            let left = until.saturating_duration_since(tokio::time::Instant::now());
            if finalized > height || left.is_zero() {
                return Ok(finalized);
            }
            self.heads().above(finalized.max(reported), left).await;
        }
    }

    fn heads(&self) -> &Heads {
        self.inner.heads.get_or_init(|| Heads::follow(self.inner.rpc.clone()))
    }

    /// The height that the node last called finalized by itself; `None` if it has not yet, or fell silent.
    pub(crate) fn reported_height(&self) -> Option<BlockNumber> {
        self.heads().newest()
    }

    async fn block_of(&self, hash: H256) -> Result<BlockRef> {
        let height = height_of(&self.header(hash).await?)?;
        Ok(BlockRef { height, hash: hash.0 })
    }

    async fn header(&self, hash: H256) -> Result<SubstrateHeader<H256>> {
        let header = self.inner.backend.block_header(hash).await.map_err(ChainError::node)?;
        header.ok_or_else(|| ChainError::NoSuchBlock(to_hex(&hash.0)))
    }

    async fn retried<T, F>(&self, request: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = Result<T, subxt::rpcs::Error>>,
    {
        retried(request).await
    }
}

/// Repeats a request that was cut off by a lost connection; the client below waits for the new one.
async fn retried<T, F>(request: impl Fn() -> F) -> Result<T>
where
    F: Future<Output = Result<T, subxt::rpcs::Error>>,
{
    loop {
        match request().await {
            Err(error) if error.is_disconnected_will_reconnect() => continue,
            other => return other.map_err(ChainError::node),
        }
    }
}

fn height_of(header: &SubstrateHeader<H256>) -> Result<BlockNumber> {
    BlockNumber::try_from(header.number)
        .map_err(|_| ChainError::undecodable("a header", "the height is too large"))
}
