//! Orders, and how they ended.

use wonbon_model::{
    json::{Order, OrderView, Trade},
    OrderId,
};

use super::{Catalogue, Result};
use crate::read_model::queries;

impl Catalogue<'_> {
    /// An order while it is open, its permanent record once it is final; `None` if there never was one.
    pub fn order(&self, id: OrderId) -> Result<Option<OrderView>> {
        if let Some(order) = queries::order(self.kv, id)? {
            return Ok(Some(Order::new(id, &order).into()));
        }
        let trade = queries::finished_order(self.kv, id)?;
        Ok(trade.map(|trade| trade.json(Trade::new).into()))
    }
}
