//! The proof that a new version contains the old one, from wherever the old leaf hashes are.
//!
//! A file that was appended to has them in itself. Where the last, short block of the old version was changed, they
//! are taken from the old file, from the leaf list that was kept when the old version was sealed, or from the
//! service: what is there is checked against the old root, so it does not matter who gives it.

use super::{origin, Publication, Publisher};
use crate::exchange::event::progress;
use crate::exchange::{ExchangeError, Result, Work};
use crate::ports::{Blob, Incoming, OldLeaves, PassError};
use async_trait::async_trait;
use std::io;
use wonbon_model::DatasetId;
use wonbon_package::{PackageError, Sealed};
use wonbon_primitives::content::growth::GrowthProof;
use wonbon_primitives::content::leaf_list;
use wonbon_primitives::Commitment;

impl Publisher<'_> {
    /// The proof for the dataset that a publication appends to, if it does.
    pub(super) async fn growth(
        &self,
        publication: &Publication,
        sealed: &Sealed,
    ) -> Result<Option<GrowthProof>> {
        let package = &publication.package();
        let Some(dataset) = publication.listing.append_to else { return Ok(None) };
        let length = origin::existing_dataset(self.market, &dataset).await?.length;
        let old = Commitment { root: dataset.0, length };

        let new = self.home.source(&publication.listing.file);
        if let Some(proof) = self.prove(&old, OldLeaves::New(&*new), package, sealed).await? {
            return Ok(Some(proof));
        }
        if let Some(file) = &publication.listing.old_file {
            let source = self.home.source(file);
            return match self.prove(&old, OldLeaves::Old(&*source), package, sealed).await? {
                Some(proof) => Ok(Some(proof)),
                None => Err(not_grown(dataset, format!("{file} is not that dataset"))),
            };
        }
        let (blobs, kept) = (self.home.blobs(), Blob::LeafList(dataset));
        if blobs.exists(&kept).await {
            if let Some(proof) = self.prove(&old, OldLeaves::List(&kept), package, sealed).await? {
                return Ok(Some(proof));
            }
        }
        let fetched = Blob::FetchedLeafList(dataset);
        if self.fetch_leaf_list(&dataset, old.length, &fetched).await? {
            let proof = self.prove(&old, OldLeaves::List(&fetched), package, sealed).await;
            blobs.remove(&fetched).await?;
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
        old: &Commitment,
        leaves: OldLeaves<'_>,
        package: &Blob,
        sealed: &Sealed,
    ) -> Result<Option<GrowthProof>> {
        let proving = progress(&self.observer, Work::Proving, old.length);
        let proof = self.home.blobs().growth_proof(old, leaves, package, &sealed.plain, proving).await;
        match proof {
            Ok(proof) => Ok(Some(proof)),
            Err(PassError::OtherSource(_) | PassError::Package(PackageError::LeafList)) => Ok(None),
            Err(PassError::Package(PackageError::Growth(cause))) => {
                Err(not_grown(DatasetId(old.root), cause.to_string()))
            }
            Err(PassError::Storage(error)) => Err(error.into()),
            Err(other) => Err(ExchangeError::corrupt("the growth of the dataset", other)),
        }
    }

    /// Gets the leaf list of an old sealing of this account from the service; `false` if it does not have it.
    async fn fetch_leaf_list(&self, dataset: &DatasetId, length: u64, into: &Blob) -> Result<bool> {
        let sealings = self.store.list().await?;
        let Some(sealing) = sealings.into_iter().find(|sealing| sealing.dataset == *dataset) else {
            return Ok(false);
        };
        let blobs = self.home.blobs();
        blobs.remove(into).await?;
        let mut list = LeafListOnly { list: blobs.incoming(into).await?, payload: length, passed: length };
        let total = leaf_list::package_length(length).unwrap_or_default();
        let downloading = progress(&self.observer, Work::Downloading, total);
        let downloaded = self.service.download(&sealing.sealed, &mut list, downloading).await;
        drop(list);
        match downloaded {
            Ok(()) => Ok(true),
            Err(error) => {
                blobs.remove(into).await?;
                match error.status() {
                    Some(404) => Ok(false),
                    _ => Err(error.into()),
                }
            }
        }
    }
}

/// Takes of a package what comes after its payload. It says that it has the payload: a download goes on where it ended,
/// so that is passed over.
struct LeafListOnly {
    list: Box<dyn Incoming>,
    /// Bytes of the payload.
    payload: u64,
    /// Those of them that are behind us: all, unless the service begins with the first byte all the same.
    passed: u64,
}

#[async_trait]
impl Incoming for LeafListOnly {
    fn place(&self) -> String {
        self.list.place()
    }

    async fn length(&self) -> io::Result<u64> {
        Ok(self.passed.saturating_add(self.list.length().await?))
    }

    async fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.passed = self.payload.min(length);
        self.list.truncate(length.saturating_sub(self.payload)).await
    }

    async fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let rest = self.payload.saturating_sub(self.passed);
        let passed = usize::try_from(rest).map_or(bytes.len(), |rest| rest.min(bytes.len()));
        self.passed = self.passed.saturating_add(passed as u64);
        self.list.append(&bytes[passed..]).await
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.list.flush().await
    }

    async fn sync(&mut self) -> io::Result<()> {
        self.list.sync().await
    }
}

fn not_grown(dataset: DatasetId, reason: String) -> ExchangeError {
    ExchangeError::NotGrown { dataset, reason }
}

#[cfg(test)]
mod tests {
    use super::super::Listing;
    use super::*;
    use crate::exchange::fake::{seller, Events, FakeMarket, FakeService, MemoryHome};
    use crate::exchange::{Sealing, SealingStore};
    use crate::ports::{no_progress, Home};
    use wonbon_primitives::content::growth;
    use wonbon_primitives::seal::ContentKey;
    use wonbon_primitives::OsRng;

    const OLD: usize = 3 * 4096 + 700;

    /// A registered dataset whose last block is short, and a longer file.
    struct Setting {
        home: MemoryHome,
        market: FakeMarket,
        service: FakeService,
        old: Sealed,
    }

    impl Setting {
        async fn new() -> Self {
            let (home, market) = (MemoryHome::default(), FakeMarket::new());
            home.write("old", &Self::bytes(OLD));
            let key = ContentKey::generate(&mut OsRng);
            let old = home.source("old").seal(&Self::package("old"), &key, no_progress()).await.unwrap();
            let dataset = DatasetId(old.plain.root);
            market.register(dataset, old.plain.length, seller().account());
            let sealing = Sealing {
                account: seller().account(),
                dataset,
                sealed: old.sealed,
                key_commitment: old.key_commitment,
                file_name: "old".to_owned(),
            };
            SealingStore::new(&home, &seller()).add(sealing, &key).await.unwrap();
            Self { home, market, service: FakeService::default(), old }
        }

        fn package(name: &str) -> Blob {
            Blob::Sealed(name.to_owned())
        }

        async fn keep_leaf_list(&self) {
            let blobs = self.home.blobs();
            blobs.keep_leaf_list(&Self::package("old"), &self.old.plain).await.unwrap();
        }

        fn bytes(length: usize) -> Vec<u8> {
            (0..length).map(|at| (at / 5 % 253) as u8).collect()
        }

        /// What is shared with the old dataset, once a file is found to be its new version.
        async fn shared(&self, bytes: &[u8], old_file: Option<&str>) -> Result<u64> {
            let package = Self::package("new");
            self.home.write("new", bytes);
            let key = ContentKey::generate(&mut OsRng);
            let sealed = self.home.source("new").seal(&package, &key, no_progress()).await.unwrap();
            let key = seller();
            let publisher = Publisher {
                market: &self.market,
                service: &self.service,
                store: &SealingStore::new(&self.home, &key),
                key: &key,
                home: &self.home,
                observer: Events::default().observer(),
            };
            let listing = Listing {
                file: "new".to_owned(),
                append_to: Some(DatasetId(self.old.plain.root)),
                old_file: old_file.map(str::to_owned),
                ..Listing::for_tests()
            };
            let publication = Publication::new("new".to_owned(), listing, [9; 32], key.account());
            let proof = publisher.growth(&publication, &sealed).await?.unwrap();
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
        let setting = Setting::new().await;
        assert_eq!(setting.shared(&Setting::bytes(30_000), None).await.unwrap(), 3 * 4096);
    }

    #[tokio::test]
    async fn a_changed_last_block_takes_the_old_leaves() {
        let mut setting = Setting::new().await;
        let bytes = Setting::with_another_tail();
        // From nowhere.
        let refused = setting.shared(&bytes, None).await;
        assert!(matches!(refused, Err(ExchangeError::NotGrown { .. })), "{refused:?}");
        // From the old file.
        assert_eq!(setting.shared(&bytes, Some("old")).await.unwrap(), 3 * 4096);
        let other = setting.shared(&bytes, Some("new")).await;
        assert!(matches!(other, Err(ExchangeError::NotGrown { .. })), "{other:?}");
        // From the service.
        setting.service.package = setting.home.blob(&Setting::package("old")).unwrap();
        assert_eq!(setting.shared(&bytes, None).await.unwrap(), 3 * 4096);
        setting.service.package = vec![0; setting.service.package.len()];
        assert!(setting.shared(&bytes, None).await.is_err());
        // From what was kept.
        setting.keep_leaf_list().await;
        assert_eq!(setting.shared(&bytes, None).await.unwrap(), 3 * 4096);
        let fetched = Blob::FetchedLeafList(DatasetId(setting.old.plain.root));
        assert_eq!(setting.home.blob(&fetched), None);
    }

    #[tokio::test]
    async fn a_file_that_begins_otherwise_is_no_new_version() {
        let setting = Setting::new().await;
        setting.keep_leaf_list().await;
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
