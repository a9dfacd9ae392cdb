//! What a killed service finds again. The process is not killed here (the end-to-end tests do that): its files
//! are copied as they are at that moment, which is what a killed process leaves, and a service is opened on them.

use std::{
    path::Path,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
};

use marketplace_api::{
    kv::{Batch, Direction, KvError, KvStore, MemoryStore, Row},
    service::Rows,
};
use wonbon_model::Standing;

use crate::common::{Company, Package, Service, Wishes};

/// Copies a folder as it is now.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A service on a copy of what another has on disk now.
async fn killed(service: &Service) -> Service {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    copy(service.folder.path(), folder.path());
    Service::on_disk(folder).await
}

#[tokio::test]
async fn an_upload_goes_on_after_a_kill_at_any_offset() {
    let service = Service::on_disk(Arc::new(tempfile::tempdir().unwrap())).await;
    let (company, token) = service.signed_in(1).await;
    let package = Package::new(300_000, 1);
    let path = service.begin(&token, &package).await.header("location");
    let mut offset = 0;
    for part in [0, 1, 4095, 100_000, 150_000] {
        service.patch(&token, &path, offset, &package.bytes[offset..offset + part]).await;
        offset += part;
        let after = killed(&service).await;
        // The token survived too.
        let head = after.upload_head(&token, &path).await;
        assert_eq!((head.status, head.header("upload-offset")), (200, offset.to_string()));
        let done = after.patch(&token, &path, offset, &package.bytes[offset..]).await;
        assert_eq!(done.status, 204, "{}", done.text());
        assert_eq!(after.download(&token, &package, &[]).await.body, package.bytes);
    }
    assert!(after_restart_is_verified(&service, &company).await);
}

async fn after_restart_is_verified(service: &Service, company: &Company) -> bool {
    let after = killed(service).await;
    let found = after.get(&format!("/v1/participants/{}", company.account)).await;
    found.json()["standing"] == "verified"
}

#[tokio::test]
async fn bytes_behind_the_recorded_offset_are_not_trusted() {
    let service = Service::on_disk(Arc::new(tempfile::tempdir().unwrap())).await;
    let (_, token) = service.signed_in(1).await;
    let package = Package::new(50_000, 1);
    let path = service.begin(&token, &package).await.header("location");
    service.patch(&token, &path, 0, &package.bytes[..10_000]).await;
    // A crash came after bytes were written and before they were synced: they may be anything.
    let id = path.rsplit('/').next().unwrap();
    let data = service.uploads_folder().join(format!("{id}.data"));
    let mut bytes = std::fs::read(&data).unwrap();
    bytes.resize(30_000, 0xaa);
    std::fs::write(&data, bytes).unwrap();
    let after = killed(&service).await;
    assert_eq!(after.upload_head(&token, &path).await.header("upload-offset"), "10000");
    assert_eq!(after.patch(&token, &path, 10_000, &package.bytes[10_000..]).await.status, 204);
    assert_eq!(after.download(&token, &package, &[]).await.body, package.bytes);
}

#[tokio::test]
async fn a_complete_upload_is_published_after_a_kill_before_the_check() {
    let service = Service::on_disk(Arc::new(tempfile::tempdir().unwrap())).await;
    let (_, token) = service.signed_in(1).await;
    let package = Package::new(50_000, 1);
    let path = service.begin(&token, &package).await.header("location");
    let before = Arc::new(tempfile::tempdir().unwrap());
    copy(service.folder.path(), before.path());
    service.patch(&token, &path, 0, &package.bytes).await;

    // The upload as it was before it was published, with all its bytes.
    let id = path.rsplit('/').next().unwrap();
    let uploads = before.path().join("uploads");
    std::fs::write(uploads.join(format!("{id}.data")), &package.bytes).unwrap();
    std::fs::copy(
        service.uploads_folder().join(format!("{id}.offset")),
        uploads.join(format!("{id}.offset")),
    )
    .unwrap();
    let after = Service::on_disk(before.clone()).await;
    let cancel = tokio_util::sync::CancellationToken::new();
    let task = tokio::spawn(after.app.payloads.clone().maintain(cancel.clone()));
    for _ in 0..200 {
        if after.download(&token, &package, &[]).await.status == 200 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(after.download(&token, &package, &[]).await.body, package.bytes);
    cancel.cancel();
    task.await.unwrap();

    // And one killed between the rename and the row.
    drop(after);
    let again = Arc::new(tempfile::tempdir().unwrap());
    copy(before.path(), again.path());
    for rows in ["read-model", "state"] {
        std::fs::remove_dir_all(again.path().join(rows)).unwrap();
    }
    let after = Service::on_disk(again).await;
    after.register(&Company::new(1), Standing::Verified);
    let token = after.sign_in(&Company::new(1)).await;
    let done = after.patch(&token, &path, package.bytes.len(), b"").await;
    assert_eq!(done.status, 204, "{}", done.text());
    assert_eq!(after.download(&token, &package, &[]).await.body, package.bytes);
}

#[tokio::test]
async fn leftovers_of_a_kill_while_creating_are_removed() {
    let service = Service::on_disk(Arc::new(tempfile::tempdir().unwrap())).await;
    let (_, token) = service.signed_in(1).await;
    let path = service.begin(&token, &Package::new(5, 1)).await.header("location");
    for name in ["abc.data", "abc.offset", "abc.draft", "abc.tree"] {
        std::fs::write(service.uploads_folder().join(name), b"x").unwrap();
    }
    let after = killed(&service).await;
    assert_eq!(crate::common::files(&after.uploads_folder()), 3);
    assert_eq!(after.upload_head(&token, &path).await.status, 200);
}

/// An engine whose process dies in the middle of throwing rows away.
struct Dying(MemoryStore, AtomicBool);

impl KvStore for Dying {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, KvError> {
        self.0.get(key)
    }

    fn scan(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<Row>, KvError> {
        self.0.scan(prefix, after, direction, limit)
    }

    fn write(&self, mut batch: Batch) -> Result<(), KvError> {
        let clears = batch.changes.len() > 2 && batch.changes.iter().all(|(_, value)| value.is_none());
        if !clears || !self.1.swap(false, Ordering::Relaxed) {
            return self.0.write(batch);
        }
        // Some rows are gone, the number of the block applied last is still there.
        batch.changes.retain(|(key, _)| self.0.get(&key[..1]).ok().flatten().is_none());
        batch.changes.truncate(2);
        self.0.write(batch)?;
        Err(KvError::Engine("killed".into()))
    }

    fn size_on_disk(&self) -> Result<u64, KvError> {
        self.0.size_on_disk()
    }
}

#[tokio::test]
async fn a_rebuild_that_was_cut_off_is_finished() {
    let read_model = Arc::new(Dying(MemoryStore::new(), AtomicBool::new(true)));
    let rows = Rows { read_model, ..marketplace_api::testing::rows_in_memory() };
    let service =
        Service::over(Arc::new(tempfile::tempdir().unwrap()), rows.clone(), Wishes::default()).await;
    let (company, token) = service.signed_in(1).await;
    let package = Package::new(5000, 1);
    service.upload(&token, &package).await;
    assert!(service.app.read_model.reset().await.is_err());
    assert!(service.app.read_model.applied().await.unwrap().is_some(), "the half that was left misleads");

    let after = Service::over(service.folder.clone(), rows, Wishes::default()).await;
    assert_eq!(after.app.read_model.applied().await.unwrap(), None);
    assert!(after.kv.scan(&[], None, Direction::Ascending, 1).unwrap().is_empty());
    // What the chain does not know outlives the rebuild.
    after.register(&company, Standing::Verified);
    assert_eq!(after.download(&token, &package, &[]).await.body, package.bytes);
}
