//! The proof that a new version of a file begins with the whole blocks of the old one.

use crate::PackageError;
use wonbon_primitives::{
    content::{
        growth::{self, GrowthProof, Prover},
        tree::Builder,
    },
    Commitment, Digest,
};

/// Makes the proof from the leaf hashes of both versions, each given once and in order.
#[derive(Clone, Debug)]
pub struct GrowthProving {
    old: Commitment,
    new: Commitment,
    old_tree: Builder,
    prover: Prover,
}

impl GrowthProving {
    /// For growth from one version to another.
    pub fn new(old: &Commitment, new: &Commitment) -> Result<Self, PackageError> {
        let prover = Prover::new(old.length, new.length)?;
        Ok(Self { old: *old, new: *new, old_tree: Builder::new(), prover })
    }

    /// Takes the next leaf hashes of the old version.
    pub fn push_old(&mut self, leaves: &[Digest]) {
        for leaf in leaves {
            self.old_tree.push(*leaf);
            self.prover.old_leaf(*leaf);
        }
    }

    /// Whether the leaves given so far are all of the old version.
    pub fn has_old(&self) -> bool {
        self.old_tree.finish() == Some(self.old.root)
    }

    /// Takes the next leaf hashes of the new version.
    pub fn push_new(&mut self, leaves: &[Digest]) {
        leaves.iter().for_each(|leaf| self.prover.new_leaf(*leaf));
    }

    /// The proof, once every leaf of both versions was given.
    pub fn finish(self) -> Result<GrowthProof, PackageError> {
        let proof = self.prover.finish()?;
        growth::verify(&self.old, &self.new, &proof)?;
        Ok(proof)
    }
}
