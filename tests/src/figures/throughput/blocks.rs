//! The blocks of the best chain as they come, with their transactions as they were sent.

use std::time::Duration;

use serde_json::{json, Value};

use crate::{rpc, wait::within};

/// How often the node is asked for a new block.
const INTERVAL: Duration = Duration::from_millis(50);
/// How long a block may take to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A block.
#[derive(Clone, Debug)]
pub struct Block {
    pub number: u32,
    /// Its transactions in hexadecimal, inherents among them.
    pub transactions: Vec<String>,
}

/// Reads one block after another.
#[derive(Debug)]
pub struct Blocks {
    address: String,
    next: u32,
    best: u32,
}

impl Blocks {
    /// The blocks after the best one.
    pub async fn after_best(address: &str) -> Self {
        let best = best(address).await;
        Self { address: address.to_owned(), next: best + 1, best }
    }

    /// The next block, as soon as it is there.
    ///
    /// # Panics
    /// If none comes.
    pub async fn next(&mut self) -> Block {
        let mut pause = tokio::time::interval(INTERVAL);
        let come = async {
            while self.best < self.next {
                // The node is asked and does not tell: a subscription over plain HTTP there is none.
                pause.tick().await;
                self.best = best(&self.address).await;
            }
        };
        within(PATIENCE, &format!("block {}", self.next), come).await;
        let number = self.next;
        self.next += 1;
        let hash = rpc::call(&self.address, "chain_getBlockHash", json!([number])).await;
        let block = rpc::call(&self.address, "chain_getBlock", json!([hash])).await;
        Block { number, transactions: transactions(&block) }
    }
}

async fn best(address: &str) -> u32 {
    let header = rpc::call(address, "chain_getHeader", json!([])).await;
    let number =
        header["number"].as_str().and_then(|text| u32::from_str_radix(text.strip_prefix("0x")?, 16).ok());
    number.unwrap_or_else(|| panic!("a header has a number: {header}"))
}

fn transactions(block: &Value) -> Vec<String> {
    let all = block["block"]["extrinsics"].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()
}
