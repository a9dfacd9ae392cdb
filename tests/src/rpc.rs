//! Plain JSON-RPC to a node, for what no client of the project asks: its peers, and extrinsics as raw bytes.

use serde_json::{json, Value};

use crate::http::client;

/// The result of a call to the node at `address` (`127.0.0.1:PORT`).
///
/// # Panics
/// If there is none.
pub async fn call(address: &str, method: &str, parameters: Value) -> Value {
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters });
    let answer = client().post(format!("http://{address}")).json(&request).send().await;
    let answer: Value = answer
        .unwrap_or_else(|error| panic!("{method} is not answered: {error}"))
        .json()
        .await
        .unwrap_or_else(|error| panic!("the answer to {method} is not JSON: {error}"));
    answer.get("result").cloned().unwrap_or_else(|| panic!("{method}: {answer}"))
}

/// An extrinsic as it stands in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extrinsic {
    /// Its bytes with their length in front.
    pub bytes: Vec<u8>,
}

impl Extrinsic {
    /// Whether it came from outside: neither an inherent nor anything else without a signature.
    pub fn is_signed(&self) -> bool {
        // The first byte after the length: two bits of kind (00 bare, 10 signed, 01 general) and a version.
        let start = match self.bytes.first().map(|first| first & 0b11) {
            Some(0b00) => 1,
            Some(0b01) => 2,
            Some(0b10) => 4,
            _ => return false,
        };
        self.bytes.get(start).is_some_and(|preamble| preamble & 0b1100_0000 != 0)
    }
}

/// The extrinsics of the block at `height` of the best chain.
pub async fn extrinsics(address: &str, height: u32) -> Vec<Extrinsic> {
    let hash = call(address, "chain_getBlockHash", json!([height])).await;
    assert!(hash.is_string(), "there is no block {height}");
    let block = call(address, "chain_getBlock", json!([hash])).await;
    let extrinsics = block["block"]["extrinsics"].as_array().cloned().unwrap_or_default();
    extrinsics
        .iter()
        .map(|extrinsic| {
            let text = extrinsic.as_str().unwrap_or_default().trim_start_matches("0x");
            Extrinsic { bytes: hex::decode(text).expect("a node writes extrinsics in hex") }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inherents_are_told_from_the_rest() {
        let extrinsic = |text: &str| Extrinsic { bytes: hex::decode(text).unwrap() };
        // Timestamp.set with one byte of length, version 4 and 5.
        assert!(!extrinsic("280402000b00000000").is_signed());
        assert!(!extrinsic("280502000b00000000").is_signed());
        assert!(extrinsic("4102840011").is_signed());
        assert!(extrinsic("4102450011").is_signed());
        assert!(extrinsic("8e56000084").is_signed());
    }
}
