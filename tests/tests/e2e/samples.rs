//! Samples: what everyone sees of a dataset before buying, and that nobody has to believe it.

use std::fs;

use serde_json::{json, Value};
use wonbon_tests::{
    auditor::Auditor,
    cli::{code, Cli},
    data::write_csv,
    http::Http,
    market::{Company, Market},
    scratch::Scratch,
};

/// Blocks that lie between a registration and the draw of its fair sample, as the runtime has it.
const DRAW_DELAY: u32 = 5;
/// Rows of a table large enough for a fair sample.
const ROWS: u32 = 90_000;

/// A seller shows blocks of their choice and the drawn ones; somebody without an account looks at them.
pub(crate) async fn are_checked_by_who_looks_at_them() {
    let market = Market::shared().await;
    let seller = market.company("seller");
    let file = seller.path("rows.csv");
    write_csv(&file, 41, ROWS);
    let length = fs::metadata(&file).unwrap().len();
    assert!(length > 2_000_000);
    let published = seller.publish(&file, 1_000_000).await;
    let (path, dataset) = (file.to_str().unwrap(), published.dataset.as_str());
    let offer = published.offer.to_string();

    let folder = Scratch::new("visitor");
    let visitor =
        Cli::new(folder.path()).with("--chain", market.node.url()).with("--service", market.service.url());
    let seen = visitor.run(["sample", &offer]).await.ok();
    assert_eq!((&seen["dataset"], &seen["chosen"]), (&json!(dataset), &Value::Null), "{seen}");
    assert_ne!(seen["fair"]["state"], "answered");

    // Rows of their choice, said yes to. A yes alone never gives away more than a tenth, and nothing gives away all.
    let asked = ["sample", "publish", dataset, path, "--rows", "1-5"];
    seller.cli.run(asked).await.failed_as(code::REFUSED, "NotAgreed");
    let last = (length - 1) / 4096;
    for (blocks, most) in [("0-99".to_owned(), "10%"), (format!("0-{last}"), "100%")] {
        let large = ["sample", "publish", dataset, path, "--blocks", &blocks, "--yes", "--most", most];
        seller.cli.run(large).await.failed_as(code::REFUSED, "SampleTooLarge");
    }
    let rows = ["sample", "publish", dataset, path, "--rows", "1-5", "--yes"];
    let shown = seller.cli.run(rows).await.ok();
    assert!(shown["given_away"].as_u64().unwrap() < 10_000, "{shown}");
    let seen = visitor.run(["sample", &offer, "--lines", "6"]).await.ok();
    let text = fs::read_to_string(&file).unwrap();
    let shown: Vec<&str> =
        seen["chosen"]["rows"].as_array().unwrap().iter().map(|row| row["text"].as_str().unwrap()).collect();
    assert_eq!(shown, text.lines().take(6).collect::<Vec<_>>());

    // The drawn ones: the command waits for the draw. They are answered for once.
    let answer = ["sample", "answer", dataset, path, "--blocks", "3", "--yes"];
    let too_much = ["sample", "answer", dataset, path, "--blocks", "100", "--yes"];
    seller.cli.run(too_much).await.failed_as(code::REFUSED, "SampleTooLarge");
    let answered = seller.cli.run(answer).await.ok();
    assert_eq!((&answered["kind"], &answered["drawn"]), (&json!("fair"), &json!(3)));
    assert_eq!(answered["shows_rows"], true);
    market.has_caught_up().await;
    let seen = visitor.run(["sample", dataset]).await.ok();
    assert_eq!(seen["fair"]["state"], "answered", "{seen}");
    assert_eq!(seen["fair"]["digest"], answered["digest"]);
    let seen = visitor.run(["sample", dataset, "--lines", "0"]).await.ok();
    let fair: Vec<(usize, &str)> = seen["fair"]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["offset"].as_u64().unwrap() as usize, row["text"].as_str().unwrap()))
        .collect();
    let drawn: Vec<usize> = seen["fair"]["drawn_blocks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|block| block.as_u64().unwrap() as usize)
        .collect();
    assert_eq!(fair, belonging(&text, &drawn));
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
    write_csv(&other, 42, ROWS);
    let wrong = ["sample", "publish", dataset, other.to_str().unwrap(), "--blocks", "0", "--yes"];
    seller.cli.run(wrong).await.failed_as(code::REFUSED, "OtherFile");

    // An auditor checks it against the seed in a certificate, without a network.
    let (certificate, anchor) = (seller.path("certificate"), seller.path("anchor.json"));
    seller.cli.run(["certificate", dataset, "-o", certificate.to_str().unwrap()]).await.ok();
    seller.cli.run(["trust-anchor", "-o", anchor.to_str().unwrap()]).await.ok();
    let stored = market.service.data().join("store/samples").join(answered["digest"].as_str().unwrap());
    let auditor = Auditor::new();
    for (file, name) in [(&certificate, "certificate"), (&anchor, "anchor.json"), (&stored, "sample")] {
        auditor.takes(file, name);
    }
    let checked = auditor.checks("certificate", &["--trust", "anchor.json", "--sample", "sample"]);
    assert_eq!((checked.code, &checked.json["sample"]["kind"]), (Some(0), &json!("fair")), "{checked:?}");
    let sample = &checked.json["sample"];
    assert_eq!((&sample["drawn"], &sample["row_count"]), (&json!(3), &json!(fair.len())));

    // A service that changes what it stores is found out.
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
    write_csv(&file, 43, ROWS);
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

/// Of a file below 2,000,000 bytes nothing is given away as a fair sample, whoever asks for how little.
pub(crate) async fn of_small_datasets_are_not_given() {
    let market = Market::shared().await;
    let seller = market.company("seller");
    let file = seller.path("rows.csv");
    write_csv(&file, 44, 3_000);
    let published = seller.publish(&file, 1_000_000).await;
    let answer = ["sample", "answer", &published.dataset, file.to_str().unwrap(), "--yes"];
    for more in [&[][..], &["--blocks", "1"], &["--share", "90%"]] {
        let refused = [&answer[..], more].concat();
        seller.cli.run(refused).await.failed_as(code::REFUSED, "SampleTooLarge");
    }
}

/// The rows that begin in these blocks, with where they begin.
fn belonging<'a>(text: &'a str, blocks: &[usize]) -> Vec<(usize, &'a str)> {
    let mut at = 0;
    let lines = text.lines().map(|line| {
        let start = at;
        at += line.len() + 1;
        (start, line)
    });
    lines.filter(|(start, _)| blocks.contains(&(start.saturating_sub(1) / 4096))).collect()
}

async fn unanswered(http: &Http, company: &Company) -> u64 {
    let detail = http.get(&format!("/v1/participants/{}", company.address())).await.json();
    detail["unanswered_draws"].as_u64().unwrap()
}
