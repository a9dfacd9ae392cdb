//! Passes over packages that a home keeps.

use super::{Blob, Passed, Progress, Source, StorageError};
use async_trait::async_trait;
use wonbon_model::{AccountId, Digest};
use wonbon_package::Sealed;
use wonbon_primitives::content::growth::GrowthProof;
use wonbon_primitives::content::shown::ShownLeaves;
use wonbon_primitives::dispute::BlockFault;
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::Commitment;

/// What is found out about packages, each in one pass that stops soon after its future is dropped. They do what the
/// functions of [`wonbon_package`] do.
#[async_trait]
pub trait Packages: Send + Sync {
    /// Checks the sealed payload and the leaf list without the key: what buyers do before they order.
    async fn verify(&self, package: &Blob, expected: &Sealed, progress: Progress) -> Passed;

    /// Opens a package without writing anything: what sellers do before they offer it.
    async fn check(&self, package: &Blob, key: &ContentKey, expected: &Sealed, progress: Progress) -> Passed;

    /// What a dispute about a block needs.
    async fn block_fault(
        &self,
        package: &Blob,
        expected: &Sealed,
        index: u64,
        progress: Progress,
    ) -> Passed<BlockFault>;

    /// The proof that a package's dataset begins with an older one. [`PassError::OtherSource`] or
    /// [`wonbon_package::PackageError::LeafList`] if the old leaves are not where they should be.
    async fn growth_proof(
        &self,
        old: &Commitment,
        leaves: OldLeaves<'_>,
        package: &Blob,
        new: &Commitment,
        progress: Progress,
    ) -> Passed<GrowthProof>;

    /// The leaves that an account shows for a package's dataset when it is registered, drawn by this seed.
    /// [`wonbon_package::PackageError::LeafList`] if the package's list is not the dataset's.
    async fn shown_leaves(
        &self,
        package: &Blob,
        plain: &Commitment,
        seed: &Digest,
        account: &AccountId,
        progress: Progress,
    ) -> Passed<ShownLeaves>;

    /// Keeps the leaf list of a package as [`Blob::LeafList`]; one that is there stays.
    async fn keep_leaf_list(&self, package: &Blob, plain: &Commitment) -> Result<(), StorageError>;
}

/// Where the leaf hashes of an older version are.
#[derive(Clone, Copy)]
pub enum OldLeaves<'a> {
    /// In the new version, which begins with all bytes of the old one, its short last block included.
    New(&'a dyn Source),
    /// In the old version.
    Old(&'a dyn Source),
    /// In a leaf list.
    List(&'a Blob),
}
