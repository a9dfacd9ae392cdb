//! Who downloaded what: written before the first byte leaves, read by the payload's seller.

use codec::{Decode, Encode};
use serde::Serialize;
use thiserror::Error;
use utoipa::ToSchema;

use crate::{
    model::{Account, Hash},
    payloads::Payload,
    read_model::{
        ledger::{Batch, Direction, Ledger, LedgerError, Table},
        queries::{self, Page, PageRequest},
        row::{decode, encode, ServiceKind},
        ReadModel,
    },
};

/// Offers looked at to tell whether an account sells a payload.
const OFFERS: usize = 64;

/// A download that was begun.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Download {
    /// Root of the sealed payload.
    pub sealed_root: Hash,
    /// Who.
    pub account: Account,
    /// First byte asked for.
    pub first: u64,
    /// Last byte asked for.
    pub last: u64,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

/// Why the downloads are not shown.
#[derive(Debug, Error)]
pub enum AuditError {
    /// The account neither uploaded nor sells the payload.
    #[error("only the seller of a payload sees its downloads")]
    NotTheSeller,
    /// Storage.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Writes a download down.
pub async fn record(read_model: &ReadModel, download: Download) -> Result<(), LedgerError> {
    let number = u64::from_be_bytes(crate::random::bytes());
    read_model
        .run(move |ledger| {
            let mut batch = Batch::new(Table::Service);
            let key = ServiceKind::Download.key(&[&download.sealed_root, &download.at_ms, &number]);
            batch.put(key, encode(&download));
            ledger.write(batch)
        })
        .await
}

/// A payload's downloads, newest first, for its uploader and for whoever sells it.
pub fn list(
    ledger: &dyn Ledger,
    payload: &Payload,
    who: Account,
    request: &PageRequest,
) -> Result<Page<Download>, AuditError> {
    let sells = payload.uploader == who
        || queries::offers_of_payload(ledger, payload.sealed_root, OFFERS)?
            .iter()
            .any(|offer| offer.seller == who);
    if !sells {
        return Err(AuditError::NotTheSeller);
    }
    let prefix = ServiceKind::Download.key(&[&payload.sealed_root]);
    let after = request.after.as_deref();
    let mut rows = ledger.scan(Table::Service, &prefix, after, Direction::Descending, request.limit + 1)?;
    let more = rows.len() > request.limit;
    rows.truncate(request.limit);
    let next = rows.last().filter(|_| more).map(|(key, _)| key.clone());
    let items = rows.iter().map(|(_, row)| decode(row)).collect::<Result<_, _>>()?;
    Ok(Page { items, next })
}
