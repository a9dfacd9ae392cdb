//! Every form of every record of these tests, against what it was when `tests/golden` was written; `wonbon-golden`
//! says how to write it anew.

use crate::{credential::issue, records};
use ed25519_dalek::SigningKey;
use serde_json::json;
use std::io::Read as _;
use wonbon_golden::Golden;
use wonbon_model::canonical;
use wonbon_standards::{aas, croissant, dcat, prov};

const GOLDEN: Golden = Golden::at(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));

#[test]
fn golden_exports() {
    for (name, record) in records::all() {
        GOLDEN.json(&format!("{name}/prov.json"), &prov::document(&record));
        GOLDEN.json(&format!("{name}/dcat.json"), &dcat::json_ld(&record));
        GOLDEN.text(&format!("{name}/dcat.ttl"), &dcat::turtle(&record));
        GOLDEN.json(&format!("{name}/croissant.json"), &croissant::document(&record));
        GOLDEN.json(&format!("{name}/aas.json"), &aas::environment(&record));
    }
}

/// Names and texts of the files in an AASX package.
#[test]
fn golden_package() {
    let package = aas::package(&records::full()).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(package)).unwrap();
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.push(json!({ "name": file.name().unwrap().to_string(), "text": text }));
    }
    GOLDEN.json("full/aasx.json", &files);
}

#[test]
fn golden_credential() {
    let subject = json!({
        "id": "urn:wonbon:dataset:00",
        "title": "밀링 \"진동\"\u{202e}",
        "trades": 3,
        "price": "340282366920938463463374607431768211455",
    });
    // ed25519 is deterministic: the signature is the same as long as the document is.
    let issued = issue(subject, &SigningKey::from_bytes(&[7; 32]), "2025-11-21T04:40:00Z").unwrap();
    GOLDEN.json("credential.json", &issued);
}

#[test]
fn golden_canonical_json() {
    let value = json!({
        "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew", "1": "One",
        "\u{1f600}": "Emoji", "\u{80}": "Control", "\u{f6}": "o with diaeresis",
        "numbers": [0, -1, 1e21, 1e20, 1.5, 1e-7, 0.000001, 333_333_333.333_333_3, 9_007_199_254_740_991i64, -0.0],
        "literals": [null, true, false], "text": "\u{20ac}$\u{f}\nA'B\"\\\\\"/\u{7f}\u{2028}",
    });
    GOLDEN.text("canonical.json", std::str::from_utf8(&canonical::to_vec(&value).unwrap()).unwrap());
}
