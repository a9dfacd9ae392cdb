//! Publishing: seal, check, store the key, announce, register, upload, offer.
//!
//! What it promises:
//!
//! - The service learns nothing of a dataset before it is registered (see [`super::registration`]), so whoever runs
//!   it cannot be first.
//! - The content key is in the sealing store before anything leaves the machine, and the sealed file is opened
//!   again and compared before it is offered: a seller's own mistake would lose him a dispute.
//! - It can be killed at any point. Started again for the same file and terms, it goes on where it was, with
//!   the same key and salt, and offers once.
//! - Bytes that somebody else registered are refused, with who and when; so are one's own that are registered with other
//!   parents than those named.

use super::{origin, Origin};
use crate::chain::{Call, Until};
use crate::chain::{ChainEvent, MarketplaceEvent};
use crate::exchange::{blocking, journal, Claim};
use crate::exchange::{Event, ExchangeError, Head, Market, Observer, Payloads, Sealing, SealingStore, Work};
use crate::keys::Keypair;
use crate::service::UploadRequest;
use rand_core::{OsRng, RngCore};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use wonbon_model::{
    AccountId, Balance, BlockNumber, DatasetId, Derivation, Digest, Method, OfferId, Parent, Rules,
};
use wonbon_package::files::{check_package, seal_file, FileError};
use wonbon_package::Sealed;
use wonbon_primitives::bounds::{MAX_DOCUMENT, MAX_METADATA};
use wonbon_primitives::content::check_length;
use wonbon_primitives::id::{hex_digest, to_hex};
use wonbon_primitives::seal::ContentKey;

const VERSION: u8 = 2;

/// What is offered, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The file.
    pub file: PathBuf,
    /// The metadata document in canonical JSON.
    pub metadata: String,
    /// The licence text.
    pub licence: String,
    /// The non-disclosure text.
    pub nda: String,
    /// How the dataset was made.
    pub method: Method,
    /// What it was made from.
    pub parents: Vec<Origin>,
    /// The dataset that this is a new version of.
    pub append_to: Option<DatasetId>,
    /// That dataset's file, in case its last block was changed; otherwise it is not needed.
    pub old_file: Option<PathBuf>,
    /// Price of one copy.
    pub price: Balance,
    /// Blocks to deliver.
    pub delivery_window: BlockNumber,
    /// Blocks to dispute.
    pub dispute_window: BlockNumber,
    /// The bond to put down; the least that one order needs if `None`.
    pub bond: Option<Balance>,
    /// Whether a buyer may sell what he makes from it.
    pub derivation: Derivation,
}

#[cfg(test)]
impl Listing {
    /// Something that could be offered, for tests of a part.
    pub(super) fn for_tests() -> Self {
        Self {
            file: PathBuf::from("data.csv"),
            metadata: "{}".to_owned(),
            licence: "L".to_owned(),
            nda: "N".to_owned(),
            method: Method::Collected,
            parents: Vec::new(),
            append_to: None,
            old_file: None,
            price: 1000,
            delivery_window: 100,
            dispute_window: 100,
            bond: None,
            derivation: Derivation::Forbidden,
        }
    }
}

/// A publication under way, as its journal has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    version: u8,
    #[serde(with = "hex_digest")]
    genesis: Digest,
    account: AccountId,
    /// What is offered.
    pub listing: Listing,
    #[serde(with = "hex_digest")]
    pub(super) salt: Digest,
    /// The sealing, once it is made, checked, and its key stored.
    pub sealed: Option<Sealed>,
    upload: Option<String>,
}

#[cfg(test)]
impl Publication {
    /// One that has just begun, for tests of a part.
    pub(super) fn for_tests(listing: Listing, account: AccountId) -> Self {
        let (genesis, salt, sealed, upload) = ([9; 32], [0; 32], None, None);
        Self { version: VERSION, genesis, account, listing, salt, sealed, upload }
    }
}

/// A file that was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// The dataset.
    pub dataset: DatasetId,
    /// The offer.
    pub offer: OfferId,
    /// The sealing.
    pub sealed: Sealed,
}

/// Publishes files of one seller.
pub struct Publisher<'a> {
    /// The chain.
    pub market: &'a dyn Market,
    /// The service.
    pub service: &'a dyn Payloads,
    /// The keys of sealings.
    pub store: &'a SealingStore,
    /// The seller.
    pub key: &'a Keypair,
    /// Where journals and packages are.
    pub home: &'a Path,
    /// Who is told.
    pub observer: Arc<dyn Observer>,
}

impl Publisher<'_> {
    /// Publishes a file, or goes on with publishing it if that was interrupted.
    pub async fn publish(&self, listing: Listing) -> Result<Published, ExchangeError> {
        let length = check_file(&listing)?;
        let _shared = Claim::share(&self.folder(), "all", || tidy(&self.folder()))?;
        let _claim = self.claim(&listing.file)?;
        let name = self.name(&listing)?;
        let path = self.folder().join(format!("{name}.json"));
        let package = self.folder().join(format!("{name}.package"));
        let mut publication = if path.exists() {
            let found: Publication = journal::read(&path)?;
            if found.version != VERSION {
                return Err(journal::other_version(&path));
            }
            found
        } else {
            let mut salt = [0; 32];
            OsRng.fill_bytes(&mut salt);
            let (genesis, account) = (self.market.genesis(), self.key.account());
            let (sealed, upload) = (None, None);
            Publication { version: VERSION, genesis, account, listing, salt, sealed, upload }
        };
        let rules = self.market.rules(Head::Best).await?.ok_or(ExchangeError::NoRules)?;
        check_rules(&rules, &publication.listing)?;
        let parents = origin::parents(self.market, &self.key.account(), &publication.listing).await?;
        journal::write(&path, &publication)?;

        let sealed = match publication.sealed {
            Some(sealed) if package.exists() => sealed,
            _ => {
                let sealed = self.seal(&publication.listing.file, &package, length).await?;
                publication.sealed = Some(sealed);
                // Another package: an upload that was begun is not one of it.
                publication.upload = None;
                journal::write(&path, &publication)?;
                sealed
            }
        };
        self.observer.event(Event::Sealed { plain: sealed.plain, sealed: sealed.sealed });

        let offer = match self.market.used_key(&self.key.account(), &sealed.key_commitment).await? {
            Some(offer) => offer,
            None => {
                match self.bring_to_market(&path, &package, &mut publication, &sealed, &rules, parents).await
                {
                    Err(
                        error @ (ExchangeError::AlreadyRegistered { .. }
                        | ExchangeError::OtherParents { .. }
                        | ExchangeError::NotGrown { .. }),
                    ) => {
                        // They are another's, or not what they should be: nothing of this can be gone on with.
                        match self.retract(&publication, &sealed).await {
                            Ok(()) => forget(&path, &package)?,
                            Err(error) => tracing::warn!(%error, "the announcement is still open"),
                        }
                        return Err(error);
                    }
                    other => other?,
                }
            }
        };
        self.observer.event(Event::Offered { offer });
        forget(&path, &package)?;
        Ok(Published { dataset: DatasetId(sealed.plain.root), offer, sealed })
    }

    /// Publications that were interrupted.
    pub fn pending(&self) -> Result<Vec<Publication>, ExchangeError> {
        let found = journal::list::<Publication>(&self.folder())?;
        let (genesis, account) = (self.market.genesis(), self.key.account());
        let mut ours = Vec::new();
        for (path, read) in found {
            match read {
                Ok(found) if found.genesis == genesis && found.account == account => ours.push(found),
                Ok(_) => {}
                Err(error) => self.observer.event(Event::JournalSkipped { path, reason: error.to_string() }),
            }
        }
        Ok(ours)
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.home.join("publications")
    }

    /// The file, for this process alone: two that publish it at once would offer it twice.
    fn claim(&self, file: &Path) -> Result<Claim, ExchangeError> {
        let whole = std::fs::canonicalize(file).map_err(ExchangeError::file(file))?;
        let hash: Digest = Sha256::digest(whole.as_os_str().as_encoded_bytes()).into();
        let name = format!("{}-{}", to_hex(&self.key.account().0), &to_hex(&hash)[..32]);
        let what = format!("another `wonbon publish` of {}", file.display());
        Claim::take(&self.folder(), &name, what)
    }

    /// The same file with the same terms is the same publication.
    fn name(&self, listing: &Listing) -> Result<String, ExchangeError> {
        let file = std::fs::canonicalize(&listing.file).map_err(ExchangeError::file(&listing.file))?;
        let modified = std::fs::metadata(&file).and_then(|metadata| metadata.modified());
        let modified = modified.map_err(ExchangeError::file(&listing.file))?;
        let listing = Listing { file, ..listing.clone() };
        let parts = (self.market.genesis(), self.key.account(), modified, listing);
        let json = serde_json::to_vec(&parts).map_err(|error| ExchangeError::Journal {
            path: parts.3.file.clone(),
            reason: error.to_string(),
        })?;
        let hash: Digest = Sha256::digest(json).into();
        Ok(to_hex(&hash)[..32].to_owned())
    }

    async fn seal(&self, file: &Path, package: &Path, length: u64) -> Result<Sealed, ExchangeError> {
        let unsealable =
            |error: FileError| ExchangeError::Unsealable { path: file.to_owned(), reason: error.to_string() };
        let key = ContentKey::generate(&mut OsRng);
        let (input, output, with) = (file.to_owned(), package.to_owned(), key.clone());
        let sealed = blocking::run(&self.observer, Work::Sealing, length, move |watch| {
            seal_file(&input, &output, &with, watch)
        })
        .await
        .map_err(unsealable)?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
        let sealing = Sealing {
            account: self.key.account(),
            dataset: DatasetId(sealed.plain.root),
            sealed: sealed.sealed,
            key_commitment: sealed.key_commitment,
            file_name: name.unwrap_or_default(),
        };
        self.store.add(sealing, &key)?;
        // With the key as it will be read for a delivery.
        let stored = self.store.key(&sealed.key_commitment)?;
        let stored =
            stored.ok_or_else(|| ExchangeError::corrupt("the sealing store", "the key is not there"))?;
        let input = package.to_owned();
        blocking::run(&self.observer, Work::Rechecking, length, move |watch| {
            check_package(&input, &stored, &sealed, watch)
        })
        .await
        .map_err(|error| ExchangeError::corrupt("the sealed file", error))?;
        self.store.keep_leaf_list(&sealed.plain, package)?;
        Ok(sealed)
    }

    /// Registers, then gives the service what it is to have, then offers.
    async fn bring_to_market(
        &self,
        path: &Path,
        package: &Path,
        publication: &mut Publication,
        sealed: &Sealed,
        rules: &Rules,
        parents: Vec<Parent>,
    ) -> Result<OfferId, ExchangeError> {
        let described = self.register(publication, package, sealed, parents).await?;

        let listing = publication.listing.clone();
        let licence = self.service.put_document(&listing.licence).await?;
        let nda = self.service.put_document(&listing.nda).await?;
        if let Some(metadata) = self.document(&listing, &described)? {
            self.service.put_metadata(metadata.as_bytes()).await?;
        }
        self.observer.event(Event::DocumentsStored);

        self.upload(path, package, publication, sealed).await?;
        self.observer.event(Event::Uploaded);

        let offer = Call::offer(
            DatasetId(sealed.plain.root),
            sealed.sealed.root,
            sealed.key_commitment,
            listing.price,
            licence,
            nda,
            listing.delivery_window,
            listing.dispute_window,
            listing.bond.unwrap_or_else(|| rules.bond_for(listing.price)),
            listing.derivation,
        );
        let included = self.market.submit(self.key, &offer, Until::Finalized).await?;
        let offers = included.events.iter().find_map(|event| match event {
            ChainEvent::Marketplace(MarketplaceEvent::OfferMade { offer, .. }) => Some(*offer),
            _ => None,
        });
        offers.ok_or_else(|| ExchangeError::corrupt("the block of the offer", "it has no event of the offer"))
    }

    /// The metadata document that a dataset is registered with: this publication's, or that of one which was cut
    /// off after the registration and before the service had it. `None` if neither is it.
    fn document(&self, listing: &Listing, hash: &Digest) -> Result<Option<String>, ExchangeError> {
        let others = self.pending()?.into_iter().map(|publication| publication.listing.metadata);
        let mut known = std::iter::once(listing.metadata.clone()).chain(others);
        Ok(known.find(|metadata| <[u8; 32]>::from(Sha256::digest(metadata)) == *hash))
    }

    async fn upload(
        &self,
        path: &Path,
        package: &Path,
        publication: &mut Publication,
        sealed: &Sealed,
    ) -> Result<(), ExchangeError> {
        let what = UploadRequest { sealed: sealed.sealed, dataset_root: sealed.plain.root };
        let total = what.package_length().unwrap_or_default();
        let resume = publication.upload.clone();
        // The journal is written from within the upload, as soon as its place is known.
        let shared = Mutex::new((publication, Ok(())));
        let remember = |place: &str| {
            let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
            shared.0.upload = Some(place.to_owned());
            shared.1 = journal::write(path, &*shared.0);
        };
        let progress = blocking::told(&self.observer, Work::Uploading, total);
        self.service.upload(package, &what, resume, &remember, progress).await?;
        shared.into_inner().unwrap_or_else(PoisonError::into_inner).1
    }
}

fn forget(journal: &Path, package: &Path) -> Result<(), ExchangeError> {
    journal::remove(journal)?;
    journal::remove(package)
}

/// Removes what a publication that was killed left behind: what it was sealing, and packages without a journal.
/// Only for who is alone in the folder.
fn tidy(folder: &Path) -> Result<(), ExchangeError> {
    for entry in std::fs::read_dir(folder).map_err(ExchangeError::file(folder))? {
        let path = entry.map_err(ExchangeError::file(folder))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let unfinished = name.starts_with('.') && name.contains(".package.") && name.ends_with(".part");
        let orphan = name.ends_with(".package") && !path.with_extension("json").exists();
        if unfinished || orphan {
            tracing::info!(path = %path.display(), "left behind, and removed");
            journal::remove(&path)?;
        }
    }
    Ok(())
}

/// Refuses what could not be published, before any work.
fn check_file(listing: &Listing) -> Result<u64, ExchangeError> {
    let path = &listing.file;
    let unsealable = |reason: String| ExchangeError::Unsealable { path: path.clone(), reason };
    let metadata = std::fs::metadata(path).map_err(|error| unsealable(error.to_string()))?;
    if !metadata.is_file() {
        return Err(unsealable("it is no file".to_owned()));
    }
    check_length(metadata.len()).map_err(|error| unsealable(error.to_string()))?;
    for (what, text, most) in [
        ("the metadata document", &listing.metadata, MAX_METADATA),
        ("the licence", &listing.licence, MAX_DOCUMENT),
        ("the non-disclosure text", &listing.nda, MAX_DOCUMENT),
    ] {
        if text.is_empty() || text.len() > most as usize {
            return Err(ExchangeError::AgainstRules(format!("{what} has 1 to {most} bytes")));
        }
    }
    Ok(metadata.len())
}

fn check_rules(rules: &Rules, listing: &Listing) -> Result<(), ExchangeError> {
    let within = |what: &str, value: u128, least: u128, most: u128| {
        if (least..=most).contains(&value) {
            Ok(())
        } else {
            Err(ExchangeError::AgainstRules(format!("the {what} is {least} to {most}, not {value}")))
        }
    };
    within("price", listing.price, 1, rules.max_price)?;
    within(
        "delivery window",
        listing.delivery_window.into(),
        rules.min_delivery_window.into(),
        rules.max_delivery_window.into(),
    )?;
    within(
        "dispute window",
        listing.dispute_window.into(),
        rules.min_dispute_window.into(),
        rules.max_dispute_window.into(),
    )?;
    within("bond", listing.bond.unwrap_or(Balance::MAX), rules.bond_for(listing.price), Balance::MAX)
}

#[cfg(test)]
mod tests;
