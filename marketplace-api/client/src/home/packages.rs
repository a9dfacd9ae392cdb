//! Passes over packages in files.

use super::blobs::FileBlobs;
use super::lock::failed;
use super::pass;
use crate::files;
use crate::ports::{Blob, OldLeaves, Packages, PassError, Progress, StorageError};
use async_trait::async_trait;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::PathBuf;
use wonbon_model::DatasetId;
use wonbon_package::files as engine;
use wonbon_package::Sealed;
use wonbon_primitives::content::growth::GrowthProof;
use wonbon_primitives::dispute::BlockFault;
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::{Commitment, Digest};

/// [`engine::OldLeaves`] that can be sent to a thread.
enum OldLeavesPath {
    NewFile(PathBuf),
    OldFile(PathBuf),
    List(PathBuf),
}

#[async_trait]
impl Packages for FileBlobs {
    async fn verify(
        &self,
        package: &Blob,
        sealed: &Commitment,
        plain_root: &Digest,
        progress: Progress,
    ) -> Result<(), PassError> {
        let (package, sealed, plain_root) = (self.path(package), *sealed, *plain_root);
        pass::run(progress, move |watch| engine::verify_package(&package, &sealed, &plain_root, watch)).await
    }

    async fn check(
        &self,
        package: &Blob,
        key: &ContentKey,
        expected: &Sealed,
        progress: Progress,
    ) -> Result<(), PassError> {
        let (package, key, expected) = (self.path(package), key.clone(), *expected);
        pass::run(progress, move |watch| engine::check_package(&package, &key, &expected, watch)).await
    }

    async fn block_fault(
        &self,
        package: &Blob,
        sealed: &Commitment,
        plain_root: &Digest,
        index: u64,
        progress: Progress,
    ) -> Result<BlockFault, PassError> {
        let (package, sealed, plain_root) = (self.path(package), *sealed, *plain_root);
        pass::run(progress, move |watch| engine::block_fault(&package, &sealed, &plain_root, index, watch))
            .await
    }

    async fn growth_proof(
        &self,
        old: &Commitment,
        leaves: OldLeaves<'_>,
        package: &Blob,
        new: &Commitment,
        progress: Progress,
    ) -> Result<GrowthProof, PassError> {
        let (package, old, new) = (self.path(package), *old, *new);
        let place = match leaves {
            OldLeaves::New(source) => OldLeavesPath::NewFile(source.name().into()),
            OldLeaves::Old(source) => OldLeavesPath::OldFile(source.name().into()),
            OldLeaves::List(blob) => OldLeavesPath::List(self.path(blob)),
        };
        pass::run(progress, move |watch| {
            let leaves = match &place {
                OldLeavesPath::NewFile(path) => engine::OldLeaves::NewFile(path),
                OldLeavesPath::OldFile(path) => engine::OldLeaves::OldFile(path),
                OldLeavesPath::List(path) => engine::OldLeaves::List(path, 0),
            };
            engine::growth_proof(&old, leaves, &package, &new, watch)
        })
        .await
    }

    async fn keep_leaf_list(&self, package: &Blob, plain: &Commitment) -> Result<(), StorageError> {
        let path = self.made_path(&Blob::LeafList(DatasetId(plain.root)))?;
        if path.exists() {
            return Ok(());
        }
        let package = self.path(package);
        let mut file = File::open(&package).map_err(failed(&package))?;
        file.seek(SeekFrom::Start(plain.length)).map_err(failed(&package))?;
        files::create_from(&path, &mut file).map_err(failed(&path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_leaf_list_is_kept_beside_the_key() {
        let home = tempfile::tempdir().unwrap();
        let blobs = FileBlobs::new(home.path().to_owned());
        let package = Blob::Sealed("a".to_owned());
        std::fs::write(blobs.made_path(&package).unwrap(), [&[1; 5000][..], &[2; 64]].concat()).unwrap();
        let plain = Commitment { root: [3; 32], length: 5000 };
        for _ in 0..2 {
            blobs.keep_leaf_list(&package, &plain).await.unwrap();
            assert_eq!(std::fs::read(blobs.path(&Blob::LeafList(DatasetId([3; 32])))).unwrap(), [2; 64]);
        }
    }
}
