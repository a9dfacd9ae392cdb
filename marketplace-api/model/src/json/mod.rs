//! The records as JSON: what the service answers and the command prints.
//!
//! Each form is made of a record and its key, and of nothing else. Promises: names in snake case; 32-byte values as
//! 64 hexadecimal digits; accounts as SS58 addresses; amounts, in whole won, and block numbers as numbers; times in
//! milliseconds since 1970 (UTC); shares in millionths; choices as [words](Word).

/// Types of JSON, each with what its members are made of: `new` takes what stands behind the type's name.
macro_rules! forms {
    ($($(#[$about:meta])* $name:ident($($from:ident: $of:ty),+) {
        $($(#[$doc:meta])* $field:ident: $type:ty = $value:expr;)+
    })+) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $name {
            $($(#[$doc])* pub $field: $type,)+
        }

        impl $name {
            /// The form of what the chain has.
            pub fn new($($from: $of),+) -> Self {
                Self { $($field: $value),+ }
            }
        }
    )+};
}

mod company;
mod credit;
mod dataset;
mod download;
mod draw;
mod offer;
mod order;
mod participant;
mod trade;
mod word;

use serde::Serialize;
use serde_json::Value;

pub use company::{Company, FormerNumber, Member, Recovery};
pub use credit::Redemption;
pub use dataset::{
    Announcement, Attestation, Dataset, DatasetFacts, Handover, Parent, Revocation, RoyaltyShare,
    SampleAnswer, Version, Withdrawal,
};
pub use download::Download;
pub use draw::{Draw, DrawState};
pub use offer::{LeavingBond, Offer, Pause};
pub use order::{Delivery, Order, OrderTerms, OrderView};
pub use participant::{CompanyDraws, Participant};
pub use trade::{Derivation, DeriveRight, RoyaltiesReceived, Royalty, RoyaltyReceived, Trade};
pub use word::{
    AttestationKind, MemberRole, Method, OfferState, OrderStage, OrderState, Outcome, Region, Relation,
    Revoker, Role, SizeClass, Standing, Word,
};

/// What is written of a value where members that are null are left out.
pub fn without_absent(part: &impl Serialize) -> Value {
    fn remove(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|_, member| !member.is_null());
                members.values_mut().for_each(remove);
            }
            Value::Array(items) => items.iter_mut().for_each(remove),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(part).expect("the names of its members are texts; qed");
    remove(&mut value);
    value
}
