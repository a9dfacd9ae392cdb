//! The submodel AI Dataset (IDTA 02058-1-0-1) in an Asset Administration Shell (IEC 63278, metamodel 3.0).
//!
//! The environment holds one shell, whose asset is the dataset, and two submodels: AI Dataset, and Contact
//! Information (IDTA 02002-1-0) of the owner, which AI Dataset must refer to. [`environment`] gives it as AAS JSON,
//! [`package`] as AASX. Element names and semantic ids are the template's. What the template has no element for
//! stands in `MetaData/AdditionalInformation`, which it keeps for that.

mod element;
mod package;

pub use package::{package, PackageError};

use crate::{
    iri::Iri,
    record::{date_time, Attestation, Parent, Party},
    text::{language, line, prose},
    DatasetRecord,
};
use element::{collection, external, model, multilingual, property, reference_element};
use serde_json::{json, Value};
use wonbon_model::{metadata::Column, words::Term, Method};
use wonbon_primitives::id::to_hex;

/// Semantic id of the submodel.
pub const AI_DATASET: &str = "https://admin-shell.io/idta/SubmodelTemplate/AIDataset/1/0";
/// Base of the semantic ids of its elements.
const BASE: &str = "https://admin-shell.io/idta/AIDataset/";
/// Semantic id of the submodel Contact Information.
const CONTACTS: &str = "https://admin-shell.io/zvei/nameplate/1/0/ContactInformations";

/// The dataset as an AAS environment, in AAS JSON.
pub fn environment(record: &DatasetRecord) -> Value {
    let shell = Iri::of_dataset("aas:shell", &record.id);
    let submodels = [ai_dataset(record), contacts(record)];
    let references: Vec<_> = submodels.iter().map(|submodel| model(&[("Submodel", id(submodel))])).collect();
    let chain = record.genesis.as_ref().map(|genesis| json!({"name": "chain", "value": to_hex(genesis)}));
    let root = json!({"name": "root", "value": record.id.to_string()});
    let information = json!({
        "assetKind": "Instance",
        "globalAssetId": Iri::dataset(&record.id).as_str(),
        "specificAssetIds": Vec::from_iter([root].into_iter().chain(chain)),
    });
    json!({
        "assetAdministrationShells": [{
            "modelType": "AssetAdministrationShell",
            "id": shell.as_str(),
            "idShort": format!("Dataset_{}", record.id.to_string().split_at(12).0),
            "assetInformation": information,
            "submodels": references,
        }],
        "submodels": submodels,
    })
}

fn id(submodel: &Value) -> &str {
    submodel["id"].as_str().unwrap_or_default()
}

fn ai_dataset(record: &DatasetRecord) -> Value {
    let about = &record.about;
    let contact = Iri::of_dataset("aas:contact", &record.id);
    // The template's own semantic id ends with a space, which no identifier of that catalogue does: the
    // identifier stands first and the template's text beside it.
    let mut uri =
        property("URIOfTheProduct", "0112/2///61987#ABN590#002", Some(Iri::dataset(&record.id).to_string()));
    uri["supplementalSemanticIds"] = json!([external("0112/2///61987#ABN590#002 ")]);
    let storage = match &record.site {
        Some(site) => site.page(&record.id),
        None => Iri::dataset(&record.id),
    };
    let mut elements = vec![
        uri,
        property("Version", "0173-1#02-AAS354#002", Some("1.0".into())),
        reference_element(
            "ContactInformation",
            &term("ContactInformation/1/0"),
            &[("Submodel", contact.as_str()), ("SubmodelElementCollection", "ContactInformation")],
        ),
        property("Storage", &term("Storage/1/0"), Some(storage.to_string())),
        collection(
            "SizeInformation",
            &term("SizeInformation/1/0"),
            // The double slash is the template's.
            vec![property(
                "CompleteSize",
                &term("/SizeInformation/CompleteSize/1/0"),
                about.profile.as_ref().and_then(|profile| profile.rows).map(|rows| rows.to_string()),
            )],
        ),
        metadata(record),
    ];
    elements.extend(metrics(record.columns()));
    if record.method == Some(Method::Synthesised) {
        let synthetic = [("en", "synthetic".to_owned()), ("ko", "합성 데이터".to_owned())];
        elements.push(collection(
            "BoundaryConditions",
            &term("BoundaryConditions/1/0"),
            vec![multilingual("SyntheticData", &term("BoundaryConditions/SyntheticData/1/0"), &synthetic)],
        ));
    }
    json!({
        "modelType": "Submodel",
        "kind": "Instance",
        "id": Iri::of_dataset("aas:ai-dataset", &record.id).as_str(),
        "idShort": "AIDataset",
        "semanticId": external(AI_DATASET),
        "administration": {"version": "1", "revision": "0", "templateId": AI_DATASET},
        "submodelElements": elements,
    })
}

fn metadata(record: &DatasetRecord) -> Value {
    let about = &record.about;
    let extension = about.file_name.as_deref().and_then(crate::text::file_name);
    let extension = extension.and_then(|name| {
        name.rsplit_once('.').map(|(_, extension)| format!(".{}", extension.to_lowercase()))
    });
    let file_type = extension.or_else(|| about.media_type.as_deref().and_then(crate::text::media_type));
    let elements = vec![
        property("FileType", &term("MetaData/FileType/1/0"), file_type),
        collection(
            "AdditionalInformation",
            &term("MetaData/AdditionalInformation/1/0"),
            additional_information(record),
        ),
    ];
    collection("MetaData", &term("MetaData/1/0"), elements)
}

/// Everything else that is known, each as one property.
fn additional_information(record: &DatasetRecord) -> Vec<Value> {
    let about = &record.about;
    let mut facts: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            facts.push((name.to_owned(), value));
        }
    };
    add("Root", Some(record.id.to_string()));
    add("LengthInBytes", Some(record.length.to_string()));
    add("Title", Some(line(&about.title)));
    add("Description", Some(prose(&about.description)));
    let keywords: Vec<_> = about.keywords.iter().map(|word| line(word)).collect();
    add("Keywords", Some(keywords.join(", ")));
    add("Language", about.language.as_deref().and_then(language));
    add("MediaType", about.media_type.as_deref().and_then(crate::text::media_type));
    add("FileName", about.file_name.as_deref().map(line));
    add("Sha256", about.sha256.map(|sha256| sha256.to_string()));
    add("MetadataSha256", record.metadata.as_ref().map(to_hex));
    add("Method", record.method.map(|method| method.word().to_owned()));
    add("FirstRegisteredBy", record.registrant.as_ref().map(|party| party.label()));
    add("FirstRegisteredByAccount", record.registrant.as_ref().map(|party| line(&party.address)));
    add("RegisteredAt", record.registered.and_then(date_time));
    add("RegisteredInBlock", record.registered.map(|at| at.block.to_string()));
    add("ChainGenesis", record.genesis.as_ref().map(to_hex));
    add("Owner", record.owner.as_ref().map(|party| party.label()));
    add("OwnerAccount", record.owner.as_ref().map(|party| line(&party.address)));
    for (name, document) in [("Licence", &about.licence), ("Nda", &about.nda)] {
        if let Some(document) = document {
            add(name, Some(line(&document.title)));
            add(&format!("{name}Sha256"), Some(document.sha256.to_string()));
        }
    }
    let attestation = |attestation: &Attestation| {
        format!(
            "{} by {}, document {}{}",
            attestation.kind.word(),
            attestation.inspector.label(),
            to_hex(&attestation.document),
            if attestation.revoked.is_some() { ", revoked" } else { "" }
        )
    };
    let parent = |parent: &Parent| format!("{} {}", parent.relation.word(), parent.dataset);
    let mut list = |name: &str, texts: &mut dyn Iterator<Item = String>| {
        for (number, text) in (1..).zip(texts) {
            add(&format!("{name}_{number}"), Some(text));
        }
    };
    list("Parent", &mut record.parents.iter().map(parent));
    list("NewVersion", &mut record.versions.iter().map(ToString::to_string));
    list("Attestation", &mut record.attestations.iter().map(attestation));
    list("Offer", &mut record.offers.iter().map(|offer| format!("{} KRW", offer.price)));
    if record.withdrawn.is_some() {
        add("Withdrawn", Some("true".into()));
    }
    for (number, column) in (1..).zip(record.columns()) {
        add(&format!("Column_{number}"), Some(describe(column)));
    }
    let semantic = term("MetaData/AdditionalInformation/Info/1/0");
    facts.into_iter().map(|(name, value)| property(&name, &semantic, Some(value))).collect()
}

/// `name: kind, from min to max, n missing`.
fn describe(column: &Column) -> String {
    let mut text = format!("{}: {}", line(&column.name), column.kind.word());
    if let (Some(min), Some(max)) = (&column.min, &column.max) {
        text.push_str(&format!(", from {} to {}", line(&min.to_string()), line(&max.to_string())));
    }
    if let Some(missing) = column.missing {
        text.push_str(&format!(", {missing} missing"));
    }
    text
}

/// The template has room for one metric: how many values are missing.
fn metrics(columns: &[Column]) -> Option<Value> {
    let missing: Option<u64> =
        columns.iter().map(|column| column.missing).try_fold(0u64, |sum, missing| sum.checked_add(missing?));
    let missing = missing.filter(|_| !columns.is_empty())?;
    let metric = property("MissingValues", &term("MetaData/Metrics/Metric/1/0"), Some(missing.to_string()));
    Some(collection("Metrics", &term("Metrics/1/0"), vec![metric]))
}

/// Contact Information of whoever holds the dataset.
fn contacts(record: &DatasetRecord) -> Value {
    let owner = record.owner.as_ref().or(record.registrant.as_ref());
    let names = match owner.map(Party::label) {
        Some(name) if name.chars().any(|c| ('\u{ac00}'..='\u{d7a3}').contains(&c)) => vec![("ko", name)],
        Some(name) => vec![("en", name)],
        None => vec![("en", "unknown".to_owned()), ("ko", "알 수 없음".to_owned())],
    };
    let page = owner.and_then(|owner| record.site.as_ref()?.company(&owner.address));
    let link =
        page.map(|page| property("AddressOfAdditionalLink", "0173-1#02-AAQ326#002", Some(page.to_string())));
    let company = multilingual("Company", "0173-1#02-AAW001#001", &names);
    let elements = [company].into_iter().chain(link).collect();
    let contact = collection("ContactInformation", &format!("{CONTACTS}/ContactInformation"), elements);
    json!({
        "modelType": "Submodel",
        "kind": "Instance",
        "id": Iri::of_dataset("aas:contact", &record.id).as_str(),
        "idShort": "ContactInformations",
        "semanticId": external(CONTACTS),
        "submodelElements": [contact],
    })
}

fn term(path: &str) -> String {
    format!("{BASE}{path}")
}
