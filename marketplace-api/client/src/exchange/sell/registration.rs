//! The two steps of registering: announce, then, some blocks later, register; and taking an announcement back.
//!
//! What it promises:
//!
//! - Until the registration is final nobody else learns the root: whoever did could announce and register it first.
//!   The service is asked for no more than whether it takes a package of that length.
//! - An announcement that cannot be followed by a registration any more does not keep its deposit.

use super::{origin, Publication, Publisher};
use crate::chain::{Call, ChainError, Until};
use crate::exchange::market::BLOCK_WAIT;
use crate::exchange::{Event, ExchangeError, Head, Result};
use sha2::{Digest as _, Sha256};
use wonbon_model::{Dataset, DatasetId, Digest, ParentList};
use wonbon_package::Sealed;
use wonbon_primitives::content::leaf_list::package_length;
use wonbon_primitives::record::announcement;

impl Publisher<'_> {
    /// Sees to it that the dataset of a publication is registered in a finalized block, by its seller. Returns the
    /// hash of the metadata document that it is registered with, which an earlier publication may have chosen.
    pub(super) async fn register(
        &self,
        publication: &Publication,
        sealed: &Sealed,
        parents: ParentList,
    ) -> Result<Digest> {
        let metadata = Sha256::digest(&publication.listing.metadata).into();
        let dataset = DatasetId(sealed.plain.root);
        if let Some(record) = self.owned(&dataset).await? {
            // What it came from is registered with it.
            let (account, listing) = (self.key.account(), &publication.listing);
            origin::check_registered(self.market, &account, &dataset, &record, listing).await?;
            self.observer.event(Event::RegisteredBefore { dataset, at: record.registered.block });
            return Ok(record.metadata);
        }
        let growth = self.growth(publication, sealed).await?;
        // An announcement costs a deposit: not for a package that cannot be uploaded.
        self.service.check_room(package_length(sealed.plain.length).unwrap_or(u64::MAX)).await?;
        let commitment = self.commitment(publication, sealed);
        self.announce(commitment).await?;
        let register = Call::register_dataset(
            sealed.plain.root,
            sealed.plain.length,
            publication.salt,
            metadata,
            publication.listing.method,
            parents,
            growth,
        );
        match self.register_once_announced(commitment, &register).await {
            Err(ExchangeError::Chain(error)) if error.is_refused("Provenance", "AlreadyRegistered") => {
                // Somebody was faster, or this is our own from before a crash: then the second announcement is
                // one too many.
                if self.owned(&dataset).await?.is_none() {
                    return Err(error.into());
                }
                self.retract(publication, sealed).await?;
            }
            other => other?,
        }
        self.observer.event(Event::Registered { dataset });
        Ok(metadata)
    }

    /// Takes the announcement of a publication back if it is open.
    pub(super) async fn retract(&self, publication: &Publication, sealed: &Sealed) -> Result<(), ChainError> {
        let (account, commitment) = (self.key.account(), self.commitment(publication, sealed));
        if self.market.announced_at(&account, &commitment, Head::Best).await?.is_some() {
            self.market.submit(self.key, &Call::cancel_announcement(commitment), Until::Best).await?;
            self.observer.event(Event::AnnouncementCancelled);
        }
        Ok(())
    }

    /// Our own dataset, once it is in a finalized block; `None` if nobody's is, and an error if it is another's.
    async fn owned(&self, dataset: &DatasetId) -> Result<Option<Dataset>> {
        loop {
            let height = self.market.lag().await?.finalized;
            let Some(record) = self.market.dataset(dataset, Head::Best).await? else { return Ok(None) };
            if record.owner != self.key.account() {
                return Err(ExchangeError::AlreadyRegistered {
                    dataset: *dataset,
                    registrant: record.registrant,
                    owner: record.owner,
                    at: record.registered.block,
                });
            }
            if self.market.dataset(dataset, Head::Finalized).await?.is_some() {
                return Ok(Some(record));
            }
            self.market.finalized_above(height, BLOCK_WAIT).await?;
        }
    }

    fn commitment(&self, publication: &Publication, sealed: &Sealed) -> Digest {
        announcement(self.key.account().as_ref(), &sealed.plain.root, &publication.salt)
    }

    async fn announce(&self, commitment: Digest) -> Result<()> {
        let account = self.key.account();
        if self.market.announced_at(&account, &commitment, Head::Best).await?.is_none() {
            match self.market.submit(self.key, &Call::announce(commitment), Until::Best).await {
                Err(error) if !error.is_refused("Provenance", "AlreadyAnnounced") => return Err(error.into()),
                _ => {}
            }
        }
        let at = match self.market.announced_at(&account, &commitment, Head::Best).await? {
            Some(at) => at,
            None => self.market.lag().await?.best,
        };
        let from = at.saturating_add(self.market.announcement_delay().await?);
        self.observer.event(Event::Announced { from });
        Ok(())
    }

    /// Registers in the first block that takes it. A validator that is alone loses the blocks that it had not written when
    /// it died, those that it had called final too: then the announcement is younger than it was, or still to come.
    async fn register_once_announced(&self, commitment: Digest, register: &Call) -> Result<()> {
        loop {
            self.wait_for_announcement(commitment).await?;
            match self.market.submit(self.key, register, Until::Finalized).await {
                Err(error)
                    if error.is_refused("Provenance", "TooEarly")
                        || error.is_refused("Provenance", "NotAnnounced") =>
                {
                    let finalized = self.market.lag().await?.finalized;
                    self.market.finalized_above(finalized, BLOCK_WAIT).await?;
                }
                other => return Ok(other.map(drop)?),
            }
        }
    }

    /// Waits until the registration is taken in every block that can come next: the best one may still be given up for
    /// another, in which the announcement is younger or not there.
    async fn wait_for_announcement(&self, commitment: Digest) -> Result<()> {
        let account = self.key.account();
        let delay = self.market.announcement_delay().await?;
        loop {
            let finalized = self.market.lag().await?.finalized;
            match self.market.announced_at(&account, &commitment, Head::Finalized).await? {
                Some(at) if finalized >= at.saturating_add(delay) => return Ok(()),
                Some(_) => {}
                None if self.market.announced_at(&account, &commitment, Head::Best).await?.is_some() => {}
                // Its block was given up: once more.
                None => self.announce(commitment).await?,
            }
            self.market.finalized_above(finalized, BLOCK_WAIT).await?;
        }
    }
}
