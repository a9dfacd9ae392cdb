//! Who downloaded what: a row for each payload, account and hour, read by the payload's seller and by auditors.
//!
//! That an account downloads a payload in an hour is on disk before the first byte leaves. How often it asks and for
//! how much is counted in memory, written every few seconds and before anyone reads it: so what one account can make
//! the log grow by is bounded by the hours, however small the ranges are that it asks for. A crash loses the last
//! seconds of the counting and nothing else.

use std::{
    collections::{btree_map::Entry, BTreeMap},
    sync::Arc,
    time::Duration,
};

use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use wonbon_audit::{Bound, Period};
use wonbon_model::{json::Download, AccountId, Hash, Moment};

use super::{is_auditor, AuditError};
use crate::{
    kv::{Batch, Direction, KvError, KvStore},
    read_model::{
        queries::{self, Page, PageRequest},
        ReadModel,
    },
    state::{
        row::{decode, encode, fetch, Kind},
        State,
    },
    storage::Payload,
};

/// Offers looked at to tell whether an account sells a payload.
const MAX_OFFERS: usize = 64;
const HOUR_MS: u64 = 60 * 60 * 1000;
/// How often what was counted is written.
const WRITTEN_EVERY: Duration = Duration::from_secs(5);
/// Rows of the layout before that are read at once.
const CONVERTED_AT_ONCE: usize = 1000;

/// The download of one request for bytes.
fn once(sealed_root: Hash, account: AccountId, bytes: u64, at_ms: u64) -> Download {
    Download { sealed_root, account, requests: 1, bytes, first_at_ms: at_ms, last_at_ms: at_ms }
}

fn key(download: &Download) -> Vec<u8> {
    Kind::Download.key(&[&download.sealed_root, &(download.first_at_ms / HOUR_MS), &download.account])
}

/// Takes others in of the same payload, account and hour.
fn add(sum: &mut Download, other: &Download) {
    sum.requests = sum.requests.saturating_add(other.requests);
    sum.bytes = sum.bytes.saturating_add(other.bytes);
    sum.first_at_ms = sum.first_at_ms.min(other.first_at_ms);
    sum.last_at_ms = sum.last_at_ms.max(other.last_at_ms);
}

/// Takes in what is stored, if anything is.
fn add_stored(sum: &mut Download, kv: &dyn KvStore, key: &[u8]) -> Result<(), KvError> {
    if let Some(stored) = fetch(kv, key)? {
        add(sum, &stored);
    }
    Ok(())
}

/// Which downloads an auditor wants to see.
#[derive(Clone, Copy, Debug, Default)]
pub struct DownloadFilter {
    /// Only downloads by this account.
    account: Option<AccountId>,
    /// Of days or times.
    period: Period,
}

impl DownloadFilter {
    /// The downloads of a period of days or times, of one account or of all.
    pub fn new(period: Period, account: Option<AccountId>) -> Result<Self, AuditError> {
        for (end, bound) in [("from", period.from), ("to", period.to)] {
            if let Some(Bound::Block(_)) = bound {
                return Err(AuditError::PeriodOfBlocks { end });
            }
        }
        Ok(Self { account, period })
    }

    fn has(&self, found: &Download) -> bool {
        let at = |time| Moment { block: 0, time };
        self.account.is_none_or(|account| found.account == account)
            && !self.period.is_before(&at(found.last_at_ms))
            && !self.period.is_after(&at(found.first_at_ms))
    }
}

/// A row that is stored, and whether it was counted on since.
#[derive(Debug)]
struct Row {
    download: Download,
    changed: bool,
}

/// The log. Clones share it.
#[derive(Clone, Debug)]
pub struct DownloadLog {
    read_model: ReadModel,
    state: State,
    /// The rows of this hour, by key.
    recent: Arc<Mutex<BTreeMap<Vec<u8>, Row>>>,
}

impl DownloadLog {
    /// Over the rows of a service. Rows of the layout before, one for each request, are added up.
    pub async fn open(read_model: ReadModel, state: State) -> Result<Self, KvError> {
        let converted = state.run(convert).await?;
        if converted > 0 {
            tracing::info!(converted, "added up the downloads of an earlier version");
        }
        Ok(Self { read_model, state, recent: Arc::default() })
    }

    /// Writes a download down.
    pub async fn record(
        &self,
        sealed_root: Hash,
        account: AccountId,
        bytes: u64,
        at_ms: u64,
    ) -> Result<(), KvError> {
        let mut download = once(sealed_root, account, bytes, at_ms);
        let key = key(&download);
        let mut recent = self.recent.lock().await;
        if let Some(row) = recent.get_mut(&key) {
            add(&mut row.download, &download);
            row.changed = true;
            return Ok(());
        }
        let stored = key.clone();
        let write = move |kv: &dyn KvStore| {
            // The service may have been started again within the hour.
            add_stored(&mut download, kv, &stored)?;
            let mut batch = Batch::new();
            batch.put(stored, encode(&download));
            kv.write(batch)?;
            Ok::<_, KvError>(download)
        };
        let download = self.state.run(write).await?;
        recent.insert(key, Row { download, changed: false });
        Ok(())
    }

    /// Writes what was counted, and forgets the hours that are over.
    async fn flush(&self, now_ms: u64) -> Result<(), KvError> {
        let mut recent = self.recent.lock().await;
        let mut batch = Batch::new();
        for (key, row) in recent.iter().filter(|(_, row)| row.changed) {
            batch.put(key.clone(), encode(&row.download));
        }
        if !batch.changes.is_empty() {
            self.state.run(move |kv| kv.write(batch)).await?;
        }
        recent.retain(|_, row| {
            row.changed = false;
            row.download.first_at_ms / HOUR_MS >= now_ms / HOUR_MS
        });
        Ok(())
    }

    /// Writes what was counted every so often until it is cancelled. Downloads may begin even then: whoever cancels it
    /// [writes](Self::write) once more when there are none any longer.
    pub async fn maintain(self, cancel: CancellationToken) {
        while tokio::time::timeout(WRITTEN_EVERY, cancel.cancelled()).await.is_err() {
            self.write().await;
        }
    }

    /// Writes what was counted.
    pub async fn write(&self) {
        if let Err(error) = self.flush(crate::clock::now_ms()).await {
            tracing::warn!(%error, "could not write the counts of downloads");
        }
    }

    /// A payload's downloads, newest first, for its uploader, for whoever sells it and for auditors.
    pub async fn of_payload(
        &self,
        payload: Payload,
        who: AccountId,
        request: PageRequest,
    ) -> Result<Page<Download>, AuditError> {
        let prefix = Kind::Download.key(&[&payload.sealed_root]);
        let may_see = move |kv: &dyn KvStore| {
            let sells = payload.uploader == who
                || queries::offers_of_payload(kv, payload.sealed_root, MAX_OFFERS)?
                    .iter()
                    .any(|offer| offer.record.seller == who);
            match sells || is_auditor(kv, who)? {
                true => Ok(()),
                false => Err(AuditError::NotTheSeller),
            }
        };
        self.read_model.run(may_see).await?;
        self.page(prefix, Direction::Descending, request, DownloadFilter::default()).await
    }

    /// All downloads, by payload and then by time, for auditors.
    pub async fn all(
        &self,
        filter: DownloadFilter,
        who: AccountId,
        request: PageRequest,
    ) -> Result<Page<Download>, AuditError> {
        if !self.read_model.run(move |kv| is_auditor(kv, who)).await? {
            return Err(AuditError::NotAnAuditor);
        }
        self.page(Kind::Download.key(&[]), Direction::Ascending, request, filter).await
    }

    /// A page of downloads, with what was counted until now.
    async fn page(
        &self,
        prefix: Vec<u8>,
        direction: Direction,
        request: PageRequest,
        filter: DownloadFilter,
    ) -> Result<Page<Download>, AuditError> {
        self.flush(crate::clock::now_ms()).await?;
        let item = move |row: &[u8]| Ok(Some(decode(row)?).filter(|found| filter.has(found)));
        let read =
            move |kv: &dyn KvStore| queries::page(kv, &prefix, direction, &request, |_, row| item(row));
        Ok(self.state.run(read).await?)
    }
}

/// A row of the layout before, of one request: root, account, first and last byte, time in milliseconds.
type Request = (Hash, AccountId, u64, u64, u64);

/// Adds the rows of the layout before up, and says how many there were. A crash on the way leaves the others as they
/// are, to be added next time.
fn convert(kv: &dyn KvStore) -> Result<usize, KvError> {
    let mut converted = 0;
    loop {
        let prefix = Kind::DownloadRequest.key(&[]);
        let rows = kv.scan(&prefix, None, Direction::Ascending, CONVERTED_AT_ONCE)?;
        if rows.is_empty() {
            return Ok(converted);
        }
        converted += rows.len();
        let mut batch = Batch::new();
        let mut sums: BTreeMap<Vec<u8>, Download> = BTreeMap::new();
        for (old_key, row) in rows {
            let (sealed_root, account, first, last, at_ms): Request = decode(&row)?;
            let bytes = last.saturating_sub(first).saturating_add(1);
            let mut one = once(sealed_root, account, bytes, at_ms);
            match sums.entry(key(&one)) {
                Entry::Occupied(mut sum) => add(sum.get_mut(), &one),
                Entry::Vacant(place) => {
                    add_stored(&mut one, kv, place.key())?;
                    place.insert(one);
                }
            }
            batch.remove(old_key);
        }
        sums.into_iter().for_each(|(key, sum)| batch.put(key, encode(&sum)));
        kv.write(batch)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kv::MemoryStore;

    const ROOT: Hash = Hash([1; 32]);
    const WHO: AccountId = AccountId([2; 32]);
    const BEGUN: u64 = 1000 * HOUR_MS;

    fn stored(kv: &MemoryStore) -> Vec<Download> {
        let prefix = Kind::Download.key(&[]);
        let rows = kv.scan(&prefix, None, Direction::Ascending, 100).unwrap();
        rows.iter().map(|(_, row)| decode(row).unwrap()).collect()
    }

    async fn open(kv: &Arc<MemoryStore>) -> DownloadLog {
        let read_model = ReadModel::new(Arc::new(MemoryStore::new())).unwrap();
        DownloadLog::open(read_model, State::new(kv.clone())).await.unwrap()
    }

    #[tokio::test]
    async fn an_hour_of_requests_is_one_row() {
        let kv = Arc::new(MemoryStore::new());
        let log = open(&kv).await;
        log.record(ROOT, WHO, 10, BEGUN).await.unwrap();
        let first = stored(&kv);
        assert_eq!((first.len(), first[0].requests), (1, 1), "on disk before the first byte leaves");
        for more in 1..500 {
            log.record(ROOT, WHO, 10, BEGUN + more).await.unwrap();
        }
        assert_eq!(stored(&kv), first, "no write for each request");
        log.flush(BEGUN + 500).await.unwrap();
        let all = Download {
            sealed_root: ROOT,
            account: WHO,
            requests: 500,
            bytes: 5000,
            first_at_ms: BEGUN,
            last_at_ms: BEGUN + 499,
        };
        assert_eq!(stored(&kv), std::slice::from_ref(&all));

        // The same hour after a restart, the next hour, another account, another payload.
        let log = open(&kv).await;
        log.record(ROOT, WHO, 10, BEGUN + 600).await.unwrap();
        assert_eq!(stored(&kv), [Download { requests: 501, bytes: 5010, last_at_ms: BEGUN + 600, ..all }]);
        log.record(ROOT, WHO, 1, BEGUN + HOUR_MS).await.unwrap();
        log.record(ROOT, AccountId([3; 32]), 1, BEGUN).await.unwrap();
        log.record(Hash([4; 32]), WHO, 1, BEGUN).await.unwrap();
        assert_eq!(stored(&kv).len(), 4);
        assert_eq!(log.recent.lock().await.len(), 4);
        log.flush(BEGUN + HOUR_MS).await.unwrap();
        assert_eq!(log.recent.lock().await.len(), 1, "hours that are over are forgotten");
    }

    #[tokio::test]
    async fn rows_of_the_layout_before_are_added_up() {
        let kv = Arc::new(MemoryStore::new());
        let requests = 2 * CONVERTED_AT_ONCE as u64 + 7;
        for number in 0..requests {
            let at_ms = BEGUN + number;
            let old: Request = (ROOT, WHO, 5, 14, at_ms);
            let mut batch = Batch::new();
            batch.put(Kind::DownloadRequest.key(&[&ROOT, &at_ms, &number]), encode(&old));
            kv.write(batch).unwrap();
        }
        for _ in 0..2 {
            open(&kv).await;
            let found = stored(&kv);
            assert_eq!((found.len(), found[0].requests, found[0].bytes), (1, requests, 10 * requests));
            assert_eq!((found[0].first_at_ms, found[0].last_at_ms), (BEGUN, BEGUN + requests - 1));
        }
        let prefix = Kind::DownloadRequest.key(&[]);
        assert!(kv.scan(&prefix, None, Direction::Ascending, 1).unwrap().is_empty());
    }

    #[test]
    fn a_filter_has_the_hours_that_it_touches() {
        let found = Download {
            sealed_root: ROOT,
            account: WHO,
            requests: 2,
            bytes: 2,
            first_at_ms: 10,
            last_at_ms: 20,
        };
        let has = |account, from_ms: Option<u64>, before_ms: Option<u64>| {
            let from = from_ms.map(|ms| Bound::Time { ms, length: 1 });
            let to = before_ms.map(|before| Bound::Time { ms: before - 1, length: 1 });
            DownloadFilter::new(Period { from, to }, account).unwrap().has(&found)
        };
        assert!(has(None, None, None) && has(Some(WHO), Some(20), Some(11)));
        assert!(!has(Some(AccountId([9; 32])), None, None));
        assert!(!has(None, Some(21), None) && !has(None, None, Some(10)));
    }
}
