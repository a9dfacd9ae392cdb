//! The choices of the chain, each as one word.

use crate::words::{self, parse, Choice, Term, UnknownWord};
use serde::{de, Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// How a dataset was made.
pub type Method = Word<crate::Method>;
/// How a dataset relates to one that it was made from.
pub type Relation = Word<crate::Relation>;
/// Where a company stands with the registrar.
pub type Standing = Word<crate::Standing>;
/// What a company does on the market.
pub type Role = Word<crate::Role>;
/// What a member may do in their company's name.
pub type MemberRole = Word<crate::MemberRole>;
/// Province, by its code of ISO 3166-2:KR.
pub type Region = Word<crate::Region>;
/// Size of a company by Korean law.
pub type SizeClass = Word<crate::SizeClass>;
/// What an attestation is about.
pub type AttestationKind = Word<crate::AttestationKind>;
/// Who took an attestation back.
pub type Revoker = Word<crate::Revoker>;
/// How an order ended; the number of a bad block stands beside it.
pub type Outcome = Word<crate::Outcome>;
/// Whether an offer can be ordered.
pub type OfferState = Word<crate::OfferState>;
/// How far an order that is not final is.
pub type OrderState = Word<words::OrderState>;
/// How far an order is, once it is placed.
pub type OrderStage = Word<words::OrderStage>;

/// A choice, which JSON has as its [word](Term::word): `mid_market`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<T>(pub T);

impl<T: Term> fmt::Display for Word<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.word())
    }
}

impl<T: Choice> FromStr for Word<T> {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        parse(word).map(Self)
    }
}

impl<T: Term> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0.word())
    }
}

impl<'de, T: Choice> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// The words of each as an enum of strings, under the choice's own name.
#[cfg(feature = "openapi")]
mod openapi {
    use super::{Choice, Term, Word};
    use std::borrow::Cow;
    use utoipa::openapi::{schema::Type, ObjectBuilder, RefOr, Schema};
    use utoipa::{PartialSchema, ToSchema};

    impl<T: Choice> PartialSchema for Word<T> {
        fn schema() -> RefOr<Schema> {
            words(T::ALL)
        }
    }

    impl<T: Choice> ToSchema for Word<T> {
        fn name() -> Cow<'static, str> {
            name::<T>()
        }
    }

    impl PartialSchema for Word<crate::Outcome> {
        fn schema() -> RefOr<Schema> {
            use crate::Outcome::{Accepted, BadBlock, Faulted, Lapsed, Missed, Refunded, Refused, WrongKey};
            words(&[Accepted, Lapsed, Missed, WrongKey, BadBlock(0), Faulted, Refused, Refunded])
        }
    }

    impl ToSchema for Word<crate::Outcome> {
        fn name() -> Cow<'static, str> {
            name::<crate::Outcome>()
        }
    }

    fn words<T: Term>(choices: &[T]) -> RefOr<Schema> {
        let words = choices.iter().map(Term::word);
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
    }

    fn name<T>() -> Cow<'static, str> {
        let path = std::any::type_name::<T>();
        path.rsplit_once("::").map_or(path, |(_, name)| name).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_one_word() {
        assert_eq!(serde_json::to_string(&Word(crate::Role::Auditor)).unwrap(), r#""auditor""#);
        assert_eq!(serde_json::from_str::<Role>(r#""auditor""#).unwrap(), Word(crate::Role::Auditor));
        assert_eq!(Word(crate::Outcome::BadBlock(17)).to_string(), "bad_block");
    }
}
