//! What uploads take from their account, and from the process.

use std::{
    io,
    sync::atomic::{AtomicUsize, Ordering},
};

use futures::FutureExt;
use wonbon_primitives::content::tree;

use super::*;
use crate::{kv::MemoryStore, storage::S3Storage};

const ACCOUNT: AccountId = AccountId([1; 32]);
const QUOTA: u64 = 1 << 20;

struct Service {
    folder: tempfile::TempDir,
    state: State,
    payloads: Arc<Payloads>,
}

async fn open(folder: &tempfile::TempDir, state: &State) -> Arc<Payloads> {
    let limits = Limits { max_upload: QUOTA, lifetime: Duration::from_secs(3600) };
    let (uploads, storage) = (folder.path().join("uploads"), Arc::new(S3Storage::in_memory()));
    let quota = Arc::new(Quota::new(QUOTA, state.clone()));
    let read_model = ReadModel::new(Arc::new(MemoryStore::new())).unwrap();
    Arc::new(Payloads::open(uploads, storage, (read_model, state.clone()), quota, limits).await.unwrap())
}

impl Service {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let state = State::new(Arc::new(MemoryStore::new()));
        let payloads = open(&folder, &state).await;
        Self { folder, state, payloads }
    }

    /// Bytes that the account may still set aside.
    async fn free(&self) -> u64 {
        match self.payloads.quota.reserve(ACCOUNT, QUOTA + 1).await {
            Err(StorageError::OverQuota(over)) => QUOTA - over.used,
            other => panic!("{other:?}"),
        }
    }
}

/// A package of one short block, and how it is announced.
fn package(seed: u8) -> (Vec<u8>, NewUpload) {
    let (sealed, plain) = (tree::leaf_hash(&[seed]), tree::leaf_hash(&[seed, 0]));
    let expected = Expected { sealed_root: Hash(sealed), dataset_root: Hash(plain), payload_length: 1 };
    let bytes = [&[seed][..], &plain].concat();
    let upload_length = bytes.len() as u64;
    (bytes, NewUpload { expected, upload_length })
}

fn body(bytes: Vec<u8>) -> impl futures::Stream<Item = Result<bytes::Bytes, io::Error>> + Send + Unpin {
    futures::stream::iter([Ok(bytes.into())])
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_begins_no_more_uploads_than_it_may_however_many_at_once() {
    let service = Service::new().await;
    let begun = Arc::new(AtomicUsize::new(0));
    let creates = (0..120).map(|seed| {
        let (payloads, begun) = (service.payloads.clone(), begun.clone());
        tokio::spawn(async move {
            match payloads.create(ACCOUNT, package(seed).1).await {
                Ok(_) => begun.fetch_add(1, Ordering::Relaxed),
                Err(error) => {
                    assert!(matches!(error, UploadError::TooMany { limit: MAX_UPLOADS }), "{error}");
                    0
                }
            }
        })
    });
    for create in futures::future::join_all(creates).await {
        create.unwrap();
    }
    assert_eq!(begun.load(Ordering::Relaxed), MAX_UPLOADS);
    assert!(service.payloads.create(AccountId([2; 32]), package(200).1).await.is_ok());

    // They count after a restart too, until they end.
    let again = open(&service.folder, &service.state).await;
    assert!(matches!(again.create(ACCOUNT, package(201).1).await, Err(UploadError::TooMany { .. })));
    let id = again
        .uploads
        .lock()
        .values()
        .find(|upload| upload.manifest.account == ACCOUNT)
        .unwrap()
        .manifest
        .id
        .clone();
    again.terminate(ACCOUNT, &id).await.unwrap();
    again.create(ACCOUNT, package(201).1).await.unwrap();
}

#[tokio::test]
async fn an_upload_that_nobody_waits_for_is_there_or_takes_nothing() {
    let service = Service::new().await;
    for seed in 0..8 {
        // The handler is dropped at its first pause.
        assert!(service.payloads.create(ACCOUNT, package(seed).1).now_or_never().is_none());
    }
    while service.payloads.uploads.lock().len() < 8 {
        tokio::task::yield_now().await;
    }
    assert_eq!(service.free().await, QUOTA - 8 * 4096);
    let ids: Vec<_> = service.payloads.uploads.lock().keys().cloned().collect();
    for id in ids {
        service.payloads.terminate(ACCOUNT, &id).await.unwrap();
    }
    assert_eq!(service.free().await, QUOTA);
    // One that fails takes nothing either.
    std::fs::remove_dir_all(&service.payloads.folder).unwrap();
    assert!(service.payloads.create(ACCOUNT, package(9).1).await.is_err());
    assert_eq!(service.free().await, QUOTA);
    assert!(service.payloads.running.begin(ACCOUNT).is_some());
}

#[tokio::test]
async fn uploads_that_stand_still_or_are_done_hold_no_file_open() {
    let service = Service::new().await;
    let here = service.folder.path().canonicalize().unwrap();
    let held = || {
        let descriptors = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
        let targets = descriptors.filter_map(|entry| std::fs::read_link(entry.path()).ok());
        targets.filter(|target| target.starts_with(&here)).count()
    };
    for seed in 0..8 {
        let (bytes, new) = package(seed);
        let id = service.payloads.create(ACCOUNT, new).await.unwrap().manifest.id;
        let sent = if seed % 2 == 0 { bytes } else { bytes[..1].to_vec() };
        let status = service.payloads.append(ACCOUNT, &id, 0, None, body(sent)).await.unwrap();
        assert_eq!(status.published, seed % 2 == 0);
    }
    assert_eq!(held(), 0);
    // What is published counts as stored, and as an upload no more.
    assert_eq!(service.free().await, QUOTA - 8 * 4096);
    assert_eq!(service.payloads.uploads.lock().len(), 8);
    let more: Vec<_> = std::iter::from_fn(|| service.payloads.running.begin(ACCOUNT)).collect();
    assert_eq!(more.len(), MAX_UPLOADS - 4);
}

#[tokio::test]
async fn a_payload_is_removed_though_nobody_waits() {
    let service = Service::new().await;
    let (bytes, new) = package(1);
    let sealed_root = new.expected.sealed_root;
    let id = service.payloads.create(ACCOUNT, new).await.unwrap().manifest.id;
    service.payloads.append(ACCOUNT, &id, 0, None, body(bytes)).await.unwrap();
    let remove = || service.payloads.remove(ACCOUNT, sealed_root);
    assert!(remove().now_or_never().is_none(), "the handler is dropped at its first pause");
    // Waits for the one before it.
    assert!(matches!(remove().await, Err(RemoveError::Missing)));
    assert_eq!(service.free().await, QUOTA);
    assert!(service.payloads.uploads.lock().is_empty());
}
