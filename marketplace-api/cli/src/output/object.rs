//! The objects that programs read: a record as the API has it, with more fields beside its own.

use serde::Serialize;
use serde_json::{json, Value};

/// A record with more fields.
#[derive(Clone, Debug, Serialize)]
pub struct With<T> {
    /// The record, a form of `wonbon_model::json`.
    #[serde(flatten)]
    pub record: T,
    /// An object.
    #[serde(flatten)]
    pub more: Value,
}

/// Any won that a command says by itself: a number, or digits in quotes beyond 2^64, which these objects cannot hold.
pub fn won(amount: u128) -> Value {
    u64::try_from(amount).map_or_else(|_| json!(amount.to_string()), |small| json!(small))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_beyond_numbers_are_text() {
        assert_eq!(won(1_500_000).to_string(), "1500000");
        assert_eq!(won(u128::from(u64::MAX) + 1).to_string(), "\"18446744073709551616\"");
    }

    #[test]
    fn what_stands_beside_a_record_is_among_its_fields() {
        #[derive(Serialize)]
        struct Price {
            price: u128,
        }
        let with = With { record: Price { price: u128::MAX }, more: json!({ "at": 7 }) };
        assert_eq!(serde_json::to_string(&with).unwrap(), format!("{{\"price\":{},\"at\":7}}", u128::MAX));
    }
}
