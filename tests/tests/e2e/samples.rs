//! Samples: what everyone sees of a dataset before buying, and that nobody has to believe it.

use std::fs;

use serde_json::{json, Value};
use wonbon_tests::{
    cli::{code, Cli},
    data::write_csv,
    http::Http,
    market::{Company, Market},
    scratch::Scratch,
};

/// Blocks that lie between a registration and the draw of its fair sample, as the runtime has it.
const DRAW_DELAY: u32 = 5;

/// A seller shows blocks of their choice and the drawn ones; somebody without an account looks at them.
pub(crate) async fn are_checked_by_who_looks_at_them() {
    let market = Market::shared().await;
    let seller = market.company("seller");
    let file = seller.path("rows.csv");
    write_csv(&file, 41, 3_000);
    let published = seller.publish(&file, 1_000_000).await;
    let (path, dataset) = (file.to_str().unwrap(), published.dataset.as_str());
    let offer = published.offer.to_string();

    let folder = Scratch::new("visitor");
    let visitor =
        Cli::new(folder.path()).with("--chain", market.node.url()).with("--service", market.service.url());
    let seen = visitor.run(["sample", &offer]).await.ok();
    assert_eq!((&seen["dataset"], &seen["chosen"]), (&json!(dataset), &Value::Null), "{seen}");
    assert_ne!(seen["fair"]["state"], "answered");

    // Rows of their choice. Half of a dataset is shown only if that is said.
    let half = ["sample", "publish", dataset, path, "--blocks", "0-9"];
    seller.cli.run(half).await.failed_as(code::REFUSED, "NotAgreed");
    let rows = ["sample", "publish", dataset, path, "--rows", "1-5"];
    seller.cli.run(rows).await.ok();
    let seen = visitor.run(["sample", &offer, "--lines", "6"]).await.ok();
    let text = fs::read_to_string(&file).unwrap();
    let shown: Vec<&str> =
        seen["chosen"]["rows"].as_array().unwrap().iter().map(|row| row["text"].as_str().unwrap()).collect();
    assert_eq!(shown, text.lines().take(6).collect::<Vec<_>>());

    // The drawn ones: the command waits for the draw. They are answered for once.
    let answer = ["sample", "answer", dataset, path, "--blocks", "3", "--yes"];
    let answered = seller.cli.run(answer).await.ok();
    assert_eq!((&answered["kind"], &answered["blocks"]), (&json!("fair"), &json!(3)));
    market.has_caught_up().await;
    let seen = visitor.run(["sample", dataset]).await.ok();
    assert_eq!(seen["fair"]["state"], "answered", "{seen}");
    assert_eq!(seen["fair"]["digest"], answered["digest"]);
    for row in seen["fair"]["rows"].as_array().unwrap() {
        let offset = row["offset"].as_u64().unwrap() as usize;
        assert!(text[offset..].starts_with(row["text"].as_str().unwrap()), "{row}");
    }
    let again = seller.cli.run(answer).await.ok();
    assert_eq!(again["digest"], answered["digest"]);
    let more = ["sample", "answer", dataset, path, "--blocks", "4", "--yes"];
    seller.cli.run(more).await.failed_as(code::REFUSED, "AlreadyAnswered");
    let detail = Http::new(&market.service.url()).get(&format!("/v1/datasets/{dataset}")).await.json();
    assert_eq!((&detail["draw"]["state"], &detail["draw"]["shown"]), (&json!("answered"), &json!(3)));

    // Another's dataset, and another file than the dataset's.
    let stranger = market.company("stranger");
    stranger.cli.run(rows).await.failed_as(code::REFUSED, "NotOwner");
    let other = seller.path("other.csv");
    write_csv(&other, 42, 3_000);
    let wrong = ["sample", "publish", dataset, other.to_str().unwrap(), "--blocks", "0", "--yes"];
    seller.cli.run(wrong).await.failed_as(code::REFUSED, "OtherFile");

    // A service that changes what it stores is found out.
    let stored = market.service.data().join("store/samples").join(answered["digest"].as_str().unwrap());
    let mut bytes = fs::read(&stored).unwrap();
    bytes[1_000] ^= 1;
    fs::write(&stored, bytes).unwrap();
    visitor.run(["sample", dataset]).await.failed(code::VERIFICATION);
}

/// A draw that nobody answers stands beside the dataset and its owner.
pub(crate) async fn that_are_withheld_are_seen() {
    let market = Market::shared().await;
    let seller = market.company("seller");
    let file = seller.path("rows.csv");
    write_csv(&file, 43, 500);
    let published = seller.publish(&file, 1_000_000).await;
    let chain = market.chain().await;
    let view = chain.finalized().await.unwrap();
    let id = published.dataset.parse().unwrap();
    let registered = view.dataset(&id).await.unwrap().unwrap().registered.block;
    let drawn = registered + DRAW_DELAY + 1;
    market.service.has_applied(drawn).await;

    let http = Http::new(&market.service.url());
    let detail = http.get(&format!("/v1/datasets/{}", published.dataset)).await.json();
    assert_eq!(detail["draw"]["state"], "unanswered", "{detail}");
    assert_eq!(unanswered(&http, &seller).await, 1);
    let seen = seller.cli.run(["sample", &published.dataset]).await.ok();
    assert_eq!(seen["fair"]["state"], "unanswered", "{seen}");

    let path = file.to_str().unwrap();
    seller.cli.run(["sample", "answer", &published.dataset, path, "--yes"]).await.ok();
    market.has_caught_up().await;
    assert_eq!(unanswered(&http, &seller).await, 0);
}

async fn unanswered(http: &Http, company: &Company) -> u64 {
    let detail = http.get(&format!("/v1/participants/{}", company.address())).await.json();
    detail["unanswered_draws"].as_u64().unwrap()
}
