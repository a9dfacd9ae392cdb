//! The chain: connecting, reading at a block, submitting, following. The only module that names subxt.
//!
//! What it promises:
//!
//! - A chain whose genesis is not the one asked for, or whose runtime has records, events or calls that this
//!   program would misread, is refused when connecting (see [`metadata_check`]).
//! - A lost connection is taken up again; a transaction that was on its way is then looked for in the blocks
//!   and never sent a second time under another nonce.
//! - [`Chain::submit`] answers with what the call did in its block, inner calls of `sudo`, proxies and motions
//!   included, and errors by name.
//!
//! Names of pallets, calls and storage are resolved with the live metadata; values are encoded and decoded as
//! our own types, whose shapes are compared with it. So no code is generated, the ledger's types are those of
//! `wonbon-primitives` itself, and a changed runtime is noticed when connecting and not by a wrong number.

mod accounts;
mod blocks;
mod call;
mod changes;
mod companies;
mod datasets;
mod encoding;
mod entries;
mod error;
mod finality;
mod iteration;
mod metadata_check;
mod refusal;
mod state_proof;
mod submit;
mod trading;
mod view;

pub use accounts::{AccountBalance, ProxyDefinition};
pub use blocks::FinalizedBlocks;
pub use call::Call;
pub use changes::{
    BalancesEvent, BlockChanges, ChainEvent, CouncilEvent, CreditEvent, LedgerChange, MarketplaceEvent,
    ParticipantsEvent, ProfileField, ProvenanceEvent, ProxyEvent, ProxyKind,
};
pub use error::ChainError;
pub use finality::{hash_of, HandOffs, Justified};
pub use metadata_check::check_metadata;
pub use submit::{Included, Until};
pub use trading::Deposits;
pub use view::View;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use subxt::backend::{Backend, LegacyBackend};
use subxt::config::substrate::{SubstrateConfig, SubstrateHeader, H256};
use subxt::config::RpcConfigFor;
use subxt::rpcs::client::reconnecting_rpc_client::{FixedInterval, RpcClient as ReconnectingClient};
use subxt::rpcs::methods::LegacyRpcMethods;
use subxt::rpcs::RpcClient;
use subxt::OnlineClient;
use wonbon_model::{AccountId, BlockNumber, BlockRef, Digest};
use wonbon_primitives::id::to_hex;

/// How often a lost connection is tried.
const RECONNECT_INTERVAL: Duration = Duration::from_millis(250);

/// How to connect.
#[derive(Debug, Clone)]
pub struct ConnectOptions {
    /// The node's address, `ws://…` or `wss://…`.
    pub url: String,
    /// The genesis that the chain must have.
    pub genesis: Option<Digest>,
    /// How long the first connection may take.
    pub timeout: Duration,
    /// How long a lost connection is tried before what waits for it fails; for ever if `None`.
    pub give_up_after: Option<Duration>,
}

impl ConnectOptions {
    /// Ten seconds for the first connection, two minutes for a lost one.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            genesis: None,
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
    url: String,
    genesis: Digest,
    client: OnlineClient<SubstrateConfig>,
    backend: Arc<LegacyBackend<SubstrateConfig>>,
    rpc: LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>,
    /// For calls that have no method of their own.
    requests: RpcClient,
    /// One lock for each account, so that nonces of transactions in flight do not collide.
    signing: Mutex<HashMap<AccountId, Arc<tokio::sync::Mutex<()>>>>,
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Chain({})", self.inner.url)
    }
}

impl Chain {
    /// Connects to a node, with the usual patience.
    pub async fn connect(url: &str, genesis: Option<Digest>) -> Result<Self, ChainError> {
        Self::connect_with(ConnectOptions::new(url).genesis(genesis)).await
    }

    /// Connects to a node.
    pub async fn connect_with(options: ConnectOptions) -> Result<Self, ChainError> {
        let ConnectOptions { url, genesis, timeout, give_up_after } = options;
        let unreachable = |reason: String| ChainError::Unreachable { url: url.clone(), reason };
        if !["ws://", "wss://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(unreachable("the address of a node begins with ws:// or wss://".to_owned()));
        }
        let attempts = match give_up_after {
            Some(limit) => {
                usize::try_from(limit.as_millis() / RECONNECT_INTERVAL.as_millis()).unwrap_or(usize::MAX)
            }
            None => usize::MAX,
        };
        let connecting = ReconnectingClient::builder()
            .retry_policy(FixedInterval::new(RECONNECT_INTERVAL).take(attempts.max(1)))
            .connection_timeout(timeout)
            .build(&url);
        let client = match tokio::time::timeout(timeout, connecting).await {
            Ok(Ok(client)) => RpcClient::new(client),
            Ok(Err(error)) => return Err(unreachable(error.to_string())),
            Err(_) => return Err(unreachable(format!("no connection in {} s", timeout.as_secs()))),
        };
        let opening = Self::open(url.clone(), genesis, client);
        match tokio::time::timeout(timeout, opening).await {
            Ok(chain) => chain,
            Err(_) => Err(unreachable(format!("no answer in {} s", timeout.as_secs()))),
        }
    }

    async fn open(url: String, expected: Option<Digest>, client: RpcClient) -> Result<Self, ChainError> {
        let rpc = LegacyRpcMethods::new(client.clone());
        let requests = client.clone();
        let backend = Arc::new(LegacyBackend::builder().build(client));
        let client: OnlineClient<SubstrateConfig> =
            OnlineClient::from_backend(backend.clone()).await.map_err(ChainError::node)?;
        let genesis = client.genesis_hash().0;
        if let Some(expected) = expected {
            if expected != genesis {
                return Err(ChainError::OtherChain { expected, found: genesis });
            }
        }
        let inner = Inner { url, genesis, client, backend, rpc, requests, signing: Mutex::default() };
        let chain = Self { inner: Arc::new(inner) };
        metadata_check::check(chain.finalized().await?.metadata())?;
        Ok(chain)
    }

    /// The hash of the genesis block, which names the chain.
    pub fn genesis(&self) -> Digest {
        self.inner.genesis
    }

    /// The address of the node.
    pub fn url(&self) -> &str {
        &self.inner.url
    }

    /// What kind of chain the node's specification says it is.
    pub async fn is_development(&self) -> Result<bool, ChainError> {
        let kind = self.inner.rpc.system_chain_type().await.map_err(ChainError::node)?;
        Ok(kind == "Development")
    }

    /// The last finalized block.
    pub async fn finalized_block(&self) -> Result<BlockRef, ChainError> {
        let block = self.inner.backend.latest_finalized_block_ref().await.map_err(ChainError::node)?;
        self.block_of(block.hash()).await
    }

    /// The best block.
    pub async fn best_block(&self) -> Result<BlockRef, ChainError> {
        let hash = self.retried(|| self.inner.rpc.chain_get_block_hash(None)).await?;
        let hash = hash.ok_or_else(|| ChainError::NoSuchBlock("best".to_owned()))?;
        self.block_of(hash).await
    }

    /// The block of a height, on the node's best chain.
    pub async fn block_at(&self, height: BlockNumber) -> Result<Option<BlockRef>, ChainError> {
        let found = self.inner.backend.block_number_to_hash(height.into()).await.map_err(ChainError::node)?;
        Ok(found.map(|block| BlockRef { height, hash: block.hash().0 }))
    }

    /// The state at the last finalized block.
    pub async fn finalized(&self) -> Result<View, ChainError> {
        self.at(self.finalized_block().await?).await
    }

    /// The state at the best block.
    pub async fn best(&self) -> Result<View, ChainError> {
        self.at(self.best_block().await?).await
    }

    /// The state at a block.
    pub async fn at(&self, block: BlockRef) -> Result<View, ChainError> {
        let at = self
            .inner
            .client
            .at_block_hash_and_number(H256(block.hash), u64::from(block.height))
            .await
            .map_err(|error| view::pruned_or_node(block, error))?;
        Ok(View::new(block, at))
    }

    /// How far finality is behind.
    pub async fn lag(&self) -> Result<Lag, ChainError> {
        let finalized = self.finalized_block().await?.height;
        let best = self.best_block().await?.height;
        Ok(Lag { best, finalized })
    }

    async fn block_of(&self, hash: H256) -> Result<BlockRef, ChainError> {
        let height = height_of(&self.header(hash).await?)?;
        Ok(BlockRef { height, hash: hash.0 })
    }

    async fn header(&self, hash: H256) -> Result<SubstrateHeader<H256>, ChainError> {
        let header = self.inner.backend.block_header(hash).await.map_err(ChainError::node)?;
        header.ok_or_else(|| ChainError::NoSuchBlock(to_hex(&hash.0)))
    }

    /// Repeats a request that was cut off by a lost connection; the client below waits for the new one.
    async fn retried<T, F>(&self, request: impl Fn() -> F) -> Result<T, ChainError>
    where
        F: std::future::Future<Output = Result<T, subxt::rpcs::Error>>,
    {
        loop {
            match request().await {
                Err(error) if error.is_disconnected_will_reconnect() => continue,
                other => return other.map_err(ChainError::node),
            }
        }
    }
}

fn height_of(header: &SubstrateHeader<H256>) -> Result<BlockNumber, ChainError> {
    BlockNumber::try_from(header.number)
        .map_err(|_| ChainError::undecodable("a header", "the height is too large"))
}
