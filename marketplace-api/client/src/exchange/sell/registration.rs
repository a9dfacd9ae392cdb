//! Registering, from the announcement until the registration stands for good; and taking an announcement back.
//!
//! What it promises:
//!
//! - Until the registration is final nobody else learns the root: whoever did could announce and register it first.
//!   The service is asked for no more than whether it takes a package of that length.
//! - An announcement that cannot be followed by a registration any more does not keep its deposit.
//! - Nothing is offered before an earlier announcement of somebody else can displace the registration no more.

use super::{origin, Publication, Publisher};
use crate::chain::{Call, ChainError, Until};
use crate::exchange::event::progress;
use crate::exchange::market::BLOCK_WAIT;
use crate::exchange::{Event, ExchangeError, Head, Result, Work};
use sha2::{Digest as _, Sha256};
use wonbon_model::words::duration::BLOCK_SECONDS;
use wonbon_model::{BlockNumber, Dataset, DatasetId, Digest, ParentList};
use wonbon_package::Sealed;
use wonbon_primitives::content::leaf_list::package_length;
use wonbon_primitives::content::shown::ShownLeaves;
use wonbon_primitives::record::announcement;

/// An announcement that is used so shortly before it expires could expire in the pool.
const EXPIRY_MARGIN: BlockNumber = 30;

impl Publisher<'_> {
    /// Sees to it that the dataset of a publication is registered in a finalized block, by its seller. Returns the
    /// hash of the metadata document that it is registered with, which an earlier publication may have chosen.
    pub(super) async fn register(
        &self,
        publication: &mut Publication,
        sealed: &Sealed,
        parents: ParentList,
    ) -> Result<Digest> {
        let metadata = Sha256::digest(&publication.listing.metadata).into();
        let dataset = DatasetId(sealed.plain.root);
        if let Some(record) = self.owned(publication, &dataset).await? {
            // What it came from is registered with it.
            let (account, listing) = (self.key.account(), &publication.listing);
            origin::check_registered(self.market, &account, &dataset, &record, listing).await?;
            self.observer.event(Event::RegisteredBefore { dataset, at: record.registered.block });
            self.note_registered(publication).await?;
            return Ok(record.metadata);
        }
        let growth = self.growth(publication, sealed).await?;
        // An announcement costs a deposit: not for a package that cannot be uploaded.
        self.service.check_room(package_length(sealed.plain.length).unwrap_or(u64::MAX)).await?;
        let (listing, salt) = (&publication.listing, publication.salt);
        let call = |leaves| {
            Call::register_dataset(
                sealed.plain.root,
                sealed.plain.length,
                salt,
                leaves,
                metadata,
                listing.method,
                parents.clone(),
                growth.clone(),
            )
        };
        match self.register_once_drawn(publication, sealed, call).await {
            Err(ExchangeError::Chain(error)) if error.is_refused("Provenance", "AlreadyRegistered") => {
                // Somebody was faster, or this is our own from before a crash: then the second announcement is
                // one too many.
                if self.owned(publication, &dataset).await?.is_none() {
                    return Err(error.into());
                }
                self.retract(publication, sealed).await?;
            }
            other => other?,
        }
        self.note_registered(publication).await?;
        self.observer.event(Event::Registered { dataset });
        Ok(metadata)
    }

    /// Waits until the registration of a publication stands for good: until it is provisional no more, in a finalized block,
    /// and entered with its parents if it has any.
    pub(super) async fn settle(&self, publication: &Publication, dataset: &DatasetId) -> Result<()> {
        let mut told = None;
        loop {
            let finalized = self.market.lag().await?.finalized;
            let Some(record) = self.owned(publication, dataset).await? else {
                return Err(ExchangeError::NoSuchDataset(*dataset));
            };
            let until = record.provisional_until;
            if finalized >= until {
                break;
            }
            // Another one, if the block of the first was given up.
            if told.replace(until) != Some(until) {
                let blocks = u64::from(until.saturating_sub(record.registered.block));
                let wait = blocks.saturating_mul(u64::from(BLOCK_SECONDS)).saturating_mul(1_000);
                let until_ms = record.registered.time.saturating_add(wait);
                self.observer.event(Event::Provisional { dataset: *dataset, until, until_ms });
            }
            self.market.finalized_above(finalized, BLOCK_WAIT).await?;
        }
        if self.market.lineage_pending(dataset, Head::Best).await? {
            match self.market.submit(self.key, &Call::enter_lineage(*dataset), Until::Best).await {
                // Anybody may do it.
                Err(error) if !error.is_refused("Provenance", "NoLineagePending") => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Takes the announcement of a publication back if it is open.
    pub(super) async fn retract(&self, publication: &Publication, sealed: &Sealed) -> Result<(), ChainError> {
        if self.take_back(publication, sealed).await? {
            self.observer.event(Event::AnnouncementCancelled);
        }
        Ok(())
    }

    async fn take_back(&self, publication: &Publication, sealed: &Sealed) -> Result<bool, ChainError> {
        let (account, commitment) = (self.key.account(), self.commitment(publication, sealed));
        let is_open = self.market.announced_at(&account, &commitment, Head::Best).await?.is_some();
        if is_open {
            self.market.submit(self.key, &Call::cancel_announcement(commitment), Until::Best).await?;
        }
        Ok(is_open)
    }

    /// Writes down that the registration was ours, so that it is noticed if it is not any more.
    async fn note_registered(&self, publication: &mut Publication) -> Result<()> {
        if !std::mem::replace(&mut publication.registered, true) {
            self.save(publication).await?;
        }
        Ok(())
    }

    /// Our own dataset, once it is in a finalized block; `None` if nobody's is, and an error if it is another's.
    async fn owned(&self, publication: &Publication, dataset: &DatasetId) -> Result<Option<Dataset>> {
        let account = self.key.account();
        loop {
            let height = self.market.lag().await?.finalized;
            let Some(record) = self.market.dataset(dataset, Head::Best).await? else { return Ok(None) };
            let (registrant, at) = (record.registrant, record.registered.block);
            if record.owner != account {
                if !self.may_displace(publication, &record).await? {
                    return Err(match publication.registered && registrant != account {
                        true => ExchangeError::Displaced { dataset: *dataset, registrant, at },
                        false => ExchangeError::AlreadyRegistered {
                            dataset: *dataset,
                            registrant,
                            owner: record.owner,
                            at,
                        },
                    });
                }
                return Ok(None);
            }
            if let Some(record) = self.market.dataset(dataset, Head::Finalized).await? {
                if record.owner == account {
                    return Ok(Some(record));
                }
            }
            self.market.finalized_above(height, BLOCK_WAIT).await?;
        }
    }

    /// Whether an open announcement of ours is older than that of a registration which is provisional still.
    async fn may_displace(&self, publication: &Publication, record: &Dataset) -> Result<bool> {
        let Some(sealed) = &publication.sealed else { return Ok(false) };
        let next = self.market.lag().await?.best.saturating_add(1);
        if !record.is_provisional_at(next) {
            return Ok(false);
        }
        let (account, commitment) = (self.key.account(), self.commitment(publication, sealed));
        let ours = self.market.announced_at(&account, &commitment, Head::Best).await?;
        Ok(ours.is_some_and(|at| at < record.announced))
    }

    pub(super) fn commitment(&self, publication: &Publication, sealed: &Sealed) -> Digest {
        let (account, plain) = (self.key.account(), &sealed.plain);
        announcement(account.as_ref(), &plain.root, plain.length, &publication.salt)
    }

    async fn announce(&self, commitment: Digest) -> Result<()> {
        let account = self.key.account();
        if self.market.announced_at(&account, &commitment, Head::Best).await?.is_none() {
            match self.market.submit(self.key, &Call::announce(commitment), Until::Best).await {
                Err(error) if !error.is_refused("Provenance", "AlreadyAnnounced") => return Err(error.into()),
                _ => {}
            }
        }
        let best = self.market.lag().await?.best;
        let at = self.market.announced_at(&account, &commitment, Head::Best).await?.unwrap_or(best);
        let from = at.saturating_add(self.market.announcement_delay().await?).saturating_add(1);
        let seconds = from.saturating_sub(best).saturating_mul(BLOCK_SECONDS);
        self.observer.event(Event::Announced { from, seconds });
        Ok(())
    }

    /// Announces, waits for the draw, and registers in the first block that takes it. A validator that is alone loses the
    /// blocks that it had not written when it died, those that it had called final too: then the announcement is younger
    /// than it was, or still to come, and what is shown is drawn anew.
    async fn register_once_drawn(
        &self,
        publication: &Publication,
        sealed: &Sealed,
        call: impl Fn(ShownLeaves) -> Call,
    ) -> Result<()> {
        self.announce(self.commitment(publication, sealed)).await?;
        let mut shown_for = None;
        loop {
            let seed = self.drawn(publication, sealed).await?;
            let leaves = self.shown_leaves(publication, sealed, &seed).await?;
            // What is refused for one draw is refused again for the same.
            let is_new = shown_for.replace(seed) != Some(seed);
            match self.market.submit(self.key, &call(leaves), Until::Finalized).await {
                Err(error)
                    if is_passing(&error) || is_new && error.is_refused("Provenance", "WrongLeaves") =>
                {
                    let finalized = self.market.lag().await?.finalized;
                    self.market.finalized_above(finalized, BLOCK_WAIT).await?;
                }
                other => return Ok(other.map(drop)?),
            }
        }
    }

    /// Waits until the registration is taken in every block that can come next, and gives the hash that draws what it shows:
    /// the best block may still be given up for another, in which the announcement is younger or not there.
    async fn drawn(&self, publication: &Publication, sealed: &Sealed) -> Result<Digest> {
        let (account, commitment) = (self.key.account(), self.commitment(publication, sealed));
        let delay = self.market.announcement_delay().await?;
        let usable = self.market.announcement_lifetime().await?.saturating_sub(EXPIRY_MARGIN);
        loop {
            let finalized = self.market.lag().await?.finalized;
            match self.market.announced_at(&account, &commitment, Head::Finalized).await? {
                Some(at) if finalized > at.saturating_add(usable) => {
                    self.take_back(publication, sealed).await?;
                    self.observer.event(Event::AnnouncementExpired);
                    self.announce(commitment).await?;
                }
                Some(at) if finalized >= at.saturating_add(delay) => {
                    if let Some(seed) = self.market.hash_at(at.saturating_add(delay)).await? {
                        return Ok(seed);
                    }
                }
                Some(_) => {}
                None if self.market.announced_at(&account, &commitment, Head::Best).await?.is_some() => {}
                // Its block was given up: once more.
                None => self.announce(commitment).await?,
            }
            self.market.finalized_above(finalized, BLOCK_WAIT).await?;
        }
    }

    async fn shown_leaves(
        &self,
        publication: &Publication,
        sealed: &Sealed,
        seed: &Digest,
    ) -> Result<ShownLeaves> {
        let (package, account) = (publication.package(), self.key.account());
        let proving = progress(&self.observer, Work::Proving, sealed.plain.length);
        let shown = self.home.blobs().shown_leaves(&package, &sealed.plain, seed, &account, proving).await;
        shown.map_err(|error| ExchangeError::corrupt("the leaf list of the sealed file", error))
    }
}

/// Whether a registration is refused because its announcement stands elsewhere than it did, or does not stand any more.
fn is_passing(error: &ChainError) -> bool {
    let reasons = ["TooEarly", "NotAnnounced", "AnnouncementExpired"];
    reasons.iter().any(|reason| error.is_refused("Provenance", reason))
}
