//! What a dataset was made from, and what was made from it.

use serde::Serialize;
use utoipa::ToSchema;
use wonbon_model::{
    json::{Relation, Word},
    DatasetId, Hash, Parent, Share,
};

use super::Result;
use crate::{
    kv::{row::tail, Direction, KvStore, Row},
    read_model::row::{decode, fetch, Kind},
};

/// Most datasets in a lineage, each way.
pub const LINEAGE_NODES: usize = 256;
/// Most steps in a lineage, each way.
pub const LINEAGE_DEPTH: u32 = 16;

/// What a dataset was made from, in the registrant's order.
pub fn parents(kv: &dyn KvStore, dataset: DatasetId) -> Result<Vec<Parent>> {
    Ok(fetch(kv, &Kind::Parents.key(&[&dataset]))?.unwrap_or_default())
}

/// A step of a lineage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineageStep {
    /// The dataset that was made.
    pub child: Hash,
    /// What it was made from.
    pub parent: Hash,
    /// How the child was made from the parent.
    pub relation: Relation,
    /// The share of the child's sales, in millionths, that goes to the parent's owner.
    pub royalty: u32,
    /// Steps from the dataset asked about.
    pub depth: u32,
    /// Title of the dataset at the far end, if known here; the read model knows none.
    pub title: Option<String>,
}

/// A dataset's lineage, both ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LineageView)]
pub struct Lineage {
    /// The dataset asked about.
    pub dataset: Hash,
    /// Steps back, nearest first.
    pub ancestors: Vec<LineageStep>,
    /// Steps forward, nearest first.
    pub descendants: Vec<LineageStep>,
    /// Whether a bound cut it short.
    pub truncated: bool,
}

/// A dataset's lineage, both ways, breadth first, within [`LINEAGE_NODES`] and [`LINEAGE_DEPTH`].
pub fn lineage(kv: &dyn KvStore, dataset: DatasetId) -> Result<Lineage> {
    let step = |child: DatasetId, parent: DatasetId, relation, royalty: Share| LineageStep {
        child: child.into(),
        parent: parent.into(),
        relation: Word(relation),
        royalty: royalty.millionths(),
        depth: 0,
        title: None,
    };
    let back = |id, limit| {
        let found = parents(kv, id)?.into_iter().take(limit);
        Ok(found
            .map(|found| (found.dataset, step(id, found.dataset, found.relation, found.royalty)))
            .collect())
    };
    let forward = |id, limit| {
        let child = |(key, value): &Row| {
            let (child, (relation, royalty)) = (DatasetId(tail(key)?), decode(value)?);
            Ok((child, step(child, id, relation, royalty)))
        };
        kv.scan(&Kind::Child.key(&[&id]), None, Direction::Ascending, limit)?.iter().map(child).collect()
    };
    let (ancestors, cut_back) = walk(dataset, back)?;
    let (descendants, cut_forward) = walk(dataset, forward)?;
    Ok(Lineage { dataset: dataset.into(), ancestors, descendants, truncated: cut_back || cut_forward })
}

/// Goes from a dataset along the steps that `next` gives of each, at most so many, with where they lead.
fn walk(
    start: DatasetId,
    next: impl Fn(DatasetId, usize) -> Result<Vec<(DatasetId, LineageStep)>>,
) -> Result<(Vec<LineageStep>, bool)> {
    let mut steps = Vec::new();
    let mut seen = std::collections::HashSet::from([start]);
    let mut level = vec![start];
    for depth in 1.. {
        let mut reached = Vec::new();
        for id in level {
            let room = LINEAGE_NODES - steps.len();
            for (to, step) in next(id, room + 1)? {
                if steps.len() == LINEAGE_NODES || depth > LINEAGE_DEPTH {
                    return Ok((steps, true));
                }
                steps.push(LineageStep { depth, ..step });
                if seen.insert(to) {
                    reached.push(to);
                }
            }
        }
        if reached.is_empty() {
            break;
        }
        level = reached;
    }
    Ok((steps, false))
}
