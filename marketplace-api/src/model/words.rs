//! The words that stand for the chain's choices in the API.

use crate::choice::choices;

choices! {
    /// Where a company stands with the registrar.
    #[derive(Hash, codec::Encode, codec::Decode, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Standing {
        /// Registered, not yet verified.
        Pending = "pending",
        /// Verified: may register, offer and order.
        Verified = "verified",
        /// Suspended by the registrar.
        Suspended = "suspended",
    }
}

choices! {
    /// What a company does on the market.
    #[derive(Hash, codec::Encode, codec::Decode, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Role {
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

choices! {
    /// A company's size class.
    #[derive(Hash, codec::Encode, codec::Decode, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum SizeClass {
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

choices! {
    /// How a dataset was made.
    #[derive(Hash, codec::Encode, codec::Decode, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Method {
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

choices! {
    /// Whether an offer can be ordered.
    #[derive(Hash, codec::Encode, codec::Decode, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum OfferState {
        /// Can be ordered.
        Open = "open",
        /// Taken back by the seller.
        Withdrawn = "withdrawn",
        /// Closed by a proved bad block.
        Faulted = "faulted",
    }
}

choices! {
    /// How far an order is.
    #[derive(Hash, codec::Encode, codec::Decode, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum OrderState {
        /// Paid into escrow, waiting for the key.
        Placed = "placed",
        /// The key is delivered; it can be accepted or disputed.
        Delivered = "delivered",
    }
}

choices! {
    /// How an order ended.
    #[derive(Hash, codec::Encode, codec::Decode, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Outcome {
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
