//! The AAS environment and package: checked against the official template, and by the AAS test engines.

use crate::{records, shared, validators::Documents};
use serde_json::{json, Value};
use std::{collections::BTreeMap, io::Read as _};
use wonbon_standards::aas;

fn submodel(environment: &Value) -> &Value {
    environment["submodels"]
        .as_array()
        .unwrap()
        .iter()
        .find(|submodel| submodel["semanticId"]["keys"][0]["value"] == aas::AI_DATASET)
        .unwrap()
}

#[test]
fn the_shell_is_of_the_dataset() {
    let environment = aas::environment(&records::full());
    let shell = &environment["assetAdministrationShells"][0];
    let asset = &shell["assetInformation"];
    assert_eq!(asset["globalAssetId"], format!("urn:wonbon:dataset:{}", records::id(0xab)));
    assert_eq!(shell["submodels"].as_array().unwrap().len(), 2);
    let text = environment.to_string();
    assert!(text.contains("spindle \\\"load\\\", %: number, from 41.5 to 43.25, 0 missing"));
    assert!(text.contains("한빛정밀 주식회사"));
}

#[test]
fn no_text_is_longer_than_the_metamodel_allows() {
    fn walk(value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(walk),
            Value::Object(members) => {
                if let (Some(_), Some(text)) = (members.get("language"), members.get("text")) {
                    assert!((1..=1023).contains(&text.as_str().unwrap().chars().count()));
                }
                members.values().for_each(walk);
            }
            _ => {}
        }
    }
    walk(&aas::environment(&records::hostile()));
}

#[test]
fn the_package_holds_the_environment() {
    let record = records::full();
    let package = aas::package(&record).unwrap();
    assert_eq!(package, aas::package(&record).unwrap(), "the same record gives the same bytes");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(package)).unwrap();
    let mut text = String::new();
    zip.by_name("aasx/data.json").unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), aas::environment(&record));
    assert_eq!(zip.by_index(0).unwrap().name().unwrap(), "[Content_Types].xml");
}

/// What the template says of one element.
struct Slot<'a> {
    model: &'a str,
    value_type: Option<&'a str>,
    cardinality: &'a str,
    children: Vec<(&'a str, Slot<'a>)>,
}

fn semantic(element: &Value) -> &str {
    element["semanticId"]["keys"][0]["value"].as_str().unwrap_or_default().trim()
}

fn children(element: &Value) -> &[Value] {
    let list = element["submodelElements"].as_array().or_else(|| element["value"].as_array());
    match list {
        Some(list) if list.iter().all(|child| child["modelType"].is_string()) => list,
        _ => &[],
    }
}

fn slots(element: &Value) -> Vec<(&str, Slot<'_>)> {
    children(element)
        .iter()
        .map(|child| {
            let cardinality = child["qualifiers"]
                .as_array()
                .and_then(|list| list.iter().find(|qualifier| qualifier["type"] == "SMT/Cardinality"))
                .and_then(|qualifier| qualifier["value"].as_str())
                .unwrap()
                .trim();
            let slot = Slot {
                model: child["modelType"].as_str().unwrap(),
                value_type: child["valueType"].as_str(),
                cardinality,
                children: slots(child),
            };
            (semantic(child), slot)
        })
        .collect()
}

/// Why an element does not follow the template, if it does not.
fn compare(element: &Value, slots: &[(&str, Slot<'_>)], path: &str) -> Result<(), String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for child in children(element) {
        let (id, path) = (semantic(child), format!("{path}/{}", child["idShort"].as_str().unwrap()));
        let Some((_, slot)) = slots.iter().find(|(known, _)| *known == id) else {
            return Err(format!("{path}: the template has no {id} here"));
        };
        *counts.entry(id).or_default() += 1;
        if child["modelType"] != slot.model || child["valueType"].as_str() != slot.value_type {
            return Err(format!("{path}: another kind of element"));
        }
        compare(child, &slot.children, &path)?;
    }
    for (id, slot) in slots {
        let count = counts.get(id).copied().unwrap_or_default();
        let fits = match slot.cardinality {
            "One" => count == 1,
            "OneToMany" => count >= 1,
            "ZeroToOne" => count <= 1,
            "ZeroToMany" => true,
            other => return Err(format!("{path}: cardinality {other}")),
        };
        if !fits {
            return Err(format!("{path}: {count} of {id}, {} wanted", slot.cardinality));
        }
    }
    Ok(())
}

#[test]
fn the_submodel_follows_the_official_template() {
    const TEST: &str = "AI Dataset against the template IDTA 02058-1-0-1";
    let Some(path) = shared::file("aas/IDTA-02058-1-0-1_AIDataset.json", TEST) else { return };
    let template: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let slots = slots(&template["submodels"][0]);
    for (name, record) in records::all() {
        let environment = aas::environment(&record);
        assert_eq!(compare(submodel(&environment), &slots, name), Ok(()));
    }
    // The comparison can fail.
    let environment = aas::environment(&records::full());
    let good = submodel(&environment);
    let elements = good["submodelElements"].as_array().unwrap();
    for position in 0..elements.len() {
        let mut broken = good.clone();
        let removed = broken["submodelElements"].as_array_mut().unwrap().remove(position);
        let optional = removed["idShort"] == "Metrics";
        assert_eq!(compare(&broken, &slots, "").is_ok(), optional, "{}", removed["idShort"]);
        let mut broken = good.clone();
        broken["submodelElements"][position]["semanticId"]["keys"][0]["value"] = json!("urn:other");
        assert!(compare(&broken, &slots, "").is_err());
    }
}

#[test]
fn the_test_engines_accept_it() {
    let mut documents = Documents::new();
    for (name, record) in records::all() {
        documents.good(&format!("{name}.json"), aas::environment(&record).to_string());
        documents.good(&format!("{name}.aasx"), aas::package(&record).unwrap());
    }
    let good = aas::environment(&records::full());
    let mut breaks = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut broken = good.clone();
        change(&mut broken);
        documents.broken(name, broken.to_string());
    };
    breaks("no-asset.json", &|environment| {
        environment["assetAdministrationShells"][0].as_object_mut().unwrap().remove("assetInformation");
    });
    breaks("bad-id-short.json", &|environment| {
        environment["submodels"][0]["submodelElements"][0]["idShort"] = json!("1 x");
    });
    breaks("twice.json", &|environment| {
        let elements = environment["submodels"][0]["submodelElements"].as_array_mut().unwrap();
        elements.push(elements[0].clone());
    });
    breaks("control-character.json", &|environment| {
        environment["submodels"][0]["submodelElements"][0]["value"] = json!("\u{1}");
    });
    breaks("no-contact.json", &|environment| {
        let contacts = environment["submodels"].as_array_mut().unwrap().last_mut().unwrap();
        contacts["submodelElements"][0]["semanticId"]["keys"][0]["value"] = json!("urn:other");
    });
    let package = aas::package(&records::full()).unwrap();
    documents.broken("cut.aasx", &package[..package.len() - 100]);
    let lost = String::from_utf8_lossy(&package).replace("/aasx/data.json", "/aasx/lost.json");
    documents.broken("lost.aasx", lost.as_bytes());
    documents.check("AAS with `aas_test_engines`", "check_aas.py", &[]);
}
