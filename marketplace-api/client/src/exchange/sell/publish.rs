//! Publishing: seal, check, store the key, announce, register, upload, wait until the registration stands, offer.
//!
//! What it promises:
//!
//! - The service learns nothing of a dataset before it is registered (see [`super::registration`]), so whoever runs
//!   it cannot be first.
//! - The content key is in the sealing store before anything leaves the machine, and the sealed file is opened
//!   again and compared before it is offered: a seller's own mistake would lose them a dispute. Who sells for a company has
//!   shared it with the colleagues by then.
//! - It can be killed at any point. Started again for the same file and terms, it goes on where it was, with
//!   the same key and salt, and offers once.
//! - Bytes that somebody else registered are refused, with who and when, those too that somebody else took over while our
//!   registration was provisional; so are one's own that are registered with other parents than those named.

use super::{origin, Listing};
use crate::chain::{Call, Until};
use crate::chain::{ChainEvent, MarketplaceEvent};
use crate::exchange::event::progress;
use crate::exchange::journal;
use crate::exchange::{Event, ExchangeError, Head, Market, Observer, Result, Sealing, SealingStore, Work};
use crate::keys::secret_box::random;
use crate::keys::Keypair;
use crate::ports::{Blob, Home, Lock, Source, SourceIdentity, StorageError};
use crate::service::{Payloads, UploadLog, UploadRequest};
use async_trait::async_trait;
use rand_core::OsRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt::Display;
use std::sync::Arc;
use wonbon_model::{AccountId, Balance, DatasetId, Digest, Hash, OfferId, ParentList, Rules};
use wonbon_package::Sealed;
use wonbon_primitives::bounds::{MAX_DOCUMENT, MAX_METADATA};
use wonbon_primitives::content::check_length;
use wonbon_primitives::id::{hex_digest, to_hex};
use wonbon_primitives::seal::ContentKey;

/// Layout of the journals that are written and read.
const JOURNAL_VERSION: u8 = 3;

/// A publication under way, as its journal has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// That of its journal and its package.
    #[serde(skip)]
    name: String,
    version: u8,
    #[serde(with = "hex_digest")]
    genesis: Digest,
    account: AccountId,
    /// What it brings to market, as it was asked for first.
    pub listing: Listing,
    #[serde(with = "hex_digest")]
    pub(super) salt: Digest,
    /// The sealing, once it is made, checked, and its key stored.
    pub sealed: Option<Sealed>,
    /// Whether the registration was ours in a finalized block, at some time.
    #[serde(default)]
    pub(super) registered: bool,
    upload: Option<String>,
}

impl Publication {
    /// One that has just begun.
    pub(super) fn new(name: String, listing: Listing, genesis: Digest, account: AccountId) -> Self {
        let (version, salt, sealed, registered, upload) = (JOURNAL_VERSION, random(), None, false, None);
        Self { name, version, genesis, account, listing, salt, sealed, registered, upload }
    }

    /// Its package, until it is offered.
    pub(super) fn package(&self) -> Blob {
        Blob::Sealed(self.name.clone())
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
    /// The seller's key.
    pub key: &'a Keypair,
    /// Where journals and packages are.
    pub home: &'a dyn Home,
    /// Told of each step, and of how far long ones are.
    pub observer: Arc<dyn Observer>,
}

impl Publisher<'_> {
    /// Publishes a file, or goes on with publishing it if that was interrupted.
    pub async fn publish(&self, listing: Listing) -> Result<Published> {
        let source = self.home.source(&listing.file);
        let length = check_source(&*source, &listing).await?;
        let _shared = self.home.share_publications().await?;
        let identity = source.identity().await?;
        let _lock = self.lock(&*source, &identity).await?;
        let name = self.name(&listing, identity);
        let mut publication = match self.begun(&name).await? {
            Some(found) => found,
            None => Publication::new(name, listing, self.market.genesis(), self.key.account()),
        };
        let package = publication.package();
        let rules = self.market.rules(Head::Best).await?.ok_or(ExchangeError::NoRules)?;
        check_rules(&rules, &publication.listing)?;
        let parents = origin::parents(self.market, &self.key.account(), &publication.listing).await?;
        self.save(&publication).await?;

        let sealed = match publication.sealed {
            Some(sealed) if self.home.blobs().exists(&package).await => sealed,
            _ => {
                let sealed = self.seal(&*source, &package, length).await?;
                publication.sealed = Some(sealed);
                // Another package: an upload that was begun is not one of it.
                publication.upload = None;
                self.save(&publication).await?;
                sealed
            }
        };
        let (dataset, sealed_root) = (DatasetId(sealed.plain.root), Hash(sealed.sealed.root));
        self.observer.event(Event::Sealed { dataset, sealed_root, length: sealed.plain.length });

        let offer = match self.market.used_key(&self.key.account(), &sealed.key_commitment).await? {
            Some(offer) => offer,
            None => {
                match self.bring_to_market(&mut publication, &sealed, &rules, parents).await {
                    Err(
                        error @ (ExchangeError::AlreadyRegistered { .. }
                        | ExchangeError::Displaced { .. }
                        | ExchangeError::OtherParents { .. }
                        | ExchangeError::NotGrown { .. }),
                    ) => {
                        // They are another's, or not what they should be: nothing of this can be gone on with.
                        match self.retract(&publication, &sealed).await {
                            Ok(()) => self.forget(&publication).await?,
                            Err(error) => tracing::warn!(%error, "the announcement is still open"),
                        }
                        return Err(error);
                    }
                    other => other?,
                }
            }
        };
        self.observer.event(Event::Offered { offer });
        self.forget(&publication).await?;
        Ok(Published { dataset, offer, sealed })
    }

    /// The publication of this name, if it was begun.
    pub(super) async fn begun(&self, name: &str) -> Result<Option<Publication>> {
        let records = self.home.publications();
        match journal::read::<Publication>(records, name).await? {
            Some(found) if found.version != JOURNAL_VERSION => Err(journal::other_version(records, name)),
            found => Ok(found.map(|found| Publication { name: name.to_owned(), ..found })),
        }
    }

    /// Publications of this account on this chain that were interrupted. A journal that cannot be read is told and left
    /// out.
    pub async fn pending(&self) -> Result<Vec<Publication>> {
        let (genesis, account) = (self.market.genesis(), self.key.account());
        let ours = |_: &str, found: &Publication| Ok((found.genesis, found.account) == (genesis, account));
        journal::read_ours(self.home.publications(), &*self.observer, &[], ours).await
    }

    /// The source, for this process alone: two that publish it at once would offer it twice.
    async fn lock(&self, source: &dyn Source, identity: &SourceIdentity) -> Result<Lock> {
        let hash: Digest = Sha256::digest(identity.name.as_bytes()).into();
        let name = format!("{}-{}", to_hex(&self.key.account().0), &to_hex(&hash)[..32]);
        let held = self.home.publications().try_lock(&name).await?;
        held.ok_or_else(|| ExchangeError::Busy(format!("another publication of {}", source.name())))
    }

    /// The name of the journal: the same source with the same terms is the same publication.
    pub(super) fn name(&self, listing: &Listing, identity: SourceIdentity) -> String {
        let listing = Listing { file: identity.name, ..listing.clone() };
        let parts = (self.market.genesis(), self.key.account(), identity.changed, listing);
        let json = serde_json::to_vec(&parts).expect("it has no maps and no floating-point numbers; qed");
        let hash: Digest = Sha256::digest(json).into();
        to_hex(&hash)[..32].to_owned()
    }

    async fn seal(&self, source: &dyn Source, package: &Blob, length: u64) -> Result<Sealed> {
        let key = ContentKey::generate(&mut OsRng);
        let sealing = progress(&self.observer, Work::Sealing, length);
        let sealed = source.seal(package, &key, sealing).await;
        let sealed = sealed.map_err(|error| unsealable(source, error.to_string()))?;
        self.store.add(self.sealing(&sealed, source.file_name()), &key).await?;
        // With the key as it will be read for a delivery.
        let stored = self.store.key(&sealed.key_commitment).await?;
        let stored =
            stored.ok_or_else(|| ExchangeError::corrupt("the sealing store", "the key is not there"))?;
        let rechecking = progress(&self.observer, Work::Rechecking, length);
        let checked = self.home.blobs().check(package, &stored, &sealed, rechecking).await;
        checked.map_err(|error| ExchangeError::corrupt("the sealed file", error))?;
        self.home.blobs().keep_leaf_list(package, &sealed.plain).await?;
        Ok(sealed)
    }

    fn sealing(&self, sealed: &Sealed, file_name: String) -> Sealing {
        Sealing {
            account: self.key.account(),
            dataset: DatasetId(sealed.plain.root),
            sealed: sealed.sealed,
            key_commitment: sealed.key_commitment,
            file_name,
        }
    }

    /// Registers, then gives the service what it is to have, then offers.
    async fn bring_to_market(
        &self,
        publication: &mut Publication,
        sealed: &Sealed,
        rules: &Rules,
        parents: ParentList,
    ) -> Result<OfferId> {
        let described = self.register(publication, sealed, parents).await?;

        let listing = publication.listing.clone();
        let licence = self.service.put_document(&listing.licence).await?;
        let nda = self.service.put_document(&listing.nda).await?;
        if let Some(metadata) = self.document(&listing, &described).await? {
            self.service.put_metadata(metadata.as_bytes()).await?;
        }
        self.observer.event(Event::DocumentsStored);

        self.upload(publication, sealed).await?;
        self.observer.event(Event::Uploaded);
        self.settle(publication, &DatasetId(sealed.plain.root)).await?;

        // Before it can be ordered: this machine may be lost the moment after.
        self.store.share(&self.sealing(sealed, String::new())).await?;

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
            origin::parents_to_look_at(self.market, &self.key.account(), DatasetId(sealed.plain.root))
                .await?,
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
    async fn document(&self, listing: &Listing, hash: &Digest) -> Result<Option<String>> {
        let others = self.pending().await?.into_iter().map(|publication| publication.listing.metadata);
        let mut known = std::iter::once(listing.metadata.clone()).chain(others);
        Ok(known.find(|metadata| <[u8; 32]>::from(Sha256::digest(metadata)) == *hash))
    }

    async fn upload(&self, publication: &mut Publication, sealed: &Sealed) -> Result<()> {
        let what = UploadRequest { sealed: sealed.sealed, dataset_root: sealed.plain.root };
        let total = what.package_length().unwrap_or_default();
        let resume = publication.upload.clone();
        let uploading = progress(&self.observer, Work::Uploading, total);
        let outgoing = self.home.blobs().outgoing(&publication.package());
        let mut log = UploadJournal { publisher: self, publication };
        Ok(self.service.upload(&*outgoing, &what, resume, &mut log, uploading).await?)
    }

    pub(super) async fn save(&self, publication: &Publication) -> Result<(), StorageError> {
        journal::write(self.home.publications(), &publication.name, publication).await
    }

    async fn forget(&self, publication: &Publication) -> Result<(), StorageError> {
        self.home.publications().remove(&publication.name).await?;
        self.home.blobs().remove(&publication.package()).await
    }
}

/// Writes into the journal of a publication where its upload stands, from within the upload.
struct UploadJournal<'a> {
    publisher: &'a Publisher<'a>,
    publication: &'a mut Publication,
}

#[async_trait]
impl UploadLog for UploadJournal<'_> {
    async fn begun_at(&mut self, place: &str) -> Result<(), StorageError> {
        self.publication.upload = Some(place.to_owned());
        self.publisher.save(self.publication).await
    }
}

fn unsealable(source: &dyn Source, reason: String) -> ExchangeError {
    ExchangeError::Unsealable { place: source.name().to_owned(), reason }
}

/// Refuses what could not be published, before any work; answers the length of the source.
pub(super) async fn check_source(source: &dyn Source, listing: &Listing) -> Result<u64> {
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

pub(super) fn check_rules(rules: &Rules, listing: &Listing) -> Result<()> {
    within("price", listing.price, 1, rules.max_price)?;
    within("delivery window", listing.delivery_window, rules.min_delivery_window, rules.max_delivery_window)?;
    within("dispute window", listing.dispute_window, rules.min_dispute_window, rules.max_dispute_window)?;
    within("bond", listing.bond.unwrap_or(Balance::MAX), rules.bond_for(listing.price), Balance::MAX)
}

fn within<N: Copy + PartialOrd + Display>(what: &str, value: N, least: N, most: N) -> Result<()> {
    match (least..=most).contains(&value) {
        true => Ok(()),
        false => Err(ExchangeError::AgainstRules(format!("the {what} is {least} to {most}, not {value}"))),
    }
}

#[cfg(test)]
mod tests;
