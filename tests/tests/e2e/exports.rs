//! A dataset in the forms of other standards: what the command writes is what the service answers.

use std::fs;

use serde_json::Value;
use wonbon_tests::{
    cli::{code, Cli},
    data::write_csv,
    http::Http,
    market::Market,
    scratch::Scratch,
};

/// Each form, written by somebody without an account, names the dataset and agrees with the service's answer.
pub(crate) async fn say_what_the_service_says() {
    let market = Market::shared().await;
    let seller = market.company("seller");
    let file = seller.path("spindle.csv");
    write_csv(&file, 51, 500);
    let dataset = seller.publish(&file, 1_000_000).await.dataset;
    market.has_caught_up().await;

    let folder = Scratch::new("exports");
    let anyone =
        Cli::new(folder.path()).with("--chain", market.node.url()).with("--service", market.service.url());
    let service = Http::new(&market.service.url());
    let forms = [
        ("prov", "prov"),
        ("dcat", "dcat?format=jsonld"),
        ("dcat-ttl", "dcat?format=turtle"),
        ("croissant", "croissant"),
        ("aas", "aas?format=json"),
        ("aasx", "aas?format=aasx"),
    ];
    for (form, path) in forms {
        let output = folder.join(form);
        let export = ["export", &dataset, "--as", form, "-o", output.to_str().unwrap()];
        let answer = anyone.run(export).await.ok();
        let written = fs::read(&output).unwrap();
        assert_eq!(answer["bytes"].as_u64(), Some(written.len() as u64), "{answer}");
        let told = service.get(&format!("/v1/datasets/{dataset}/{path}")).await.body;
        match form {
            // A zip; the service's may have been packed in another minute.
            "aasx" => assert!(written.starts_with(b"PK\x03\x04") && told.starts_with(b"PK\x03\x04")),
            "dcat-ttl" => {
                let text = String::from_utf8(written).unwrap();
                assert!(text.contains(&dataset), "{text}");
                assert_eq!(text, String::from_utf8(told).unwrap());
            }
            _ => {
                let written: Value = serde_json::from_slice(&written).unwrap();
                assert!(written.to_string().contains(&dataset), "{written}");
                assert_eq!(written, serde_json::from_slice::<Value>(&told).unwrap(), "{form}");
            }
        }
        anyone.run(export).await.failed_as(code::REFUSED, "Occupied");
        anyone.run(export.iter().chain(&["--force"])).await.ok();
    }

    let nowhere = folder.join("nowhere");
    let unknown = "00".repeat(32);
    let export = ["export", &unknown, "--as", "prov", "-o", nowhere.to_str().unwrap()];
    anyone.run(export).await.failed(code::REFUSED);
    assert!(!nowhere.exists());
    let reply = service.get(&format!("/v1/datasets/{unknown}/prov")).await;
    assert_eq!(reply.status.as_u16(), 404);
}
