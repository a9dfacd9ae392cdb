//! Orders, and how they ended.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Catalogue, Result};
use crate::{
    choice::choices,
    model::{Order, OrderState, Trade},
    read_model::queries,
};

choices! {
    /// How far an order is.
    pub enum OrderStage {
        /// Paid into escrow, waiting for the key.
        Placed = "placed",
        /// The key is delivered; it can be accepted or disputed.
        Delivered = "delivered",
        /// It came to its end, and only its trade is left.
        Final = "final",
    }
}

impl From<OrderState> for OrderStage {
    fn from(state: OrderState) -> Self {
        match state {
            OrderState::Placed => Self::Placed,
            OrderState::Delivered => Self::Delivered,
        }
    }
}

/// An order while it is open, or how it ended.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderView {
    /// Number of the order, which its trade keeps.
    pub id: u64,
    /// How far it is.
    pub state: OrderStage,
    /// The order, while it is not final.
    pub order: Option<Order>,
    /// Its permanent record, once it is final.
    pub trade: Option<Trade>,
}

impl Catalogue<'_> {
    /// An order while it is open, its permanent record once it is final; `None` if there never was one.
    pub fn order(&self, id: u64) -> Result<Option<OrderView>> {
        if let Some(order) = queries::order(self.kv, id)? {
            return Ok(Some(OrderView { id, state: order.state.into(), order: Some(order), trade: None }));
        }
        let trade = queries::finished_order(self.kv, id)?;
        Ok(trade.map(|trade| OrderView { id, state: OrderStage::Final, order: None, trade: Some(trade) }))
    }
}
