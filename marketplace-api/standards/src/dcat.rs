//! DCAT-AP 3.0.1, the European profile of W3C DCAT 3, as JSON-LD and as Turtle.
//!
//! The profile's shapes want every agent, document and concept described with its class, and each is. A
//! distribution must say where to get the data: without a service's address there is none.

use crate::{
    graph::{self, Object, Resource},
    iri::Iri,
    record::{date_time, Offer, Parent, Party},
    text::{filled, language, line, media_type, prose},
    DatasetRecord,
};
use serde_json::Value;
use wonbon_model::{metadata::TextReference, words::Term, DatasetId, Relation};
use wonbon_primitives::id::to_hex;

/// Controlled vocabularies of the Publications Office of the European Union, which the profile names.
const AUTHORITY: &str = "http://publications.europa.eu/resource/authority/";

/// The dataset as JSON-LD.
pub fn json_ld(record: &DatasetRecord) -> Value {
    graph::json_ld(&dataset(record))
}

/// The dataset as Turtle.
pub fn turtle(record: &DatasetRecord) -> String {
    graph::turtle(&dataset(record))
}

fn dataset(record: &DatasetRecord) -> Resource {
    let about = &record.about;
    let language = about.language.as_deref().and_then(language);
    let spoken = |text: String| Object::Text(text, language.clone());
    let title = filled(line(&about.title)).map_or_else(|| english(unnamed(&record.id)), spoken);
    let description = filled(prose(&about.description)).map_or_else(|| english(plainly(record)), spoken);
    let restricted = Resource::new(Iri::term(AUTHORITY, "access-right/RESTRICTED"), &["dct:RightsStatement"]);
    let issued = record.registered.and_then(date_time).map(|time| Object::Typed(time, "xsd:dateTime"));
    let attribution = record.registrant.as_ref().map(|registrant| {
        Resource::blank(&["prov:Attribution"])
            .with("prov:agent", agent(record, registrant))
            .with("dcat:hadRole", role("wonbon:firstRegistrant", "first registered it"))
    });
    let page = record.metadata.as_ref().map(|digest| {
        Resource::new(Iri::sha256(digest), &["foaf:Document"])
            .with("dct:title", english("Metadata document".into()))
            .maybe("rdfs:seeAlso", record.site.as_ref().map(|site| site.metadata(digest)))
    });

    let mut dataset = Resource::new(Iri::dataset(&record.id), &["dcat:Dataset"])
        .with("dct:identifier", plain(record.id.to_string()))
        .with("wonbon:length", Object::Typed(record.length.to_string(), "xsd:nonNegativeInteger"))
        .with("dct:title", title)
        .with("dct:description", description);
    for keyword in about.keywords.iter().filter_map(|word| filled(line(word))) {
        dataset.add("dcat:keyword", spoken(keyword));
    }
    dataset = dataset
        .maybe("dct:language", language.as_deref().and_then(linguistic_system))
        .with("dct:accessRights", restricted)
        .maybe("dct:issued", issued)
        .maybe("dct:publisher", record.owner.as_ref().map(|owner| agent(record, owner)))
        .maybe("prov:qualifiedAttribution", attribution)
        .maybe("foaf:page", page)
        .with("dct:provenance", provenance(record));
    lineage(record, &mut dataset);
    distributions(record, &mut dataset);
    dataset
}

/// What the chain knows, in a sentence or two.
fn provenance(record: &DatasetRecord) -> Resource {
    let mut text = plainly(record);
    if let Some(method) = record.method {
        text.push_str(&format!(" Method: {}.", method.word()));
    }
    if let Some(genesis) = &record.genesis {
        text.push_str(&format!(" Chain: genesis {}.", to_hex(genesis)));
    }
    if let Some(withdrawal) = &record.withdrawn {
        let when = withdrawal.at.and_then(date_time).map(|time| format!(" on {time}"));
        text.push_str(&format!(" Its owner withdrew it{}.", when.unwrap_or_default()));
    }
    Resource::blank(&["dct:ProvenanceStatement"]).with("rdfs:label", english(text))
}

fn lineage(record: &DatasetRecord, dataset: &mut Resource) {
    if let Some(method) = record.method {
        let making = Resource::new(Iri::of_dataset("making", &record.id), &["prov:Activity"])
            .with("rdfs:label", english(format!("Data was {}", method.word())));
        dataset.add("prov:wasGeneratedBy", making);
    }
    for parent in &record.parents {
        let source = related(&parent.dataset, parent.title.as_deref());
        let name = match parent.relation {
            Relation::NewVersionOf => "dcat:previousVersion",
            _ => "dct:source",
        };
        dataset.add(name, source);
        dataset.add("dcat:qualifiedRelation", relationship(parent));
    }
    for version in &record.versions {
        dataset.add("dcat:hasVersion", related(version, None));
    }
}

/// Another dataset, described as far as the shapes want it.
fn related(id: &DatasetId, title: Option<&str>) -> Resource {
    let title = title.and_then(|title| filled(line(title))).map_or_else(|| english(unnamed(id)), plain);
    Resource::new(Iri::dataset(id), &["dcat:Dataset"])
        .with("dct:title", title)
        .with("dct:description", english(format!("The dataset with the id {id}.")))
        .with("dct:identifier", plain(id.to_string()))
}

fn relationship(parent: &Parent) -> Resource {
    let (term, label) = match parent.relation {
        Relation::DerivedFrom => ("wonbon:derivedFrom", "derived from it"),
        Relation::NewVersionOf => ("wonbon:newVersionOf", "a new version of it"),
        Relation::CleanedFrom => ("wonbon:cleanedFrom", "cleaned from it"),
        Relation::PreprocessedFrom => ("wonbon:preprocessedFrom", "preprocessed from it"),
        Relation::LabelledFrom => ("wonbon:labelledFrom", "labelled from it"),
        Relation::AggregatedFrom => ("wonbon:aggregatedFrom", "aggregated from it"),
        Relation::AnonymisedFrom => ("wonbon:anonymisedFrom", "anonymised from it"),
        Relation::SynthesisedFrom => ("wonbon:synthesisedFrom", "synthesised from it"),
        Relation::SubsetOf => ("wonbon:subsetOf", "a subset of it"),
    };
    Resource::blank(&["dcat:Relationship"])
        .with("dct:relation", Iri::dataset(&parent.dataset))
        .with("dcat:hadRole", role(term, label))
        .with("wonbon:relation", plain(parent.relation.word().into()))
}

fn role(term: &'static str, label: &str) -> Resource {
    let (_, name) = term.split_once(':').expect("a term has a prefix");
    Resource::new(Iri::term(crate::iri::VOCABULARY, name), &["dcat:Role", "skos:Concept"])
        .with("skos:prefLabel", english(label.into()))
}

fn distributions(record: &DatasetRecord, dataset: &mut Resource) {
    let Some(site) = &record.site else { return };
    let page = Resource::new(site.page(&record.id), &["foaf:Document"]);
    dataset.add("dcat:landingPage", page);
    let offers: Vec<_> = match record.offers.as_slice() {
        [] => vec![None],
        offers => offers.iter().map(Some).collect(),
    };
    for offer in offers {
        dataset.add("dcat:distribution", distribution(record, site.page(&record.id), offer));
    }
    for sample in &record.samples {
        let url = site.sample(&record.id, sample.fair);
        let title = if sample.fair { "Sample drawn by the chain" } else { "Sample chosen by the seller" };
        let sample_file = Resource::blank(&["dcat:Distribution"])
            .with("dct:title", english(title.into()))
            .with("dcat:accessURL", url.clone())
            .with("dcat:downloadURL", url)
            .maybe("spdx:checksum", sample.digest.as_ref().map(|digest| checksum(to_hex(digest))));
        dataset.add("adms:sample", sample_file);
    }
}

/// The data itself: to be had on the dataset's page, for a price if there is an offer.
fn distribution(record: &DatasetRecord, page: Iri, offer: Option<&Offer>) -> Resource {
    let about = &record.about;
    let media_type = about.media_type.as_deref().and_then(media_type).map(|media_type| {
        Resource::new(Iri::media_type(&media_type), &["dct:MediaType", "dct:MediaTypeOrExtent"])
    });
    let text = |text: &Option<TextReference>, class| Some(document(record, text.as_ref()?, class));
    Resource::blank(&["dcat:Distribution"])
        .with("dcat:accessURL", page)
        .with("dcat:byteSize", Object::Typed(record.length.to_string(), "xsd:nonNegativeInteger"))
        .maybe("dct:title", about.file_name.as_deref().and_then(|name| filled(line(name))).map(plain))
        .maybe("dcat:mediaType", media_type)
        .maybe("dct:license", text(&about.licence, "dct:LicenseDocument"))
        .maybe("dct:rights", text(&about.nda, "dct:RightsStatement"))
        .maybe("spdx:checksum", about.sha256.map(|sha256| checksum(sha256.to_string())))
        .maybe("odrl:hasPolicy", offer.map(|offer| policy(record, offer)))
}

/// What may be done for which price, in ODRL 2.2.
fn policy(record: &DatasetRecord, offer: &Offer) -> Resource {
    let price = Resource::blank(&["odrl:Constraint"])
        .with("odrl:leftOperand", Object::Name("odrl:payAmount"))
        .with("odrl:operator", Object::Name("odrl:eq"))
        .with("odrl:rightOperand", Object::Typed(offer.price.to_string(), "xsd:decimal"))
        .with("odrl:unit", Iri::term(AUTHORITY, "currency/KRW"));
    let pay = Resource::blank(&["odrl:Action"])
        .with("rdf:value", Object::Name("odrl:compensate"))
        .with("odrl:refinement", price);
    let duty = Resource::blank(&["odrl:Duty"]).with("odrl:action", pay);
    let permission = Resource::blank(&["odrl:Permission"])
        .with("odrl:target", Iri::dataset(&record.id))
        .with("odrl:action", Object::Name("odrl:use"))
        .with("odrl:duty", duty);
    Resource::blank(&["odrl:Policy", "odrl:Offer"])
        .with("dct:identifier", plain(offer.id.to_string()))
        .with("odrl:permission", permission)
}

fn document(record: &DatasetRecord, document: &TextReference, class: graph::Name) -> Resource {
    Resource::new(Iri::sha256(&document.sha256.0), &[class])
        .with("dct:identifier", plain(document.sha256.to_string()))
        .maybe("dct:title", filled(line(&document.title)).map(plain))
        .maybe("rdfs:seeAlso", record.site.as_ref().map(|site| site.document(&document.sha256.0)))
}

fn checksum(sha256: String) -> Resource {
    let algorithm = Iri::term("http://spdx.org/rdf/terms#", "checksumAlgorithm_sha256");
    Resource::blank(&["spdx:Checksum"])
        .with("spdx:algorithm", Resource::new(algorithm, &["spdx:ChecksumAlgorithm"]))
        .with("spdx:checksumValue", Object::Typed(sha256, "xsd:hexBinary"))
}

fn agent(record: &DatasetRecord, party: &Party) -> Resource {
    let page = record.site.as_ref().and_then(|site| site.company(&party.address));
    Resource::new(Iri::account(&party.account), &["foaf:Agent"])
        .with("foaf:name", plain(party.label()))
        .with("dct:identifier", plain(line(&party.address)))
        .maybe("foaf:page", page.map(|page| Resource::new(page, &["foaf:Document"])))
}

/// The profile's name for a language that it has.
fn linguistic_system(tag: &str) -> Option<Resource> {
    let code = match tag.split('-').next()?.to_ascii_lowercase().as_str() {
        "ko" | "kor" => "language/KOR",
        "en" | "eng" => "language/ENG",
        "ja" | "jpn" => "language/JPN",
        "zh" | "zho" => "language/ZHO",
        "de" | "deu" => "language/DEU",
        "fr" | "fra" => "language/FRA",
        _ => return None,
    };
    Some(Resource::new(Iri::term(AUTHORITY, code), &["dct:LinguisticSystem"]))
}

fn unnamed(id: &DatasetId) -> String {
    format!("Dataset {}", id.to_string().split_at(12).0)
}

fn plainly(record: &DatasetRecord) -> String {
    let mut text = format!("{} bytes with the id {}", record.length, record.id);
    if let Some(registrant) = &record.registrant {
        text.push_str(&format!(", first registered by {}", registrant.label()));
    }
    if let Some(registered) = record.registered {
        let time = date_time(registered).map(|time| format!(" on {time}")).unwrap_or_default();
        text.push_str(&format!(" in block {}{time}", registered.block));
    }
    text.push('.');
    text
}

fn plain(text: String) -> Object {
    Object::Text(text, None)
}

fn english(text: String) -> Object {
    Object::Text(text, Some("en".into()))
}
