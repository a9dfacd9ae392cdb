//! What every storage promises, as checks: run them on each backend, and on one of your own.

// What is not as promised is a failed test.
#![allow(clippy::unwrap_used)]

use std::{ops::Range, os::unix::fs::FileExt, path::Path};

use wonbon_model::Hash;

use super::{Folder, Source, Storage, StorageError};

/// Bytes of a large object: more than a storage takes in one request.
pub const LARGE: usize = (20 << 20) + 12_345;

/// Bytes that tell where they are.
pub fn bytes(length: usize, seed: u8) -> Vec<u8> {
    (0..length).map(|at| (at as u64 * 31 + u64::from(seed)) as u8 ^ (at >> 12) as u8).collect()
}

/// Reads some bytes of a payload the way that a download does.
pub async fn read(storage: &dyn Storage, hash: Hash, range: Range<u64>) -> Result<Vec<u8>, StorageError> {
    match storage.open(Folder::Payloads, hash).await? {
        Source::File(file) => {
            let mut some = vec![0; (range.end - range.start) as usize];
            file.read_exact_at(&mut some, range.start)?;
            Ok(some)
        }
        Source::Remote(object) => Ok(object.read(range).await?.to_vec()),
    }
}

/// Checks an empty storage, which is not empty afterwards. `scratch` is an empty folder of the same file system.
///
/// # Panics
///
/// If it does not keep a promise.
pub async fn conforms(storage: &dyn Storage, scratch: &Path) {
    what_is_not_there(storage, scratch).await;
    files(storage, scratch).await;
    parts(storage).await;
    small_objects(storage).await;
    never_replaced(storage).await;
    deletes(storage).await;
    assert_eq!(std::fs::read_dir(scratch).unwrap().count(), 0, "nothing is left");
}

const ONE: Hash = Hash([1; 32]);
const TWO: Hash = Hash([2; 32]);
const OTHER: Hash = Hash([3; 32]);

async fn what_is_not_there(storage: &dyn Storage, scratch: &Path) {
    assert_eq!(storage.length(Folder::Payloads, ONE).await.unwrap(), None);
    assert_eq!(storage.get(Folder::Metadata, ONE).await.unwrap(), None);
    assert!(matches!(storage.open(Folder::Payloads, ONE).await, Err(StorageError::Missing)));
    assert!(matches!(storage.get_range(Folder::Payloads, ONE, 0..1).await, Err(StorageError::Missing)));
    let fetched = storage.get_file(Folder::Payloads, ONE, &scratch.join("x")).await;
    assert!(matches!(fetched, Err(StorageError::Missing)));
    assert!(storage.list(Folder::Payloads).await.unwrap().is_empty());
    storage.delete(Folder::Payloads, ONE).await.unwrap();
}

/// Files of any length become objects, and files again.
async fn files(storage: &dyn Storage, scratch: &Path) {
    let (staged, again) = (scratch.join("staged.data"), scratch.join("again.data"));
    for (hash, length) in [(ONE, 1), (TWO, LARGE)] {
        let content = bytes(length, 7);
        std::fs::write(&staged, &content).unwrap();
        storage.put_file(Folder::Payloads, hash, &staged).await.unwrap();
        assert!(!staged.exists(), "it was moved");
        assert_eq!(storage.length(Folder::Payloads, hash).await.unwrap(), Some(length as u64));
        assert_eq!(read(storage, hash, 0..length as u64).await.unwrap(), content);
        storage.get_file(Folder::Payloads, hash, &again).await.unwrap();
        assert!(std::fs::read(&again).unwrap() == content);
        std::fs::remove_file(&again).unwrap();
    }
    let mut found = storage.list(Folder::Payloads).await.unwrap();
    found.sort();
    assert_eq!(found, [ONE, TWO]);
    assert!(storage.list(Folder::Trees).await.unwrap().is_empty(), "folders are apart");
}

async fn parts(storage: &dyn Storage) {
    let content = bytes(LARGE, 7);
    let whole = content.len() as u64;
    for range in [0..1, 4096..8192, whole - 1..whole, (8 << 20) - 5..(8 << 20) + 5] {
        let part = &content[range.start as usize..range.end as usize];
        assert_eq!(read(storage, TWO, range.clone()).await.unwrap(), part);
        assert_eq!(storage.get_range(Folder::Payloads, TWO, range).await.unwrap(), part);
    }
    let beyond = whole - 5..whole + 5;
    assert!(read(storage, TWO, beyond.clone()).await.is_err(), "fewer bytes than asked for");
    assert!(storage.get_range(Folder::Payloads, TWO, beyond).await.is_err());
}

async fn small_objects(storage: &dyn Storage) {
    storage.put(Folder::Metadata, ONE, "abc".into()).await.unwrap();
    assert_eq!(storage.get(Folder::Metadata, ONE).await.unwrap().unwrap(), "abc");
    storage.put(Folder::ChosenSamples, ONE, "first".into()).await.unwrap();
    storage.put(Folder::ChosenSamples, ONE, "second".into()).await.unwrap();
    assert_eq!(storage.get(Folder::ChosenSamples, ONE).await.unwrap().unwrap(), "second", "exchanged");

    // The first of several that are to be new.
    let (first, second) = tokio::join!(
        storage.put_if_absent(Folder::Published, OTHER, "a".into()),
        storage.put_if_absent(Folder::Published, OTHER, "a".into())
    );
    assert!(first.unwrap() != second.unwrap(), "one of them was first");
    assert!(!storage.put_if_absent(Folder::Published, OTHER, "b".into()).await.unwrap());
    assert_eq!(storage.get(Folder::Published, OTHER).await.unwrap().unwrap(), "a");
    assert_eq!(storage.list(Folder::Published).await.unwrap(), [OTHER], "no draft is listed");
}

/// What companies keep here for their members is the first bytes for good, whoever comes later or at the same time.
async fn never_replaced(storage: &dyn Storage) {
    for folder in [Folder::WrappedSecrets, Folder::SecretEpochs, Folder::SealedKeys, Folder::Applicants] {
        let (first, second) = tokio::join!(
            storage.put_if_absent(folder, ONE, "first".into()),
            storage.put_if_absent(folder, ONE, "second".into())
        );
        let kept = if first.unwrap() { "first" } else { "second" };
        assert_eq!(kept == "second", second.unwrap(), "one of them was first");
        assert!(!storage.put_if_absent(folder, ONE, "third".into()).await.unwrap());
        assert_eq!(storage.get(folder, ONE).await.unwrap().unwrap(), kept, "{folder:?}");
        assert_eq!(storage.length(folder, TWO).await.unwrap(), None);
        storage.delete(folder, ONE).await.unwrap();
        assert!(storage.put_if_absent(folder, ONE, "again".into()).await.unwrap());
    }
}

async fn deletes(storage: &dyn Storage) {
    storage.delete(Folder::Payloads, TWO).await.unwrap();
    assert_eq!(storage.length(Folder::Payloads, TWO).await.unwrap(), None);
    assert_eq!(storage.list(Folder::Payloads).await.unwrap(), [ONE]);
}
