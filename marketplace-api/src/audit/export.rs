//! The ledger of a period as a stream, a page of trades at a time.
//!
//! Memory is bounded by a page, a row group of the format and [`MAX_KNOWN_COMPANIES`] names. The end of the period is fixed when
//! the export begins. A read model that is rebuilt meanwhile breaks the stream off, so that no file passes for
//! whole that is not.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    sync::Arc,
};

use bytes::Bytes;
use futures::{stream, Stream};
use wonbon_audit::{
    export::{About, Format, LedgerRow, LedgerWriter},
    Company, Period,
};
use wonbon_model::{AccountId, BlockRef, EntryKey, Keyed, Moment, Trade};

use super::{
    gather::{as_of, check, is_there},
    AuditError,
};
use crate::{
    kv::KvStore,
    locks::Mutex,
    read_model::{queries, ReadModel},
};

/// Trades that a piece of the file has.
const TRADES_PER_PIECE: usize = 128;
/// Companies whose names are remembered.
const MAX_KNOWN_COMPANIES: usize = 4_096;

/// What a format wrote and the client did not get yet.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn drain(&self) -> Bytes {
        std::mem::take(&mut *self.0.lock()).into()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An export under way.
pub struct Export {
    period: Period,
    last: BlockRef,
    writer: LedgerWriter<Written>,
    written: Written,
    companies: BTreeMap<AccountId, Option<Company>>,
    /// Behind which key to go on; `None` at the end.
    after: Option<Vec<u8>>,
}

impl Export {
    /// Begins an export.
    pub fn begin(kv: &dyn KvStore, period: Period, format: Format) -> Result<Self, AuditError> {
        let (last, genesis, as_of) = as_of(kv)?.ok_or(AuditError::NoChain)?;
        check(kv, &period)?;
        let is_in = |block, time| !period.is_before(&Moment { block, time });
        let first = queries::first_block(kv, last.height, is_in)?;
        let about = About { genesis: genesis.to_string(), as_of, period: period.to_string() };
        let written = Written::default();
        Ok(Self {
            period,
            last,
            writer: LedgerWriter::new(format, &about, written.clone())?,
            written,
            companies: BTreeMap::new(),
            after: Some(queries::trades_from(first)),
        })
    }

    /// The rest of the file, piece by piece.
    pub fn stream(self, read_model: ReadModel) -> impl Stream<Item = Result<Bytes, AuditError>> {
        stream::try_unfold(Some(self), move |export| {
            let read_model = read_model.clone();
            async move {
                let Some(export) = export else { return Ok(None) };
                read_model.read(move |kv| export.next(kv)).await.map(Some)
            }
        })
    }

    /// Writes one page; without a rest when it was the last.
    fn next(mut self, kv: &dyn KvStore) -> Result<(Bytes, Option<Self>), AuditError> {
        if let Some(key) = self.after.take() {
            let page = queries::trades_after(kv, &key, TRADES_PER_PIECE)?;
            self.after = page.next;
            for trade in &page.items {
                let ended = &trade.record.ended;
                if self.period.is_after(ended) || ended.block > self.last.height {
                    self.after = None;
                    break;
                }
                self.row(kv, trade)?;
            }
        }
        if self.after.is_some() {
            let piece = self.written.drain();
            return Ok((piece, Some(self)));
        }
        if !is_there(kv, self.last)? {
            return Err(AuditError::Rebuilt);
        }
        self.writer.finish()?;
        Ok((self.written.drain(), None))
    }

    fn row(&mut self, kv: &dyn KvStore, trade: &Keyed<EntryKey, Trade>) -> Result<(), AuditError> {
        let Keyed { key, record } = trade;
        let (hash, _) = queries::block(kv, record.ended.block)?.ok_or(AuditError::Rebuilt)?;
        self.remember_company(kv, record.seller)?;
        self.remember_company(kv, record.buyer)?;
        let name = |account| self.companies.get(&account).and_then(Option::as_ref);
        let block = BlockRef { height: record.ended.block, hash: hash.0 };
        let (seller, buyer) = (name(record.seller), name(record.buyer));
        self.writer.row(&LedgerRow::new(key.dataset, key.index, record, block, seller, buyer))?;
        Ok(())
    }

    fn remember_company(&mut self, kv: &dyn KvStore, who: AccountId) -> Result<(), AuditError> {
        if !self.companies.contains_key(&who) {
            if self.companies.len() >= MAX_KNOWN_COMPANIES {
                self.companies.clear();
            }
            let known = queries::participant(kv, who)?;
            self.companies.insert(who, known.as_ref().map(Company::from));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use futures::StreamExt;

    use super::*;
    use wonbon_model::{DatasetId, Outcome};

    use crate::{
        kv::MemoryStore,
        testing::{self, Put as _},
    };

    fn market(trades: u32) -> Arc<MemoryStore> {
        let kv = Arc::new(MemoryStore::new());
        testing::apply(&*kv, Vec::new());
        for index in 0..trades {
            let (seller, buyer) = (AccountId([1; 32]), AccountId([2; 32]));
            let trade =
                testing::trade(DatasetId([9; 32]), index, seller, buyer, Outcome::Accepted, index + 1);
            testing::apply(&*kv, vec![trade.put()]);
        }
        kv
    }

    #[tokio::test]
    async fn an_export_ends_where_the_chain_was_when_it_began() {
        let kv = market(TRADES_PER_PIECE as u32 + 10);
        let read_model = ReadModel::new(kv.clone()).unwrap();
        let export = Export::begin(&*kv, Period::default(), Format::Csv).unwrap();
        let (seller, buyer) = (AccountId([1; 32]), AccountId([2; 32]));
        let number = TRADES_PER_PIECE as u32 + 11;
        let trade = testing::trade(DatasetId([9; 32]), number, seller, buyer, Outcome::Accepted, number);
        testing::apply(&*kv, vec![trade.put()]);
        let pieces: Vec<_> = export.stream(read_model).map(Result::unwrap).collect().await;
        let text = String::from_utf8(pieces.concat()).unwrap();
        assert_eq!(text.lines().count(), 1 + TRADES_PER_PIECE + 10);
    }

    #[tokio::test]
    async fn an_export_of_a_read_model_that_is_thrown_away_breaks_off() {
        let kv = market(TRADES_PER_PIECE as u32 + 10);
        let read_model = ReadModel::new(kv.clone()).unwrap();
        let export = Export::begin(&*kv, Period::default(), Format::Csv).unwrap();
        let mut stream = std::pin::pin!(export.stream(read_model.clone()));
        assert!(stream.next().await.unwrap().is_ok());
        read_model.reset().await.unwrap();
        assert!(matches!(stream.next().await, Some(Err(AuditError::Rebuilt))));
        assert!(stream.next().await.is_none());
    }
}
