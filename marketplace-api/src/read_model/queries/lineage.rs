//! What a dataset was made from, and what was made from it.

use super::Result;
use crate::{
    kv::{row::tail, Direction, KvStore},
    model::{Hash, Parent},
    read_model::row::{decode, Kind},
};

/// Most datasets in a lineage, each way.
pub const LINEAGE_NODES: usize = 256;
/// Most steps in a lineage, each way.
pub const LINEAGE_DEPTH: u32 = 16;

/// A dataset's parents, by index.
pub fn parents(kv: &dyn KvStore, dataset: Hash, limit: usize) -> Result<Vec<Parent>> {
    let rows = kv.scan(&Kind::Parent.key(&[&dataset]), None, Direction::Ascending, limit)?;
    rows.iter().map(|(_, value)| decode(value)).collect()
}

/// A dataset that was made from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// The dataset that was made.
    pub dataset: Hash,
    /// How.
    pub relation: String,
    /// The share of its sales, in millionths, that goes to the parent's owner.
    pub royalty: u32,
}

/// A dataset's children with their relation to it, by id.
pub fn children(kv: &dyn KvStore, dataset: Hash, limit: usize) -> Result<Vec<Child>> {
    let rows = kv.scan(&Kind::Child.key(&[&dataset]), None, Direction::Ascending, limit)?;
    let child = |(key, value): &(Vec<u8>, Vec<u8>)| {
        let (relation, royalty) = decode(value)?;
        Ok(Child { dataset: Hash(tail(key)?), relation, royalty })
    };
    rows.iter().map(child).collect()
}

/// A step of a lineage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineageEdge {
    /// The dataset that was made.
    pub child: Hash,
    /// What it was made from.
    pub parent: Hash,
    /// How.
    pub relation: String,
    /// The share of the child's sales, in millionths, that goes to the parent's owner.
    pub royalty: u32,
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
pub fn lineage(kv: &dyn KvStore, dataset: Hash) -> Result<Lineage> {
    let (ancestors, cut_back) = walk(dataset, |id, limit| {
        let found = parents(kv, id, limit)?;
        let edge = |found: Parent| (found.parent, found.child, found.parent, found.relation, found.royalty);
        Ok(found.into_iter().map(edge).collect())
    })?;
    let (descendants, cut_forward) = walk(dataset, |id, limit| {
        let found = children(kv, id, limit)?;
        let edge = |found: Child| (found.dataset, found.dataset, id, found.relation, found.royalty);
        Ok(found.into_iter().map(edge).collect())
    })?;
    Ok(Lineage { ancestors, descendants, truncated: cut_back || cut_forward })
}

/// Where a step leads, its child, its parent, relation and royalty.
type Step = (Hash, Hash, Hash, String, u32);

fn walk(start: Hash, next: impl Fn(Hash, usize) -> Result<Vec<Step>>) -> Result<(Vec<LineageEdge>, bool)> {
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
