//! Passes over packages in files.

use super::blobs::FileBlobs;
use super::blocking::blocking;
use super::lock::failed;
use crate::files;
use crate::ports::{Blob, OldLeaves, Packages, Passed, Progress, StorageError};
use async_trait::async_trait;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};
use wonbon_model::{AccountId, DatasetId, Digest};
use wonbon_package::files as engine;
use wonbon_package::Sealed;
use wonbon_primitives::content::growth::GrowthProof;
use wonbon_primitives::content::shown::ShownLeaves;
use wonbon_primitives::dispute::BlockFault;
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::Commitment;

#[async_trait]
impl Packages for FileBlobs {
    async fn verify(&self, package: &Blob, expected: &Sealed, progress: Progress) -> Passed {
        let (package, Sealed { plain, sealed, .. }) = (self.path(package), *expected);
        blocking(progress, move |watch| engine::verify_package(&package, &sealed, &plain.root, watch)).await
    }

    async fn check(&self, package: &Blob, key: &ContentKey, expected: &Sealed, progress: Progress) -> Passed {
        let (package, key, expected) = (self.path(package), key.clone(), *expected);
        blocking(progress, move |watch| engine::check_package(&package, &key, &expected, watch)).await
    }

    async fn block_fault(
        &self,
        package: &Blob,
        expected: &Sealed,
        index: u64,
        progress: Progress,
    ) -> Passed<BlockFault> {
        let (package, Sealed { plain, sealed, .. }) = (self.path(package), *expected);
        blocking(progress, move |watch| engine::block_fault(&package, &sealed, &plain.root, index, watch))
            .await
    }

    async fn growth_proof(
        &self,
        old: &Commitment,
        leaves: OldLeaves<'_>,
        package: &Blob,
        new: &Commitment,
        progress: Progress,
    ) -> Passed<GrowthProof> {
        let (package, old, new) = (self.path(package), *old, *new);
        let (leaves, path): (fn(&Path) -> engine::OldLeaves<'_>, PathBuf) = match leaves {
            OldLeaves::New(source) => (|path| engine::OldLeaves::NewFile(path), source.name().into()),
            OldLeaves::Old(source) => (|path| engine::OldLeaves::OldFile(path), source.name().into()),
            OldLeaves::List(blob) => (|path| engine::OldLeaves::List(path, 0), self.path(blob)),
        };
        blocking(progress, move |watch| engine::growth_proof(&old, leaves(&path), &package, &new, watch))
            .await
    }

    async fn shown_leaves(
        &self,
        package: &Blob,
        plain: &Commitment,
        seed: &Digest,
        account: &AccountId,
        progress: Progress,
    ) -> Passed<ShownLeaves> {
        let (package, plain, seed, account) = (self.path(package), *plain, *seed, *account);
        blocking(progress, move |_| engine::shown_leaves(&package, &plain, &seed, account.as_ref())).await
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
