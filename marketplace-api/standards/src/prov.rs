//! W3C PROV, as PROV-JSON (W3C member submission, 24 April 2013).
//!
//! Two activities stand apart. The *making* generated the dataset and used its parents; nobody is named for it,
//! because nobody proved it. The *registration* used the dataset and generated the record on the chain; for that
//! the registrant stands. Attestations and handovers follow the same pattern: what the chain saw has a time and
//! an agent, and nothing else has.

use crate::{
    iri,
    record::{date_time, Moment, Party},
    text::{filled, language, line, prose},
    DatasetRecord,
};
use serde_json::{json, Value};
use wonbon_model::{words::Term, DatasetId, Relation};
use wonbon_primitives::id::to_hex;

/// The dataset as a PROV-JSON document.
pub fn document(record: &DatasetRecord) -> Value {
    let chain = record.genesis.map_or(String::new(), |genesis| format!("{}:", to_hex(&genesis)));
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
    let sections = json!({"prefix": prefixes});
    let mut document = Document { record, dataset: dataset(&record.id), sections, relations: 0 };
    document.dataset();
    document.lineage();
    document.registration();
    document.attestations();
    document.handovers();
    document.sections
}

struct Document<'a> {
    record: &'a DatasetRecord,
    dataset: String,
    sections: Value,
    relations: usize,
}

impl Document<'_> {
    /// A node of a section: `entity`, `activity`, `agent`. Attributes of the same node add up; what is null is none.
    fn node(&mut self, section: &str, id: &str, attributes: Value) {
        let Value::Object(attributes) = attributes else { return };
        for (name, value) in attributes.into_iter().filter(|(_, value)| !value.is_null()) {
            self.sections[section][id][name] = value;
        }
    }

    /// A relation, which needs a name of its own in the document.
    fn relate(&mut self, section: &str, attributes: Value) {
        self.relations += 1;
        self.node(section, &format!("_:r{}", self.relations), attributes);
    }

    fn agent(&mut self, party: &Party) -> String {
        let id = format!("account:{}", to_hex(&party.account.0));
        let attributes = json!({
            "prov:type": name("prov:Organization"),
            "prov:label": party.label(),
            "wonbon:account": line(&party.address),
        });
        self.node("agent", &id, attributes);
        id
    }

    /// A text in the language of the metadata document.
    fn spoken(&self, text: String) -> Option<Value> {
        let text = filled(text)?;
        Some(match self.record.about.language.as_deref().and_then(language) {
            Some(language) => json!({"$": text, "lang": language}),
            None => json!(text),
        })
    }

    fn dataset(&mut self) {
        let record = self.record;
        let id = self.dataset.clone();
        let attributes = json!({
            "prov:type": name("wonbon:Dataset"),
            "wonbon:length": typed(record.length, "xsd:nonNegativeInteger"),
            "wonbon:root": record.id.to_string(),
            "prov:label": self.spoken(line(&record.about.title)),
            "wonbon:description": self.spoken(prose(&record.about.description)),
            "wonbon:sha256": record.about.sha256,
        });
        self.node("entity", &id, attributes);
        if let Some(digest) = &record.metadata {
            let document = format!("sha256:{}", to_hex(digest));
            self.node("entity", &document, json!({"prov:type": name("wonbon:MetadataDocument")}));
            self.relate("wasInfluencedBy", json!({"prov:influencee": id, "prov:influencer": document}));
        }
    }

    fn lineage(&mut self) {
        let record = self.record;
        let id = self.dataset.clone();
        let making = format!("making:{}", record.id);
        if record.method.is_some() || !record.parents.is_empty() {
            let method = record.method.map(|method| method.word());
            self.node(
                "activity",
                &making,
                json!({"prov:type": name("wonbon:Making"), "wonbon:method": method}),
            );
            self.relate("wasGeneratedBy", json!({"prov:entity": id, "prov:activity": making}));
        }
        for parent in &record.parents {
            let source = dataset(&parent.dataset);
            let title = parent.title.as_deref().and_then(|title| filled(line(title)));
            self.node("entity", &source, json!({"prov:type": name("wonbon:Dataset"), "prov:label": title}));
            self.relate("used", json!({"prov:activity": making, "prov:entity": source}));
            self.derivation(&id, &source, parent.relation);
        }
        for version in &record.versions {
            let version = dataset(version);
            self.node("entity", &version, json!({"prov:type": name("wonbon:Dataset")}));
            self.derivation(&version, &id, Relation::NewVersionOf);
        }
    }

    fn derivation(&mut self, generated: &str, used: &str, relation: Relation) {
        let revision = (relation == Relation::NewVersionOf).then(|| name("prov:Revision"));
        let derivation = json!({
            "prov:generatedEntity": generated,
            "prov:usedEntity": used,
            "wonbon:relation": relation.word(),
            "prov:type": revision,
        });
        self.relate("wasDerivedFrom", derivation);
    }

    fn registration(&mut self) {
        let record = self.record;
        let (Some(registrant), registered) = (&record.registrant, record.registered) else { return };
        let agent = self.agent(registrant);
        let owner = record.owner.as_ref().map(|owner| self.agent(owner));
        let activity = format!("registration:{}", record.id);
        let entry = format!("entry:{}", record.id);
        self.event(&activity, "wonbon:Registration", registered, Some(&agent));
        let withdrawn = record.withdrawn.as_ref();
        let attributes = json!({
            "prov:type": name("wonbon:ChainEntry"),
            "wonbon:genesis": record.genesis.as_ref().map(to_hex),
            "wonbon:owner": owner.as_deref().map(name),
            "wonbon:withdrawn": withdrawn.map(|_| true),
            "wonbon:withdrawnAt": withdrawn.and_then(|withdrawal| time(withdrawal.at)),
            "wonbon:withdrawalReason": withdrawn.and_then(|withdrawal| withdrawal.reason.as_deref()).map(line),
        });
        self.node("entity", &entry, attributes);
        let at = registered.and_then(date_time);
        self.relate(
            "wasGeneratedBy",
            json!({"prov:entity": entry, "prov:activity": activity, "prov:time": at}),
        );
        self.relate("wasAttributedTo", json!({"prov:entity": entry, "prov:agent": agent}));
    }

    fn attestations(&mut self) {
        let record = self.record;
        for (index, attestation) in record.attestations.iter().enumerate() {
            let inspector = self.agent(&attestation.inspector);
            let activity = format!("attestation:{}-{index}", record.id);
            let document = format!("sha256:{}", to_hex(&attestation.document));
            self.node("entity", &document, json!({"prov:type": name("wonbon:AttestationDocument")}));
            self.event(&activity, "wonbon:Attestation", attestation.at, Some(&inspector));
            // Not "generated": the document may be older than its attestation, and serve several.
            self.relate("used", json!({"prov:activity": activity, "prov:entity": document}));
            let attributes = json!({
                "wonbon:about": attestation.kind.word(),
                "wonbon:revoked": attestation.revoked.map(|_| true),
                "wonbon:revokedAt": time(attestation.revoked),
            });
            self.node("activity", &activity, attributes);
        }
    }

    fn handovers(&mut self) {
        let record = self.record;
        for (index, handover) in record.handovers.iter().enumerate() {
            let (from, to) = (self.agent(&handover.from), self.agent(&handover.to));
            let activity = format!("handover:{}-{index}", record.id);
            self.event(&activity, "wonbon:Handover", handover.at, None);
            for (agent, role) in [(from, "old_owner"), (to, "new_owner")] {
                let association = json!({"prov:activity": activity, "prov:agent": agent, "prov:role": role});
                self.relate("wasAssociatedWith", association);
            }
        }
    }

    /// An activity that used the dataset and that the chain saw: it began and ended with its block.
    fn event(&mut self, id: &str, kind: &str, at: Option<Moment>, agent: Option<&str>) {
        let time = at.and_then(date_time);
        let attributes = json!({
            "prov:type": name(kind),
            "wonbon:block": at.map(|at| typed(at.block, "xsd:nonNegativeInteger")),
            "prov:startTime": time,
            "prov:endTime": time,
        });
        self.node("activity", id, attributes);
        self.relate("used", json!({"prov:activity": id, "prov:entity": self.dataset}));
        if let Some(agent) = agent {
            self.relate("wasAssociatedWith", json!({"prov:activity": id, "prov:agent": agent}));
        }
    }
}

fn dataset(id: &DatasetId) -> String {
    format!("dataset:{id}")
}

/// A qualified name as a value.
fn name(name: &str) -> Value {
    typed(name, "prov:QUALIFIED_NAME")
}

fn time(at: Option<Moment>) -> Option<Value> {
    Some(typed(date_time(at?)?, "xsd:dateTime"))
}

fn typed(text: impl ToString, datatype: &str) -> Value {
    json!({"$": text.to_string(), "type": datatype})
}
