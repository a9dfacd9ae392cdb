//! What a dataset was made from, and what was made from it.

use wonbon_model::DatasetId;

use super::{Catalogue, Result};
use crate::read_model::queries::{self, Lineage};

impl Catalogue<'_> {
    /// The lineage of a dataset; empty if it is not registered.
    pub fn lineage(&self, id: DatasetId) -> Result<Lineage> {
        let mut found = queries::lineage(self.kv, id)?;
        for step in &mut found.ancestors {
            step.title = self.title(step.parent.into())?;
        }
        for step in &mut found.descendants {
            step.title = self.title(step.child.into())?;
        }
        Ok(found)
    }
}
