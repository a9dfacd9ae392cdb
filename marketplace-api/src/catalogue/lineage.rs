//! What a dataset was made from, and what was made from it.

use serde::Serialize;
use utoipa::ToSchema;

use wonbon_model::{
    json::{Relation, Word},
    DatasetId, Hash,
};

use super::Catalogue;
use crate::{
    kv::KvError,
    read_model::queries::{self, LineageEdge},
};

/// A step of a lineage.
#[derive(Clone, Debug, Serialize, ToSchema)]
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
    /// Title of the dataset at the far end, if known here.
    pub title: Option<String>,
}

/// A dataset's lineage, both ways.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LineageView {
    /// The dataset asked about.
    pub dataset: Hash,
    /// Steps back, nearest first.
    pub ancestors: Vec<LineageStep>,
    /// Steps forward, nearest first.
    pub descendants: Vec<LineageStep>,
    /// Whether a bound cut it short.
    pub truncated: bool,
}

impl Catalogue<'_> {
    /// The lineage of a dataset; empty if it is not registered.
    pub fn lineage(&self, id: DatasetId) -> Result<LineageView, KvError> {
        let found = queries::lineage(self.kv, id)?;
        let steps = |edges: Vec<LineageEdge>, far: fn(&LineageEdge) -> DatasetId| {
            let step = |edge: LineageEdge| {
                let title = self.title(far(&edge))?;
                Ok(LineageStep {
                    child: edge.child.into(),
                    parent: edge.parent.into(),
                    relation: Word(edge.relation),
                    royalty: edge.royalty.millionths(),
                    depth: edge.depth,
                    title,
                })
            };
            edges.into_iter().map(step).collect::<Result<Vec<_>, KvError>>()
        };
        Ok(LineageView {
            dataset: id.into(),
            ancestors: steps(found.ancestors, |edge| edge.parent)?,
            descendants: steps(found.descendants, |edge| edge.child)?,
            truncated: found.truncated,
        })
    }
}
