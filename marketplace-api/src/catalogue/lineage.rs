//! What a dataset was made from, and what was made from it.

use serde::Serialize;
use utoipa::ToSchema;
use wonbon_model::json::Relation;

use super::Catalogue;
use crate::{
    kv::KvError,
    model::Hash,
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
    #[schema(value_type = Relation)]
    pub relation: String,
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
    pub fn lineage(&self, id: Hash) -> Result<LineageView, KvError> {
        let found = queries::lineage(self.kv, id)?;
        let steps = |edges: Vec<LineageEdge>, far: fn(&LineageEdge) -> Hash| {
            let step = |edge: LineageEdge| {
                let title = self.title(far(&edge))?;
                let LineageEdge { child, parent, relation, royalty, depth } = edge;
                Ok(LineageStep { child, parent, relation, royalty, depth, title })
            };
            edges.into_iter().map(step).collect::<Result<Vec<_>, KvError>>()
        };
        Ok(LineageView {
            dataset: id,
            ancestors: steps(found.ancestors, |edge| edge.parent)?,
            descendants: steps(found.descendants, |edge| edge.child)?,
            truncated: found.truncated,
        })
    }
}
