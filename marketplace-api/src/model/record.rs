//! The chain's records as the service keeps and shows them.
//!
//! A record is complete: whoever holds it needs no other record to understand it. Amounts are whole won.

use codec::{Decode, Encode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Account, Hash};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize, ToSchema)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that stands for the value in the API.
            pub fn word(self) -> &'static str {
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

words! {
    /// Where a company stands with the registrar.
    Standing {
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
    Role {
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
    SizeClass {
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
    Method {
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
    OfferState {
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
    OrderState {
        /// Paid into escrow, waiting for the key.
        Placed = "placed",
        /// The key is delivered; it can be accepted or disputed.
        Delivered = "delivered",
    }
}

words! {
    /// How an order ended.
    Outcome {
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

/// A company.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Participant {
    /// Its account.
    pub account: Account,
    /// Its name.
    pub name: String,
    /// Business registration number (사업자등록번호), ten digits.
    pub registration_number: String,
    /// Main industry by the Korean Standard Industrial Classification.
    pub ksic: String,
    /// Size class.
    pub size: SizeClass,
    /// Province, ISO 3166-2:KR.
    pub region: String,
    /// Roles it acts in.
    pub roles: Vec<Role>,
    /// Where it stands with the registrar.
    pub standing: Standing,
    /// Whether it is an accredited inspector.
    pub accredited: bool,
    /// Block of registration.
    pub registered_at: u32,
    /// Block of the last change.
    pub changed_at: u32,
}

/// That a dataset was withdrawn by its owner.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Withdrawal {
    /// Block.
    pub at: u32,
    /// The owner's reason.
    pub reason: String,
}

/// A registered dataset.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Dataset {
    /// Root of the tree over its bytes.
    pub id: Hash,
    /// Who registered it first.
    pub registrant: Account,
    /// Who owns it now.
    pub owner: Account,
    /// Bytes.
    pub length: u64,
    /// SHA-256 of its metadata document.
    pub metadata: Hash,
    /// How it was made.
    pub method: Method,
    /// Block of registration.
    pub registered_at: u32,
    /// Number of parents.
    pub parent_count: u32,
    /// Withdrawn, and why.
    pub withdrawn: Option<Withdrawal>,
    /// Number of records in its hash chain.
    pub records: u32,
    /// Head of its hash chain.
    pub head: Hash,
}

/// One dataset that another was made from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Parent {
    /// The dataset made.
    pub child: Hash,
    /// Position among its parents.
    pub index: u32,
    /// The dataset it was made from.
    pub parent: Hash,
    /// How, in snake case, e.g. `cleaned_from`.
    pub relation: String,
}

/// That an attestation was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Revocation {
    /// Block.
    pub at: u32,
    /// Reason.
    pub reason: String,
}

/// An inspector's statement on a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Attestation {
    /// Dataset.
    pub dataset: Hash,
    /// Position among the dataset's attestations.
    pub index: u32,
    /// Inspector.
    pub inspector: Account,
    /// `quality`, `smart_factory_level` or `processing`.
    pub kind: String,
    /// SHA-256 of the document.
    pub document: Hash,
    /// Block.
    pub at: u32,
    /// Taken back, and why.
    pub revoked: Option<Revocation>,
}

/// A sealing of a dataset for sale.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Offer {
    /// Number.
    pub id: u64,
    /// Dataset.
    pub dataset: Hash,
    /// Seller.
    pub seller: Account,
    /// Bytes of the dataset, and of its sealed payload.
    pub length: u64,
    /// Root of the sealed payload.
    pub sealed_root: Hash,
    /// Commitment to the content key.
    pub key_commitment: Hash,
    /// Price in won.
    pub price: u128,
    /// SHA-256 of the licence text.
    pub licence: Hash,
    /// SHA-256 of the non-disclosure agreement (비밀유지협약).
    pub nda: Hash,
    /// Blocks in which the key must be delivered.
    pub delivery_window: u32,
    /// Blocks in which a delivery can be disputed.
    pub dispute_window: u32,
    /// Bond held now, in won.
    pub bond: u128,
    /// Orders not yet final.
    pub open_orders: u32,
    /// Part of the bond that open orders claim, in won.
    pub exposure: u128,
    /// Whether it can be ordered.
    pub state: OfferState,
    /// Block.
    pub offered_at: u32,
}

/// What an order fixes, once and for all.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct OrderTerms {
    /// Genesis hash of the chain.
    pub genesis: Hash,
    /// Offer.
    pub offer: u64,
    /// Dataset.
    pub dataset: Hash,
    /// Bytes.
    pub length: u64,
    /// Root of the sealed payload.
    pub sealed_root: Hash,
    /// Commitment to the content key.
    pub key_commitment: Hash,
    /// Seller.
    pub seller: Account,
    /// Price in won.
    pub price: u128,
    /// Fee of the platform, in won.
    pub platform_fee: u128,
    /// Won set aside for the fee of a dispute.
    pub dispute_reserve: u128,
    /// Part of the seller's bond behind this order, in won.
    pub bond: u128,
    /// What a missed delivery pays the buyer, in won.
    pub missed_delivery_penalty: u128,
    /// Blocks in which the key must be delivered.
    pub delivery_window: u32,
    /// Blocks in which the delivery can be disputed.
    pub dispute_window: u32,
    /// SHA-256 of the licence text.
    pub licence: Hash,
    /// SHA-256 of the non-disclosure agreement.
    pub nda: Hash,
}

/// A key, readable by the buyer of one order alone.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Delivery {
    /// E, a Ristretto point.
    pub ephemeral: Hash,
    /// The content key under the mask.
    pub wrapped: Hash,
    /// Block of the delivery.
    pub at: u32,
    /// Last block in which it can be disputed.
    pub dispute_until: u32,
}

/// An order that is not final.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Order {
    /// Number.
    pub id: u64,
    /// Offer.
    pub offer: u64,
    /// Buyer.
    pub buyer: Account,
    /// What it fixes.
    pub terms: OrderTerms,
    /// The buyer's one-time key.
    pub order_key: Hash,
    /// Nonce from which the buyer derives the secret of that key.
    pub nonce: Hash,
    /// Block.
    pub placed_at: u32,
    /// Last block in which the key can be delivered.
    pub deliver_by: u32,
    /// How far it is.
    pub state: OrderState,
    /// The key, once delivered.
    pub delivery: Option<Delivery>,
    /// Won left of the dispute reserve.
    pub reserve_left: u128,
}

/// The permanent record of an order that is final.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Trade {
    /// Dataset.
    pub dataset: Hash,
    /// Position among the dataset's trades.
    pub index: u32,
    /// Order.
    pub order: u64,
    /// Offer.
    pub offer: u64,
    /// Seller.
    pub seller: Account,
    /// Buyer.
    pub buyer: Account,
    /// Price in won.
    pub price: u128,
    /// Fee of the platform, in won.
    pub platform_fee: u128,
    /// Root of the sealed payload.
    pub sealed_root: Hash,
    /// Commitment to the content key.
    pub key_commitment: Hash,
    /// SHA-256 of the licence text.
    pub licence: Hash,
    /// SHA-256 of the non-disclosure agreement.
    pub nda: Hash,
    /// Digest of all terms.
    pub terms: Hash,
    /// Block of the order.
    pub placed_at: u32,
    /// Block of the delivery.
    pub delivered_at: Option<u32>,
    /// Block in which it became final.
    pub final_at: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// The bad block, where that is the outcome.
    pub bad_block: Option<u64>,
}
