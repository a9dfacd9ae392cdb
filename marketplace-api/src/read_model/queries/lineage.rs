//! What a dataset was made from, and what was made from it.

use wonbon_model::{DatasetId, Parent, Relation, Share};

use super::{fetch, Result};
use crate::{
    kv::{row::tail, Direction, KvStore},
    read_model::row::{decode, Kind},
};

/// Most datasets in a lineage, each way.
pub const LINEAGE_NODES: usize = 256;
/// Most steps in a lineage, each way.
pub const LINEAGE_DEPTH: u32 = 16;

/// What a dataset was made from, in the registrant's order.
pub fn parents(kv: &dyn KvStore, dataset: DatasetId) -> Result<Vec<Parent>> {
    Ok(fetch(kv, &Kind::Parents.key(&[&dataset]))?.unwrap_or_default())
}

/// A dataset that was made from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// The dataset that was made.
    pub dataset: DatasetId,
    /// How.
    pub relation: Relation,
    /// The share of its sales that goes to the parent's owner.
    pub royalty: Share,
}

/// A dataset's children with their relation to it, by id.
pub fn children(kv: &dyn KvStore, dataset: DatasetId, limit: usize) -> Result<Vec<Child>> {
    let rows = kv.scan(&Kind::Child.key(&[&dataset]), None, Direction::Ascending, limit)?;
    let child = |(key, value): &(Vec<u8>, Vec<u8>)| {
        let (relation, royalty) = decode(value)?;
        Ok(Child { dataset: DatasetId(tail(key)?), relation, royalty })
    };
    rows.iter().map(child).collect()
}

/// A step of a lineage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineageEdge {
    /// The dataset that was made.
    pub child: DatasetId,
    /// What it was made from.
    pub parent: DatasetId,
    /// How.
    pub relation: Relation,
    /// The share of the child's sales that goes to the parent's owner.
    pub royalty: Share,
    /// Steps from the dataset asked about.
    pub depth: u32,
}

/// What a dataset was made from, and what was made from it, nearest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lineage {
    /// Steps back.
    pub ancestors: Vec<LineageEdge>,
    /// Steps forward.
    pub descendants: Vec<LineageEdge>,
    /// Whether a bound cut it short.
    pub truncated: bool,
}

/// A dataset's lineage, both ways, breadth first, within [`LINEAGE_NODES`] and [`LINEAGE_DEPTH`].
pub fn lineage(kv: &dyn KvStore, dataset: DatasetId) -> Result<Lineage> {
    let (ancestors, cut_back) = walk(dataset, |id, limit| {
        let found = parents(kv, id)?;
        let edge = |found: Parent| (found.dataset, id, found.dataset, found.relation, found.royalty);
        Ok(found.into_iter().take(limit).map(edge).collect())
    })?;
    let (descendants, cut_forward) = walk(dataset, |id, limit| {
        let found = children(kv, id, limit)?;
        let edge = |found: Child| (found.dataset, found.dataset, id, found.relation, found.royalty);
        Ok(found.into_iter().map(edge).collect())
    })?;
    Ok(Lineage { ancestors, descendants, truncated: cut_back || cut_forward })
}

/// Where a step leads, its child, its parent, relation and royalty.
type Step = (DatasetId, DatasetId, DatasetId, Relation, Share);

fn walk(
    start: DatasetId,
    next: impl Fn(DatasetId, usize) -> Result<Vec<Step>>,
) -> Result<(Vec<LineageEdge>, bool)> {
    let mut edges = Vec::new();
    let mut seen = std::collections::HashSet::from([start]);
    let mut level = vec![start];
    for depth in 1.. {
        let mut reached = Vec::new();
        for id in level {
            let room = LINEAGE_NODES - edges.len();
            let steps = next(id, room + 1)?;
            for (to, child, parent, relation, royalty) in steps {
                if edges.len() == LINEAGE_NODES || depth > LINEAGE_DEPTH {
                    return Ok((edges, true));
                }
                edges.push(LineageEdge { child, parent, relation, royalty, depth });
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
    Ok((edges, false))
}
