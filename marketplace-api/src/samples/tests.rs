//! Tests of who waits for whom, and of what changes while a sample is on its way or stored.

use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt;
use wonbon_model::Keyed;
use wonbon_primitives::{
    content::{range::BlockRange, tree::leaf_hash},
    sample::{Kind as FileKind, Sample},
    BoundedVec, DatasetId,
};

use super::{receive::CHECKED_AT_ONCE, *};
use crate::{
    kv::MemoryStore,
    state::State,
    storage::S3Storage,
    testing::{self, Put as _},
};

#[tokio::test]
async fn a_company_that_sends_slowly_keeps_only_itself_waiting() {
    let kv: Arc<dyn KvStore> = Arc::new(MemoryStore::new());
    let read_model = ReadModel::new(kv.clone()).unwrap();
    let quota = Arc::new(Quota::new(1 << 20, State::new(Arc::new(MemoryStore::new()))));
    let samples =
        Arc::new(Samples::new(Arc::new(S3Storage::in_memory()), read_model, quota, Status::default()));
    let numbers = 1..=(CHECKED_AT_ONCE as u8 + 2);
    let (id, owner) = (|number| Hash([number; 32]), |number| AccountId([number; 32]));
    let dataset = |number| testing::dataset(DatasetId(id(number).0), owner(number), 0, Hash([0; 32])).put();
    testing::apply(&*kv, numbers.clone().map(dataset).collect());

    // More than are checked at once: a body that is on its way takes nobody's turn.
    let mut sending = Vec::new();
    for number in numbers {
        sending.push(samples.receive(owner(number), id(number), Kind::Chosen).await.unwrap());
    }
    assert_eq!(samples.arrived.available_permits(), CHECKED_AT_ONCE);
    let again = samples.receive(owner(1), id(1), Kind::Chosen);
    let mut again = std::pin::pin!(again);
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut again).await.is_err());
    sending.remove(0);
    drop(again.await.unwrap());
    assert!(samples.senders.lock(owner(1)).now_or_never().is_some());
}

const OWNER: AccountId = AccountId([1; 32]);
const BYTES: &[u8] = b"1,2\n3,4\n";

/// A dataset of one short block, and a service that knows it.
struct Market {
    kv: Arc<dyn KvStore>,
    samples: Arc<Samples>,
    dataset: Keyed<DatasetId, Dataset>,
}

impl Market {
    fn new() -> Self {
        let kv: Arc<dyn KvStore> = Arc::new(MemoryStore::new());
        let read_model = ReadModel::new(kv.clone()).unwrap();
        let status = Status::default();
        status.update(|progress| progress.genesis = Some(Hash([7; 32])));
        // Room for one sample.
        let samples = Samples::new(
            Arc::new(S3Storage::in_memory()),
            read_model,
            Arc::new(Quota::new(4096, State::new(Arc::new(MemoryStore::new())))),
            status,
        );
        let mut dataset = testing::dataset(DatasetId(leaf_hash(BYTES)), OWNER, 0, Hash([0; 32]));
        dataset.record.length = BYTES.len() as u64;
        let market = Self { kv, samples: Arc::new(samples), dataset };
        market.hand_over(OWNER);
        market
    }

    fn hand_over(&self, owner: AccountId) {
        let record = Dataset { owner, ..self.dataset.record.clone() };
        testing::apply(&*self.kv, vec![Keyed::new(self.dataset.key, record).put()]);
    }

    fn sample(&self) -> Sample {
        let range = BlockRange { first: 0, blocks: BYTES.to_vec(), path: Default::default() };
        Sample {
            dataset: self.dataset.key,
            length: self.dataset.record.length,
            kind: FileKind::Chosen,
            ranges: BoundedVec::try_from(vec![range]).unwrap(),
        }
    }

    async fn begin(&self) -> Receiving {
        self.samples.receive(OWNER, self.dataset.key.into(), Kind::Chosen).await.unwrap()
    }
}

#[tokio::test]
async fn who_hands_a_dataset_over_while_sending_a_sample_shows_nothing() {
    let market = Market::new();
    let sending = market.begin().await;
    market.hand_over(AccountId([2; 32]));
    let refused = sending.publish(market.sample().to_file().into()).await;
    assert!(matches!(refused, Err(SampleError::NotTheOwner)), "{refused:?}");
    assert!(market.samples.chosen(market.dataset.key.into()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_sample_whose_note_cannot_be_read_is_noted_again_and_counted_once() {
    let market = Market::new();
    let (sample, dataset) = (market.sample(), market.dataset.key.into());
    let note = || market.samples.chosen_note(dataset);
    assert!(market.begin().await.publish(sample.to_file().into()).await.unwrap());
    let first = note().await.unwrap().unwrap();
    let earlier = Bytes::from_static(b"\x01 another layout");
    market.samples.storage.put(Folder::SampleNotes, first.digest, earlier).await.unwrap();
    assert_eq!(note().await.unwrap(), None);
    // There would be no room for it a second time.
    assert!(!market.begin().await.publish(sample.to_file().into()).await.unwrap());
    let again = note().await.unwrap().unwrap();
    assert_eq!((again.digest, again.lines), (first.digest, 2));
}
