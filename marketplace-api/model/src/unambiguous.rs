//! JSON that says one thing: in no object does a member stand twice.
//!
//! RFC 8259 leaves open what a name means that stands twice, and readers differ: some take the first, most the last. So
//! what one program has checked may be another document to the next. Whatever is signed, hashed or trusted is read
//! here. [`crate::canonical::parse`] refuses the same, because such a text is not in the canonical form.

use serde::{
    de::{Error as _, MapAccess, SeqAccess, Visitor},
    Deserialize, Deserializer,
};
use std::{collections::BTreeSet, fmt};

/// Reads a value. A name that stands twice in an object is refused: at any depth, however it is escaped, and in what the
/// type does not ask for.
pub fn from_slice<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, serde_json::Error> {
    // The type comes first. It may have limits, and what it refuses costs nothing more.
    let value = serde_json::from_slice(json)?;
    let Unambiguous = serde_json::from_slice(json)?;
    Ok(value)
}

/// Any JSON in which no name stands twice.
struct Unambiguous;

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Unambiguous {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while let Some(Self) = items.next_element()? {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut names = BTreeSet::<String>::new();
        while let Some(name) = members.next_key()? {
            if let Some(name) = names.replace(name) {
                // As serde says it of the fields that a type has.
                return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
            }
            let Self = members.next_value()?;
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{json, Value};

    #[derive(Deserialize)]
    struct Titled {
        title: String,
    }

    #[test]
    fn no_name_stands_twice() {
        for bad in [
            r#"{"title":"a","title":"a"}"#,
            r#"{"title":"a","\u0074itle":"b"}"#,
            r#"{"title":"a","other":{"b":1,"c":[],"b":1}}"#,
            r#"{"title":"a","other":[0,[{"":null,"":null}]]}"#,
        ] {
            for refused in [
                from_slice::<Titled>(bad.as_bytes()).map(drop),
                from_slice::<Value>(bad.as_bytes()).map(drop),
            ] {
                assert!(refused.unwrap_err().to_string().contains("duplicate field `"), "{bad}");
            }
        }
        // In two objects it may.
        let good = r#"{"title":"a","other":[{"a":1},{"a":1},{"other":{"a":1}}]}"#;
        assert_eq!(from_slice::<Titled>(good.as_bytes()).unwrap().title, "a");
    }

    #[test]
    fn what_is_no_json_or_of_another_type_is_refused_as_ever() {
        for bad in ["", "{", "{}", "[]", r#"{"title":1}"#, r#"{"title":"a"} x"#] {
            assert!(from_slice::<Titled>(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(from_slice::<Value>("[".repeat(100_000).as_bytes()).is_err());
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(|number| json!(number)),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 30, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn everything_else_reads_as_it_is(value in any_json()) {
            prop_assert_eq!(from_slice::<Value>(value.to_string().as_bytes()).unwrap(), value);
        }
    }
}
