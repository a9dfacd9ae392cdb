//! Parameters and fields that are one of a few words. The enum, its words and the schema that names them come from
//! one list, so that the OpenAPI document says the words that the service reads and writes.

use utoipa::openapi::{schema::Type, ObjectBuilder, RefOr, Schema};

/// The schema of a string that is one of these words.
pub(crate) fn schema(words: impl IntoIterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
}

/// Declares enums of which each value is a word: `choices! { pub enum Format { Json = "json" } }`.
macro_rules! choices {
    ($(
        $(#[$meta:meta])*
        $vis:vis enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }
    )+) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $name { $($(#[$variant_meta])* $variant),+ }

        impl $name {
            /// Every value, in order.
            $vis const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that stands for the value.
            $vis fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> std::result::Result<Self, String> {
                let found = Self::ALL.iter().find(|value| value.word() == text);
                found.copied().ok_or_else(|| format!("expected one of {}", [$($word),+].join(", ")))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
                to.serialize_str(self.word())
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::choice::schema(Self::ALL.iter().map(|value| value.word()))
            }
        }

        impl utoipa::ToSchema for $name {}
    )+ };
}

pub(crate) use choices;
