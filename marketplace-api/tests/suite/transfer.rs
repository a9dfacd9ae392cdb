//! Uploads and downloads, through the router.

use std::time::{Duration, SystemTime};

use axum::{body::Body, http::Request};
use marketplace_api::testing::{self, Put as _};

use crate::common::{files, Package, Service, Wishes};

const SIZES: [usize; 6] = [1, 4095, 4096, 4097, 3 * 4096, 700_001];

#[tokio::test]
async fn tus_says_what_it_can_do() {
    let service = Service::new().await;
    let request = Request::options("/v1/uploads").body(Body::empty()).unwrap();
    let answer = service.send(request).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("tus-version"), "1.0.0");
    assert_eq!(answer.header("tus-extension"), "creation,expiration,termination");
    assert_eq!(answer.header("tus-max-size"), (32 << 20).to_string());
}

#[tokio::test]
async fn what_is_uploaded_comes_back_with_its_tree() {
    for remote_storage in [false, true] {
        let service = Service::with(Wishes { remote_storage, ..Wishes::default() }).await;
        let (_, token) = service.signed_in(1).await;
        for (seed, size) in SIZES.into_iter().enumerate() {
            let package = Package::new(size, seed as u8);
            service.upload(&token, &package).await;
            let got = service.download(&token, &package, &[]).await;
            assert_eq!(got.status, 200);
            assert_eq!(got.body, package.bytes, "{size} bytes");
            assert_eq!(got.header("etag"), format!("\"{}\"", package.sealed_root));
            assert_eq!(got.header("content-length"), package.bytes.len().to_string());
            assert_eq!(got.header("accept-ranges"), "bytes");
            assert!(got.header("cache-control").contains("immutable"));
            let tree = Request::get(format!("/v1/payloads/{}/tree", package.sealed_root))
                .header("authorization", format!("Bearer {token}"));
            let tree = service.send(tree.body(Body::empty()).unwrap()).await;
            let leaves = package.bytes[..size].chunks(4096).map(wonbon_primitives::content::tree::leaf_hash);
            assert_eq!(tree.body, leaves.flatten().collect::<Vec<u8>>());
            let head = Request::head(format!("/v1/payloads/{}", package.sealed_root))
                .header("authorization", format!("Bearer {token}"));
            let head = service.send(head.body(Body::empty()).unwrap()).await;
            assert_eq!((head.status, head.body.len()), (200, 0));
            assert_eq!(head.header("content-length"), package.bytes.len().to_string());
        }
        // Nothing is left of the uploads but what says that they are done.
        for entry in std::fs::read_dir(service.uploads_folder()).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(name.ends_with(".plan") || name.ends_with(".offset"), "{name}");
        }
    }
}

#[tokio::test]
async fn ranges_and_conditions() {
    let service = Service::new().await;
    let (_, token) = service.signed_in(1).await;
    let package = Package::new(1_500_000, 3);
    service.upload(&token, &package).await;
    let length = package.bytes.len();
    let etag = format!("\"{}\"", package.sealed_root);

    for (header, part) in [
        ("bytes=0-0", 0..1),
        ("bytes=4096-8191", 4096..8192),
        ("bytes=1000000-", 1_000_000..length),
        ("bytes=-17", length - 17..length),
        ("bytes=0-99999999", 0..length),
    ] {
        let got = service.download(&token, &package, &[("range", header)]).await;
        assert_eq!(got.status, 206, "{header}");
        assert_eq!(got.header("content-range"), format!("bytes {}-{}/{length}", part.start, part.end - 1));
        assert_eq!(got.header("content-length"), part.len().to_string());
        assert_eq!(got.body, package.bytes[part], "{header}");
    }
    let behind = format!("bytes={length}-");
    let got = service.download(&token, &package, &[("range", &behind)]).await;
    got.is_problem(416, "range");
    assert_eq!(got.header("content-range"), format!("bytes */{length}"));
    for whole in ["bytes=0-1,4-5", "bytes=5-4", "lines=1-2", "nonsense"] {
        let got = service.download(&token, &package, &[("range", whole)]).await;
        assert_eq!((got.status, got.body.len()), (200, length), "{whole}");
    }
    let got = service.download(&token, &package, &[("range", "bytes=0-9"), ("if-range", &etag)]).await;
    assert_eq!((got.status, got.body.len()), (206, 10));
    for other in ["\"other\"", &format!("W/{etag}"), "Sat, 21 Nov 2026 00:00:00 GMT"] {
        let got = service.download(&token, &package, &[("range", "bytes=0-9"), ("if-range", other)]).await;
        assert_eq!((got.status, got.body.len()), (200, length), "{other}");
    }
    for same in [etag.clone(), format!("W/{etag}"), "*".into(), format!("\"a\", {etag}")] {
        let got = service.download(&token, &package, &[("if-none-match", &same), ("range", &behind)]).await;
        assert_eq!((got.status, got.body.len()), (304, 0), "{same}");
        assert_eq!(got.header("etag"), etag);
    }
    let got = service.download(&token, &package, &[("if-none-match", "\"other\"")]).await;
    assert_eq!(got.status, 200);
    let got = service.download(&token, &package, &[("if-match", "\"other\""), ("range", "bytes=0-9")]).await;
    got.is_problem(412, "other-version");
    let got = service.download(&token, &package, &[("if-match", &etag), ("range", "bytes=0-9")]).await;
    assert_eq!(got.status, 206);
    // HEAD tells what GET would, conditions included.
    for (name, value, status) in
        [("if-none-match", etag.as_str(), 304), ("if-match", "\"other\"", 412), ("range", "bytes=0-9", 200)]
    {
        let request = Request::head(format!("/v1/payloads/{}", package.sealed_root))
            .header("authorization", format!("Bearer {token}"))
            .header(name, value);
        let got = service.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!((got.status, got.body.len()), (status, 0), "{name}");
    }
}

#[tokio::test]
async fn downloads_are_written_down_for_the_seller() {
    let service = Service::new().await;
    let (uploader, token) = service.signed_in(1).await;
    let (buyer, buyer_token) = service.signed_in(2).await;
    let (seller, seller_token) = service.signed_in(3).await;
    let package = Package::new(5000, 1);
    service.upload(&token, &package).await;
    for range in ["bytes=0-99", "bytes=100-198"] {
        service.download(&buyer_token, &package, &[("range", range)]).await;
    }
    service.download(&seller_token, &package, &[]).await;
    service.download(&buyer_token, &package, &[("range", "bytes=99999-")]).await.is_problem(416, "range");
    let list = |token: String, query: &'static str| {
        let path = format!("/v1/payloads/{}/downloads{query}", package.sealed_root);
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        service.send(request.body(Body::empty()).unwrap())
    };
    let found = list(token.clone(), "").await.json();
    assert_eq!(found["items"].as_array().unwrap().len(), 2);
    let by = |account| {
        let mut items = found["items"].as_array().unwrap().iter();
        items.find(|item| item["account"] == serde_json::json!(account)).unwrap()
    };
    assert_eq!((&by(buyer.account)["requests"], &by(buyer.account)["bytes"]), (&2.into(), &199.into()));
    assert_eq!(by(seller.account)["bytes"], package.bytes.len());
    let page = list(token.clone(), "?limit=1").await.json();
    let next = page["next"].as_str().unwrap();
    let path = format!("/v1/payloads/{}/downloads?limit=1&cursor={next}", package.sealed_root);
    let request = Request::get(path).header("authorization", format!("Bearer {token}"));
    let second = service.send(request.body(Body::empty()).unwrap()).await.json();
    assert_ne!(second["items"][0]["account"], page["items"][0]["account"]);
    assert_eq!(second["next"], serde_json::Value::Null);

    list(buyer_token, "").await.is_problem(403, "not-the-seller");
    list(seller_token.clone(), "").await.is_problem(403, "not-the-seller");
    let offer = testing::offer(1, package.dataset_root, seller.account, package.sealed_root, 10);
    service.apply(vec![offer.put()]);
    assert_eq!(list(seller_token, "").await.status, 200);
    assert_ne!(uploader.account, seller.account);
}

/// For clients, and proxies, that know no PATCH.
#[tokio::test]
async fn a_method_in_a_header_is_taken() {
    let service = Service::new().await;
    let (_, token) = service.signed_in(1).await;
    let package = Package::new(10_000, 1);
    let path = service.begin(&token, &package).await.header("location");
    let post = |meant: &'static str, bytes: &[u8]| {
        let request = Request::post(&path)
            .header("authorization", format!("Bearer {token}"))
            .header("tus-resumable", "1.0.0")
            .header("x-http-method-override", meant)
            .header("content-type", "application/offset+octet-stream")
            .header("upload-offset", "0");
        service.send(request.body(Body::from(bytes.to_vec())).unwrap())
    };
    assert_eq!(post("PATCH", &package.bytes[..5000]).await.status, 204);
    let head = post("HEAD", b"").await;
    assert_eq!((head.status, head.header("upload-offset").as_str()), (200, "5000"));
    assert_eq!(head.header("upload-metadata"), package.metadata());
    post("GET", b"").await.is_problem(405, "no-such-method");
    assert_eq!(post("DELETE", b"").await.status, 204);
    assert_eq!(post("HEAD", b"").await.status, 404);
}

#[tokio::test]
async fn tus_refuses_what_the_protocol_forbids() {
    let service = Service::new().await;
    let (_, token) = service.signed_in(1).await;
    let (_, other_token) = service.signed_in(2).await;
    let package = Package::new(10_000, 1);
    let begun = service.begin(&token, &package).await;
    assert_eq!(begun.status, 201);
    assert!(!begun.header("upload-expires").is_empty());
    let path = begun.header("location");

    assert_eq!(service.patch(&token, &path, 0, &package.bytes[..6000]).await.header("upload-offset"), "6000");
    let refused = service.patch(&token, &path, 5999, &package.bytes[5999..]).await;
    refused.is_problem(409, "offset-mismatch");
    assert_eq!(refused.header("upload-offset"), "6000");
    service.patch(&token, &path, 6001, &package.bytes[6001..]).await.is_problem(409, "offset-mismatch");
    let too_many = [&package.bytes[6000..], b"x"].concat();
    service.patch(&token, &path, 6000, &too_many).await.is_problem(413, "too-many-bytes");

    let patch = |version: &'static str, kind: &'static str, offset: &'static str| {
        let request = Request::patch(&path)
            .header("authorization", format!("Bearer {token}"))
            .header("tus-resumable", version)
            .header("content-type", kind)
            .header("upload-offset", offset);
        service.send(request.body(Body::from("x")).unwrap())
    };
    let refused = patch("0.2.2", "application/offset+octet-stream", "6000").await;
    refused.is_problem(412, "tus-version");
    assert_eq!(refused.header("tus-version"), "1.0.0");
    assert_eq!(refused.header("tus-resumable"), "1.0.0");
    patch("1.0.0", "application/octet-stream", "6000").await.is_problem(415, "content-type");
    patch("1.0.0", "application/offset+octet-stream", "-1").await.is_problem(400, "invalid-parameter");
    patch("1.0.0", "application/offset+octet-stream", "").await.is_problem(400, "invalid-parameter");

    // Another account is told nothing.
    assert_eq!(service.upload_head(&other_token, &path).await.status, 404);
    service.patch(&other_token, &path, 6000, &package.bytes[6000..]).await.is_problem(404, "not-found");
    for odd in ["/v1/uploads/..%2f..%2fx", "/v1/uploads/0", "/v1/uploads/%00"] {
        service.patch(&token, odd, 0, b"x").await.is_problem(404, "not-found");
    }

    let head = service.upload_head(&token, &path).await;
    assert_eq!(
        (head.status, head.header("upload-offset"), head.header("cache-control")),
        (200, "6000".into(), "no-store".into())
    );
    assert_eq!(head.header("upload-length"), package.bytes.len().to_string());
    assert_eq!(head.header("upload-metadata"), package.metadata());
    assert_eq!(service.patch(&token, &path, 6000, &package.bytes[6000..]).await.status, 204);
    // Done: asking again is harmless, and the same payload is not taken twice.
    assert_eq!(
        service.upload_head(&token, &path).await.header("upload-offset"),
        package.bytes.len().to_string()
    );
    assert_eq!(service.patch(&token, &path, package.bytes.len(), b"").await.status, 204);
    service.begin(&other_token, &package).await.is_problem(409, "payload-exists");
}

#[tokio::test]
async fn creation_refuses_lengths_and_metadata_that_do_not_fit() {
    let service = Service::new().await;
    let (_, token) = service.signed_in(1).await;
    let good = Package::new(10_000, 1);
    let create = |length: String, metadata: String| {
        let request = Request::post("/v1/uploads")
            .header("authorization", format!("Bearer {token}"))
            .header("tus-resumable", "1.0.0")
            .header("upload-length", length)
            .header("upload-metadata", metadata);
        service.send(request.body(Body::empty()).unwrap())
    };
    let length = good.bytes.len().to_string();
    create("x".into(), good.metadata()).await.is_problem(400, "invalid-parameter");
    create((good.bytes.len() + 1).to_string(), good.metadata()).await.is_problem(400, "invalid-length");
    let large = create(u64::MAX.to_string(), good.metadata()).await.is_problem(413, "upload-too-large");
    assert_eq!(large["limit"], 32 << 20);
    let parts: Vec<_> = good.metadata().split(',').map(str::to_owned).collect();
    for missing in 0..3 {
        let mut parts = parts.clone();
        parts.remove(missing);
        create(length.clone(), parts.join(",")).await.is_problem(400, "invalid-parameter");
    }
    for bad in ["", "sealed_root", "sealed_root !!!", &format!("{},{}", good.metadata(), parts[0])] {
        create(length.clone(), bad.to_owned()).await.is_problem(400, "invalid-parameter");
    }
    let mut empty = Package::new(1, 1);
    empty.payload_length = 0;
    create("0".into(), empty.metadata()).await.is_problem(400, "invalid-length");
    assert_eq!(files(&service.uploads_folder()), 0);
}

#[tokio::test]
async fn what_is_not_what_was_announced_is_not_published() {
    let service = Service::new().await;
    let (_, token) = service.signed_in(1).await;
    let good = Package::new(20_000, 1);
    for (position, slug) in [(0, "root-mismatch"), (19_999, "root-mismatch"), (20_000, "leaf-list-mismatch")]
    {
        let begun = service.begin(&token, &good).await;
        let path = begun.header("location");
        let mut bytes = good.bytes.clone();
        bytes[position] ^= 1;
        service.patch(&token, &path, 0, &bytes).await.is_problem(422, slug);
        assert_eq!(service.upload_head(&token, &path).await.status, 404, "the upload is removed");
        assert_eq!(files(&service.uploads_folder()), 0);
        service.download(&token, &good, &[]).await.is_problem(404, "not-found");
    }
    service.upload(&token, &good).await;
    assert_eq!(service.download(&token, &good, &[]).await.body, good.bytes);
}

#[tokio::test]
async fn a_quota_counts_uploads_in_progress_and_what_is_stored() {
    let service = Service::with(Wishes { quota: 50_000, ..Wishes::default() }).await;
    let (_, token) = service.signed_in(1).await;
    let (_, other) = service.signed_in(2).await;
    let [a, b, c] = [1, 2, 3].map(|seed| Package::new(20_000, seed));
    service.upload(&token, &a).await;
    let begun = service.begin(&token, &b).await;
    assert_eq!(begun.status, 201);
    let refused = service.begin(&token, &c).await.is_problem(413, "over-quota");
    assert_eq!(refused["limit"], 50_000);
    assert_eq!(service.begin(&other, &c).await.status, 201, "another account has its own");
    let delete = Request::delete(begun.header("location"))
        .header("authorization", format!("Bearer {token}"))
        .header("tus-resumable", "1.0.0");
    assert_eq!(service.send(delete.body(Body::empty()).unwrap()).await.status, 204);
    assert_eq!(service.upload_head(&token, &begun.header("location")).await.status, 404);
    assert_eq!(service.begin(&token, &c).await.status, 201);
}

#[tokio::test]
async fn an_upload_that_stands_still_is_removed() {
    let service = Service::new().await;
    let (_, token) = service.signed_in(1).await;
    let package = Package::new(20_000, 1);
    let path = service.begin(&token, &package).await.header("location");
    service.patch(&token, &path, 0, &package.bytes[..5000]).await;
    service.app.payloads.remove_expired(SystemTime::now()).await;
    assert_eq!(service.upload_head(&token, &path).await.status, 200);
    service.app.payloads.remove_expired(SystemTime::now() + Duration::from_secs(3601)).await;
    assert_eq!(service.upload_head(&token, &path).await.status, 404);
    assert_eq!(files(&service.uploads_folder()), 0);
}

#[tokio::test]
async fn the_same_payload_uploaded_twice_is_checked_twice_and_counted_once() {
    let service = Service::with(Wishes { quota: 70_000, ..Wishes::default() }).await;
    let (_, token) = service.signed_in(1).await;
    let package = Package::new(20_000, 1);
    let length = package.bytes.len();
    // Another dataset with a leaf list that folds to it, behind the same sealed payload.
    let other = Package::new(20_000, 2);
    let mixed = Package {
        bytes: [&package.bytes[..20_000], &other.bytes[20_000..]].concat(),
        sealed_root: package.sealed_root,
        ..other
    };
    let mut paths = Vec::new();
    for package in [&package, &package, &mixed] {
        paths.push(service.begin(&token, package).await.header("location"));
    }
    let (one, two) = tokio::join!(
        service.patch(&token, &paths[0], 0, &package.bytes),
        service.patch(&token, &paths[1], 0, &package.bytes)
    );
    assert_eq!((one.status, two.status), (204, 204));
    service.patch(&token, &paths[2], 0, &mixed.bytes).await.is_problem(409, "payload-exists");
    assert_eq!(service.upload_head(&token, &paths[2]).await.status, 404);
    assert_eq!(service.download(&token, &package, &[]).await.body, package.bytes);
    // One package is counted: there is room for two more, and not for three.
    for (seed, status) in [(3, 201), (4, 201), (5, 413)] {
        assert_eq!(service.begin(&token, &Package::new(length - 160, seed)).await.status, status);
    }
}

#[tokio::test]
async fn a_payload_that_is_stored_does_not_excuse_the_bytes_of_the_next_one() {
    let service = Service::new().await;
    let (_, token) = service.signed_in(1).await;
    let package = Package::new(20_000, 1);
    let path = service.begin(&token, &package).await.header("location");
    service.upload(&token, &package).await;
    let mut wrong = package.bytes.clone();
    wrong[0] ^= 1;
    service.patch(&token, &path, 0, &wrong).await.is_problem(422, "root-mismatch");
    assert_eq!(service.download(&token, &package, &[]).await.body, package.bytes);
}

#[tokio::test]
async fn rights_are_not_taken_from_a_chain_that_stands_still() {
    let service = Service::new().await;
    let (_, token) = service.signed_in(1).await;
    let package = Package::new(5000, 1);
    service.upload(&token, &package).await;
    testing::set_stale(&service.app.status);
    let refused = service.download(&token, &package, &[]).await;
    refused.is_problem(503, "chain-stale");
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(service.get("/v1/datasets").await.status, 200);
}

#[tokio::test]
async fn an_account_has_a_few_downloads_at_a_time() {
    let service = Service::new().await;
    let (_, token) = service.signed_in(1).await;
    let (_, other) = service.signed_in(2).await;
    let package = Package::new(5000, 1);
    service.upload(&token, &package).await;
    let mut running = Vec::new();
    for _ in 0..8 {
        let request = Request::get(format!("/v1/payloads/{}", package.sealed_root))
            .header("authorization", format!("Bearer {token}"));
        let request = request.body(Body::empty()).unwrap();
        running.push(tower::ServiceExt::oneshot(service.router.clone(), request).await.unwrap());
    }
    let refused = service.download(&token, &package, &[]).await;
    refused.is_problem(429, "too-many-downloads");
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(service.download(&other, &package, &[]).await.status, 200);
    drop(running.pop());
    assert_eq!(service.download(&token, &package, &[]).await.status, 200);
}
