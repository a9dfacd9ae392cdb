//! The objects that programs read: a record as the API has it, with more fields beside its own.

use serde::Serialize;
use serde_json::Value;

/// A record with more fields.
#[derive(Clone, Debug, Serialize)]
pub struct With<T, M = Value> {
    /// The record, a form of `wonbon_model::json`.
    #[serde(flatten)]
    pub record: T,
    /// An object; one with amounts has a type, since a [`Value`] holds none from 2^64 on.
    #[serde(flatten)]
    pub more: M,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_stands_beside_a_record_is_among_its_fields() {
        #[derive(Serialize)]
        struct Price {
            price: u128,
        }
        let with = With { record: json!({ "at": 7 }), more: Price { price: u128::MAX } };
        assert_eq!(serde_json::to_string(&with).unwrap(), format!("{{\"at\":7,\"price\":{}}}", u128::MAX));
    }
}
