//! `wonbon provenance`: where a dataset comes from, and what was said and done about it.
//!
//! Promises: it reads the chain itself, at one finalized block that it names; the service is not asked.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use serde::Serialize;
use serde_json::Value;
use wonbon_client::chain::View;
use wonbon_model::words::{size, time, Term};
use wonbon_model::{
    json, text, AccountId, Attestation, Dataset, DatasetId, Digest, EntryKey, Handover, Parent, Relation,
    RoyaltyShare, Share, Version,
};
use wonbon_primitives::id::to_hex;

use super::history::{block_json, source_line};
use crate::context::Context;
use crate::exit::Failure;
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
    pub(super) record: Dataset,
    pub(super) parents: Vec<Parent>,
    pub(super) royalties: Vec<RoyaltyShare>,
    attestations: Vec<Attestation>,
    pub(super) versions: Vec<Version>,
    handovers: Vec<Handover>,
    pub(super) seed: Option<Digest>,
    owner_name: Option<String>,
}

/// The same as programs read it, under the API's names.
#[derive(Serialize)]
pub(super) struct NodeObject {
    #[serde(flatten)]
    dataset: json::Dataset,
    owner_name: Option<String>,
    draw: json::Draw,
    parents: Vec<json::Parent>,
    royalties: Vec<json::RoyaltyShare>,
    version_of: Option<DatasetId>,
    versions: Vec<json::Version>,
    handovers: Vec<json::Handover>,
    attestations: Vec<json::Attestation>,
}

impl Node {
    pub(super) async fn read(view: &View, id: &DatasetId) -> Result<Self, Failure> {
        let record = view.dataset(id).await?.ok_or_else(|| unknown(format!("dataset {id}")))?;
        let owner = view.participant(&record.owner).await?;
        Ok(Self {
            parents: view.parents(id).await?,
            royalties: view.royalties(id).await?,
            attestations: view.attestations(id).await?,
            versions: view.versions(id).await?,
            handovers: view.handovers(id).await?,
            seed: view.seed(record.registered.block).await?,
            owner_name: owner.map(|owner| text(&owner.profile.name)),
            record,
        })
    }

    pub(super) fn object(&self, id: DatasetId) -> NodeObject {
        let older = self.parents.iter().find(|parent| parent.relation == Relation::NewVersionOf);
        NodeObject {
            dataset: json::Dataset::new(id, &self.record),
            owner_name: self.owner_name.clone(),
            draw: json::Draw::new(&self.record, self.seed),
            parents: json::Parent::of(id, &self.parents),
            royalties: self.royalties.iter().map(json::RoyaltyShare::from).collect(),
            version_of: older.map(|parent| parent.dataset),
            versions: numbered(id, &self.versions, json::Version::new),
            handovers: numbered(id, &self.handovers, json::Handover::new),
            attestations: numbered(id, &self.attestations, json::Attestation::new),
        }
    }
}

/// Each under its key.
fn numbered<R, J>(dataset: DatasetId, all: &[R], form: impl Fn(EntryKey, &R) -> J) -> Vec<J> {
    (0u32..).zip(all).map(|(index, record)| form(EntryKey { dataset, index }, record)).collect()
}

/// What the command prints for programs.
#[derive(Serialize)]
struct Origin {
    source: &'static str,
    at: Value,
    dataset: DatasetId,
    ancestors_complete: bool,
    datasets: Vec<NodeObject>,
    children: Vec<DatasetId>,
    handover_to: Option<AccountId>,
}

pub(crate) async fn provenance(context: &Context, args: Provenance) -> Result<(), Failure> {
    let view = context.chain().await?.finalized().await?;
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
        open.extend(node.parents.iter().map(|parent| parent.dataset));
        nodes.insert(id, node);
    }
    let children = view.children(&args.dataset).await?;
    let handover = view.pending_handover(&args.dataset).await?;
    let value = Origin {
        source: "chain",
        at: block_json(&view),
        dataset: args.dataset,
        ancestors_complete: complete,
        datasets: nodes.iter().map(|(id, node)| node.object(*id)).collect(),
        children: children.clone(),
        handover_to: handover,
    };
    context.out.result(&value, || {
        let mut printed = String::new();
        tree(&args.dataset, None, 0, &nodes, &mut BTreeSet::new(), &mut printed);
        if !complete {
            printed.push_str(&format!("… further ancestors are left out ({MAX_ANCESTORS} were read)\n"));
        }
        for royalty in nodes.get(&args.dataset).into_iter().flat_map(|node| &node.royalties) {
            printed
                .push_str(&format!("each sale pays {} to the owner of {}\n", royalty.share, royalty.dataset));
        }
        for child in &children {
            printed.push_str(&format!("used in  {child}\n"));
        }
        if let Some(account) = handover {
            printed.push_str(&format!("being handed over to {account}\n"));
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
    let record = &node.record;
    out.push_str(&format!(
        "{indent}  {}, {}, first registered here {} by {}\n",
        record.method.word(),
        size::bytes(record.length),
        time::moment(&record.registered),
        record.registrant,
    ));
    let name = node.owner_name.as_deref().map_or("an account without a company".into(), clean);
    out.push_str(&format!("{indent}  held by {name} ({})\n", record.owner));
    out.push_str(&format!("{indent}  {}\n", lines::draw(record, node.seed.as_ref())));
    for (number, version) in (1..).zip(&node.versions) {
        out.push_str(&format!("{indent}  continued by version {number}: {}\n", version.dataset));
    }
    for handover in &node.handovers {
        let when = time::moment(&handover.at);
        out.push_str(&format!("{indent}  handed over by {} to {}, {when}\n", handover.from, handover.to));
    }
    for (index, attestation) in node.attestations.iter().enumerate() {
        let revoked = attestation
            .revoked
            .as_ref()
            .map(|revocation| {
                format!(" REVOKED {}: {}", time::moment(&revocation.at), clean(&text(&revocation.reason)))
            })
            .unwrap_or_default();
        out.push_str(&format!(
            "{indent}  attestation {index}: {} by {}, {}, document {}{revoked}\n",
            attestation.kind.word(),
            attestation.inspector,
            time::moment(&attestation.at),
            to_hex(&attestation.document),
        ));
    }
    if let Some(withdrawal) = &record.withdrawn {
        out.push_str(&format!(
            "{indent}  WITHDRAWN {}: {}\n",
            time::moment(&withdrawal.at),
            clean(&text(&withdrawal.reason))
        ));
    }
    for parent in &node.parents {
        let royalty = match parent.royalty {
            Share::NONE => String::new(),
            share => format!(" (royalty {share})"),
        };
        let relation = format!("{}{royalty}", parent.relation.word());
        tree(&parent.dataset, Some(relation), depth + 1, nodes, shown, out);
    }
}
