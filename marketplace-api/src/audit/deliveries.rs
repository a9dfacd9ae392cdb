//! The keys that sellers delivered in a period.

use wonbon_audit::Period;

use super::{blocks_of, AuditError};
use crate::{
    kv::KvStore,
    read_model::queries::{self, DeliveredKey, Page, PageRequest},
};

/// A page of the keys delivered in a period, oldest first.
pub fn deliveries(
    kv: &dyn KvStore,
    period: &Period,
    request: PageRequest,
) -> Result<Page<DeliveredKey>, AuditError> {
    let Some((first, last)) = blocks_of(kv, period)? else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    let after = request.after.unwrap_or_else(|| queries::deliveries_from(first));
    Ok(queries::deliveries_after(kv, after, last, request.limit)?)
}
