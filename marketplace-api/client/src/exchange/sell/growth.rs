//! The proof that a new version contains the old one, from wherever the old leaf hashes are.
//!
//! A file that was appended to has them in itself. Where the last, short block of the old version was changed, they
//! are taken from the old file, from the leaf list that was kept when the old version was sealed, or from the
//! service: what is there is checked against the old root, so it does not matter who gives it.

use super::{Publication, Publisher};
use crate::exchange::{blocking, journal, ExchangeError, Head, Work};
use std::fs::File;
use std::path::{Path, PathBuf};
use wonbon_model::DatasetId;
use wonbon_package::files::{growth_proof, FileError, OldLeaves};
use wonbon_package::{PackageError, Sealed};
use wonbon_primitives::content::growth::GrowthProof;
use wonbon_primitives::content::leaf_list;
use wonbon_primitives::Commitment;

/// [`OldLeaves`] that can be sent to a thread.
enum Place {
    NewFile(PathBuf),
    OldFile(PathBuf),
    List(PathBuf, u64),
}

impl Publisher<'_> {
    /// The proof for the dataset that a publication appends to, if it does.
    pub(super) async fn growth(
        &self,
        publication: &Publication,
        package: &Path,
        sealed: &Sealed,
    ) -> Result<Option<GrowthProof>, ExchangeError> {
        let Some(dataset) = publication.listing.append_to else { return Ok(None) };
        let record = self.market.dataset(&dataset, Head::Best).await?;
        let record = record.ok_or(ExchangeError::NoSuchDataset(dataset))?;
        let old = Commitment { root: dataset.0, length: record.length };
        let prove = |place| self.prove(dataset, old, place, package, sealed);

        let file = publication.listing.file.clone();
        if let Some(proof) = prove(Place::NewFile(file)).await? {
            return Ok(Some(proof));
        }
        if let Some(file) = publication.listing.old_file.clone() {
            return match prove(Place::OldFile(file.clone())).await? {
                Some(proof) => Ok(Some(proof)),
                None => Err(not_grown(dataset, format!("{} is not that dataset", file.display()))),
            };
        }
        let kept = self.store.leaf_list(&dataset);
        if kept.exists() {
            if let Some(proof) = prove(Place::List(kept, 0)).await? {
                return Ok(Some(proof));
            }
        }
        if let Some(fetched) = self.fetch_leaf_list(&dataset, old.length).await? {
            let proof = prove(Place::List(fetched.clone(), old.length)).await;
            journal::remove(&fetched)?;
            if let Some(proof) = proof? {
                return Ok(Some(proof));
            }
        }
        Err(not_grown(
            dataset,
            "its bytes are not the beginning of the file, and no leaf list of it can be found that would show \
             that only its last block has changed"
                .to_owned(),
        ))
    }

    /// `None` if the old leaves are not there.
    async fn prove(
        &self,
        dataset: DatasetId,
        old: Commitment,
        place: Place,
        package: &Path,
        sealed: &Sealed,
    ) -> Result<Option<GrowthProof>, ExchangeError> {
        let (package, new) = (package.to_owned(), sealed.plain);
        let proof = blocking::run(&self.observer, Work::Proving, old.length, move |watch| {
            let leaves = match &place {
                Place::NewFile(path) => OldLeaves::NewFile(path),
                Place::OldFile(path) => OldLeaves::OldFile(path),
                Place::List(path, position) => OldLeaves::List(path, *position),
            };
            growth_proof(&old, leaves, &package, &new, watch)
        });
        match proof.await {
            Ok(proof) => Ok(Some(proof)),
            Err(FileError::OtherFile(_) | FileError::Package(PackageError::LeafList)) => Ok(None),
            Err(FileError::Package(PackageError::Growth(cause))) => {
                Err(not_grown(dataset, cause.to_string()))
            }
            Err(FileError::Io { path, source, .. }) => Err(ExchangeError::File { path, error: source }),
            Err(other) => Err(ExchangeError::corrupt("the growth of the dataset", other)),
        }
    }

    /// The leaf list of an old sealing of this account from the service, behind a hole as long as the payload.
    async fn fetch_leaf_list(
        &self,
        dataset: &DatasetId,
        length: u64,
    ) -> Result<Option<PathBuf>, ExchangeError> {
        let sealings = self.store.list()?;
        let Some(sealing) = sealings.into_iter().find(|sealing| sealing.dataset == *dataset) else {
            return Ok(None);
        };
        let path = self.folder().join(format!("{dataset}.leaves"));
        // A download goes on where the file ends: so the payload is passed over.
        let hole = File::create(&path).and_then(|file| file.set_len(length));
        hole.map_err(ExchangeError::file(&path))?;
        let total = leaf_list::package_length(length).unwrap_or_default();
        let progress = blocking::told(&self.observer, Work::Downloading, total);
        match self.service.download(&sealing.sealed, &path, progress).await {
            Ok(()) => Ok(Some(path)),
            Err(error) if error.status() == Some(404) => {
                journal::remove(&path)?;
                Ok(None)
            }
            Err(error) => {
                journal::remove(&path)?;
                Err(error.into())
            }
        }
    }
}

fn not_grown(dataset: DatasetId, reason: String) -> ExchangeError {
    ExchangeError::NotGrown { dataset, reason }
}

#[cfg(test)]
mod tests {
    use super::super::Listing;
    use super::*;
    use crate::exchange::fake::{seller, Events, FakeMarket, FakeService};
    use crate::exchange::{Sealing, SealingStore};
    use wonbon_package::files::{seal_file, Watch};
    use wonbon_primitives::content::growth;
    use wonbon_primitives::seal::ContentKey;
    use wonbon_primitives::OsRng;

    const OLD: usize = 3 * 4096 + 700;

    /// A registered dataset whose last block is short, and a longer file.
    struct Setting {
        home: tempfile::TempDir,
        market: FakeMarket,
        service: FakeService,
        store: SealingStore,
        old: Sealed,
    }

    impl Setting {
        fn new() -> Self {
            let home = tempfile::tempdir().unwrap();
            let market = FakeMarket::new();
            let store = SealingStore::open(home.path(), &seller()).unwrap();
            std::fs::create_dir_all(home.path().join("publications")).unwrap();
            std::fs::write(home.path().join("old"), Self::bytes(OLD)).unwrap();
            let key = ContentKey::generate(&mut OsRng);
            let (from, to) = (home.path().join("old"), home.path().join("old.package"));
            let old = seal_file(&from, &to, &key, &Watch::none()).unwrap();
            let dataset = DatasetId(old.plain.root);
            market.register(dataset, old.plain.length, seller().account());
            let sealing = Sealing {
                account: seller().account(),
                dataset,
                sealed: old.sealed,
                key_commitment: old.key_commitment,
                file_name: "old".to_owned(),
            };
            store.add(sealing, &key).unwrap();
            Self { home, market, service: FakeService::default(), store, old }
        }

        fn bytes(length: usize) -> Vec<u8> {
            (0..length).map(|at| (at / 5 % 253) as u8).collect()
        }

        /// What is shared with the old dataset, once a file is found to be its new version.
        async fn shared(&self, bytes: &[u8], old_file: Option<&str>) -> Result<u64, ExchangeError> {
            let (file, package) = (self.home.path().join("new"), self.home.path().join("new.package"));
            std::fs::write(&file, bytes).unwrap();
            let key = ContentKey::generate(&mut OsRng);
            let sealed = seal_file(&file, &package, &key, &Watch::none()).unwrap();
            let key = seller();
            let publisher = Publisher {
                market: &self.market,
                service: &self.service,
                store: &self.store,
                key: &key,
                home: self.home.path(),
                observer: Events::default().observer(),
            };
            let listing = Listing {
                file,
                append_to: Some(DatasetId(self.old.plain.root)),
                old_file: old_file.map(|name| self.home.path().join(name)),
                ..Listing::for_tests()
            };
            let publication = Publication::for_tests(listing, key.account());
            let proof = publisher.growth(&publication, &package, &sealed).await?.unwrap();
            Ok(growth::verify(&self.old.plain, &sealed.plain, &proof).unwrap())
        }

        /// The longer file with another last block of the old part.
        fn with_another_tail() -> Vec<u8> {
            let mut bytes = Self::bytes(30_000);
            bytes[OLD - 1] ^= 1;
            bytes
        }
    }

    #[tokio::test]
    async fn an_appended_file_is_proved_from_itself() {
        let setting = Setting::new();
        assert_eq!(setting.shared(&Setting::bytes(30_000), None).await.unwrap(), 3 * 4096);
    }

    #[tokio::test]
    async fn a_changed_last_block_takes_the_old_leaves() {
        let mut setting = Setting::new();
        let bytes = Setting::with_another_tail();
        // From nowhere.
        let refused = setting.shared(&bytes, None).await;
        assert!(matches!(refused, Err(ExchangeError::NotGrown { .. })), "{refused:?}");
        // From the old file.
        assert_eq!(setting.shared(&bytes, Some("old")).await.unwrap(), 3 * 4096);
        let other = setting.shared(&bytes, Some("new")).await;
        assert!(matches!(other, Err(ExchangeError::NotGrown { .. })), "{other:?}");
        // From the service.
        setting.service.package = std::fs::read(setting.home.path().join("old.package")).unwrap();
        assert_eq!(setting.shared(&bytes, None).await.unwrap(), 3 * 4096);
        setting.service.package = vec![0; setting.service.package.len()];
        assert!(setting.shared(&bytes, None).await.is_err());
        // From what was kept.
        let package = setting.home.path().join("old.package");
        setting.store.keep_leaf_list(&setting.old.plain, &package).unwrap();
        assert_eq!(setting.shared(&bytes, None).await.unwrap(), 3 * 4096);
        assert_eq!(std::fs::read_dir(setting.home.path().join("publications")).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_file_that_begins_otherwise_is_no_new_version() {
        let setting = Setting::new();
        let package = setting.home.path().join("old.package");
        setting.store.keep_leaf_list(&setting.old.plain, &package).unwrap();
        for at in [0, 4096, 3 * 4096 - 1] {
            let mut bytes = Setting::bytes(30_000);
            bytes[at] ^= 1;
            let refused = setting.shared(&bytes, None).await;
            assert!(matches!(refused, Err(ExchangeError::NotGrown { .. })), "{at}: {refused:?}");
        }
        // As long as the old one, and shorter.
        for length in [OLD, 4096] {
            let refused = setting.shared(&Setting::bytes(length), None).await;
            assert!(matches!(refused, Err(ExchangeError::NotGrown { .. })), "{length}: {refused:?}");
        }
    }
}
