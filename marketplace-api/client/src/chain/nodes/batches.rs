//! Several transactions for one node in one request: a JSON-RPC batch.
//!
//! The connection that everything else goes through makes one request at a time, so batches have one of their own, which is
//! made when the first is sent and again when it was lost.
//!
//! Promises: the answers come in the order of the transactions, one for each; an answer that is not there is a lost one.

use jsonrpsee_client::core::client::{ClientT, Error};
use jsonrpsee_client::core::params::{ArrayParams, BatchRequestBuilder};
use jsonrpsee_client::ws_client::{WsClient, WsClientBuilder};
use std::sync::Arc;
use tokio::sync::Mutex;

use super::{MAX_SILENCE, REQUEST_TIMEOUT, SUBMIT};

/// A node's refusal of one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::chain) struct NodeRefusal {
    /// What kind of refusal it is.
    pub(in crate::chain) code: i32,
    pub(in crate::chain) message: String,
    /// More about it, in JSON.
    pub(in crate::chain) data: Option<String>,
}

/// A connection for batches.
#[derive(Default)]
pub(super) struct Batches(Mutex<Option<Arc<WsClient>>>);

impl Batches {
    /// Gives the node all of these transactions at once. An error if it is not known what came of them.
    pub(super) async fn submit(
        &self,
        url: &str,
        transactions: &[&[u8]],
    ) -> Result<Vec<Result<(), NodeRefusal>>, String> {
        let client = self.client(url).await.map_err(|error| error.to_string())?;
        let mut batch = BatchRequestBuilder::new();
        for transaction in transactions {
            let mut parameters = ArrayParams::new();
            let added = parameters.insert(format!("0x{}", hex::encode(transaction)));
            added.and_then(|()| batch.insert(SUBMIT, parameters)).map_err(|error| error.to_string())?;
        }
        let answers = client.batch_request::<serde_json::Value>(batch).await;
        let answers = answers.map_err(|error| error.to_string())?;
        let answers: Vec<_> = answers
            .into_iter()
            .map(|answer| match answer {
                Ok(_) => Ok(()),
                Err(refusal) => Err(NodeRefusal {
                    code: refusal.code(),
                    message: refusal.message().to_owned(),
                    data: refusal.data().map(|data| data.get().to_owned()),
                }),
            })
            .collect();
        match answers.len() == transactions.len() {
            true => Ok(answers),
            false => Err(format!("{} answers to {} transactions", answers.len(), transactions.len())),
        }
    }

    async fn client(&self, url: &str) -> Result<Arc<WsClient>, Error> {
        let mut client = self.0.lock().await;
        if let Some(connected) = client.as_ref().filter(|client| client.is_connected()) {
            return Ok(Arc::clone(connected));
        }
        let connected = WsClientBuilder::default()
            .connection_timeout(MAX_SILENCE)
            .request_timeout(REQUEST_TIMEOUT)
            .build(url)
            .await?;
        Ok(Arc::clone(client.insert(Arc::new(connected))))
    }
}
