//! Croissant 1.0 (MLCommons): the dataset as machine-learning tools load it.
//!
//! A buyer puts the document beside the file that he bought, and a Croissant loader reads the rows by it. The file
//! object carries the file's SHA-256 where the record has it; a Croissant file object may not go without, so where
//! it is unknown the file is named by a file set, which needs none. The property `wonbon:root` carries what the
//! bytes are checked by in either case.

use crate::{
    iri::{self, Iri},
    record::{Column, ColumnKind, Party},
    text::{clip, file_name, language, line, media_type, prose},
    DatasetRecord,
};
use serde_json::{json, Map, Value};
use wonbon_primitives::id::to_hex;

/// The longest name that loaders take.
const NAME: usize = 255;
/// The name of the file node in the document.
const FILE: &str = "data";
/// The name of the record set in the document.
const ROWS: &str = "rows";

/// The dataset as a Croissant document.
pub fn document(record: &DatasetRecord) -> Value {
    let about = &record.about;
    let language = about.language.as_deref().and_then(language);
    let title = about.title.as_deref().map(line).filter(|title| !title.is_empty());
    let title = title.unwrap_or_else(|| format!("Dataset {}", record.id.to_string().split_at(12).0));
    let mut document = json!({
        "@context": context(language.as_deref()),
        "@type": "sc:Dataset",
        "@id": Iri::dataset(&record.id).as_str(),
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": clip(&title, NAME),
        "description": description(record),
        "identifier": record.id.to_string(),
        "wonbon:root": record.id.to_string(),
        "version": format!("{}.0.0", position(record)),
        "isAccessibleForFree": false,
        "distribution": [file(record)],
    });
    let keywords: Vec<_> =
        about.keywords.iter().map(|word| line(word)).filter(|word| !word.is_empty()).collect();
    if !keywords.is_empty() {
        document["keywords"] = json!(keywords);
    }
    if let Some(language) = &language {
        document["inLanguage"] = json!(language);
    }
    if let Some(site) = &record.site {
        document["url"] = json!(site.page(&record.id).as_str());
    }
    if let Some(time) = record.registered.and_then(|at| at.date_time()) {
        document["datePublished"] = json!(time);
    }
    if let Some(registrant) = &record.registrant {
        let mut creator = organization(record, registrant);
        // The standard asks for a creator. What is known is who registered the dataset first, so that is said.
        creator["description"] = json!("First registered this dataset.");
        document["creator"] = creator;
    }
    if let Some(owner) = &record.owner {
        document["publisher"] = organization(record, owner);
    }
    if let Some(licence) = &about.licence {
        let name = licence.title.as_deref().map(line).filter(|title| !title.is_empty());
        let url = record.site.as_ref().map(|site| site.document(&licence.sha256));
        let mut work = json!({
            "@type": "sc:CreativeWork",
            "identifier": Iri::sha256(&licence.sha256).as_str(),
            "name": clip(&name.unwrap_or_else(|| "Licence".into()), NAME),
        });
        if let Some(url) = url {
            work["url"] = json!(url.as_str());
        }
        document["license"] = work;
    }
    if !record.parents.is_empty() {
        let parents: Vec<_> =
            record.parents.iter().map(|parent| Iri::dataset(&parent.dataset).to_string()).collect();
        document["isBasedOn"] = json!(parents);
    }
    if !record.offers.is_empty() {
        let offers: Vec<_> = record
            .offers
            .iter()
            .map(|offer| {
                json!({
                    "@type": "sc:Offer",
                    "identifier": offer.id.to_string(),
                    "price": offer.price.to_string(),
                    "priceCurrency": "KRW",
                })
            })
            .collect();
        document["offers"] = json!(offers);
    }
    document["citeAs"] = json!(cite(record, &title));
    if let Some(rows) = rows(record) {
        document["recordSet"] = json!([rows]);
    }
    document
}

fn description(record: &DatasetRecord) -> String {
    let text = record.about.description.as_deref().map(prose).filter(|text| !text.is_empty());
    text.unwrap_or_else(|| format!("{} bytes with the id {}.", record.length, record.id))
}

/// Its place among its versions as far as the record knows: the second where it has an older one.
fn position(record: &DatasetRecord) -> u32 {
    use wonbon_primitives::dataset::Relation;
    let later = record.parents.iter().any(|parent| parent.relation == Relation::NewVersionOf);
    if later {
        2
    } else {
        1
    }
}

fn cite(record: &DatasetRecord, title: &str) -> String {
    let by = record.registrant.as_ref().map(|party| format!("{}. ", party.label())).unwrap_or_default();
    let when = record.registered.and_then(|at| at.date_time());
    let when =
        when.and_then(|time| time.get(..10).map(|day| format!("Registered {day}. "))).unwrap_or_default();
    format!("{by}{title}. {when}{}", Iri::dataset(&record.id))
}

fn organization(record: &DatasetRecord, party: &Party) -> Value {
    let mut organization = json!({
        "@type": "sc:Organization",
        "@id": Iri::account(&party.account).as_str(),
        "name": clip(&party.label(), NAME),
        "identifier": line(&party.address),
    });
    if let Some(url) = record.site.as_ref().and_then(|site| site.company(&party.address)) {
        organization["url"] = json!(url.as_str());
    }
    organization
}

/// The file that the dataset is, expected beside the document.
fn file(record: &DatasetRecord) -> Value {
    let about = &record.about;
    let name = about.file_name.as_deref().and_then(file_name).unwrap_or_else(|| "data.bin".into());
    let media_type = about.media_type.as_deref().and_then(media_type);
    let media_type = media_type.unwrap_or_else(|| "application/octet-stream".into());
    match &about.sha256 {
        Some(sha256) => json!({
            "@type": "cr:FileObject",
            "@id": FILE,
            "name": name,
            "contentUrl": name,
            "contentSize": format!("{} B", record.length),
            "encodingFormat": media_type,
            "sha256": to_hex(sha256),
        }),
        None => json!({
            "@type": "cr:FileSet",
            "@id": FILE,
            "name": name,
            "includes": name,
            "encodingFormat": media_type,
        }),
    }
}

/// The rows, as far as their columns can be named: an extraction names a column, and cannot name one without a name.
fn rows(record: &DatasetRecord) -> Option<Value> {
    let source = if record.about.sha256.is_some() { "fileObject" } else { "fileSet" };
    let columns = record.about.columns.iter().enumerate().filter(|(_, column)| !column.name.is_empty());
    let fields: Vec<_> = columns.map(|(index, column)| field(index, column, source)).collect();
    (!fields.is_empty()).then(|| json!({"@type": "cr:RecordSet", "@id": ROWS, "name": ROWS, "field": fields}))
}

fn field(index: usize, column: &Column, source: &str) -> Value {
    let number = index + 1;
    let name = Some(line(&column.name)).filter(|name| !name.is_empty());
    let kind = match column.kind {
        ColumnKind::Integer => "sc:Integer",
        ColumnKind::Number => "sc:Float",
        ColumnKind::Boolean => "sc:Boolean",
        ColumnKind::Timestamp => "sc:DateTime",
        ColumnKind::Text | ColumnKind::Empty => "sc:Text",
    };
    let mut field = json!({
        "@type": "cr:Field",
        "@id": format!("{ROWS}/{number}"),
        "name": clip(&name.unwrap_or_else(|| format!("column {number}")), NAME),
        "dataType": kind,
        "source": {source: {"@id": FILE}, "extract": {"column": column.name}},
    });
    let bounds = [("minValue", &column.min), ("maxValue", &column.max)];
    for (name, bound) in bounds {
        if let Some(value) = bound.as_ref().and_then(|bound| bound.to_json()) {
            field[name] = value;
        }
    }
    if let Some(unit) = column.unit.as_deref().map(line).filter(|unit| !unit.is_empty()) {
        field["unitText"] = json!(unit);
    }
    if let Some(text) = summary(column) {
        field["description"] = json!(text);
    }
    field
}

/// What a reader without the other properties learns.
fn summary(column: &Column) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(unit) = column.unit.as_deref().map(line).filter(|unit| !unit.is_empty()) {
        parts.push(format!("in {unit}"));
    }
    if let (Some(min), Some(max)) = (&column.min, &column.max) {
        parts.push(format!("from {} to {}", min.to_text(), max.to_text()));
    }
    if let Some(missing) = column.missing {
        parts.push(format!("{missing} missing"));
    }
    if let Some(distinct) = column.distinct {
        parts.push(format!("{distinct} distinct"));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// The context that Croissant 1.0 prescribes, with the language of the texts.
fn context(language: Option<&str>) -> Value {
    let mut context = Map::new();
    let plain = [
        ("@language", language.unwrap_or("en")),
        ("@vocab", "https://schema.org/"),
        ("citeAs", "cr:citeAs"),
        ("column", "cr:column"),
        ("conformsTo", "dct:conformsTo"),
        ("cr", "http://mlcommons.org/croissant/"),
        ("dct", "http://purl.org/dc/terms/"),
        ("equivalentProperty", "cr:equivalentProperty"),
        ("extract", "cr:extract"),
        ("field", "cr:field"),
        ("fileObject", "cr:fileObject"),
        ("fileProperty", "cr:fileProperty"),
        ("fileSet", "cr:fileSet"),
        ("format", "cr:format"),
        ("includes", "cr:includes"),
        ("isLiveDataset", "cr:isLiveDataset"),
        ("jsonPath", "cr:jsonPath"),
        ("key", "cr:key"),
        ("md5", "cr:md5"),
        ("parentField", "cr:parentField"),
        ("path", "cr:path"),
        ("rai", "http://mlcommons.org/croissant/RAI/"),
        ("recordSet", "cr:recordSet"),
        ("references", "cr:references"),
        ("regex", "cr:regex"),
        ("repeated", "cr:repeated"),
        ("replace", "cr:replace"),
        ("samplingRate", "cr:samplingRate"),
        ("sc", "https://schema.org/"),
        ("separator", "cr:separator"),
        ("source", "cr:source"),
        ("subField", "cr:subField"),
        ("transform", "cr:transform"),
        ("wonbon", iri::VOCABULARY),
    ];
    for (name, value) in plain {
        context.insert(name.into(), json!(value));
    }
    context.insert("data".into(), json!({"@id": "cr:data", "@type": "@json"}));
    context.insert("dataType".into(), json!({"@id": "cr:dataType", "@type": "@vocab"}));
    context.insert("examples".into(), json!({"@id": "cr:examples", "@type": "@json"}));
    Value::Object(context)
}
