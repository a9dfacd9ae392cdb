//! DCAT-AP: checked by pyshacl with the official shapes, in both syntaxes.

use crate::{records, shared, validators::Documents};
use serde_json::json;
use wonbon_standards::dcat;

#[test]
fn the_dataset_has_what_the_profile_wants() {
    let document = dcat::json_ld(&records::full());
    assert_eq!(document["@id"], format!("urn:wonbon:dataset:{}", records::id(0xab)));
    assert_eq!(document["dct:title"], json!({"@value": "밀링 \"진동\" 데이터", "@language": "ko"}));
    assert_eq!(document["dct:publisher"]["foaf:name"], "Daesung \"Data\" & Co.");
    assert_eq!(document["dcat:distribution"].as_array().unwrap().len(), 2, "one for each offer");
    assert_eq!(document["adms:sample"].as_array().unwrap().len(), 2);
    assert_eq!(document["dct:source"]["@id"], format!("urn:wonbon:dataset:{}", records::id(0xcd)));
    let previous = &document["dcat:previousVersion"]["@id"];
    assert_eq!(*previous, format!("urn:wonbon:dataset:{}", records::id(0xce)));
}

#[test]
fn nobody_is_called_the_creator() {
    let text = dcat::turtle(&records::full());
    assert!(!text.contains("dct:creator"));
    assert!(text.contains("wonbon:vocabulary#firstRegistrant"));
}

#[test]
fn without_a_service_there_is_no_distribution() {
    let mut record = records::full();
    record.site = None;
    let document = dcat::json_ld(&record);
    assert!(document.get("dcat:distribution").is_none());
    assert!(!document.to_string().contains("http://127"));
    assert!(dcat::json_ld(&records::bare())["dct:title"]["@value"]
        .as_str()
        .unwrap()
        .starts_with("Dataset 0101"));
}

#[test]
fn turtle_keeps_a_hostile_text_within_its_quotes() {
    let text = dcat::turtle(&records::hostile());
    assert!(text.lines().all(|line| line.chars().all(|c| !c.is_control())));
    assert!(!text.contains("\"\"\""), "no long literal opens");
}

#[test]
fn the_official_shapes_accept_it() {
    const TEST: &str = "DCAT-AP with `pyshacl`";
    let Some(shapes) = shared::file("dcat-ap/dcat-ap-3.0.1-SHACL.ttl", TEST) else { return };
    let mut documents = Documents::new();
    for (name, record) in records::all() {
        documents.good(&format!("{name}.json"), dcat::json_ld(&record).to_string());
        documents.good(&format!("{name}.ttl"), dcat::turtle(&record));
    }
    let good = dcat::json_ld(&records::full());
    let mut breaks = |name: &str, change: &dyn Fn(&mut serde_json::Value)| {
        let mut broken = good.clone();
        change(&mut broken);
        documents.broken(name, broken.to_string());
    };
    breaks("no-title.json", &|document| {
        document.as_object_mut().unwrap().remove("dct:title");
    });
    breaks("two-publishers.json", &|document| {
        let one = document["dct:publisher"].clone();
        document["dct:publisher"] = json!([one, {"@type": "foaf:Agent", "foaf:name": "x"}]);
    });
    breaks("publisher-of-no-class.json", &|document| {
        document["dct:publisher"] = json!({"@id": "urn:x:y"});
    });
    breaks("no-access.json", &|document| {
        document["dcat:distribution"][0].as_object_mut().unwrap().remove("dcat:accessURL");
    });
    breaks("bad-size.json", &|document| {
        document["dcat:distribution"][0]["dcat:byteSize"] =
            json!({"@value": "many", "@type": "xsd:nonNegativeInteger"});
    });
    breaks("bad-iri.json", &|document| {
        document["dcat:distribution"][0]["dcat:accessURL"] = json!({"@id": "https://a b/<c>"});
    });
    documents.broken("bad.ttl", dcat::turtle(&records::full()).replace("\\\"", "\""));
    documents.check(TEST, "check_dcat.py", &[&shapes]);
}
