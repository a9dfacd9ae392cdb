//! Who downloaded what: written before the first byte leaves, read by the payload's seller and by auditors.

use codec::{Decode, Encode};
use serde::Serialize;
use thiserror::Error;
use utoipa::ToSchema;

use crate::{
    model::{Account, Hash, Role, Standing},
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
    /// The account neither uploaded nor sells the payload, and is no auditor's.
    #[error("only the seller of a payload, and accredited auditors, see its downloads")]
    NotTheSeller,
    /// The account is no accredited auditor's.
    #[error("only auditors that the registrar accredited see all downloads")]
    NotAnAuditor,
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

/// Whether an account is that of a verified company with the auditor's role.
pub fn is_auditor(ledger: &dyn Ledger, account: Account) -> Result<bool, LedgerError> {
    let found = queries::participant(ledger, account)?;
    Ok(found.is_some_and(|company| {
        company.standing == Standing::Verified && company.roles.contains(&Role::Auditor)
    }))
}

/// A payload's downloads, newest first, for its uploader, for whoever sells it and for auditors.
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
    if !sells && !is_auditor(ledger, who)? {
        return Err(AuditError::NotTheSeller);
    }
    let prefix = ServiceKind::Download.key(&[&payload.sealed_root]);
    Ok(page(ledger, &prefix, Direction::Descending, request, |_| true)?)
}

/// Which downloads an auditor wants to see.
#[derive(Clone, Copy, Debug, Default)]
pub struct DownloadFilter {
    /// Whose.
    pub account: Option<Account>,
    /// From which time on, in milliseconds since 1970.
    pub from_ms: Option<u64>,
    /// Before which time.
    pub before_ms: Option<u64>,
}

/// All downloads, by payload and then by time, for auditors.
pub fn list_all(
    ledger: &dyn Ledger,
    filter: &DownloadFilter,
    who: Account,
    request: &PageRequest,
) -> Result<Page<Download>, AuditError> {
    if !is_auditor(ledger, who)? {
        return Err(AuditError::NotAnAuditor);
    }
    let wanted = |found: &Download| {
        filter.account.is_none_or(|account| found.account == account)
            && filter.from_ms.is_none_or(|from| found.at_ms >= from)
            && filter.before_ms.is_none_or(|before| found.at_ms < before)
    };
    Ok(page(ledger, &ServiceKind::Download.key(&[]), Direction::Ascending, request, wanted)?)
}

/// Whether an account is that of a verified company that the registrar accredited as an auditor. The role alone is
/// what a company says of itself.
fn is_auditor(ledger: &dyn Ledger, account: Account) -> Result<bool, LedgerError> {
    let found = queries::participant(ledger, account)?;
    Ok(found.is_some_and(|company| {
        company.standing == Standing::Verified && company.accredited && company.roles.contains(&Role::Auditor)
    }))
}

fn page(
    ledger: &dyn Ledger,
    prefix: &[u8],
    direction: Direction,
    request: &PageRequest,
    wanted: impl Fn(&Download) -> bool,
) -> Result<Page<Download>, LedgerError> {
    let rows = ledger.scan(Table::Service, prefix, request.after.as_deref(), direction, EXAMINED + 1)?;
    let mut items = Vec::new();
    let mut last = None;
    for (position, (key, row)) in rows.into_iter().enumerate() {
        if position == EXAMINED || items.len() == request.limit {
            return Ok(Page { items, next: last });
        }
        let found: Download = decode(&row)?;
        if wanted(&found) {
            items.push(found);
        }
        last = Some(key);
    }
    Ok(Page { items, next: None })
}
