//! The keys that sellers delivered in a period.

use wonbon_audit::Period;
use wonbon_model::Moment;

use super::{check, AuditError};
use crate::{
    kv::KvStore,
    read_model::{
        applied,
        queries::{self, DeliveredKey, Page, PageRequest},
    },
};

/// A page of the keys delivered in a period, oldest first.
pub fn deliveries(
    kv: &dyn KvStore,
    period: &Period,
    request: PageRequest,
) -> Result<Page<DeliveredKey>, AuditError> {
    let none = Page { items: Vec::new(), next: None };
    let Some(applied) = applied(kv)? else { return Ok(none) };
    check(kv, period)?;
    let first = |is_in: &dyn Fn(&Moment) -> bool| {
        queries::first_block(kv, applied.height, |block, time| is_in(&Moment { block, time }))
    };
    let begin = queries::deliveries_from(first(&|moment| !period.is_before(moment))?);
    let end = first(&|moment| period.is_after(moment))?;
    let Some(last) = end.checked_sub(1) else { return Ok(none) };
    let after = request.after.unwrap_or(begin);
    Ok(queries::deliveries_after(kv, after, last, request.limit)?)
}
