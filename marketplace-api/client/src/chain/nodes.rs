//! Several nodes of one chain behind one connection: one of them is asked, and all of them get what is sent.
//!
//! What it promises:
//!
//! - A transaction goes to every node, so that none alone can keep it from the others.
//! - A node that does not answer is left for the next, and so is one that [`Nodes::leave`] names; what a node refuses is an
//!   answer. With a single node nothing of this happens.

mod batches;

pub(super) use batches::NodeRefusal;

use super::unread::Unread;
use super::{ChainError, Result};
use batches::Batches;
use futures::stream::{FuturesUnordered, StreamExt};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::Duration;
use subxt::config::substrate::SubstrateConfig;
use subxt::config::RpcConfigFor;
use subxt::rpcs::client::reconnecting_rpc_client::{
    FixedInterval, PingConfig, RpcClient as ReconnectingClient,
};
use subxt::rpcs::client::{RawRpcFuture, RawRpcSubscription, RawValue, RpcClientT};
use subxt::rpcs::methods::LegacyRpcMethods;
use subxt::rpcs::{Error, RpcClient};
use wonbon_model::Digest;

/// How often a lost connection is tried.
const RECONNECT_INTERVAL: Duration = Duration::from_millis(250);
/// How long a node may take to answer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);
/// How often a connection is tried out, and how long it may be silent before it counts as lost.
const PING_INTERVAL: Duration = Duration::from_secs(4);
const MAX_SILENCE: Duration = Duration::from_secs(10);

/// How much longer than the first the other nodes may take to connect.
const GRACE: Duration = Duration::from_secs(2);

/// Sends a transaction.
const SUBMIT: &str = "author_submitExtrinsic";
/// Sends a transaction and tells what becomes of it.
const SUBMIT_AND_WATCH: &str = "author_submitAndWatchExtrinsic";

/// The subscriptions that end by themselves, or are short.
const SHORT: [&str; 2] = [SUBMIT_AND_WATCH, "state_subscribeStorage"];

/// The parameters of a request, in JSON.
type Parameters = Option<Box<RawValue>>;

/// The nodes that could be reached, the first of them in use. Cheap to clone.
#[derive(Clone)]
pub(super) struct Nodes(Arc<Inner>);

struct Inner {
    nodes: Vec<Node>,
    in_use: AtomicUsize,
    unread: Arc<Unread>,
}

struct Node {
    url: String,
    client: ReconnectingClient,
    batches: Batches,
    genesis: Digest,
}

impl Nodes {
    /// Connects to each. Those that cannot be reached in this time, or soon after the first that can, are left out, with
    /// what was wrong; an error if all are.
    pub(super) async fn connect(
        urls: &[String],
        timeout: Duration,
        give_up_after: Option<Duration>,
    ) -> Result<(Self, Vec<ChainError>)> {
        let mut connecting: FuturesUnordered<_> = urls
            .iter()
            .enumerate()
            .map(|(index, url)| async move { (index, Node::connect(url, timeout, give_up_after).await) })
            .collect();
        let mut connected = BTreeMap::new();
        let mut patience = timeout;
        while let Ok(Some((index, node))) = tokio::time::timeout(patience, connecting.next()).await {
            patience = if node.is_ok() { GRACE } else { patience };
            connected.insert(index, node);
        }
        let (mut nodes, mut left_out) = (Vec::new(), Vec::new());
        for (index, url) in urls.iter().enumerate() {
            match connected.remove(&index).unwrap_or_else(|| Err(unreachable(url, "the others were faster")))
            {
                Ok(node) => nodes.push(node),
                Err(error) => left_out.push(error),
            }
        }
        if nodes.is_empty() {
            let error = left_out.into_iter().next();
            return Err(error.unwrap_or_else(|| unreachable("no address", "a node has to be named")));
        }
        let inner = Inner { nodes, in_use: AtomicUsize::new(0), unread: Arc::default() };
        Ok((Self(Arc::new(inner)), left_out))
    }

    /// The address of the node in use.
    pub(super) fn url(&self) -> &str {
        &self.in_use().1.url
    }

    pub(super) fn count(&self) -> usize {
        self.0.nodes.len()
    }

    /// Each node by itself, no address twice.
    pub(super) fn one_by_one(&self) -> Vec<RpcClient> {
        let nodes: BTreeMap<_, _> = self.0.nodes.iter().map(|node| (&node.url, &node.client)).collect();
        nodes.into_values().map(|client| RpcClient::new(client.clone())).collect()
    }

    /// The genesis that all nodes have, which is this one if one is expected: two chains are not asked as one.
    pub(super) fn genesis(&self, expected: Option<Digest>) -> Result<Digest> {
        let expected = expected.unwrap_or(self.in_use().1.genesis);
        match self.0.nodes.iter().map(|node| node.genesis).find(|genesis| *genesis != expected) {
            Some(found) => Err(ChainError::OtherChain { expected, found }),
            None => Ok(expected),
        }
    }

    /// Leaves the node in use for the next one.
    pub(super) fn leave(&self) {
        self.leave_at(self.in_use().0);
    }

    fn in_use(&self) -> (usize, &Node) {
        let index = self.0.in_use.load(Ordering::Relaxed).checked_rem(self.count()).unwrap_or_default();
        (index, &self.0.nodes[index])
    }

    /// Several requests of one node may fail together: it is left once.
    fn leave_at(&self, index: usize) {
        let next = index.saturating_add(1).checked_rem(self.count()).unwrap_or_default();
        if self.0.in_use.compare_exchange(index, next, Ordering::Relaxed, Ordering::Relaxed).is_ok()
            && next != index
        {
            tracing::warn!(
                from = self.0.nodes[index].url,
                to = self.0.nodes[next].url,
                "another node is asked"
            );
        }
    }

    /// Gives a transaction to the nodes that are not in use; what they answer is of no interest.
    fn send_to_others(&self, parameters: &Parameters) {
        let in_use = self.in_use().0;
        for (_, node) in self.0.nodes.iter().enumerate().filter(|(index, _)| *index != in_use) {
            let (client, url, parameters) = (node.client.clone(), node.url.clone(), parameters.clone());
            tokio::spawn(async move {
                let sent = client.request_raw(SUBMIT, parameters).await;
                tracing::debug!(url, ?sent, "sent to another node as well");
            });
        }
    }

    /// Gives all of these transactions to the node in use, in one request, and to the others. An error if it is not known
    /// what came of them there.
    pub(super) async fn submit_all(
        &self,
        transactions: &[&[u8]],
    ) -> Result<Vec<Result<(), NodeRefusal>>, String> {
        let (in_use, node) = self.in_use();
        for (_, other) in self.0.nodes.iter().enumerate().filter(|(index, _)| *index != in_use) {
            let (nodes, url) = (self.clone(), other.url.clone());
            let transactions: Vec<Vec<u8>> = transactions.iter().map(|bytes| bytes.to_vec()).collect();
            tokio::spawn(async move {
                let Some(node) = nodes.0.nodes.iter().find(|node| node.url == url) else { return };
                let transactions: Vec<&[u8]> = transactions.iter().map(Vec::as_slice).collect();
                let sent = node.batches.submit(&url, &transactions).await;
                tracing::debug!(url, ?sent, "sent to another node as well");
            });
        }
        let sent = node.batches.submit(&node.url, transactions).await;
        if sent.is_err() {
            self.leave_at(in_use);
        }
        sent
    }

    /// Asks one node after another until one answers.
    async fn ask<'a, T>(
        &'a self,
        ask: impl Fn(&'a ReconnectingClient) -> RawRpcFuture<'a, T>,
    ) -> Result<T, Error> {
        let mut attempt = 1;
        loop {
            let (index, node) = self.in_use();
            let answer = ask(&node.client).await;
            if attempt >= self.count() || !answer.as_ref().is_err_and(is_no_answer) {
                return answer;
            }
            self.leave_at(index);
            attempt = attempt.saturating_add(1);
        }
    }
}

impl Node {
    async fn connect(url: &str, timeout: Duration, give_up_after: Option<Duration>) -> Result<Self> {
        if !["ws://", "wss://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(unreachable(url, "the address of a node begins with ws:// or wss://"));
        }
        let attempts = give_up_after.map(|limit| limit.as_millis() / RECONNECT_INTERVAL.as_millis());
        let attempts = attempts.and_then(|attempts| usize::try_from(attempts).ok()).unwrap_or(usize::MAX);
        let ping = PingConfig::new().ping_interval(PING_INTERVAL).inactive_limit(MAX_SILENCE).max_failures(1);
        let connecting = ReconnectingClient::builder()
            .retry_policy(FixedInterval::new(RECONNECT_INTERVAL).take(attempts.max(1)))
            .connection_timeout(timeout)
            .request_timeout(REQUEST_TIMEOUT)
            .enable_ws_ping(ping)
            .build(url);
        let asking = async {
            let client = connecting.await.map_err(|error| unreachable(url, error))?;
            let rpc = LegacyRpcMethods::<RpcConfigFor<SubstrateConfig>>::new(RpcClient::new(client.clone()));
            let genesis = rpc.genesis_hash().await.map_err(|error| unreachable(url, error))?;
            let batches = Batches::default();
            Ok(Self { url: url.to_owned(), client, batches, genesis: genesis.0 })
        };
        let no_answer = || unreachable(url, format!("no answer in {} s", timeout.as_secs()));
        tokio::time::timeout(timeout, asking).await.unwrap_or_else(|_| Err(no_answer()))
    }
}

fn unreachable(url: &str, reason: impl std::fmt::Display) -> ChainError {
    ChainError::Unreachable { url: url.to_owned(), reason: reason.to_string() }
}

/// Whether a node said nothing; a refusal is an answer.
fn is_no_answer(error: &Error) -> bool {
    matches!(error, Error::Client(_) | Error::DisconnectedWillReconnect(_))
}

impl RpcClientT for Nodes {
    fn request_raw<'a>(&'a self, method: &'a str, parameters: Parameters) -> RawRpcFuture<'a, Box<RawValue>> {
        if method == SUBMIT {
            self.send_to_others(&parameters);
        }
        Box::pin(self.ask(move |client| client.request_raw(method, parameters.clone())))
    }

    fn subscribe_raw<'a>(
        &'a self,
        method: &'a str,
        parameters: Parameters,
        end: &'a str,
    ) -> RawRpcFuture<'a, RawRpcSubscription> {
        if method == SUBMIT_AND_WATCH {
            self.send_to_others(&parameters);
        }
        Box::pin(async move {
            let asked = self.ask(move |client| client.subscribe_raw(method, parameters.clone(), end)).await?;
            Ok(if SHORT.contains(&method) { self.0.unread.watch(asked) } else { asked })
        })
    }
}
