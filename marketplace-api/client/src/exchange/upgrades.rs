//! What an announced upgrade of the chain means for orders.
//!
//! An order was agreed to under rules that everybody could read. A new runtime may change them while it runs, so no new one
//! is placed that would reach past an announced upgrade, and whoever has an older one is told in time.

use wonbon_model::{BlockNumber, Order, OrderId, OrderState, OrderTerms, Upgrade};

/// Blocks that may pass between looking at the chain and an order's own block.
const BLOCKS_TO_PLACE: BlockNumber = 3;

/// The last block in which a new order of these terms could still run, if it is placed soon after this height: delivered
/// at the last moment, and disputed at the last moment after that.
pub fn end_of_new(terms: &OrderTerms, height: BlockNumber) -> BlockNumber {
    height
        .saturating_add(BLOCKS_TO_PLACE)
        .saturating_add(terms.delivery_window)
        .saturating_add(terms.dispute_window)
}

/// The same of an order that is open.
pub fn end_of(order: &Order) -> BlockNumber {
    match order.state {
        OrderState::Placed => order.deliver_by.saturating_add(order.terms.dispute_window),
        OrderState::Delivered { dispute_until, .. } => dispute_until,
    }
}

/// The orders among these that may still be open when the rules change.
pub fn reached<'a>(
    upgrade: &Upgrade,
    orders: impl IntoIterator<Item = (OrderId, &'a Order)>,
) -> Vec<OrderId> {
    let reaching = orders.into_iter().filter(|(_, order)| upgrade.is_reached_by(&end_of(order)));
    reaching.map(|(id, _)| id).collect()
}
