//! PROV-JSON: checked by the prov package.

use crate::{records, validators::Documents};
use serde_json::json;
use wonbon_standards::prov;

#[test]
fn the_chain_saw_the_registration_and_not_the_making() {
    let document = prov::document(&records::full());
    let dataset = format!("dataset:{}", records::id(0xab));
    let registrant = format!("account:{}", "11".repeat(32));

    let associations = document["wasAssociatedWith"].as_object().unwrap().values();
    let agents_of = |kind: &str| {
        let kind = kind.to_owned();
        associations
            .clone()
            .filter(move |relation| relation["prov:activity"].as_str().unwrap().starts_with(&kind))
            .map(|relation| relation["prov:agent"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(agents_of("registration:"), [json!(registrant)]);
    assert_eq!(agents_of("making:"), [json!(null); 0]);
    assert_eq!(agents_of("handover:").len(), 2);

    let attributed = document["wasAttributedTo"].as_object().unwrap().values();
    assert!(attributed.clone().all(|relation| relation["prov:entity"] != json!(dataset)));

    let registration = &document["activity"][format!("registration:{}", records::id(0xab))];
    assert_eq!(registration["prov:startTime"], "2025-11-21T04:40:20Z");
    assert_eq!(document["entity"][&dataset]["prov:label"]["lang"], "ko");
    let prefix = document["prefix"]["registration"].as_str().unwrap();
    assert!(prefix.contains(&"9e".repeat(32)), "events are named with the chain");
}

#[test]
fn a_new_version_is_a_revision_and_other_relations_keep_their_word() {
    let document = prov::document(&records::full());
    let derivations: Vec<_> = document["wasDerivedFrom"].as_object().unwrap().values().collect();
    assert_eq!(derivations.len(), 3);
    let revisions = derivations.iter().filter(|relation| relation["prov:type"]["$"] == "prov:Revision");
    assert_eq!(revisions.count(), 2);
    assert!(derivations.iter().any(|relation| relation["wonbon:relation"] == "cleaned_from"));
}

#[test]
fn a_bare_record_claims_nothing() {
    let document = prov::document(&records::bare());
    let sections: Vec<_> = document.as_object().unwrap().keys().collect();
    assert_eq!(sections, ["entity", "prefix"]);
}

#[test]
fn the_package_prov_reads_it() {
    let mut documents = Documents::new();
    for (name, record) in records::all() {
        documents.good(&format!("{name}.json"), prov::document(&record).to_string());
    }
    let good = prov::document(&records::full());
    let mut unknown_prefix = good.clone();
    unknown_prefix["entity"]["nowhere:x"] = json!({});
    documents.broken("unknown-prefix.json", unknown_prefix.to_string());
    let mut bad_time = good.clone();
    bad_time["activity"][format!("registration:{}", records::id(0xab))]["prov:startTime"] =
        json!("yesterday");
    documents.broken("bad-time.json", bad_time.to_string());
    let mut unknown_relation = good.clone();
    unknown_relation["wasMadeUpBy"] = json!({"_:x": {}});
    documents.broken("unknown-relation.json", unknown_relation.to_string());
    let mut dangling = good;
    dangling["used"]["_:x"] = json!({"prov:activity": "making:00", "prov:entity": "dataset:00"});
    documents.broken("dangling.json", dangling.to_string());
    documents.check("PROV-JSON with `prov`", "check_prov.py", &[]);
}
