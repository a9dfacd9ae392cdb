//! `wonbon provenance`: where a dataset comes from, and what was said and done about it.
//!
//! Promises: it reads the chain itself, at one finalized block that it names; the service is not asked.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use serde::Serialize;
use serde_json::Value;
use wonbon_client::chain::View;
use wonbon_model::words::{size, time, Term};
use wonbon_model::{json, text, AccountId, DatasetFacts, DatasetId, Digest, Keyed, Share};
use wonbon_primitives::id::to_hex;

use super::history::{block_json, source_line};
use crate::context::Context;
use crate::exit::Result;
use crate::failures::unknown;
use crate::lines;
use crate::output::table::clean;

/// Ancestors beyond this number are not followed.
const MAX_ANCESTORS: usize = 1_000;

#[derive(Debug, Args)]
pub(crate) struct Provenance {
    /// The dataset's id
    dataset: DatasetId,
}

/// A dataset with all that the chain says about its origin.
pub(super) struct Node {
    pub(super) facts: DatasetFacts,
    pub(super) seed: Option<Digest>,
    owner_name: Option<String>,
}

/// A dataset as programs read it: what the API answers, as far as the chain itself tells, and the attestations.
#[derive(Serialize)]
pub(super) struct DatasetObject {
    #[serde(flatten)]
    record: json::Dataset,
    owner_name: Option<String>,
    draw: json::Draw,
    #[serde(flatten)]
    facts: json::DatasetFacts,
    attestations: Vec<json::Attestation>,
}

impl Node {
    pub(super) async fn read(view: &View, id: &DatasetId) -> Result<Self> {
        let facts = view.dataset_facts(id).await?.ok_or_else(|| unknown(format!("dataset {id}")))?;
        let record = &facts.dataset.record;
        Ok(Self {
            seed: view.seed(record.registered.block).await?,
            owner_name: view.company_name(&record.owner).await?,
            facts,
        })
    }

    pub(super) fn object(&self) -> DatasetObject {
        let Self { facts, seed, owner_name } = self;
        let attestations = facts.attestations.iter();
        DatasetObject {
            record: facts.dataset.json(json::Dataset::new),
            owner_name: owner_name.clone(),
            draw: json::Draw::new(&facts.dataset.record, *seed),
            facts: json::DatasetFacts::new(facts),
            attestations: attestations.map(|found| found.json(json::Attestation::new)).collect(),
        }
    }
}

/// What the command prints for programs.
#[derive(Serialize)]
struct Origin {
    source: &'static str,
    at: Value,
    dataset: DatasetId,
    ancestors_complete: bool,
    datasets: Vec<DatasetObject>,
    children: Vec<DatasetId>,
    handover_to: Option<AccountId>,
    /// The royalty, in millionths, for which the owner keeps the right to derive from it.
    handover_keeps_right: Option<u32>,
}

pub(crate) async fn provenance(context: &Context, args: Provenance) -> Result<()> {
    let view = context.view().await?;
    let mut nodes: BTreeMap<DatasetId, Node> = BTreeMap::new();
    let mut open = vec![args.dataset];
    let mut complete = true;
    while let Some(id) = open.pop() {
        if nodes.contains_key(&id) {
            continue;
        }
        if nodes.len() == MAX_ANCESTORS {
            complete = false;
            break;
        }
        let node = Node::read(&view, &id).await?;
        open.extend(node.facts.parents.iter().map(|parent| parent.dataset));
        nodes.insert(id, node);
    }
    let children = view.children(&args.dataset).await?;
    let asked = nodes.get(&args.dataset).map(|node| &node.facts);
    let handover = asked.and_then(|facts| facts.handover_to);
    let kept = match handover {
        Some(_) => view.kept_right(&args.dataset).await?,
        None => None,
    };
    let value = Origin {
        source: "chain",
        at: block_json(&view),
        dataset: args.dataset,
        ancestors_complete: complete,
        datasets: nodes.values().map(Node::object).collect(),
        children: children.clone(),
        handover_to: handover,
        handover_keeps_right: kept.map(Share::millionths),
    };
    context.out.result(&value, || {
        let mut printed = String::new();
        tree(&args.dataset, None, 0, &nodes, &mut BTreeSet::new(), &mut printed);
        if !complete {
            printed.push_str(&format!("… further ancestors are left out ({MAX_ANCESTORS} were read)\n"));
        }
        for royalty in asked.into_iter().flat_map(|facts| &facts.royalties) {
            printed
                .push_str(&format!("each sale pays {} to the owner of {}\n", royalty.share, royalty.dataset));
        }
        for child in &children {
            printed.push_str(&format!("used in  {child}\n"));
        }
        if let Some(account) = handover {
            let keeps = kept.map(|royalty| {
                format!("; the owner keeps the right to derive from it for a royalty of {royalty}")
            });
            printed.push_str(&format!("being handed over to {account}{}\n", keeps.unwrap_or_default()));
        }
        format!("{printed}{}", source_line(&view))
    })
}

/// A dataset and, indented below it, what it was made from.
fn tree(
    id: &DatasetId,
    relation: Option<String>,
    depth: usize,
    nodes: &BTreeMap<DatasetId, Node>,
    shown: &mut BTreeSet<DatasetId>,
    out: &mut String,
) {
    let indent = "  ".repeat(depth);
    let relation = relation.map(|relation| format!("{relation} ")).unwrap_or_default();
    out.push_str(&format!("{indent}{relation}{id}\n"));
    let Some(node) = nodes.get(id) else { return };
    if !shown.insert(*id) {
        out.push_str(&format!("{indent}  (shown above)\n"));
        return;
    }
    let Node { facts, seed, owner_name } = node;
    let record = &facts.dataset.record;
    let mut line = |text: String| *out += &format!("{indent}  {text}\n");
    let (length, when) = (size::bytes(record.length), time::moment(&record.registered));
    let method = record.method.word();
    line(format!("{method}, {length}, first registered here {when} by {}", record.registrant));
    let name = owner_name.as_deref().map_or("an account without a company".into(), clean);
    line(format!("held by {name} ({})", record.owner));
    line(lines::draw(record, seed.as_ref()));
    for (number, version) in (1..).zip(&facts.versions) {
        line(format!("continued by version {number}: {}", version.record.dataset));
    }
    for Keyed { record: handover, .. } in &facts.handovers {
        let when = time::moment(&handover.at);
        line(format!("handed over by {} to {}, {when}", handover.from, handover.to));
    }
    for Keyed { key, record: attestation } in &facts.attestations {
        let revoked = attestation.revoked.as_ref().map(|revocation| {
            format!(" REVOKED {}: {}", time::moment(&revocation.at), clean(&text(&revocation.reason)))
        });
        line(format!(
            "attestation {}: {} by {}, {}, document {}{}",
            key.index,
            attestation.kind.word(),
            attestation.inspector,
            time::moment(&attestation.at),
            to_hex(&attestation.document),
            revoked.unwrap_or_default(),
        ));
    }
    if let Some(withdrawal) = &record.withdrawn {
        let reason = clean(&text(&withdrawal.reason));
        line(format!("WITHDRAWN {}: {reason}", time::moment(&withdrawal.at)));
    }
    for parent in &facts.parents {
        let royalty = match parent.royalty {
            Share::NONE => String::new(),
            share => format!(" (royalty {share})"),
        };
        let relation = format!("{}{royalty}", parent.relation.word());
        tree(&parent.dataset, Some(relation), depth + 1, nodes, shown, out);
    }
}
