//! The keys that sellers delivered in a period.

use thiserror::Error;
use wonbon_audit::{BadPeriod, Period};
use wonbon_model::Moment;

use super::check;
use crate::{
    kv::{KvError, KvStore},
    read_model::{
        applied,
        queries::{self, DeliveredKey, Page, PageRequest},
    },
};

/// Why there is no list of deliveries.
#[derive(Debug, Error)]
pub enum DeliveriesError {
    /// The period asks for what is not there.
    #[error(transparent)]
    Period(#[from] BadPeriod),
    /// The read model.
    #[error(transparent)]
    KvStore(#[from] KvError),
}

/// A page of the keys delivered in a period, oldest first.
pub fn deliveries(
    kv: &dyn KvStore,
    period: &Period,
    request: PageRequest,
) -> Result<Page<DeliveredKey>, DeliveriesError> {
    let none = Page { items: Vec::new(), next: None };
    let Some(applied) = applied(kv)? else { return Ok(none) };
    check(kv, period)??;
    let first = |is_in: &dyn Fn(&Moment) -> bool| {
        queries::first_block(kv, applied.height, |block, time| is_in(&Moment { block, time }))
    };
    let begin = queries::deliveries_from(first(&|moment| !period.is_before(moment))?);
    let end = first(&|moment| period.is_after(moment))?;
    let Some(last) = end.checked_sub(1) else { return Ok(none) };
    let after = request.after.unwrap_or(begin);
    let (items, next) = queries::deliveries_after(kv, &after, last, request.limit)?;
    Ok(Page { items, next })
}
