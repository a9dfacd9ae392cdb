//! What only the service knows outlives the read model, and the layout of an earlier version.

use std::{path::Path, sync::Arc};

use marketplace_api::{
    kv::{Batch, Direction, KvStore, Row, SledStore},
    service::Rows,
};
use wonbon_model::Standing;

use crate::common::{Company, Package, Service, Wishes};

/// A folder with a service's rows, and what its clients know.
struct Used {
    folder: Arc<tempfile::TempDir>,
    company: Company,
    token: String,
    package: Package,
}

impl Used {
    /// Of a company that signed in, published a payload and downloaded it.
    async fn new() -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let service = Service::on_disk(folder.clone()).await;
        let (company, token) = service.signed_in(1).await;
        let package = Package::new(30_000, 1);
        service.upload(&token, &package).await;
        assert_eq!(service.download(&token, &package, &[]).await.status, 200);
        Self { folder, company, token, package }
    }

    fn data(&self) -> &Path {
        self.folder.path()
    }

    fn read_model(&self) -> std::path::PathBuf {
        self.data().join("read-model")
    }

    fn state(&self) -> std::path::PathBuf {
        self.data().join("state")
    }

    /// Lays the rows out as an earlier version did: two tables in one folder.
    fn lay_out_as_before(&self) {
        let [chain, service] = [self.read_model(), self.state()].map(|folder| rows(&folder));
        for folder in [self.read_model(), self.state()] {
            std::fs::remove_dir_all(folder).unwrap();
        }
        self.add_earlier_tables(&chain, &service);
    }

    fn add_earlier_tables(&self, chain: &[Row], service: &[Row]) {
        let engine = sled::open(self.read_model()).unwrap();
        for (name, rows) in [("chain", chain), ("service", service)] {
            let table = engine.open_tree(name).unwrap();
            for (key, value) in rows {
                table.insert(key, value.as_slice()).unwrap();
            }
        }
        // What a reset leaves that was cut off.
        engine.open_tree("service").unwrap().insert([0], b"\x01").unwrap();
        engine.flush().unwrap();
    }

    /// Opens the folder again, once the chain was read, and checks that nothing is lost.
    async fn is_whole(&self) -> Service {
        let service = Service::on_disk(self.folder.clone()).await;
        assert_eq!(service.app.read_model.applied().await.unwrap(), None, "to be read again");
        service.register(&self.company, Standing::Verified);
        let Self { token, package, .. } = self;
        let log = format!("/v1/payloads/{}/downloads", package.sealed_root);
        let request = axum::http::Request::get(log).header("authorization", format!("Bearer {token}"));
        let log = service.send(request.body(axum::body::Body::empty()).unwrap()).await.json();
        assert_eq!(log["items"][0]["requests"], 1, "{log}");
        assert_eq!(service.download(token, package, &[]).await.body, package.bytes);
        let kept = Wishes::default().quota - service.app.payloads.room(self.company.account).await.unwrap();
        assert_eq!(kept, package.bytes.len() as u64);
        service
    }
}

fn rows(folder: &Path) -> Vec<Row> {
    let kv = SledStore::open(folder).unwrap();
    kv.scan(&[], None, Direction::Ascending, usize::MAX).unwrap()
}

#[tokio::test]
async fn a_broken_read_model_can_be_deleted_and_is_read_again() {
    let used = Used::new().await;
    std::fs::remove_file(used.read_model().join("db")).unwrap();
    std::fs::create_dir(used.read_model().join("db")).unwrap();
    let refused = format!("{:#}", Rows::open(used.data()).unwrap_err());
    assert!(refused.contains("read-model; it can be deleted"), "{refused}");
    std::fs::remove_dir_all(used.read_model()).unwrap();
    used.is_whole().await;
}

#[tokio::test]
async fn rows_of_an_earlier_version_are_carried_over_once() {
    let used = Used::new().await;
    let before = rows(&used.state());
    used.lay_out_as_before();
    used.is_whole().await;
    let after = rows(&used.state());
    assert!(before.iter().all(|(key, _)| after.iter().any(|(found, _)| found == key)));
    assert!(after.iter().all(|(key, _)| key[0] != 0), "the mark of a reset means nothing here");

    // Both tables are gone: there is nothing that could be carried over twice.
    let engine = sled::open(used.read_model()).unwrap();
    assert!(!engine.tree_names().iter().any(|name| [&b"service"[..], b"chain"].contains(&&name[..])));
}

#[tokio::test]
async fn a_carrying_over_that_was_killed_goes_on() {
    // In the middle: a draft that is not whole.
    let used = Used::new().await;
    let [chain, service] = [used.read_model(), used.state()].map(|folder| rows(&folder));
    used.lay_out_as_before();
    {
        let draft = SledStore::open(&used.state().with_extension("draft")).unwrap();
        let mut half = Batch::new();
        half.put(service[0].0.clone(), b"\x01half".to_vec());
        half.put(b"\x99junk".to_vec(), Vec::new());
        draft.write(half).unwrap();
    }
    drop(used.is_whole().await);
    assert!(!used.state().with_extension("draft").exists());
    assert!(rows(&used.state()).iter().all(|(key, _)| key[0] != 0x99));

    // After the rename, with the tables still there: what the state learnt since counts.
    std::fs::remove_dir_all(used.read_model()).unwrap();
    let older: Vec<Row> = service.iter().map(|(key, _)| (key.clone(), b"\x01older".to_vec())).collect();
    used.add_earlier_tables(&chain, &older);
    let newer = rows(&used.state());
    drop(Rows::open(used.data()).unwrap());
    assert_eq!(rows(&used.state()), newer);

    // With one table dropped and the other not.
    std::fs::remove_dir_all(used.read_model()).unwrap();
    sled::open(used.read_model()).unwrap().open_tree("chain").unwrap().insert("x", "y").unwrap();
    drop(Rows::open(used.data()).unwrap());
    assert_eq!(rows(&used.state()), newer);
    assert!(rows(&used.read_model()).is_empty());
}
