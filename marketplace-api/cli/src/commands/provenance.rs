//! `wonbon provenance`: where a dataset comes from, and what was said and done about it.
//!
//! Promises: it reads the chain itself, at one finalized block that it names; the service is not asked.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use serde_json::{json, Value};
use wonbon_client::chain::View;
use wonbon_model::words::{size, time};
use wonbon_model::{
    text, Attestation, Dataset, DatasetId, Digest, Handover, Parent, RoyaltyShare, Share, Version,
};
use wonbon_primitives::id::to_hex;

use super::history::{block_json, source_line};
use crate::context::Context;
use crate::exit::Failure;
use crate::failures::unknown;
use crate::output::table::clean;
use crate::records::{self, word};

/// Ancestors beyond this number are not followed.
const MAX_ANCESTORS: usize = 1_000;

#[derive(Debug, Args)]
pub(crate) struct Provenance {
    /// The dataset's id
    dataset: DatasetId,
}

/// A dataset with all that the chain says about its origin.
struct Node {
    record: Dataset,
    parents: Vec<Parent>,
    royalties: Vec<RoyaltyShare>,
    attestations: Vec<Attestation>,
    versions: Vec<Version>,
    handovers: Vec<Handover>,
    seed: Option<Digest>,
    owner_name: Option<String>,
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
        let node = read(&view, &id).await?;
        open.extend(node.parents.iter().map(|parent| parent.dataset));
        nodes.insert(id, node);
    }
    let children = view.children(&args.dataset).await?;
    let handover = view.pending_handover(&args.dataset).await?;
    let datasets: Vec<Value> = nodes
        .iter()
        .map(|(id, node)| {
            let mut value = records::dataset(id, &node.record, &node.parents);
            value["owner_name"] = json!(node.owner_name);
            value["draw"] = records::draw(&node.record, node.seed.as_ref());
            value["royalties"] = node.royalties.iter().map(records::royalty_share).collect();
            value["versions"] = node.versions.iter().map(|version| json!(version.dataset)).collect();
            value["handovers"] = numbered(&node.handovers, records::handover);
            value["attestations"] = numbered(&node.attestations, records::attestation);
            value
        })
        .collect();
    let value = json!({
        "source": "chain",
        "at": block_json(&view),
        "dataset": args.dataset.to_string(),
        "ancestors_complete": complete,
        "datasets": datasets,
        "children": children.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "handover_to": handover.map(|account| account.to_string()),
    });
    context.out.result(&value, || {
        let mut lines = String::new();
        tree(&args.dataset, None, 0, &nodes, &mut BTreeSet::new(), &mut lines);
        if !complete {
            lines.push_str(&format!("… further ancestors are left out ({MAX_ANCESTORS} were read)\n"));
        }
        for royalty in nodes.get(&args.dataset).into_iter().flat_map(|node| &node.royalties) {
            lines
                .push_str(&format!("each sale pays {} to the owner of {}\n", royalty.share, royalty.dataset));
        }
        for child in &children {
            lines.push_str(&format!("used in  {child}\n"));
        }
        if let Some(account) = handover {
            lines.push_str(&format!("being handed over to {account}\n"));
        }
        format!("{lines}{}", source_line(&view))
    })
}

async fn read(view: &View, id: &DatasetId) -> Result<Node, Failure> {
    let record = view.dataset(id).await?.ok_or_else(|| unknown(format!("dataset {id}")))?;
    let owner = view.participant(&record.owner).await?;
    Ok(Node {
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

/// Each with its number.
fn numbered<T>(all: &[T], value: impl Fn(u32, &T) -> Value) -> Value {
    (0u32..).zip(all).map(|(index, one)| value(index, one)).collect()
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
        word(&record.method),
        size::bytes(record.length),
        time::moment(&record.registered),
        record.registrant,
    ));
    let name = node.owner_name.as_deref().map_or("an account without a company".into(), clean);
    out.push_str(&format!("{indent}  held by {name} ({})\n", record.owner));
    out.push_str(&format!("{indent}  {}\n", records::draw_text(record, node.seed.as_ref())));
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
            records::attestation_word(attestation.kind),
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
        let relation = format!("{}{royalty}", word(&parent.relation));
        tree(&parent.dataset, Some(relation), depth + 1, nodes, shown, out);
    }
}
