//! Samples: what is stored, for whom, and what is refused; over a local folder and over a bucket's twin.

use axum::{body::Body, http::Request};
use marketplace_api::testing::{self, Put as _};
use wonbon_client::chain::LedgerChange;
use wonbon_model::metadata::SCHEMA;
use wonbon_model::{AccountId, Dataset, Hash, Keyed, Moment, SampleAnswer, Standing};
use wonbon_primitives::{
    content::{
        range::{self, BlockRange, Prover},
        tree::leaf_hash,
    },
    sample::{draw, rows, Kind, Sample, MAX_FILE},
    BoundedVec, DatasetId,
};

use crate::common::{files, Answer, Company, Service, Wishes, GENESIS};

const SEED: Hash = Hash([8; 32]);
const MEDIA_TYPE: &str = "application/vnd.wonbon.sample";

/// A dataset of rows, and its owner, signed in.
struct Market {
    service: Service,
    owner: Company,
    token: String,
    bytes: Vec<u8>,
    dataset: Keyed<DatasetId, Dataset>,
}

impl Market {
    async fn with(wishes: Wishes) -> Self {
        let service = Service::with(wishes).await;
        let (owner, token) = service.signed_in(1).await;
        let rows = (0..120_000).map(|row| format!("{row},{},값\n", row * 31));
        let bytes: Vec<u8> = rows.collect::<String>().into_bytes();
        let root = sample_of(&bytes, vec![0], Kind::Chosen).dataset;
        let document = serde_json::json!({
            "schema": SCHEMA, "title": "rows", "description": "", "keywords": [], "length": bytes.len(),
            "profile": { "format": "csv", "rows": 120_000, "rows_are_lines": true, "warnings": [], "columns": [] },
        });
        let metadata = Hash([12; 32]);
        let folder = marketplace_api::storage::Folder::Metadata;
        service.app.payloads.storage.put(folder, metadata, document.to_string().into()).await.unwrap();
        let mut dataset = testing::dataset(root, owner.account, 0, metadata);
        dataset.record.length = bytes.len() as u64;
        service.apply(vec![dataset.clone().put()]);
        Self { service, owner, token, bytes, dataset }
    }

    async fn new() -> Self {
        Self::with(Wishes::default()).await
    }

    fn draw(&self) {
        self.service.apply(vec![LedgerChange::Seed { registered_at: 0, seed: SEED.0 }]);
    }

    fn answer(&mut self, sample: &Sample) {
        self.answer_with(Hash(sample.digest()), drawn(sample));
    }

    fn answer_with(&mut self, digest: Hash, blocks: u32) {
        let at = Moment { block: 9, time: 0 };
        self.dataset.record.sample = Some(SampleAnswer { blocks, digest: digest.0, at, position: 0 });
        self.service.apply(vec![self.dataset.clone().put()]);
    }

    fn chosen(&self, indices: &[u64]) -> Sample {
        sample_of(&self.bytes, indices.to_vec(), Kind::Chosen)
    }

    fn fair(&self, count: u32) -> Sample {
        fair_sample_of(&self.bytes, SEED.0, count)
    }

    fn path(&self, kind: &str) -> String {
        format!("/v1/datasets/{}/samples/{kind}", self.dataset.key)
    }

    async fn put_as(&self, token: &str, path: &str, file: Vec<u8>) -> Answer {
        let request = Request::put(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", MEDIA_TYPE);
        self.service.send(request.body(Body::from(file)).unwrap()).await
    }

    async fn put(&self, kind: &str, sample: &Sample) -> Answer {
        self.put_as(&self.token, &self.path(kind), sample.to_file()).await
    }

    async fn get(&self, kind: &str) -> Answer {
        self.service.get(&self.path(kind)).await
    }
}

/// How many blocks of a fair sample were drawn.
fn drawn(sample: &Sample) -> u32 {
    let Kind::Fair { drawn, .. } = sample.kind else { panic!("{sample:?}") };
    drawn
}

/// The fair sample of this table of lines, of so many drawn blocks.
pub(crate) fn fair_sample_of(bytes: &[u8], seed: [u8; 32], drawn: u32) -> Sample {
    let root = sample_of(bytes, vec![0], Kind::Chosen).dataset;
    let (length, count) = (bytes.len() as u64, bytes.len().div_ceil(4096) as u64);
    let blocks = draw(&GENESIS.0, &seed, &root.0, count, drawn.into());
    let block = |index: u64| Ok::<_, ()>(bytes.chunks(4096).nth(index as usize).unwrap());
    let blocks = rows::followed(length, &blocks, block).unwrap();
    sample_of(bytes, blocks.into_iter().collect(), Kind::Fair { seed, drawn, rows: true })
}

/// The sample of these bytes that shows the blocks of these numbers.
pub(crate) fn sample_of(bytes: &[u8], indices: Vec<u64>, kind: Kind) -> Sample {
    let leaves: Vec<_> = bytes.chunks(4096).map(leaf_hash).collect();
    let ranges = range::join(indices);
    let mut prover = Prover::new(leaves.len() as u64, ranges.clone()).unwrap();
    leaves.into_iter().for_each(|leaf| prover.push(leaf));
    let (root, paths) = prover.finish().unwrap();
    let ranges = ranges.iter().zip(paths).map(|(range, path)| BlockRange {
        first: range.start,
        blocks: bytes[range.start as usize * 4096..(range.end as usize * 4096).min(bytes.len())].to_vec(),
        path,
    });
    let ranges = BoundedVec::try_from(ranges.collect::<Vec<_>>()).unwrap();
    Sample { dataset: DatasetId(root), length: bytes.len() as u64, kind, ranges }
}

#[tokio::test]
async fn a_chosen_sample_is_shown_and_exchanged() {
    for remote_storage in [false, true] {
        let market = Market::with(Wishes { remote_storage, ..Wishes::default() }).await;
        market.get("chosen").await.is_problem(404, "not-found");
        let (first, second) = (market.chosen(&[0, 1]), market.chosen(&[3]));
        assert_eq!(market.put("chosen", &first).await.status, 201);
        assert_eq!(market.put("chosen", &first).await.status, 204);
        let answer = market.get("chosen").await;
        assert_eq!((answer.status, &answer.body), (200, &first.to_file()));
        assert_eq!(answer.header("content-type"), MEDIA_TYPE);
        assert_eq!(answer.header("etag"), format!("\"{}\"", Hash(first.digest())));
        assert!(answer.header("cache-control").contains("no-cache"));

        assert_eq!(market.put("chosen", &second).await.status, 201);
        assert_eq!(market.get("chosen").await.body, second.to_file());
        if !remote_storage {
            let store = market.service.folder.path().join("store");
            assert_eq!((files(&store.join("samples")), files(&store.join("sample-notes"))), (1, 1));
        }
        let detail = market.service.get(&format!("/v1/datasets/{}", market.dataset.key)).await.json();
        assert_eq!(detail["samples"]["chosen"]["blocks"], 1);
        assert_eq!(detail["samples"]["chosen"]["digest"], Hash(second.digest()).to_string());
        assert!(detail["samples"]["fair"].is_null());
    }
}

#[tokio::test]
async fn a_fair_sample_is_shown_once_it_is_answered_for() {
    let mut market = Market::new().await;
    let sample = market.fair(5);
    market.put("fair", &sample).await.is_problem(409, "not-drawn");
    market.draw();
    assert_eq!(market.put("fair", &sample).await.status, 201);
    // It is here, and it is not the answer yet.
    market.get("fair").await.is_problem(404, "not-found");
    market.answer(&sample);
    let answer = market.get("fair").await;
    assert_eq!((answer.status, &answer.body), (200, &sample.to_file()));
    assert!(answer.header("cache-control").contains("immutable"));
    assert_eq!(market.put("fair", &sample).await.status, 204);
    let problem = market.put("fair", &market.fair(6)).await.is_problem(409, "already-answered");
    assert!(problem["detail"].as_str().unwrap().contains("5 blocks"));

    let detail = market.service.get(&format!("/v1/datasets/{}", market.dataset.key)).await.json();
    let fair = &detail["samples"]["fair"];
    assert_eq!((&fair["drawn"], &fair["blocks"]), (&5.into(), &sample.blocks().into()));
    assert_eq!((&fair["shows_rows"], fair["given_away"].as_u64().unwrap() < 100_000), (&true.into(), true));
    assert_eq!(detail["draw"]["state"], "answered");
}

/// The chain takes any 32 bytes for the file that an owner answers with.
#[tokio::test]
async fn an_answer_is_a_claim_until_its_file_is_here() {
    let mut market = Market::new().await;
    market.draw();
    let offer = testing::offer(1, market.dataset.key, market.owner.account, Hash([3; 32]), 1000);
    market.service.apply(vec![offer.put()]);
    let (chosen, few, many) = (market.chosen(&[0, 1, 2]), market.fair(2), market.fair(5));
    assert_eq!(market.put("chosen", &chosen).await.status, 201);
    assert_eq!(market.put("fair", &few).await.status, 201);
    let id = market.dataset.key;
    let paths =
        [format!("/v1/datasets/{id}"), "/v1/datasets".into(), "/v1/offers/1".into(), "/v1/offers".into()];
    let draws = |value: serde_json::Value| match value.get("items") {
        Some(items) => items[0]["draw"].clone(),
        None => value["draw"].clone(),
    };
    for (digest, blocks) in [
        // A file that nobody has, every block of the dataset.
        (Hash([9; 32]), (market.bytes.len() as u64).div_ceil(4096)),
        // A file that is here, of blocks that the owner chose.
        (Hash(chosen.digest()), 3),
        // The drawn blocks, fewer than the owner says.
        (Hash(few.digest()), 5),
        // The drawn blocks, and the owner has not sent them.
        (Hash(many.digest()), 5),
    ] {
        let blocks = blocks as u32;
        market.answer_with(digest, blocks);
        for path in &paths {
            let draw = draws(market.service.get(path).await.json());
            assert_eq!((&draw["state"], &draw["shown"]), (&"claimed".into(), &blocks.into()), "{path}");
            assert_eq!((&draw["ruled_out"], &draw["digest"]), (&().into(), &digest.to_string().into()));
        }
        market.get("fair").await.is_problem(404, "not-found");
        let page = market.service.get(&format!("/datasets/{id}")).await.text();
        assert!(
            page.contains("this service has no such file") && page.contains("class=\"notice\""),
            "{page}"
        );
        assert!(!page.contains("/samples/fair") && !page.contains("blocks are shown."), "{page}");
    }
    assert_eq!(market.put("fair", &many).await.status, 201);
    for path in &paths {
        let draw = draws(market.service.get(path).await.json());
        assert_eq!(draw["state"], "answered", "{path}");
        assert!(draw["ruled_out"].as_u64().unwrap() > 0, "{path}");
    }
    let page = market.service.get(&format!("/datasets/{id}")).await.text();
    assert!(page.contains("/samples/fair") && !page.contains("no such file"), "{page}");
    assert!(
        page.contains(&format!(
            "5 of {} blocks are shown, drawn by the chain",
            market.bytes.len().div_ceil(4096)
        )) && page.contains("99 % confidence")
            && page.contains("Every row that begins in a drawn block is shown to its end")
            && page.contains("hashes of neighbouring blocks")
    );
}

#[tokio::test]
async fn what_does_not_verify_is_refused() {
    let market = Market::new().await;
    market.draw();
    // Not the drawn blocks, though they are the dataset's.
    let picked =
        sample_of(&market.bytes, vec![0, 1, 2, 3, 4], Kind::Fair { seed: SEED.0, drawn: 4, rows: true });
    market.put("fair", &picked).await.is_problem(422, "invalid-sample");
    // The drawn blocks without the ends of their rows, which the dataset's description promised.
    let cut = market.fair(4);
    let kind = Kind::Fair { seed: SEED.0, drawn: 4, rows: false };
    let cut = sample_of(&market.bytes, cut.drawn(&GENESIS.0), kind);
    let problem = market.put("fair", &cut).await.is_problem(422, "invalid-sample");
    assert!(problem["detail"].as_str().unwrap().contains("lines of text"), "{problem}");
    // More than a tenth of it.
    let problem = market.put("fair", &market.fair(60)).await.is_problem(422, "invalid-sample");
    assert!(problem["detail"].as_str().unwrap().contains("at most"), "{problem}");
    // Of another kind than the place, another seed, another dataset.
    market.put("fair", &market.chosen(&[1])).await.is_problem(422, "invalid-sample");
    market.put("chosen", &market.fair(2)).await.is_problem(422, "invalid-sample");
    let other = Sample { kind: Kind::Fair { seed: [9; 32], drawn: 2, rows: true }, ..market.fair(2) };
    market.put("fair", &other).await.is_problem(422, "invalid-sample");
    let foreign = sample_of(&[7; 9000], vec![0], Kind::Chosen);
    market.put("chosen", &foreign).await.is_problem(422, "invalid-sample");
    // A changed block, a cut file, no sample at all, and too much.
    let good = market.chosen(&[1, 2]).to_file();
    let mut changed = good.clone();
    changed[5000] ^= 1;
    for file in [changed, good[..good.len() - 1].to_vec(), b"rows".to_vec(), Vec::new()] {
        market.put_as(&market.token, &market.path("chosen"), file).await.is_problem(422, "invalid-sample");
    }
    let huge = vec![0; MAX_FILE as usize + 1];
    market.put_as(&market.token, &market.path("chosen"), huge).await.is_problem(413, "body-too-large");
    let request = Request::put(market.path("chosen"))
        .header("authorization", format!("Bearer {}", market.token))
        .header("content-type", "text/csv");
    let answer = market.service.send(request.body(Body::from(good)).unwrap()).await;
    answer.is_problem(415, "content-type");
    market.get("chosen").await.is_problem(404, "not-found");
    let store = market.service.folder.path().join("store");
    assert_eq!(files(&store.join("samples")), 0);
}

#[tokio::test]
async fn only_the_owner_stores_a_sample() {
    let market = Market::new().await;
    let file = market.chosen(&[0]).to_file();
    let (_, stranger) = market.service.signed_in(2).await;
    let path = market.path("chosen");
    market.put_as(&stranger, &path, file.clone()).await.is_problem(403, "not-the-owner");
    market.put_as("no token", &path, file.clone()).await.is_problem(401, "sign-in-required");
    let nowhere = format!("/v1/datasets/{}/samples/chosen", Hash([99; 32]));
    market.put_as(&market.token, &nowhere, file.clone()).await.is_problem(404, "not-found");
    market.service.register(&market.owner, Standing::Suspended);
    market.put_as(&market.token, &path, file).await.is_problem(403, "not-verified");
}

#[tokio::test]
async fn samples_count_against_the_quota_of_who_stores_them() {
    let market = Market::with(Wishes { quota: 12_000, ..Wishes::default() }).await;
    assert_eq!(market.put("chosen", &market.chosen(&[0])).await.status, 201);
    market.put("chosen", &market.chosen(&[0, 1])).await.is_problem(413, "over-quota");
    // What is exchanged is given back: it can be done again and again.
    for block in [1, 2, 3, 1, 2, 3] {
        assert_eq!(market.put("chosen", &market.chosen(&[block])).await.status, 201, "{block}");
    }
    assert_eq!(market.get("chosen").await.body, market.chosen(&[3]).to_file());
}

#[tokio::test]
async fn a_client_that_has_it_is_sent_nothing() {
    let market = Market::new().await;
    let sample = market.chosen(&[0]);
    market.put("chosen", &sample).await;
    let tag = format!("\"{}\"", Hash(sample.digest()));
    let request = Request::get(market.path("chosen")).header("if-none-match", &tag);
    let answer = market.service.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status, answer.body.len()), (304, 0));
    let request = Request::get(market.path("chosen")).header("if-match", "\"zzz\"");
    market.service.send(request.body(Body::empty()).unwrap()).await.is_problem(412, "other-version");
}

#[tokio::test]
async fn the_page_shows_rows_that_are_whole() {
    let mut market = Market::new().await;
    market.draw();
    let page = |market: &Market| {
        let path = format!("/datasets/{}", market.dataset.key);
        let service = market.service.router.clone();
        async move {
            let request = Request::get(path).body(Body::empty()).unwrap();
            Answer::read(tower::ServiceExt::oneshot(service, request).await.unwrap()).await.text()
        }
    };
    assert!(page(&market).await.contains("the owner has not shown them"));
    market.put("chosen", &market.chosen(&[0])).await;
    let fair = market.fair(3);
    market.put("fair", &fair).await;
    market.answer(&fair);
    let text = page(&market).await;
    assert!(text.contains("0,0,값\n1,31,값\n"), "{text}");
    assert!(text.contains("Blocks that the chain drew") && text.contains("Blocks that the owner chose"));
    assert!(text.contains(&format!("wonbon sample {}", market.dataset.key)));
    let row = fair.rows_of(fair.drawn(&GENESIS.0)).next().unwrap();
    assert!(text.contains(std::str::from_utf8(&row.bytes).unwrap()));
}

/// Rows of a company that hides what was drawn are counted on its own page as well.
#[tokio::test]
async fn an_unanswered_draw_stays_visible_on_dataset_and_owner() {
    let mut market = Market::new().await;
    market.draw();
    let owner = market.owner.account;
    let company = |market: &Market| {
        let path = format!("/v1/participants/{owner}");
        let service = market.service.router.clone();
        async move {
            let request = Request::get(path).body(Body::empty()).unwrap();
            Answer::read(tower::ServiceExt::oneshot(service, request).await.unwrap()).await.json()
        }
    };
    assert_eq!(company(&market).await["unanswered_draws"], 1);
    let sample = market.fair(2);
    market.answer(&sample);
    assert_eq!(company(&market).await["unanswered_draws"], 0);
    assert_ne!(owner, AccountId([0; 32]));
}
