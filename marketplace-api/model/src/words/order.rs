//! How far an order is.

use super::{Choice, Term, Words};
use crate::record;

/// How far an order that is not final is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// Paid into escrow, waiting for the key.
    Placed,
    /// The key is delivered; it can be accepted or disputed.
    Delivered,
}

impl From<&record::OrderState> for OrderState {
    fn from(state: &record::OrderState) -> Self {
        match state {
            record::OrderState::Placed => Self::Placed,
            record::OrderState::Delivered { .. } => Self::Delivered,
        }
    }
}

/// How far an order is, once it is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderStage {
    /// It is not final.
    Open(OrderState),
    /// It came to its end, and only its trade is left.
    Final,
}

impl Term for OrderStage {
    fn word(&self) -> &'static str {
        match self {
            Self::Open(state) => state.word(),
            Self::Final => "final",
        }
    }

    fn words(&self) -> Words {
        match self {
            Self::Open(state) => state.words(),
            Self::Final => Words { korean: "종결", english: "final" },
        }
    }
}

impl Choice for OrderStage {
    const ALL: &'static [Self] =
        &[Self::Open(OrderState::Placed), Self::Open(OrderState::Delivered), Self::Final];
}
