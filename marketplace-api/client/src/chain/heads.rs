//! Word of finalized blocks, as a node gives it: when to look again, and never what is final.

use std::time::Duration;
use subxt::config::substrate::SubstrateConfig;
use subxt::config::RpcConfigFor;
use subxt::rpcs::methods::LegacyRpcMethods;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use wonbon_model::BlockNumber;

/// How long a subscription may say nothing before it is opened anew: some blocks.
const MAX_SILENCE: Duration = Duration::from_secs(12);
/// How long to wait before a subscription that failed is opened again.
const PAUSE: Duration = Duration::from_secs(1);

/// The height that the node called finalized last, kept up to date until this is dropped.
pub(super) struct Heads {
    newest: watch::Receiver<Option<BlockNumber>>,
    task: AbortHandle,
}

impl Heads {
    /// Subscribes with a node, again and again.
    pub(super) fn follow(rpc: LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>) -> Self {
        let (tell, newest) = watch::channel(None);
        let task = tokio::spawn(follow(rpc, tell)).abort_handle();
        Self { newest, task }
    }

    /// The height, if the node has told one and is not silent.
    pub(super) fn newest(&self) -> Option<BlockNumber> {
        *self.newest.borrow()
    }

    /// Returns when the node calls something above this height finalized, or after so long.
    pub(super) async fn above(&self, height: BlockNumber, most: Duration) {
        let mut newest = self.newest.clone();
        let told = newest.wait_for(|newest| newest.is_some_and(|newest| newest > height));
        drop(tokio::time::timeout(most, told).await);
    }
}

impl Drop for Heads {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn follow(
    rpc: LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>,
    tell: watch::Sender<Option<BlockNumber>>,
) {
    loop {
        if let Ok(mut heads) = rpc.chain_subscribe_finalized_heads().await {
            while let Ok(Some(Ok(header))) = tokio::time::timeout(MAX_SILENCE, heads.next()).await {
                tell.send_replace(super::height_of(&header).ok());
            }
        }
        tell.send_replace(None);
        tokio::time::sleep(PAUSE).await;
    }
}
