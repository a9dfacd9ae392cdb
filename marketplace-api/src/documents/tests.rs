//! Tests of which documents can be found, and whose quota they take.

use futures::FutureExt;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use wonbon_model::DatasetId;

use super::{indexing::MAX_ASKED, *};
use crate::{
    kv::{KvStore, MemoryStore},
    state::State,
    storage::{OverQuota, S3Storage},
    testing::{self, Put as _},
};

const ACCOUNT: AccountId = AccountId([1; 32]);
/// Room for four short documents.
const QUOTA: u64 = 4 * 4096;

struct Service {
    kv: Arc<dyn KvStore>,
    documents: Arc<Documents>,
}

fn service(storage: Arc<dyn Storage>) -> Service {
    let kv: Arc<dyn KvStore> = Arc::new(MemoryStore::new());
    let read_model = ReadModel::new(kv.clone()).unwrap();
    let search = Arc::new(SearchIndex::new().unwrap());
    let documents = Documents::new(
        storage,
        read_model,
        Arc::new(Quota::new(QUOTA, State::new(Arc::new(MemoryStore::new())))),
        search,
    );
    Service { kv, documents: Arc::new(documents) }
}

fn document(title: &str) -> (Hash, Bytes) {
    let text = format!(
        r#"{{"description":"","keywords":[],"length":1,"schema":"wonbon/metadata/1","title":"{title}"}}"#
    );
    (Hash(Sha256::digest(&text).into()), text.into())
}

impl Service {
    async fn put(&self, title: &str) -> Hash {
        let (hash, bytes) = document(title);
        self.documents.put(Kind::Metadata, hash, ACCOUNT, bytes).await.unwrap();
        hash
    }

    fn register(&self, number: u8, metadata: Hash) {
        let dataset = testing::dataset(DatasetId([number; 32]), ACCOUNT, number.into(), metadata);
        testing::apply(&*self.kv, vec![dataset.put()]);
    }

    fn is_shown(&self, metadata: Hash) -> bool {
        self.documents.search.summary(metadata).is_some()
    }
}

#[tokio::test]
async fn only_what_a_dataset_names_is_searched() {
    let service = service(Arc::new(S3Storage::in_memory()));
    let (named, other) = (service.put("named").await, service.put("other").await);
    service.register(1, named);
    assert!(!service.is_shown(named) && !service.is_shown(other));
    service.documents.read_named().await.unwrap();
    assert!(service.is_shown(named) && !service.is_shown(other));

    // A dataset may be registered before its document is here.
    let late = document("late").0;
    service.register(2, late);
    service.documents.read_named().await.unwrap();
    assert_eq!(*service.documents.wanted.lock(), HashSet::from([late]));
    service.put("late").await;
    assert!(service.is_shown(late) && service.documents.wanted.lock().is_empty());
}

#[tokio::test]
async fn what_cannot_be_read_is_not_looked_for_again() {
    let service = service(Arc::new(S3Storage::in_memory()));
    let (broken, late) = (Hash([9; 32]), document("late").0);
    service.register(1, broken);
    service.register(2, late);
    service.documents.read_named().await.unwrap();
    assert_eq!(*service.documents.wanted.lock(), HashSet::from([broken, late]));
    service.documents.storage.put(Folder::Metadata, broken, Bytes::from_static(b"{")).await.unwrap();
    service.documents.read_wanted().await.unwrap();
    assert_eq!(*service.documents.wanted.lock(), HashSet::from([late]));
}

#[tokio::test]
async fn of_many_that_are_wanted_the_store_is_asked_at_once() {
    let service = service(Arc::new(S3Storage::in_memory()));
    let named = service.put("named").await;
    let nowhere = (0..MAX_ASKED).map(|number| document(&number.to_string()).0);
    service.documents.wanted.lock().extend(nowhere.chain([named]));
    service.documents.read_wanted().await.unwrap();
    assert!(service.is_shown(named));
    assert_eq!(service.documents.wanted.lock().len(), MAX_ASKED);
}

#[tokio::test]
async fn what_the_follower_tells_and_what_other_services_store_is_read() {
    let storage = Arc::new(S3Storage::in_memory());
    let (here, there) = (service(storage.clone()), service(storage));
    let (named, names) = mpsc::unbounded_channel();
    let cancel = CancellationToken::new();
    let maintained = {
        let (documents, stop) = (here.documents.clone(), cancel.clone());
        tokio::spawn(async move { documents.maintain(names, stop).await })
    };
    let told = here.put("told").await;
    named.send(told).unwrap();
    while !here.is_shown(told) {
        tokio::task::yield_now().await;
    }
    let later = document("later").0;
    named.send(later).unwrap();
    while here.documents.wanted.lock().is_empty() {
        tokio::task::yield_now().await;
    }
    there.put("later").await;
    here.documents.read_wanted().await.unwrap();
    assert!(here.is_shown(later));
    cancel.cancel();
    maintained.await.unwrap();
}

#[tokio::test]
async fn a_document_counts_once_though_nobody_waits_for_it() {
    let service = service(Arc::new(S3Storage::in_memory()));
    for _ in 0..8 {
        let (hash, bytes) = document("one");
        let put = service.documents.put(Kind::Metadata, hash, ACCOUNT, bytes);
        assert!(put.now_or_never().is_none(), "the handler is dropped at its first pause");
    }
    // Waits for those before it.
    service.put("one").await;
    for number in 0..3 {
        service.put(&format!("more {number}")).await;
    }
    let (hash, bytes) = document("too much");
    let refused = service.documents.put(Kind::Metadata, hash, ACCOUNT, bytes).await;
    assert!(matches!(
        refused,
        Err(DocumentError::Storage(StorageError::OverQuota(OverQuota { used: QUOTA, .. })))
    ));
}
