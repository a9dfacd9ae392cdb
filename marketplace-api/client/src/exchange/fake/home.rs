//! A home in memory: what a face without files brings. Its passes are those of the chunks, one after another.

use crate::ports::{
    no_progress, Blob, Blobs, Changed, Home, Incoming, Lock, OldLeaves, Outgoing, Packages, PassError,
    Passed, Progress, Records, Sink, Source, SourceIdentity, StorageError, UnusablePlace,
};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::sync::{Arc, Mutex};
use wonbon_model::{AccountId, DatasetId};
use wonbon_package::{
    leaf_hashes, Checking, Chunk, Committing, FaultProving, GrowthProving, Opening, PackageError, Sampling,
    Sealed, Sealing, Shown,
};
use wonbon_primitives::bounds::BLOCK_SIZE;
use wonbon_primitives::content::growth::GrowthProof;
use wonbon_primitives::content::range::BlockRange;
use wonbon_primitives::content::shown::{self, ShownLeaves};
use wonbon_primitives::dispute::BlockFault;
use wonbon_primitives::sample::rows::{self, Selection};
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::{Commitment, Digest};

/// A home in memory, with the files around it.
#[derive(Clone, Default)]
pub(in crate::exchange) struct MemoryHome {
    sealings: MemoryRecords,
    publications: MemoryRecords,
    purchases: MemoryRecords,
    deliveries: MemoryRecords,
    company_secrets: MemoryRecords,
    memory: Memory,
}

impl MemoryHome {
    /// Writes a file, which a source may be and a sink may become.
    pub(in crate::exchange) fn write(&self, name: &str, bytes: &[u8]) {
        let file = File { bytes: bytes.to_vec(), version: self.memory.files.lock().unwrap().len() as u64 };
        self.memory.files.lock().unwrap().insert(name.to_owned(), file);
    }

    /// A file, if it is there.
    pub(in crate::exchange) fn file(&self, name: &str) -> Option<Vec<u8>> {
        self.memory.files.lock().unwrap().get(name).map(|file| file.bytes.clone())
    }

    /// A blob, if it is there.
    pub(in crate::exchange) fn blob(&self, blob: &Blob) -> Option<Vec<u8>> {
        self.memory.blobs.lock().unwrap().get(blob).cloned()
    }

    /// Journals, packages and fetched lists that are left.
    pub(in crate::exchange) fn leftovers(&self) -> usize {
        let journals = [&self.publications, &self.purchases];
        let journals: usize = journals.iter().map(|kind| kind.records.lock().unwrap().len()).sum();
        let blobs = self.memory.blobs.lock().unwrap();
        journals + blobs.keys().filter(|blob| !matches!(blob, Blob::LeafList(_))).count()
    }
}

#[async_trait]
impl Home for MemoryHome {
    fn sealings(&self) -> &dyn Records {
        &self.sealings
    }

    fn publications(&self) -> &dyn Records {
        &self.publications
    }

    fn purchases(&self) -> &dyn Records {
        &self.purchases
    }

    fn deliveries(&self) -> &dyn Records {
        &self.deliveries
    }

    fn company_secrets(&self) -> &dyn Records {
        &self.company_secrets
    }

    fn blobs(&self) -> &dyn Blobs {
        &self.memory
    }

    fn source(&self, name: &str) -> Box<dyn Source> {
        Box::new(MemoryFile { name: name.to_owned(), memory: self.memory.clone() })
    }

    fn sink(&self, name: &str) -> Result<Box<dyn Sink>, StorageError> {
        Ok(Box::new(MemoryFile { name: name.to_owned(), memory: self.memory.clone() }))
    }

    async fn share_publications(&self) -> Result<Lock, StorageError> {
        Ok(Lock::new(()))
    }
}

#[derive(Clone, Default)]
struct MemoryRecords {
    records: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    locked: Arc<Mutex<BTreeSet<String>>>,
}

struct Locked(Arc<Mutex<BTreeSet<String>>>, String);

impl Drop for Locked {
    fn drop(&mut self) {
        self.0.lock().unwrap().remove(&self.1);
    }
}

#[async_trait]
impl Records for MemoryRecords {
    fn place(&self, name: &str) -> String {
        format!("memory:{name}")
    }

    async fn names(&self) -> Result<Vec<String>, StorageError> {
        Ok(self.records.lock().unwrap().keys().cloned().collect())
    }

    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StorageError> {
        Ok(self.records.lock().unwrap().get(name).cloned())
    }

    async fn replace(&self, name: &str, record: &[u8]) -> Result<(), StorageError> {
        self.records.lock().unwrap().insert(name.to_owned(), record.to_vec());
        Ok(())
    }

    async fn create(&self, name: &str, record: &[u8]) -> Result<bool, StorageError> {
        let mut records = self.records.lock().unwrap();
        let fresh = !records.contains_key(name);
        records.entry(name.to_owned()).or_insert_with(|| record.to_vec());
        Ok(fresh)
    }

    async fn remove(&self, name: &str) -> Result<(), StorageError> {
        self.records.lock().unwrap().remove(name);
        Ok(())
    }

    async fn try_lock(&self, name: &str) -> Result<Option<Lock>, StorageError> {
        let fresh = self.locked.lock().unwrap().insert(name.to_owned());
        Ok(fresh.then(|| Lock::new(Locked(self.locked.clone(), name.to_owned()))))
    }
}

#[derive(Clone)]
struct File {
    bytes: Vec<u8>,
    version: u64,
}

/// Large things of the home, and the files around it.
#[derive(Clone, Default)]
struct Memory {
    blobs: Arc<Mutex<HashMap<Blob, Vec<u8>>>>,
    files: Arc<Mutex<BTreeMap<String, File>>>,
}

fn missing(place: &str) -> StorageError {
    StorageError::at(place)(io::ErrorKind::NotFound.into())
}

impl Memory {
    fn blob(&self, blob: &Blob) -> Result<Vec<u8>, StorageError> {
        let found = self.blobs.lock().unwrap().get(blob).cloned();
        found.ok_or_else(|| missing(&format!("{blob:?}")))
    }

    fn put(&self, blob: &Blob, bytes: Vec<u8>) {
        self.blobs.lock().unwrap().insert(blob.clone(), bytes);
    }

    /// A package in two: its payload and its leaf list.
    fn package(&self, blob: &Blob, length: u64) -> Result<(Vec<u8>, Vec<Digest>), PassError> {
        let mut payload = self.blob(blob)?;
        let expected = wonbon_primitives::content::leaf_list::package_length(length).unwrap();
        if payload.len() as u64 != expected {
            return Err(PackageError::PackageLength { expected, found: payload.len() as u64 }.into());
        }
        let list = payload.split_off(length as usize);
        Ok((payload, digests(&list)))
    }
}

fn digests(list: &[u8]) -> Vec<Digest> {
    list.chunks_exact(32).map(|leaf| leaf.try_into().unwrap()).collect()
}

/// The chunks of a payload with their leaves, one after another.
fn chunks(length: u64) -> impl Iterator<Item = (Chunk, std::ops::Range<usize>, std::ops::Range<usize>)> {
    Chunk::all(length).map(|chunk| {
        let first = chunk.first_block() as usize;
        (chunk, chunk.offset as usize..chunk.end_offset() as usize, first..first + chunk.blocks())
    })
}

/// Opens a package; answers the plaintext.
fn opened(
    payload: Vec<u8>,
    list: &[Digest],
    key: &ContentKey,
    expected: &Sealed,
) -> Result<Vec<u8>, PassError> {
    let (mut opening, mut bytes) = (Opening::new(expected, key)?, payload);
    for (chunk, place, leaves) in chunks(expected.sealed.length) {
        opening.push(&chunk.open(key, &mut bytes[place], list[leaves].to_vec())?)?;
    }
    opening.finish()?;
    Ok(bytes)
}

#[async_trait]
impl Blobs for Memory {
    async fn exists(&self, blob: &Blob) -> bool {
        self.blob(blob).is_ok()
    }

    async fn rename(&self, from: &Blob, to: &Blob) -> Result<(), StorageError> {
        let bytes = self.blob(from)?;
        self.blobs.lock().unwrap().remove(from);
        self.put(to, bytes);
        Ok(())
    }

    async fn remove(&self, blob: &Blob) -> Result<(), StorageError> {
        self.blobs.lock().unwrap().remove(blob);
        Ok(())
    }

    fn outgoing(&self, blob: &Blob) -> Box<dyn Outgoing> {
        Box::new(MemoryBlob { blob: blob.clone(), memory: self.clone() })
    }

    async fn incoming(&self, blob: &Blob) -> Result<Box<dyn Incoming>, StorageError> {
        self.blobs.lock().unwrap().entry(blob.clone()).or_default();
        Ok(Box::new(MemoryBlob { blob: blob.clone(), memory: self.clone() }))
    }
}

#[async_trait]
impl Packages for Memory {
    async fn verify(&self, package: &Blob, expected: &Sealed, _: Progress) -> Result<(), PassError> {
        let Sealed { plain, sealed, .. } = expected;
        let (payload, list) = self.package(package, sealed.length)?;
        let mut checking = Checking::new(sealed, &plain.root)?;
        for (chunk, place, leaves) in chunks(sealed.length) {
            checking.push(&chunk.check(&payload[place], list[leaves].to_vec())?)?;
        }
        Ok(checking.finish()?)
    }

    async fn check(
        &self,
        package: &Blob,
        key: &ContentKey,
        expected: &Sealed,
        _: Progress,
    ) -> Result<(), PassError> {
        let (payload, list) = self.package(package, expected.sealed.length)?;
        opened(payload, &list, key, expected).map(drop)
    }

    async fn block_fault(
        &self,
        package: &Blob,
        expected: &Sealed,
        index: u64,
        _: Progress,
    ) -> Result<BlockFault, PassError> {
        let Sealed { plain, sealed, .. } = expected;
        let (payload, list) = self.package(package, sealed.length)?;
        let mut proving = FaultProving::new(sealed, &plain.root, index)?;
        for (chunk, place, leaves) in chunks(sealed.length) {
            proving.push(&chunk.check(&payload[place], list[leaves].to_vec())?)?;
        }
        let start = (index * BLOCK_SIZE) as usize;
        let block = payload[start..][..proving.block_length() as usize].to_vec();
        Ok(proving.finish(block)?)
    }

    async fn growth_proof(
        &self,
        old: &Commitment,
        leaves: OldLeaves<'_>,
        package: &Blob,
        new: &Commitment,
        _: Progress,
    ) -> Result<GrowthProof, PassError> {
        let bytes = |source: &dyn Source| {
            let file = self.files.lock().unwrap().get(source.name()).cloned();
            file.map(|file| file.bytes).ok_or_else(|| missing(source.name()))
        };
        let mut proving = GrowthProving::new(old, new)?;
        let (_, list) = self.package(package, new.length)?;
        let old_leaves = match leaves {
            OldLeaves::New(source) => leaf_hashes(&bytes(source)?[..old.length as usize]),
            OldLeaves::Old(source) => leaf_hashes(&bytes(source)?),
            OldLeaves::List(blob) => digests(&self.blob(blob)?),
        };
        proving.push_old(&old_leaves);
        if !proving.has_old() {
            return Err(match leaves {
                OldLeaves::New(source) | OldLeaves::Old(source) => {
                    PassError::OtherSource(source.name().to_owned())
                }
                OldLeaves::List(_) => PackageError::LeafList.into(),
            });
        }
        proving.push_new(&list);
        Ok(proving.finish()?)
    }

    async fn shown_leaves(
        &self,
        package: &Blob,
        plain: &Commitment,
        seed: &Digest,
        account: &AccountId,
        _: Progress,
    ) -> Result<ShownLeaves, PassError> {
        let (_, list) = self.package(package, plain.length)?;
        let mut prover = shown::Prover::new(seed, account.as_ref(), plain).unwrap();
        list.into_iter().for_each(|leaf| prover.push(leaf));
        Ok(prover.finish().unwrap())
    }

    async fn keep_leaf_list(&self, package: &Blob, plain: &Commitment) -> Result<(), StorageError> {
        let list = self.blob(package)?.split_off(plain.length as usize);
        self.put(&Blob::LeafList(DatasetId(plain.root)), list);
        Ok(())
    }
}

/// A blob that is sent or received.
struct MemoryBlob {
    blob: Blob,
    memory: Memory,
}

impl MemoryBlob {
    fn change(&self, change: impl FnOnce(&mut Vec<u8>)) {
        change(self.memory.blobs.lock().unwrap().entry(self.blob.clone()).or_default());
    }

    fn bytes(&self) -> io::Result<Vec<u8>> {
        self.memory.blob(&self.blob).map_err(|error| error.error)
    }
}

#[async_trait]
impl Outgoing for MemoryBlob {
    fn place(&self) -> String {
        format!("{:?}", self.blob)
    }

    async fn length(&self) -> io::Result<u64> {
        Ok(self.bytes()?.len() as u64)
    }

    async fn read_from(&self, offset: u64) -> io::Result<BoxStream<'static, io::Result<Bytes>>> {
        let rest = self.bytes()?.split_off(offset as usize);
        Ok(stream::iter([Ok(Bytes::from(rest))]).boxed())
    }
}

#[async_trait]
impl Incoming for MemoryBlob {
    fn place(&self) -> String {
        format!("{:?}", self.blob)
    }

    async fn length(&self) -> io::Result<u64> {
        Ok(self.bytes()?.len() as u64)
    }

    async fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.change(|bytes| bytes.truncate(length as usize));
        Ok(())
    }

    async fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.change(|all| all.extend_from_slice(bytes));
        Ok(())
    }

    async fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    async fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file by its name: a source, a sink, or both.
struct MemoryFile {
    name: String,
    memory: Memory,
}

impl MemoryFile {
    fn file(&self) -> Result<File, StorageError> {
        self.memory.files.lock().unwrap().get(&self.name).cloned().ok_or_else(|| missing(&self.name))
    }

    fn commitment(bytes: &[u8]) -> Result<Commitment, PassError> {
        let mut committing = Committing::new(bytes.len() as u64)?;
        for (chunk, place, _) in chunks(bytes.len() as u64) {
            committing.push(&chunk.commit(&bytes[place])?)?;
        }
        Ok(committing.finish()?)
    }
}

#[async_trait]
impl Source for MemoryFile {
    fn name(&self) -> &str {
        &self.name
    }

    fn file_name(&self) -> String {
        self.name.clone()
    }

    async fn length(&self) -> Result<u64, StorageError> {
        Ok(self.file()?.bytes.len() as u64)
    }

    async fn identity(&self) -> Result<SourceIdentity, StorageError> {
        let changed = Changed { secs_since_epoch: self.file()?.version, nanos_since_epoch: 0 };
        Ok(SourceIdentity { name: self.name.clone(), changed })
    }

    async fn seal(&self, package: &Blob, key: &ContentKey, _: Progress) -> Result<Sealed, PassError> {
        let mut bytes = self.file()?.bytes;
        let length = bytes.len() as u64;
        let (mut sealing, mut list) = (Sealing::new(length)?, Vec::new());
        for (chunk, place, _) in chunks(length) {
            let sealed = chunk.seal(key, &mut bytes[place])?;
            list.extend_from_slice(sealed.leaves());
            sealing.push(&sealed)?;
        }
        bytes.extend_from_slice(list.as_flattened());
        self.memory.put(package, bytes);
        Ok(sealing.finish(key)?)
    }

    async fn block_ranges(
        &self,
        indices: Vec<u64>,
        _: Progress,
    ) -> Result<(Commitment, Vec<BlockRange>), PassError> {
        let bytes = self.file()?.bytes;
        let shown = Shown::new(bytes.len() as u64, indices)?;
        let mut sampling = Sampling::new(&shown)?;
        for (chunk, place, _) in chunks(bytes.len() as u64) {
            sampling.push(shown.cut(chunk, &bytes[place])?)?;
        }
        Ok(sampling.finish()?)
    }

    async fn select_blocks(&self, drawn: Vec<u64>, most: u64, rows_are_lines: bool) -> Passed<Selection> {
        let bytes = self.file()?.bytes;
        if !rows_are_lines {
            let blocks: BTreeSet<u64> = drawn.into_iter().take(most as usize).collect();
            return Ok(Selection { drawn: blocks.len() as u32, blocks });
        }
        let block = |index: u64| Ok(bytes.chunks(BLOCK_SIZE as usize).nth(index as usize).unwrap());
        rows::select(bytes.len() as u64, &drawn, most, block)
    }

    async fn unproved_ranges(&self, indices: Vec<u64>) -> Passed<Vec<BlockRange>> {
        Ok(self.block_ranges(indices, no_progress()).await?.1)
    }
}

#[async_trait]
impl Sink for MemoryFile {
    fn name(&self) -> &str {
        &self.name
    }

    async fn check(&self) -> Result<(), UnusablePlace> {
        if self.name.ends_with('/') {
            return Err(UnusablePlace::Folder);
        }
        Ok(())
    }

    async fn length(&self) -> Option<u64> {
        self.file().ok().map(|file| file.bytes.len() as u64)
    }

    async fn commit(&self, _: Progress) -> Result<Commitment, PassError> {
        Self::commitment(&self.file()?.bytes)
    }

    async fn open(
        &self,
        package: &Blob,
        key: &ContentKey,
        expected: &Sealed,
        _: Progress,
    ) -> Result<(), PassError> {
        let (payload, list) = self.memory.package(package, expected.sealed.length)?;
        let file = File { bytes: opened(payload, &list, key, expected)?, version: 0 };
        self.memory.files.lock().unwrap().insert(self.name.clone(), file);
        Ok(())
    }
}
