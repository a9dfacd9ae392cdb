//! Croissant: checked by mlcroissant, which also reads the rows.

use crate::{
    records::{self, CSV},
    validators::Documents,
};
use serde_json::json;
use wonbon_standards::{croissant, DatasetRecord};

#[test]
fn columns_become_fields_of_the_file() {
    let document = croissant::document(&records::full());
    let fields = document["recordSet"][0]["field"].as_array().unwrap();
    assert_eq!(fields.len(), 4);
    assert_eq!(fields[1]["source"]["extract"]["column"], "spindle \"load\", %");
    assert_eq!(fields[1]["dataType"], "sc:Float");
    assert_eq!(fields[1]["minValue"], json!(41.5));
    assert_eq!(fields[2]["name"], "온도");
    assert_eq!(fields[2]["maxValue"], json!(22));
    assert_eq!(document["distribution"][0]["@type"], "cr:FileObject");
    assert_eq!(document["creator"]["description"], "First registered this dataset.");
}

#[test]
fn without_its_hash_the_file_is_a_file_set() {
    let mut record = records::full();
    record.about.sha256 = None;
    let document = croissant::document(&record);
    assert_eq!(document["distribution"][0]["@type"], "cr:FileSet");
    assert!(document.to_string().contains("wonbon:root"));
    assert!(!document.to_string().contains("\"sha256\""), "a root is no SHA-256 of the file");
}

#[test]
fn the_file_lies_beside_the_document() {
    let name = |record: &DatasetRecord| {
        croissant::document(record)["distribution"][0]["name"].as_str().unwrap().to_owned()
    };
    assert_eq!(name(&records::bare()), "data.bin");
    let hostile = name(&records::hostile());
    assert!(!hostile.contains(['/', '\\', ':', '*', '?', '[']) && !hostile.starts_with('.'), "{hostile}");
}

#[test]
fn mlcroissant_loads_it_and_reads_the_rows() {
    let mut documents = Documents::new();
    for (name, record) in records::all() {
        documents.good(&format!("{name}.json"), croissant::document(&record).to_string());
    }
    let mut without_hash = records::full();
    without_hash.about.sha256 = None;
    documents.good("set.json", croissant::document(&without_hash).to_string());
    documents.beside("밀링 1.csv", CSV);

    let good = croissant::document(&records::full());
    let mut breaks = |name: &str, change: &dyn Fn(&mut serde_json::Value)| {
        let mut broken = good.clone();
        change(&mut broken);
        documents.broken(name, broken.to_string());
    };
    breaks("lost-source.json", &|document| {
        document["recordSet"][0]["field"][0]["source"]["fileObject"]["@id"] = json!("nowhere");
    });
    breaks("no-column.json", &|document| {
        document["recordSet"][0]["field"][0]["source"]["extract"]["column"] = json!("");
    });
    breaks("bad-type.json", &|document| document["recordSet"][0]["field"][0]["dataType"] = json!("sc:Nope"));
    breaks("no-hash.json", &|document| {
        document["distribution"][0].as_object_mut().unwrap().remove("sha256");
    });
    breaks("wrong-hash.json", &|document| document["distribution"][0]["sha256"] = json!("00".repeat(32)));
    breaks("bad-version.json", &|document| {
        document["conformsTo"] = json!("http://mlcommons.org/croissant/9")
    });
    breaks("no-dataset.json", &|document| document["@type"] = json!("sc:Thing"));

    let Some(said) = documents.check("Croissant with `mlcroissant`", "check_croissant.py", &[]) else {
        return;
    };
    assert_eq!(said["full.json"]["name"], "밀링 \"진동\" 데이터");
    assert_eq!(said["full.json"]["warnings"], json!([]));
    for name in ["full.json", "set.json"] {
        let rows = &said[name]["rows"];
        assert_eq!(rows[0]["rows/2"], json!(41.5), "{name}");
        assert_eq!(rows[1]["rows/3"], json!(22), "{name}");
        assert_eq!(rows[1]["rows/4"], json!(false), "{name}");
        assert_eq!(rows.as_array().unwrap().len(), 2, "{name}");
    }
}
