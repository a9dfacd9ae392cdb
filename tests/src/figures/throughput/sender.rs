//! Sends signed transactions in JSON-RPC batches, and keeps what the node said of those that it did not take.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use futures::{stream, StreamExt as _};
use serde_json::Value;

use crate::http::client;

/// Transactions of one batch, and batches on their way at the same time.
const BATCH: usize = 100;
const AT_ONCE: usize = 4;

/// A connection to a node that takes transactions.
#[derive(Debug)]
pub struct Sender {
    client: reqwest::Client,
    url: String,
    refusals: Mutex<BTreeMap<String, usize>>,
}

impl Sender {
    pub fn new(address: &str) -> Self {
        Self { client: client(), url: format!("http://{address}"), refusals: Mutex::default() }
    }

    /// Sends transactions (in hexadecimal) in their order, batch by batch; returns those that the node refused.
    ///
    /// # Panics
    /// If the node does not answer.
    pub async fn send(&self, transactions: &[String]) -> Vec<String> {
        let batches = transactions.chunks(BATCH).map(|batch| self.send_batch(batch));
        let refused: Vec<Vec<String>> = stream::iter(batches).buffered(AT_ONCE).collect().await;
        refused.concat()
    }

    /// What was said of refused transactions, and how often.
    pub fn refusals(&self) -> BTreeMap<String, usize> {
        self.refusals.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn send_batch(&self, batch: &[String]) -> Vec<String> {
        let sent =
            self.client.post(&self.url).header("content-type", "application/json").body(request(batch));
        let answer = sent.send().await.expect("the node answers a batch of transactions");
        let answers: Vec<Value> = answer.json().await.expect("the answer to a batch is a list");
        let mut refused = Vec::new();
        for (id, message) in answers.iter().filter_map(refusal) {
            *self.refusals.lock().unwrap_or_else(PoisonError::into_inner).entry(message).or_default() += 1;
            refused.extend(batch.get(id).cloned());
        }
        refused
    }
}

/// The batch as text: a JSON library would escape every digit's neighbour first.
fn request(batch: &[String]) -> String {
    let calls = batch.iter().enumerate().map(|(id, transaction)| {
        format!(
            r#"{{"jsonrpc":"2.0","id":{id},"method":"author_submitExtrinsic","params":["{transaction}"]}}"#
        )
    });
    format!("[{}]", calls.collect::<Vec<_>>().join(","))
}

/// The place of a call that was refused, and why.
fn refusal(answer: &Value) -> Option<(usize, String)> {
    let error = answer.get("error")?;
    let id = usize::try_from(answer["id"].as_u64()?).ok()?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Some((
        id,
        format!("{} {} {}", error["code"], text(&error["message"]), text(&error["data"])).trim().to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_batch_is_json_and_refusals_name_their_transaction() {
        let batch = ["0x01".to_owned(), "0x02".to_owned()];
        let request: Value = serde_json::from_str(&request(&batch)).unwrap();
        assert_eq!(request[1]["params"], json!(["0x02"]));
        assert_eq!(request[1]["id"], 1);
        assert_eq!(refusal(&json!({ "id": 1, "result": "0x" })), None);
        let error = json!({ "code": 1016, "message": "Immediately Dropped", "data": "full" });
        let refused = refusal(&json!({ "id": 1, "error": error }));
        assert_eq!(refused, Some((1, "1016 Immediately Dropped full".to_owned())));
    }
}
