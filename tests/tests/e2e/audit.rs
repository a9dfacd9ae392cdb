//! The auditor's view: what the command reads from the chain is what the service tells.

use std::fs;

use serde_json::Value;
use wonbon_tests::{
    cli::{code, Cli},
    data::write_csv,
    http::Http,
    market::Market,
    scratch::Scratch,
};

/// A trade is in the ledger in every format, and chain and service give the same ledger and the same findings.
pub(crate) async fn reads_from_the_chain_what_the_service_tells() {
    let market = Market::shared().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let chain = market.chain().await;
    let from = chain.finalized_block().await.unwrap().height;
    let file = seller.path("audited.csv");
    write_csv(&file, 77, 400);
    let published = seller.publish(&file, 1_000_000).await;
    let _deliver = seller.deliver().await;
    buyer.buy(published.offer, &buyer.path("audited.csv")).await.ok();
    market.has_caught_up().await;
    let to = chain.finalized_block().await.unwrap().height;

    let folder = Scratch::new("audit");
    let auditor = Cli::new(folder.path()).with("--chain", market.node.url());
    let (from, to) = (from.to_string(), to.to_string());
    let span = ["--from", &from, "--to", &to];
    let export = |name: &str| {
        let output = folder.join(name);
        let arguments = ["audit", "ledger", "-o", output.to_str().unwrap()].map(str::to_owned);
        let arguments = arguments.into_iter().chain(span.map(str::to_owned)).collect::<Vec<_>>();
        let auditor = auditor.clone();
        async move {
            let answer = auditor.run(arguments).await.ok();
            (answer, fs::read(output).unwrap())
        }
    };
    let (answer, csv) = export("ledger.csv").await;
    let csv = String::from_utf8(csv).unwrap();
    assert_eq!(answer["trades"].as_u64(), Some(csv.lines().count() as u64 - 1), "{answer}");
    assert!(csv.starts_with('\u{feff}'), "a Korean spreadsheet takes a file without the mark for CP949");
    let row = csv.lines().find(|line| line.contains(&published.dataset)).expect("the trade is there");
    assert!(row.contains(&seller.address()) && row.contains(&buyer.address()), "{row}");
    let (_, parquet) = export("ledger.parquet").await;
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
    let (_, json) = export("ledger.json").await;
    let from_chain: Value = serde_json::from_slice(&json).unwrap();

    let service = Http::new(&market.service.url());
    let query = format!("from={from}&to={to}");
    let from_service = service.get(&format!("/v1/audit/ledger?{query}")).await.ok_json();
    assert_eq!(from_chain["trades"], from_service["trades"]);
    assert_eq!(from_chain["about"]["genesis"], from_service["about"]["genesis"]);

    let thresholds = "concentration_trades=1&lost_disputes=1";
    let told = service.get(&format!("/v1/audit/report?{query}&{thresholds}")).await.ok_json();
    let arguments = ["audit", "report", "--concentration-trades", "1", "--lost-disputes", "1"];
    let read = auditor.run(arguments.iter().chain(&span)).await.ok();
    for part in ["genesis", "period", "trades", "paid", "rules", "findings", "companies"] {
        assert_eq!(read[part], told[part], "{part}");
    }
    let concerns = |finding: &&Value| {
        finding["rule"] == "concentration" && finding["companies"][0].as_str() == Some(&seller.address())
    };
    let found = read["findings"].as_array().unwrap().iter().filter(concerns).count();
    assert_eq!(found, 1, "a seller with one buyer: {read}");

    for end in ["--from", "--to"] {
        let ahead = auditor.run(["audit", "report", end, "4000000000"]).await;
        ahead.failed(code::REFUSED);
    }
    let mixed = auditor.run(["audit", "report", "--from", &from, "--to", "2001-01-01"]).await;
    mixed.failed(code::USAGE);
    let inverted = auditor.run(["audit", "report", "--from", "9", "--to", "8"]).await;
    inverted.failed(code::USAGE);

    // The log of downloads is for auditors that the registrar accredited, as every company of these tests is until it
    // gives the role up. Taking the role again, which anyone can, brings nothing back.
    let company = market.company("company");
    let refused = || async {
        market.has_caught_up().await;
        company.cli.run(["audit", "downloads"]).await.failed_as(code::FAILURE, "not-an-auditor");
    };
    company.cli.run(["audit", "downloads"]).await.ok();
    company.cli.run(["company", "update", "--role", "provider,consumer"]).await.ok();
    refused().await;
    company.cli.run(["company", "update", "--role", "provider,auditor"]).await.ok();
    refused().await;
    let registrar = Cli::new(folder.path()).with("--chain", market.node.url()).with("--key", "dev:Alice");
    let address = company.address();
    market.governed(registrar.run(["authority", "accredit", &address])).await.ok();
    market.has_caught_up().await;
    company.cli.run(["audit", "downloads"]).await.ok();
}
