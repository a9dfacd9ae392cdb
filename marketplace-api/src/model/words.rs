//! The words that stand for the chain's choices in the API.

macro_rules! words {
    ($(#[$doc:meta])* $vis:vis $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, codec::Encode, codec::Decode, serde::Serialize,
            serde::Deserialize, utoipa::ToSchema,
        )]
        $vis enum $name { $($(#[$variant_doc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in order.
            #[allow(dead_code, reason = "not every word is listed or written")]
            $vis const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that stands for the value in the API.
            #[allow(dead_code, reason = "not every word is listed or written")]
            $vis fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(format!("expected one of {}", [$($word),+].join(", "))),
                }
            }
        }
    };
}

pub(crate) use words;

words! {
    /// Where a company stands with the registrar.
    pub Standing {
        /// Registered, not yet verified.
        Pending = "pending",
        /// Verified: may register, offer and order.
        Verified = "verified",
        /// Suspended by the registrar.
        Suspended = "suspended",
    }
}

words! {
    /// What a company does on the market.
    pub Role {
        /// Lists data products.
        Provider = "provider",
        /// Buys them.
        Consumer = "consumer",
        /// Verifies provenance and trade history.
        Auditor = "auditor",
        /// Attests quality, smart-factory level or processing.
        Inspector = "inspector",
    }
}

words! {
    /// A company's size class.
    pub SizeClass {
        /// 소기업.
        Small = "small",
        /// 중기업.
        Medium = "medium",
        /// 중견기업.
        MidMarket = "mid_market",
        /// 대기업.
        Large = "large",
        /// A research institute or a university.
        Institute = "institute",
    }
}

words! {
    /// How a dataset was made.
    pub Method {
        /// As measured.
        Collected = "collected",
        /// 정제.
        Cleaned = "cleaned",
        /// 전처리.
        Preprocessed = "preprocessed",
        /// With labels added.
        Labelled = "labelled",
        /// From several datasets.
        Aggregated = "aggregated",
        /// With identities removed.
        Anonymised = "anonymised",
        /// Generated from a model of other data.
        Synthesised = "synthesised",
    }
}

words! {
    /// Whether an offer can be ordered.
    pub OfferState {
        /// Can be ordered.
        Open = "open",
        /// Taken back by the seller.
        Withdrawn = "withdrawn",
        /// Closed by a proved bad block.
        Faulted = "faulted",
    }
}

words! {
    /// How far an order is.
    pub OrderState {
        /// Paid into escrow, waiting for the key.
        Placed = "placed",
        /// The key is delivered; it can be accepted or disputed.
        Delivered = "delivered",
    }
}

words! {
    /// How an order ended.
    pub Outcome {
        /// The buyer accepted.
        Accepted = "accepted",
        /// The dispute window passed without a dispute.
        Lapsed = "lapsed",
        /// The seller delivered no key in time.
        Missed = "missed",
        /// The key was proved wrong.
        WrongKey = "wrong_key",
        /// A block was proved wrong.
        BadBlock = "bad_block",
        /// Refunded because the sealing was proved faulty in another order.
        Faulted = "faulted",
    }
}
