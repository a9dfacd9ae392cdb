//! How an announced upgrade of the chain is told: from when on, and what it means for open orders.

use wonbon_model::words::duration;
use wonbon_model::{BlockNumber, OrderId, Upgrade};

/// From when on an upgrade may change the rules.
pub(crate) fn due(upgrade: &Upgrade, now: BlockNumber) -> String {
    match upgrade.due.checked_sub(now) {
        Some(left) if left > 0 => {
            format!("from block {} on, {} from now", upgrade.due, duration::blocks(left))
        }
        _ => format!("it could since block {}: the code may be given in any block", upgrade.due),
    }
}

/// What an announced upgrade means for open orders.
pub(crate) fn warning(takes_effect: &str, orders: &[OrderId]) -> String {
    let announced = format!("an upgrade of the chain is announced; it takes effect {takes_effect}");
    if orders.is_empty() {
        return format!("{announced}. No open order here reaches past it");
    }
    let named: Vec<String> = orders.iter().map(ToString::to_string).collect();
    format!(
        "{announced}. Order {} may still be open then, and would end under rules that may be others: have it delivered, \
         accepted or disputed before",
        named.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_from_when_on_rules_may_change_and_for_which_orders() {
        let upgrade = Upgrade { version: 1, code_hash: [7; 32], announced_at: 10, due: 100 };
        assert!(due(&upgrade, 10).starts_with("from block 100 on, "));
        assert!(due(&upgrade, 100).contains("may be given in any block"));
        assert!(due(&upgrade, 200).contains("since block 100"));
        assert!(warning("soon", &[]).contains("No open order here"));
        assert!(warning("soon", &[3, 5]).contains("Order 3, 5 may still be open"));
    }
}
