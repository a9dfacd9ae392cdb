//! Publishing: seal, check, store the key, announce, register, upload, offer.
//!
//! What it promises:
//!
//! - The service learns nothing of a dataset before it is registered (see [`super::registration`]), so whoever runs
//!   it cannot be first.
//! - The content key is in the sealing store before anything leaves the machine, and the sealed file is opened
//!   again and compared before it is offered: a seller's own mistake would lose them a dispute.
//! - It can be killed at any point. Started again for the same file and terms, it goes on where it was, with
//!   the same key and salt, and offers once.
//! - Bytes that somebody else registered are refused, with who and when; so are one's own that are registered with other
//!   parents than those named.

use super::{origin, Origin};
use crate::chain::{Call, Until};
use crate::chain::{ChainEvent, MarketplaceEvent};
use crate::exchange::event::progress;
use crate::exchange::journal;
use crate::exchange::{Event, ExchangeError, Head, Market, Observer, Payloads, Sealing, SealingStore, Work};
use crate::keys::Keypair;
use crate::ports::{Blob, Home, Lock, Source, SourceIdentity, StorageError};
use crate::service::{UploadLog, UploadRequest};
use async_trait::async_trait;
use rand_core::{OsRng, RngCore};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use wonbon_model::{
    AccountId, Balance, BlockNumber, DatasetId, Derivation, Digest, Method, OfferId, Parent, Rules,
};
use wonbon_package::Sealed;
use wonbon_primitives::bounds::{MAX_DOCUMENT, MAX_METADATA};
use wonbon_primitives::content::check_length;
use wonbon_primitives::id::{hex_digest, to_hex};
use wonbon_primitives::seal::ContentKey;

/// Layout of the journals that are written and read.
const JOURNAL_VERSION: u8 = 2;

/// What is offered, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The name of the source.
    pub file: String,
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
    /// The name of that dataset's source, in case its last block was changed; otherwise it is not needed.
    pub old_file: Option<String>,
    /// Price of one copy.
    pub price: Balance,
    /// Blocks to deliver.
    pub delivery_window: BlockNumber,
    /// Blocks to dispute.
    pub dispute_window: BlockNumber,
    /// The bond to put down; the least that one order needs if `None`.
    pub bond: Option<Balance>,
    /// Whether buyers may sell what they make from it.
    pub derivation: Derivation,
}

#[cfg(test)]
impl Listing {
    /// Something that could be offered, for tests of a part.
    pub(super) fn for_tests() -> Self {
        Self {
            file: "data.csv".to_owned(),
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
        Self { version: JOURNAL_VERSION, genesis, account, listing, salt, sealed, upload }
    }
}

/// A file that was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// The root that names the dataset.
    pub dataset: DatasetId,
    /// The chain's number of the offer.
    pub offer: OfferId,
    /// Roots, length and key commitment.
    pub sealed: Sealed,
}

/// Publishes files of one seller.
pub struct Publisher<'a> {
    /// Where state is read and calls are submitted.
    pub market: &'a dyn Market,
    /// Where packages, texts and samples are.
    pub service: &'a dyn Payloads,
    /// The keys of sealings.
    pub store: &'a SealingStore<'a>,
    /// Signs the calls.
    pub key: &'a Keypair,
    /// Where journals and packages are.
    pub home: &'a dyn Home,
    /// Who is told.
    pub observer: Arc<dyn Observer>,
}

impl Publisher<'_> {
    /// Publishes a file, or goes on with publishing it if that was interrupted.
    pub async fn publish(&self, listing: Listing) -> Result<Published, ExchangeError> {
        let source = self.home.source(&listing.file);
        let length = check_source(&*source, &listing).await?;
        let _shared = self.home.share_publications().await?;
        let identity = source.identity().await?;
        let _lock = self.lock(&*source, &identity).await?;
        let name = self.name(&listing, identity);
        let (records, package) = (self.home.publications(), Blob::Sealed(name.clone()));
        let mut publication = match journal::read::<Publication>(records, &name).await? {
            Some(found) if found.version != JOURNAL_VERSION => {
                return Err(journal::other_version(records, &name))
            }
            Some(found) => found,
            None => {
                let mut salt = [0; 32];
                OsRng.fill_bytes(&mut salt);
                let (genesis, account) = (self.market.genesis(), self.key.account());
                let (sealed, upload) = (None, None);
                Publication { version: JOURNAL_VERSION, genesis, account, listing, salt, sealed, upload }
            }
        };
        let rules = self.market.rules(Head::Best).await?.ok_or(ExchangeError::NoRules)?;
        check_rules(&rules, &publication.listing)?;
        let lineage = origin::lineage(self.market, &self.key.account(), &publication.listing).await?;
        journal::write(records, &name, &publication).await?;

        let sealed = match publication.sealed {
            Some(sealed) if self.home.blobs().exists(&package).await => sealed,
            _ => {
                let sealed = self.seal(&*source, &package, length).await?;
                publication.sealed = Some(sealed);
                // Another package: an upload that was begun is not one of it.
                publication.upload = None;
                journal::write(records, &name, &publication).await?;
                sealed
            }
        };
        self.observer.event(Event::Sealed { plain: sealed.plain, sealed: sealed.sealed });

        let offer = match self.market.used_key(&self.key.account(), &sealed.key_commitment).await? {
            Some(offer) => offer,
            None => {
                match self
                    .bring_to_market(&name, &package, &mut publication, &sealed, &rules, lineage.parents)
                    .await
                {
                    Err(
                        error @ (ExchangeError::AlreadyRegistered { .. }
                        | ExchangeError::OtherParents { .. }
                        | ExchangeError::NotGrown { .. }),
                    ) => {
                        // They are another's, or not what they should be: nothing of this can be gone on with.
                        match self.retract(&publication, &sealed).await {
                            Ok(()) => self.forget(&name, &package).await?,
                            Err(error) => tracing::warn!(%error, "the announcement is still open"),
                        }
                        return Err(error);
                    }
                    other => other?,
                }
            }
        };
        self.observer.event(Event::Offered { offer });
        self.forget(&name, &package).await?;
        Ok(Published { dataset: DatasetId(sealed.plain.root), offer, sealed })
    }

    /// Publications of this account on this chain that were interrupted. A journal that cannot be read is told and left
    /// out.
    pub async fn pending(&self) -> Result<Vec<Publication>, ExchangeError> {
        let records = self.home.publications();
        let (genesis, account) = (self.market.genesis(), self.key.account());
        let mut ours = Vec::new();
        for (name, read) in journal::list::<Publication>(records).await? {
            match read {
                Ok(found) if found.genesis == genesis && found.account == account => ours.push(found),
                Ok(_) => {}
                Err(error) => {
                    let (place, reason) = (records.place(&name), error.to_string());
                    self.observer.event(Event::JournalSkipped { place, reason });
                }
            }
        }
        Ok(ours)
    }

    /// The source, for this process alone: two that publish it at once would offer it twice.
    async fn lock(&self, source: &dyn Source, identity: &SourceIdentity) -> Result<Lock, ExchangeError> {
        let hash: Digest = Sha256::digest(identity.name.as_bytes()).into();
        let name = format!("{}-{}", to_hex(&self.key.account().0), &to_hex(&hash)[..32]);
        let held = self.home.publications().try_lock(&name).await?;
        held.ok_or_else(|| ExchangeError::Busy(format!("another publication of {}", source.name())))
    }

    /// The name of the journal: the same source with the same terms is the same publication.
    fn name(&self, listing: &Listing, identity: SourceIdentity) -> String {
        let listing = Listing { file: identity.name, ..listing.clone() };
        let parts = (self.market.genesis(), self.key.account(), identity.changed, listing);
        let json = serde_json::to_vec(&parts).expect("it has no maps and no floating-point numbers; qed");
        let hash: Digest = Sha256::digest(json).into();
        to_hex(&hash)[..32].to_owned()
    }

    async fn seal(&self, source: &dyn Source, package: &Blob, length: u64) -> Result<Sealed, ExchangeError> {
        let key = ContentKey::generate(&mut OsRng);
        let sealing = progress(&self.observer, Work::Sealing, length);
        let sealed = source.seal(package, &key, sealing).await;
        let sealed = sealed.map_err(|error| unsealable(source, error.to_string()))?;
        let sealing = Sealing {
            account: self.key.account(),
            dataset: DatasetId(sealed.plain.root),
            sealed: sealed.sealed,
            key_commitment: sealed.key_commitment,
            file_name: source.file_name(),
        };
        self.store.add(sealing, &key).await?;
        // With the key as it will be read for a delivery.
        let stored = self.store.key(&sealed.key_commitment).await?;
        let stored =
            stored.ok_or_else(|| ExchangeError::corrupt("the sealing store", "the key is not there"))?;
        let rechecking = progress(&self.observer, Work::Rechecking, length);
        let checked = self.home.packages().check(package, &stored, &sealed, rechecking).await;
        checked.map_err(|error| ExchangeError::corrupt("the sealed file", error))?;
        self.home.packages().keep_leaf_list(package, &sealed.plain).await?;
        Ok(sealed)
    }

    /// Registers, then gives the service what it is to have, then offers.
    async fn bring_to_market(
        &self,
        name: &str,
        package: &Blob,
        publication: &mut Publication,
        sealed: &Sealed,
        rules: &Rules,
        parents: Vec<Parent>,
    ) -> Result<OfferId, ExchangeError> {
        let described = self.register(publication, package, sealed, parents).await?;

        let listing = publication.listing.clone();
        let licence = self.service.put_document(&listing.licence).await?;
        let nda = self.service.put_document(&listing.nda).await?;
        if let Some(metadata) = self.document(&listing, &described).await? {
            self.service.put_metadata(metadata.as_bytes()).await?;
        }
        self.observer.event(Event::DocumentsStored);

        self.upload(name, package, publication, sealed).await?;
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
    async fn document(&self, listing: &Listing, hash: &Digest) -> Result<Option<String>, ExchangeError> {
        let others = self.pending().await?.into_iter().map(|publication| publication.listing.metadata);
        let mut known = std::iter::once(listing.metadata.clone()).chain(others);
        Ok(known.find(|metadata| <[u8; 32]>::from(Sha256::digest(metadata)) == *hash))
    }

    async fn upload(
        &self,
        name: &str,
        package: &Blob,
        publication: &mut Publication,
        sealed: &Sealed,
    ) -> Result<(), ExchangeError> {
        let what = UploadRequest { sealed: sealed.sealed, dataset_root: sealed.plain.root };
        let total = what.package_length().unwrap_or_default();
        let resume = publication.upload.clone();
        let uploading = progress(&self.observer, Work::Uploading, total);
        let outgoing = self.home.blobs().outgoing(package);
        let mut log = UploadJournal { home: self.home, name, publication };
        Ok(self.service.upload(&*outgoing, &what, resume, &mut log, uploading).await?)
    }

    async fn forget(&self, name: &str, package: &Blob) -> Result<(), StorageError> {
        self.home.publications().remove(name).await?;
        self.home.blobs().remove(package).await
    }
}

/// Writes into the journal of a publication where its upload stands, from within the upload.
struct UploadJournal<'a> {
    home: &'a dyn Home,
    name: &'a str,
    publication: &'a mut Publication,
}

#[async_trait]
impl UploadLog for UploadJournal<'_> {
    async fn begun_at(&mut self, place: &str) -> Result<(), StorageError> {
        self.publication.upload = Some(place.to_owned());
        journal::write(self.home.publications(), self.name, &*self.publication).await
    }
}

fn unsealable(source: &dyn Source, reason: String) -> ExchangeError {
    ExchangeError::Unsealable { place: source.name().to_owned(), reason }
}

/// Refuses what could not be published, before any work; answers the length of the source.
pub(super) async fn check_source(source: &dyn Source, listing: &Listing) -> Result<u64, ExchangeError> {
    let length = source.length().await.map_err(|error| unsealable(source, error.error.to_string()))?;
    check_length(length).map_err(|error| unsealable(source, error.to_string()))?;
    for (what, text, most) in [
        ("the metadata document", &listing.metadata, MAX_METADATA),
        ("the licence", &listing.licence, MAX_DOCUMENT),
        ("the non-disclosure text", &listing.nda, MAX_DOCUMENT),
    ] {
        if text.is_empty() || text.len() > most as usize {
            return Err(ExchangeError::AgainstRules(format!("{what} has 1 to {most} bytes")));
        }
    }
    Ok(length)
}

pub(super) fn check_rules(rules: &Rules, listing: &Listing) -> Result<(), ExchangeError> {
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
