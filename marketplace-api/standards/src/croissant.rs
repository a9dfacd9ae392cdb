//! Croissant 1.0 (MLCommons): the dataset as machine-learning tools load it.
//!
//! A buyer puts the document beside the file that they bought, and a Croissant loader reads the rows by it. The file
//! object carries the file's SHA-256 where the record has it; a Croissant file object may not go without, so where
//! it is unknown the file is named by a file set, which needs none. The property `wonbon:root` carries what the
//! bytes are checked by in either case.

use crate::{
    iri::{self, Iri},
    record::{date_time, Party},
    text::{clip, file_name, filled, language, line, media_type, prose},
    DatasetRecord,
};
use serde_json::{json, Value};
use wonbon_model::{
    json::without_absent,
    metadata::{Column, ColumnType, Scalar},
    Relation,
};

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
    let title = filled(line(&about.title));
    let title = title.unwrap_or_else(|| format!("Dataset {}", record.id.to_string().split_at(12).0));
    let description = filled(prose(&about.description));
    let description =
        description.unwrap_or_else(|| format!("{} bytes with the id {}.", record.length, record.id));
    let keywords: Vec<_> = about.keywords.iter().filter_map(|word| filled(line(word))).collect();
    // Its place among its versions as far as the record knows: the second where it has an older one.
    let later = record.parents.iter().any(|parent| parent.relation == Relation::NewVersionOf);
    let creator = record.registrant.as_ref().map(|registrant| {
        let mut creator = organization(record, registrant);
        // The standard asks for a creator. What is known is who registered the dataset first, so that is said.
        creator["description"] = json!("First registered this dataset.");
        creator
    });
    let licence = about.licence.as_ref().map(|licence| {
        let name = filled(line(&licence.title)).unwrap_or_else(|| "Licence".into());
        json!({
            "@type": "sc:CreativeWork",
            "identifier": Iri::sha256(&licence.sha256.0).as_str(),
            "name": clip(&name, NAME),
            "url": record.site.as_ref().map(|site| site.document(&licence.sha256.0).to_string()),
        })
    });
    let parents: Vec<_> =
        record.parents.iter().map(|parent| Iri::dataset(&parent.dataset).to_string()).collect();
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
    without_absent(&json!({
        "@context": context(language.as_deref()),
        "@type": "sc:Dataset",
        "@id": Iri::dataset(&record.id).as_str(),
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": clip(&title, NAME),
        "description": description,
        "identifier": record.id.to_string(),
        "wonbon:root": record.id.to_string(),
        "version": if later { "2.0.0" } else { "1.0.0" },
        "isAccessibleForFree": false,
        "distribution": [file(record)],
        "keywords": some(keywords),
        "inLanguage": language,
        "url": record.site.as_ref().map(|site| site.page(&record.id).to_string()),
        "datePublished": record.registered.and_then(date_time),
        "creator": creator,
        "publisher": record.owner.as_ref().map(|owner| organization(record, owner)),
        "license": licence,
        "isBasedOn": some(parents),
        "offers": some(offers),
        "citeAs": cite(record, &title),
        "recordSet": rows(record).map(|rows| [rows]),
    }))
}

/// A list that has something in it.
fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    Some(list).filter(|list| !list.is_empty())
}

fn cite(record: &DatasetRecord, title: &str) -> String {
    let by = record.registrant.as_ref().map(|party| format!("{}. ", party.label())).unwrap_or_default();
    let when = record.registered.and_then(date_time);
    let when =
        when.and_then(|time| time.get(..10).map(|day| format!("Registered {day}. "))).unwrap_or_default();
    format!("{by}{title}. {when}{}", Iri::dataset(&record.id))
}

fn organization(record: &DatasetRecord, party: &Party) -> Value {
    let url = record.site.as_ref().and_then(|site| site.company(&party.address));
    json!({
        "@type": "sc:Organization",
        "@id": Iri::account(&party.account).as_str(),
        "name": clip(&party.label(), NAME),
        "identifier": line(&party.address),
        "url": url.as_ref().map(Iri::as_str),
    })
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
            "sha256": sha256,
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
    let columns = record.columns().iter().enumerate().filter(|(_, column)| !column.name.is_empty());
    let fields = some(columns.map(|(index, column)| field(index + 1, column, source)).collect())?;
    Some(json!({"@type": "cr:RecordSet", "@id": ROWS, "name": ROWS, "field": fields}))
}

fn field(number: usize, column: &Column, source: &str) -> Value {
    let name = filled(line(&column.name)).unwrap_or_else(|| format!("column {number}"));
    let kind = match column.kind {
        ColumnType::Integer => "sc:Integer",
        ColumnType::Number => "sc:Float",
        ColumnType::Boolean => "sc:Boolean",
        ColumnType::Timestamp => "sc:DateTime",
        ColumnType::Text | ColumnType::Empty => "sc:Text",
    };
    // JSON has no infinite numbers: they are null, which is left out.
    let bound = |bound: &Option<Scalar>| match bound {
        Some(Scalar::Text(text)) => json!(line(text)),
        other => json!(other),
    };
    json!({
        "@type": "cr:Field",
        "@id": format!("{ROWS}/{number}"),
        "name": clip(&name, NAME),
        "dataType": kind,
        "source": {source: {"@id": FILE}, "extract": {"column": column.name}},
        "minValue": bound(&column.min),
        "maxValue": bound(&column.max),
        "description": summary(column),
    })
}

/// What a reader without the other properties learns.
fn summary(column: &Column) -> Option<String> {
    let mut parts = Vec::new();
    if let (Some(min), Some(max)) = (&column.min, &column.max) {
        parts.push(format!("from {} to {}", line(&min.to_string()), line(&max.to_string())));
    }
    if let Some(missing) = column.missing {
        parts.push(format!("{missing} missing"));
    }
    if let Some(distinct) = column.distinct {
        parts.push(format!("{distinct} distinct"));
    }
    Some(some(parts)?.join("; "))
}

/// The context that Croissant 1.0 prescribes, with the language of the texts.
fn context(language: Option<&str>) -> Value {
    let mut context = json!({
        "@language": language.unwrap_or("en"),
        "@vocab": "https://schema.org/",
        "conformsTo": "dct:conformsTo",
        "cr": "http://mlcommons.org/croissant/",
        "dct": "http://purl.org/dc/terms/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "sc": "https://schema.org/",
        "wonbon": iri::VOCABULARY,
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
    });
    let own = "citeAs column equivalentProperty extract field fileObject fileProperty fileSet format \
               includes isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated \
               replace samplingRate separator source subField transform";
    for name in own.split(' ') {
        context[name] = json!(format!("cr:{name}"));
    }
    context
}
