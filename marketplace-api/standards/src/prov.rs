//! W3C PROV, as PROV-JSON (W3C member submission, 24 April 2013).
//!
//! Two activities stand apart. The *making* generated the dataset and used its parents; nobody is named for it,
//! because nobody proved it. The *registration* used the dataset and generated the record on the chain; for that
//! the registrant stands. Attestations and handovers follow the same pattern: what the chain saw has a time and
//! an agent, and nothing else has.

use crate::{
    iri,
    moment::Moment,
    record::{attestation_word, method_word, relation_word, Party},
    text::{language, line, prose},
    DatasetRecord,
};
use serde_json::{json, Map, Value};
use wonbon_primitives::{dataset::Relation, id::to_hex};

/// The dataset as a PROV-JSON document.
pub fn document(record: &DatasetRecord) -> Value {
    let mut document = Document::new(record);
    document.dataset();
    document.lineage();
    document.registration();
    document.attestations();
    document.handovers();
    document.finish()
}

struct Document<'a> {
    record: &'a DatasetRecord,
    language: Option<String>,
    sections: Map<String, Value>,
    relations: usize,
}

impl<'a> Document<'a> {
    fn new(record: &'a DatasetRecord) -> Self {
        let language = record.about.language.as_deref().and_then(language);
        Self { record, language, sections: Map::new(), relations: 0 }
    }

    fn finish(mut self) -> Value {
        let chain = self.record.genesis.map_or(String::new(), |genesis| format!("{}:", to_hex(&genesis)));
        let prefixes = json!({
            "wonbon": iri::VOCABULARY,
            "dataset": iri::DATASET,
            "account": iri::ACCOUNT,
            "sha256": iri::SHA256,
            "making": "urn:wonbon:making:",
            "registration": format!("urn:wonbon:registration:{chain}"),
            "entry": format!("urn:wonbon:entry:{chain}"),
            "attestation": format!("urn:wonbon:attestation:{chain}"),
            "handover": format!("urn:wonbon:handover:{chain}"),
        });
        self.sections.insert("prefix".into(), prefixes);
        Value::Object(self.sections)
    }

    /// A node of a section: `entity`, `activity`, `agent`. Attributes of the same node add up.
    fn node(&mut self, section: &str, id: &str, attributes: Vec<(&str, Value)>) {
        let nodes = self.sections.entry(section).or_insert_with(|| json!({}));
        let node = &mut nodes[id];
        if node.is_null() {
            *node = json!({});
        }
        for (name, value) in attributes {
            node[name] = value;
        }
    }

    /// A relation, which needs a name of its own in the document.
    fn relate(&mut self, section: &str, attributes: Value) {
        self.relations += 1;
        let id = format!("_:r{}", self.relations);
        let relations = self.sections.entry(section).or_insert_with(|| json!({}));
        relations[id] = attributes;
    }

    fn agent(&mut self, party: &Party) -> String {
        let id = format!("account:{}", to_hex(&party.account));
        let attributes = vec![
            ("prov:type", name("prov:Organization")),
            ("prov:label", json!(party.label())),
            ("wonbon:account", json!(line(&party.address))),
        ];
        self.node("agent", &id, attributes);
        id
    }

    /// A text in the language of the metadata document.
    fn spoken(&self, text: String) -> Value {
        match &self.language {
            Some(language) => json!({"$": text, "lang": language}),
            None => json!(text),
        }
    }

    fn dataset(&mut self) {
        let record = self.record;
        let mut attributes = vec![
            ("prov:type", name("wonbon:Dataset")),
            ("wonbon:length", typed(record.length.to_string(), "xsd:nonNegativeInteger")),
            ("wonbon:root", json!(record.id.to_string())),
        ];
        if let Some(title) = record.about.title.as_deref().map(line).filter(|title| !title.is_empty()) {
            attributes.push(("prov:label", self.spoken(title)));
        }
        if let Some(text) = record.about.description.as_deref().map(prose).filter(|text| !text.is_empty()) {
            attributes.push(("wonbon:description", self.spoken(text)));
        }
        if let Some(sha256) = &record.about.sha256 {
            attributes.push(("wonbon:sha256", json!(to_hex(sha256))));
        }
        let id = dataset(&record.id);
        self.node("entity", &id, attributes);
        if let Some(digest) = &record.metadata {
            let document = format!("sha256:{}", to_hex(digest));
            self.node("entity", &document, vec![("prov:type", name("wonbon:MetadataDocument"))]);
            self.relate("wasInfluencedBy", json!({"prov:influencee": id, "prov:influencer": document}));
        }
    }

    fn lineage(&mut self) {
        let record = self.record;
        let id = dataset(&record.id);
        let making = format!("making:{}", record.id);
        if record.method.is_some() || !record.parents.is_empty() {
            let mut attributes = vec![("prov:type", name("wonbon:Making"))];
            if let Some(method) = record.method {
                attributes.push(("wonbon:method", json!(method_word(method))));
            }
            self.node("activity", &making, attributes);
            self.relate("wasGeneratedBy", json!({"prov:entity": id, "prov:activity": making}));
        }
        for parent in &record.parents {
            let source = dataset(&parent.dataset);
            let mut attributes = vec![("prov:type", name("wonbon:Dataset"))];
            if let Some(title) = parent.title.as_deref().map(line).filter(|title| !title.is_empty()) {
                attributes.push(("prov:label", json!(title)));
            }
            self.node("entity", &source, attributes);
            self.relate("used", json!({"prov:activity": making, "prov:entity": source}));
            self.derivation(&id, &source, parent.relation);
        }
        for version in &record.versions {
            let version = dataset(version);
            self.node("entity", &version, vec![("prov:type", name("wonbon:Dataset"))]);
            self.derivation(&version, &id, Relation::NewVersionOf);
        }
    }

    fn derivation(&mut self, generated: &str, used: &str, relation: Relation) {
        let mut derivation = json!({
            "prov:generatedEntity": generated,
            "prov:usedEntity": used,
            "wonbon:relation": relation_word(relation),
        });
        if relation == Relation::NewVersionOf {
            derivation["prov:type"] = name("prov:Revision");
        }
        self.relate("wasDerivedFrom", derivation);
    }

    fn registration(&mut self) {
        let record = self.record;
        let (Some(registrant), registered) = (&record.registrant, record.registered) else { return };
        let agent = self.agent(registrant);
        let activity = format!("registration:{}", record.id);
        let entry = format!("entry:{}", record.id);
        self.event(&activity, "wonbon:Registration", registered);
        self.relate("used", json!({"prov:activity": activity, "prov:entity": dataset(&record.id)}));
        self.relate("wasAssociatedWith", json!({"prov:activity": activity, "prov:agent": agent}));
        let mut attributes = vec![("prov:type", name("wonbon:ChainEntry"))];
        if let Some(genesis) = &record.genesis {
            attributes.push(("wonbon:genesis", json!(to_hex(genesis))));
        }
        if let Some(owner) = &record.owner {
            let owner = self.agent(owner);
            attributes.push(("wonbon:owner", name(&owner)));
        }
        self.node("entity", &entry, attributes);
        self.relate("wasGeneratedBy", generation(&entry, &activity, registered));
        self.relate("wasAttributedTo", json!({"prov:entity": entry, "prov:agent": agent}));
        if let Some(withdrawal) = &record.withdrawn {
            let mut attributes = vec![("wonbon:withdrawn", json!(true))];
            if let Some(time) = withdrawal.at.and_then(|at| at.date_time()) {
                attributes.push(("wonbon:withdrawnAt", typed(time, "xsd:dateTime")));
            }
            if let Some(reason) = &withdrawal.reason {
                attributes.push(("wonbon:withdrawalReason", json!(line(reason))));
            }
            self.node("entity", &entry, attributes);
        }
    }

    fn attestations(&mut self) {
        let record = self.record;
        for (index, attestation) in record.attestations.iter().enumerate() {
            let inspector = self.agent(&attestation.inspector);
            let activity = format!("attestation:{}-{index}", record.id);
            let document = format!("sha256:{}", to_hex(&attestation.document));
            self.event(&activity, "wonbon:Attestation", attestation.at);
            let about = json!(attestation_word(attestation.kind));
            self.node("activity", &activity, vec![("wonbon:about", about)]);
            let kind = name("wonbon:AttestationDocument");
            self.node("entity", &document, vec![("prov:type", kind)]);
            self.relate("used", json!({"prov:activity": activity, "prov:entity": dataset(&record.id)}));
            self.relate("wasAssociatedWith", json!({"prov:activity": activity, "prov:agent": inspector}));
            // Not "generated": the document may be older than its attestation, and serve several.
            self.relate("used", json!({"prov:activity": activity, "prov:entity": document}));
            if let Some(time) = attestation.revoked.and_then(|at| at.date_time()) {
                let attributes =
                    vec![("wonbon:revoked", json!(true)), ("wonbon:revokedAt", typed(time, "xsd:dateTime"))];
                self.node("activity", &activity, attributes);
            } else if attestation.revoked.is_some() {
                self.node("activity", &activity, vec![("wonbon:revoked", json!(true))]);
            }
        }
    }

    fn handovers(&mut self) {
        let record = self.record;
        for (index, handover) in record.handovers.iter().enumerate() {
            let (from, to) = (self.agent(&handover.from), self.agent(&handover.to));
            let activity = format!("handover:{}-{index}", record.id);
            self.event(&activity, "wonbon:Handover", handover.at);
            self.relate("used", json!({"prov:activity": activity, "prov:entity": dataset(&record.id)}));
            for (agent, role) in [(from, "old_owner"), (to, "new_owner")] {
                let association = json!({"prov:activity": activity, "prov:agent": agent, "prov:role": role});
                self.relate("wasAssociatedWith", association);
            }
        }
    }

    /// An activity that the chain saw: it began and ended with its block.
    fn event(&mut self, id: &str, kind: &str, at: Option<Moment>) {
        let mut attributes = vec![("prov:type", name(kind))];
        if let Some(at) = at {
            attributes.push(("wonbon:block", typed(at.block.to_string(), "xsd:nonNegativeInteger")));
            if let Some(time) = at.date_time() {
                attributes.push(("prov:startTime", json!(time)));
                attributes.push(("prov:endTime", json!(time)));
            }
        }
        self.node("activity", id, attributes);
    }
}

fn generation(entity: &str, activity: &str, at: Option<Moment>) -> Value {
    let mut generation = json!({"prov:entity": entity, "prov:activity": activity});
    if let Some(time) = at.and_then(|at| at.date_time()) {
        generation["prov:time"] = json!(time);
    }
    generation
}

fn dataset(id: &wonbon_primitives::DatasetId) -> String {
    format!("dataset:{id}")
}

/// A qualified name as a value.
fn name(name: &str) -> Value {
    typed(name.to_owned(), "prov:QUALIFIED_NAME")
}

fn typed(text: String, datatype: &str) -> Value {
    json!({"$": text, "type": datatype})
}
