//! What every storage promises, and what services that share one see of each other.

use std::sync::Arc;

use axum::{body::Body, http::Request};
use marketplace_api::{
    storage::{
        conformance::{bytes, conforms, read, LARGE},
        Folder, LocalStorage, S3Storage, Storage, StorageError,
    },
    testing::{self, Put as _},
};

use crate::{
    common::{files, Answer, Package, Service, Wishes},
    s3::S3,
};
use wonbon_model::{DatasetId, Hash, OfferState};

#[tokio::test]
async fn a_local_folder_conforms() {
    let (folder, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let storage = LocalStorage::open(folder.path()).unwrap();
    assert!(!storage.is_shared());
    conforms(&storage, scratch.path()).await;
}

#[tokio::test]
async fn memory_conforms() {
    let scratch = tempfile::tempdir().unwrap();
    conforms(&S3Storage::in_memory(), scratch.path()).await;
}

#[tokio::test]
async fn a_bucket_conforms() {
    for bucket in ["s3://wonbon", "s3://wonbon/market/one"] {
        let (server, address) = S3::start().await;
        let storage = S3::storage(address, bucket).await;
        assert!(storage.is_shared());
        let scratch = tempfile::tempdir().unwrap();
        conforms(&*storage, scratch.path()).await;
        assert!(server.uploads.lock().unwrap().is_empty(), "no parts are left");
        let prefix = bucket.strip_prefix("s3://wonbon").unwrap().trim_start_matches('/');
        assert!(server.objects.lock().unwrap().keys().all(|key| key.starts_with(prefix)));
    }
}

#[tokio::test]
async fn a_bucket_that_stumbles_is_asked_again_and_one_that_refuses_leaves_nothing() {
    let (server, address) = S3::start().await;
    let storage = S3::storage(address, "s3://wonbon").await;
    let folder = tempfile::tempdir().unwrap();
    let content = bytes(LARGE, 1);
    let staged = folder.path().join("staged.data");
    std::fs::write(&staged, &content).unwrap();
    server.refused_part.store(2, std::sync::atomic::Ordering::SeqCst);
    let refused = storage.put_file(Folder::Payloads, Hash([1; 32]), &staged).await;
    assert!(matches!(refused, Err(StorageError::Failed(_))));
    assert!(staged.exists(), "the file is kept for the next try");
    assert!(server.objects.lock().unwrap().is_empty() && server.uploads.lock().unwrap().is_empty());

    server.refused_part.store(0, std::sync::atomic::Ordering::SeqCst);
    server.hiccups.store(3, std::sync::atomic::Ordering::SeqCst);
    storage.put_file(Folder::Payloads, Hash([1; 32]), &staged).await.unwrap();
    assert!(read(&*storage, Hash([1; 32]), 0..LARGE as u64).await.unwrap() == content);
}

#[tokio::test]
async fn wrong_settings_are_told_at_the_start() {
    let (_, address) = S3::start().await;
    let settings = |key: &str| {
        [
            ("AWS_ENDPOINT_URL", format!("http://{address}")),
            ("AWS_ALLOW_HTTP", "true".into()),
            ("AWS_ACCESS_KEY_ID", key.into()),
            ("AWS_SECRET_ACCESS_KEY", "secret".into()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
    };
    let bucket = |text: &str| text.parse().unwrap();
    let refused = S3Storage::open(&bucket("s3://wonbon"), settings("OTHER")).await.unwrap_err().to_string();
    assert!(!refused.contains("secret"), "{refused}");
}

/// A service of its own on a bucket.
async fn service(address: std::net::SocketAddr, wishes: Wishes) -> Service {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let storage = S3::storage(address, "s3://wonbon/market").await;
    let issuer = Arc::new(testing::Offline);
    Service::over_storage(folder, testing::rows_in_memory(), storage, wishes, issuer).await
}

async fn remove(service: &Service, token: &str, package: &Package) -> Answer {
    let request = Request::delete(format!("/v1/payloads/{}", package.sealed_root))
        .header("authorization", format!("Bearer {token}"));
    service.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn services_that_share_a_bucket_find_what_each_other_published() {
    let (_, address) = S3::start().await;
    let wishes = Wishes { quota: 12 << 20, ..Wishes::default() };
    let (here, there) = (service(address, wishes).await, service(address, wishes).await);
    let (_, token) = here.signed_in(1).await;
    let (_, other_token) = there.signed_in(1).await;
    // Longer than a piece of a download, and sent in parts.
    let package = Package::new((9 << 20) + 1, 1);
    here.upload(&token, &package).await;
    assert_eq!(files(&here.uploads_folder()), 2, "the manifest and the offset tell that it is done");

    // No row of it there: it is found by its root, in parts as well.
    let got = there.download(&other_token, &package, &[]).await;
    assert_eq!(got.status, 200);
    assert!(got.body == package.bytes);
    let got = there.download(&other_token, &package, &[("range", "bytes=4194000-4195000")]).await;
    assert_eq!((got.status, got.body.as_slice()), (206, &package.bytes[4_194_000..=4_195_000]));
    there.begin(&other_token, &package).await.is_problem(409, "payload-exists");
    // It counts there too: the quota is the account's and not the machine's.
    there.begin(&other_token, &Package::new(4 << 20, 2)).await.is_problem(413, "over-quota");

    // What was removed here is gone there, and its bytes are given back.
    assert_eq!(remove(&here, &token, &package).await.status, 204);
    there.download(&other_token, &package, &[]).await.is_problem(404, "not-found");
    there.upload(&other_token, &Package::new(4 << 20, 2)).await;
    // And can be uploaded again, by whichever service.
    here.upload(&token, &Package::new(5000, 3)).await;
    there.app.payloads.refresh().await.unwrap();
    assert_eq!(there.download(&other_token, &Package::new(5000, 3), &[]).await.status, 200);
}

#[tokio::test]
async fn one_package_is_published_though_two_services_receive_two_for_one_root() {
    let (_, address) = S3::start().await;
    let (here, there) =
        (service(address, Wishes::default()).await, service(address, Wishes::default()).await);
    let (_, token) = here.signed_in(1).await;
    let (_, other_token) = there.signed_in(2).await;
    let package = Package::new(20_000, 1);
    // The same sealed payload with the leaf list of another dataset.
    let other = Package::new(20_000, 2);
    let mixed = Package {
        bytes: [&package.bytes[..20_000], &other.bytes[20_000..]].concat(),
        sealed_root: package.sealed_root,
        ..other
    };
    let (path, other_path) = (
        here.begin(&token, &package).await.header("location"),
        there.begin(&other_token, &mixed).await.header("location"),
    );
    let (one, two) = tokio::join!(
        here.patch(&token, &path, 0, &package.bytes),
        there.patch(&other_token, &other_path, 0, &mixed.bytes)
    );
    let published = match (one.status, two.status) {
        (204, 409) => &package,
        (409, 204) => &mixed,
        other => panic!("{other:?}"),
    };
    for (service, token) in [(&here, &token), (&there, &other_token)] {
        assert!(service.download(token, published, &[]).await.body == published.bytes);
    }
}

#[tokio::test]
async fn documents_of_another_service_are_found_and_searched() {
    let (_, address) = S3::start().await;
    let (here, there) =
        (service(address, Wishes::default()).await, service(address, Wishes::default()).await);
    let (_, token) = here.signed_in(1).await;
    let (company, _) = there.signed_in(1).await;
    let document = r#"{"description":"","keywords":[],"length":10000,"schema":"wonbon/metadata/1","title":"절삭유 온도"}"#;
    let hash = Hash(<sha2::Sha256 as sha2::Digest>::digest(document).into());
    let request = Request::put(format!("/v1/metadata/{hash}"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json");
    let stored = here.send(request.body(Body::from(document)).unwrap()).await;
    assert_eq!(stored.status, 201, "{}", stored.text());
    assert_eq!(there.get(&format!("/v1/metadata/{hash}")).await.text(), document);
    there.apply(vec![testing::dataset(DatasetId([9; 32]), company.account, 3, hash).put()]);
    there.app.documents.read_named().await.unwrap();
    let found = there.get("/v1/datasets?q=%EC%A0%88%EC%82%AD").await.json();
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
}

#[tokio::test]
async fn a_payload_that_nobody_needs_can_be_removed_by_its_uploader() {
    let service = Service::with(Wishes { quota: 50_000, ..Wishes::default() }).await;
    let (company, token) = service.signed_in(1).await;
    let (_, stranger) = service.signed_in(2).await;
    let package = Package::new(30_000, 1);
    remove(&service, &token, &package).await.is_problem(404, "not-found");
    service.upload(&token, &package).await;
    remove(&service, &stranger, &package).await.is_problem(403, "not-the-uploader");

    let mut offer = testing::offer(1, package.dataset_root, company.account, package.sealed_root, 5);
    for (state, open_orders) in [(OfferState::Open, 0), (OfferState::Withdrawn, 1), (OfferState::Open, 2)] {
        (offer.record.state, offer.record.open_orders) = (state, open_orders);
        service.apply(vec![offer.clone().put()]);
        remove(&service, &token, &package).await.is_problem(409, "payload-needed");
        assert_eq!(service.download(&token, &package, &[]).await.status, 200);
    }
    (offer.record.state, offer.record.open_orders) = (OfferState::Withdrawn, 0);
    service.apply(vec![offer.put()]);
    service.begin(&token, &Package::new(30_000, 2)).await.is_problem(413, "over-quota");
    assert_eq!(remove(&service, &token, &package).await.status, 204);
    service.download(&token, &package, &[]).await.is_problem(404, "not-found");
    remove(&service, &token, &package).await.is_problem(404, "not-found");
    assert_eq!(files(&service.uploads_folder()), 0);
    for folder in ["payloads", "trees", "published"] {
        assert_eq!(files(&service.folder.path().join("store").join(folder)), 0, "{folder}");
    }
    // Its bytes are given back, and it can come again.
    service.upload(&token, &Package::new(30_000, 2)).await;
}

#[tokio::test]
async fn a_store_outlives_the_rows() {
    let service = Service::new().await;
    let (_, token) = service.signed_in(1).await;
    let package = Package::new(5000, 1);
    service.upload(&token, &package).await;
    let after = Service::over(service.folder.clone(), testing::rows_in_memory(), Wishes::default()).await;
    let (_, token) = after.signed_in(1).await;
    assert_eq!(after.download(&token, &package, &[]).await.body, package.bytes);

    // A note that is not one, or is another payload's, publishes nothing.
    let root = |seed: u8| Hash([seed; 32]);
    let folder = service.folder.path().join("store");
    std::fs::write(folder.join("published").join(root(1).to_string()), b"\x01junk").unwrap();
    let note = std::fs::read(folder.join("published").join(package.sealed_root.to_string())).unwrap();
    std::fs::write(folder.join("published").join(root(2).to_string()), note).unwrap();
    for seed in [1, 2] {
        let request = Request::get(format!("/v1/payloads/{}", root(seed)))
            .header("authorization", format!("Bearer {token}"));
        after.send(request.body(Body::empty()).unwrap()).await.is_problem(500, "internal");
    }
}
