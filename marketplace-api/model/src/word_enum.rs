//! Types of which each value is a word and says no more. One list gives the type, its words, and how JSON, texts and
//! the OpenAPI document have them.

/// Declares them: `word_enum! { pub enum Format { Json = "json" } }`.
#[macro_export]
macro_rules! word_enum {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }
    ) => {
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

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::words::UnknownWord;

            fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
                let found = Self::ALL.iter().copied().find(|value| value.word() == text);
                found.ok_or_else(|| $crate::words::UnknownWord::among(&[$($word),+]))
            }
        }

        $crate::read_and_written_as_text!($name);
        $crate::schema_of_words!($name);
    };
}

/// The schema of a string that is one of the words of a type.
#[cfg(feature = "openapi")]
#[macro_export]
macro_rules! schema_of_words {
    ($name:ident) => {
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let words = Self::ALL.iter().map(|value| value.word());
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some(words))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    };
}

/// Without an OpenAPI document there are no schemas.
#[cfg(not(feature = "openapi"))]
#[macro_export]
macro_rules! schema_of_words {
    ($name:ident) => {};
}
