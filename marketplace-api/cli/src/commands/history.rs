//! `wonbon history` and `wonbon provenance`: what happened with a dataset, and where it comes from.
//!
//! Promises: both read the chain itself, at one finalized block that they name; the service is not asked.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use serde_json::{json, Value};
use wonbon_client::chain::View;
use wonbon_client::ledger::{text, AccountId, Attestation, Dataset, DatasetId, Parent, Trade};
use wonbon_primitives::id::to_hex;

use crate::context::Context;
use crate::exit::{Code, Failure};
use crate::failures::unknown;
use crate::output::table::{clean, short, Align, Table};
use crate::output::units;
use crate::records::{self, outcome_word, word};

/// Ancestors beyond this number are not followed.
const MAX_ANCESTORS: usize = 1_000;

/// Whose trades.
#[derive(Debug, Args)]
pub struct History {
    /// The dataset's id
    #[arg(required_unless_present = "company")]
    dataset: Option<DatasetId>,
    /// The trades of a company in place of a dataset's
    #[arg(long, value_name = "ACCOUNT", conflicts_with = "dataset")]
    company: Option<AccountId>,
}

/// Runs `history`.
pub async fn history(context: &Context, args: History) -> Result<(), Failure> {
    let view = context.chain().await?.finalized().await?;
    let mut trades: Vec<(DatasetId, u32, Trade)> = Vec::new();
    match (args.dataset, args.company) {
        (Some(dataset), _) => {
            view.dataset(&dataset).await?.ok_or_else(|| unknown(format!("dataset {dataset}")))?;
            for (index, trade) in (0u32..).zip(view.trades(&dataset).await?) {
                trades.push((dataset, index, trade));
            }
        }
        (None, Some(company)) => {
            for (dataset, index) in view.company_trades(&company).await? {
                let trade = view.trade(&dataset, index).await?;
                trades.push((
                    dataset,
                    index,
                    trade.ok_or_else(|| unknown(format!("trade {index} of {dataset}")))?,
                ));
            }
        }
        (None, None) => return Err(Failure::new(Code::Usage, "name a dataset, or a company with --company")),
    }
    let value = json!({
        "source": "chain",
        "at": at(&view),
        "trades": trades.iter().map(|(dataset, index, trade)| records::trade(dataset, *index, trade)).collect::<Vec<_>>(),
    });
    context.out.result(&value, || {
        let mut table = Table::new(&[
            ("#", Align::Right),
            ("ORDER", Align::Right),
            ("OUTCOME", Align::Left),
            ("PRICE", Align::Right),
            ("PLACED", Align::Right),
            ("FINAL", Align::Right),
            ("SELLER", Align::Left),
            ("BUYER", Align::Left),
            ("DATASET", Align::Left),
        ]);
        for (dataset, index, trade) in &trades {
            table.row([
                index.to_string(),
                trade.order.to_string(),
                outcome_word(trade.outcome).into(),
                units::krw(trade.price),
                trade.placed_at.to_string(),
                trade.final_at.to_string(),
                short(&trade.seller.to_string()),
                short(&trade.buyer.to_string()),
                short(&dataset.to_string()),
            ]);
        }
        let body = if table.is_empty() { "No trade is final yet.\n".to_owned() } else { table.to_string() };
        format!("{body}{}", source(&view))
    })
}

/// Of which dataset.
#[derive(Debug, Args)]
pub struct Provenance {
    /// The dataset's id
    dataset: DatasetId,
}

/// A dataset with all that the chain says about its origin.
struct Node {
    record: Dataset,
    parents: Vec<Parent>,
    attestations: Vec<Attestation>,
    owner_name: Option<String>,
}

/// Runs `provenance`.
pub async fn provenance(context: &Context, args: Provenance) -> Result<(), Failure> {
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
    let handover = view.handover(&args.dataset).await?;
    let datasets: Vec<Value> = nodes
        .iter()
        .map(|(id, node)| {
            let mut value = records::dataset(id, &node.record, &node.parents);
            value["owner_name"] = json!(node.owner_name);
            value["attestations"] = attestations(node).collect();
            value
        })
        .collect();
    let value = json!({
        "source": "chain",
        "at": at(&view),
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
        for child in &children {
            lines.push_str(&format!("used in  {child}\n"));
        }
        if let Some(account) = handover {
            lines.push_str(&format!("being handed over to {account}\n"));
        }
        format!("{lines}{}", source(&view))
    })
}

async fn read(view: &View, id: &DatasetId) -> Result<Node, Failure> {
    let record = view.dataset(id).await?.ok_or_else(|| unknown(format!("dataset {id}")))?;
    let owner = view.participant(&record.owner).await?;
    Ok(Node {
        parents: view.parents(id).await?,
        attestations: view.attestations(id).await?,
        owner_name: owner.map(|owner| text(&owner.profile.name)),
        record,
    })
}

fn attestations(node: &Node) -> impl Iterator<Item = Value> + '_ {
    (0u32..).zip(&node.attestations).map(|(index, record)| records::attestation(index, record))
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
        "{indent}  {}, {}, first registered here in block {} by {}\n",
        word(&record.method),
        units::bytes(record.length),
        record.registered_at,
        record.registrant,
    ));
    let name = node.owner_name.as_deref().map_or("an account without a company".into(), clean);
    out.push_str(&format!("{indent}  held by {name} ({})\n", record.owner));
    for (index, attestation) in node.attestations.iter().enumerate() {
        let revoked = attestation
            .revoked
            .as_ref()
            .map(|revocation| {
                format!(" REVOKED in block {}: {}", revocation.at, clean(&text(&revocation.reason)))
            })
            .unwrap_or_default();
        out.push_str(&format!(
            "{indent}  attestation {index}: {} by {} in block {}, document {}{revoked}\n",
            records::attestation_word(attestation.kind),
            attestation.inspector,
            attestation.at,
            to_hex(&attestation.document),
        ));
    }
    if let Some(withdrawal) = &record.withdrawn {
        out.push_str(&format!(
            "{indent}  WITHDRAWN in block {}: {}\n",
            withdrawal.at,
            clean(&text(&withdrawal.reason))
        ));
    }
    for parent in &node.parents {
        tree(&parent.dataset, Some(word(&parent.relation)), depth + 1, nodes, shown, out);
    }
}

fn at(view: &View) -> Value {
    json!({ "block": view.block().height, "block_hash": to_hex(&view.block().hash) })
}

fn source(view: &View) -> String {
    format!(
        "Read from the chain itself, not from the service, as of finalized block {} ({}).\nOpen orders are not part of it.",
        view.block().height,
        short(&to_hex(&view.block().hash))
    )
}
