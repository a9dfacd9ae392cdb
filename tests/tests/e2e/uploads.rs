//! Uploads that are not what was announced, too large, cut off, or not allowed: by HTTP, as any client could.

use rand_core::RngCore;
use wonbon_client::chain::{Call, Until};
use wonbon_primitives::{id::to_hex, OsRng};
use wonbon_tests::{
    cli::code,
    data::write_bytes,
    gate::Gate,
    governance::profile,
    http::{Http, Reply},
    market::{Company, Market},
    package::Package,
    wait::TRADE,
};

/// Whoever runs the service cannot register a seller's dataset before the seller.
pub(crate) async fn begin_after_the_dataset_is_registered() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let gate = Gate::open(market.service.address()).await;
    let mut seller = market.company("seller");
    seller.cli = seller.cli.clone().with("--service", format!("http://{}", gate.address()));
    let file = seller.path("data.bin");
    write_bytes(&file, 13, 9_000);
    let hashed = seller.cli.run(["hash", file.to_str().unwrap()]).await.ok();
    let dataset = hashed["dataset"].as_str().unwrap().parse().unwrap();

    // The first that the service hears of it are its documents, then the upload that names it.
    for word in ["PUT /v1/documents", "POST /v1/uploads"] {
        gate.to_server().hold_at(word);
        let publishing = seller.start_publishing(&file, 1_000_000);
        gate.to_server().holds().await;
        let record = chain.finalized().await.unwrap().dataset(&dataset).await.unwrap();
        assert_eq!(record.map(|record| record.owner), Some(seller.account()), "at {word}");
        publishing.kill();
        gate.to_server().release();
    }
    let published = seller.publish(&file, 1_000_000).await;
    assert_eq!(published.dataset, hashed["dataset"]);
    let open = chain.finalized().await.unwrap().announcements(&seller.account()).await.unwrap();
    assert_eq!(open, [], "an announcement that was used holds no deposit");
}

pub(crate) async fn that_were_tampered_with_are_refused_and_removed() {
    let market = Market::shared().await;
    let seller = market.company("seller");
    let http = signed_in(market, &seller).await;
    let package = package();
    let mut tampered = package.clone();
    tampered.bytes[5_000] ^= 1;

    let upload = http.create_upload(&package).await.location();
    let reply = http.send(&upload, 0, tampered.bytes).await;
    reply.problem(422, "root-mismatch");
    is_not_kept(&http, &upload, &package).await;
    // The same upload, whole this time, is taken.
    http.upload(&package).await;
    let reply = http.get(&payload(&package)).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body, package.bytes);
}

pub(crate) async fn of_a_leaf_list_that_does_not_fold_are_refused_and_removed() {
    let market = Market::shared().await;
    let seller = market.company("seller");
    let http = signed_in(market, &seller).await;
    let package = package();
    let mut forged = package.clone();
    *forged.bytes.last_mut().unwrap() ^= 1;

    let upload = http.create_upload(&package).await.location();
    http.send(&upload, 0, forged.bytes).await.problem(422, "leaf-list-mismatch");
    is_not_kept(&http, &upload, &package).await;
}

pub(crate) async fn of_another_file_than_announced_are_refused_and_removed() {
    let market = Market::shared().await;
    let seller = market.company("seller");
    let http = signed_in(market, &seller).await;
    let (announced, other) = (package(), package());

    let upload = http.create_upload(&announced).await.location();
    http.send(&upload, 0, other.bytes.clone()).await.problem(422, "root-mismatch");
    is_not_kept(&http, &upload, &announced).await;
    assert_eq!(http.get(&payload(&other)).await.status, 404);
}

pub(crate) async fn that_are_cut_off_go_on_where_they_were() {
    let market = Market::shared().await;
    let seller = market.company("seller");
    let http = signed_in(market, &seller).await;
    let package = package();
    let length = package.bytes.len();
    let upload = http.create_upload(&package).await.location();
    let cut = length / 3;
    let reply = http.send(&upload, 0, package.bytes[..cut].to_vec()).await;
    assert_eq!(reply.status, 204);

    let state = http.upload_state(&upload).await;
    assert_eq!(state.header("upload-offset"), cut.to_string());
    assert_eq!(state.header("upload-length"), length.to_string());
    http.send(&upload, cut as u64 + 1, package.bytes[cut + 1..].to_vec())
        .await
        .problem(409, "offset-mismatch");
    assert_eq!(http.get(&payload(&package)).await.status, 404, "a part of a payload is not published");
    let reply = http.send(&upload, cut as u64, package.bytes[cut..].to_vec()).await;
    assert_eq!(reply.status, 204);
    assert_eq!(http.get(&payload(&package)).await.body, package.bytes);
}

pub(crate) async fn beyond_the_quota_are_refused() {
    let market = Market::start(1, &["--quota", "100000"]).await;
    let seller = market.company("seller");
    let http = signed_in(&market, &seller).await;
    let (first, second) = (package_of(60_000), package_of(60_000));
    http.upload(&first).await;
    let problem = http.create_upload(&second).await.problem(413, "over-quota");
    assert_eq!(problem["limit"], 100_000);
    assert_eq!(http.get(&payload(&second)).await.status, 404);
    assert_eq!(http.get(&payload(&first)).await.body, first.bytes);

    // The command says the same, and offers nothing that cannot be downloaded.
    let file = seller.path("data.bin");
    write_bytes(&file, 12, 60_000);
    let refused = seller.start_publishing(&file, 1_000).answer(TRADE).await;
    let error = refused.failed_as(code::REFUSED, "upload-too-large");
    let message = error["message"].as_str().unwrap();
    // What there is room for, and what would have been sent, with the leaf list.
    assert!(message.contains("39520 bytes") && message.contains("60480"), "{message}");
    let view = market.chain().await.best().await.unwrap();
    assert_eq!(view.announcements(&seller.account()).await.unwrap(), []);
    assert!(view.offers().await.unwrap().is_empty());
}

pub(crate) async fn too_large_for_the_service_are_not_announced() {
    let market = Market::start(1, &["--max-upload", "50000"]).await;
    let seller = market.company("seller");
    let file = seller.path("data.bin");
    write_bytes(&file, 14, 60_000);
    let refused = seller.start_publishing(&file, 1_000).answer(TRADE).await;
    refused.failed_as(code::REFUSED, "upload-too-large");
    let view = market.chain().await.best().await.unwrap();
    assert_eq!(view.announcements(&seller.account()).await.unwrap(), []);
}

pub(crate) async fn of_an_unverified_company_are_refused() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (sponsor, stranger) = (market.company("sponsor"), market.stranger("stranger"));
    let anyone = Http::new(&market.service.url());
    anyone.create_upload(&package()).await.problem(401, "sign-in-required");

    let gift = Call::transfer(stranger.account(), 1_000_000);
    chain.submit(&sponsor.key, &gift, Until::Best).await.unwrap();
    let register = Call::register_company(profile("stranger"));
    let registered = chain.submit(&stranger.key, &register, Until::Finalized).await.unwrap();
    market.service.has_applied(registered.block.height).await;
    let http = signed_in(market, &stranger).await;
    http.create_upload(&package()).await.problem(403, "not-verified");
    http.get(&payload(&package())).await.problem(403, "not-verified");
}

async fn signed_in(market: &Market, company: &Company) -> Http {
    let genesis = market.chain().await.genesis();
    Http::signed_in(&market.service.url(), &genesis, &company.key).await
}

/// Neither the upload nor the payload is there.
async fn is_not_kept(http: &Http, upload: &str, package: &Package) {
    let state: Reply = http.upload_state(upload).await;
    assert_eq!(state.status, 404, "a refused upload is removed");
    http.get(&payload(package)).await.problem(404, "not-found");
}

fn payload(package: &Package) -> String {
    format!("/v1/payloads/{}", to_hex(&package.sealing.sealed.root))
}

fn package() -> Package {
    package_of(20_000)
}

fn package_of(length: usize) -> Package {
    let mut data = vec![0; length];
    OsRng.fill_bytes(&mut data);
    Package::honest(&data)
}
