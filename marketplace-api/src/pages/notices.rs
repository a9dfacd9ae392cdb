//! What the council has announced, in words for whoever is about to order.

use super::words;
use crate::{
    catalogue::{Catalogue, Result},
    read_model::queries,
};

/// A sentence for each; none while nothing is announced.
pub(super) fn notices(catalogue: Catalogue<'_>) -> Result<Vec<String>> {
    let mut notices = Vec::new();
    if queries::orders_stopped(catalogue.kv)? {
        notices.push(
            "새 주문이 잠시 중단되었습니다. 이미 한 주문은 그대로 진행됩니다. \
             New orders are stopped for now; those that are open go on."
                .to_owned(),
        );
    }
    if let Some(upgrade) = queries::upgrade(catalogue.kv)? {
        let due = words::number(upgrade.due);
        notices.push(format!(
            "체인 업그레이드가 예고되었습니다(블록 {due}부터). 그 전에 끝나지 않을 주문은 할 수 없습니다. \
             An upgrade of the chain is announced, from block {due} on; orders that may not end before it are not placed."
        ));
    }
    Ok(notices)
}
