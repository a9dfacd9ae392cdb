//! The package of a purchase: downloading, checking, opening.

use super::fault::FoundFault;
use super::{Buyer, Purchase};
use crate::exchange::event::progress;
use crate::exchange::{Event, ExchangeError, Result, Work};
use crate::ports::PassError;
use wonbon_model::OrderId;
use wonbon_package::PackageError;
use wonbon_primitives::content::leaf_list::package_length;
use wonbon_primitives::delivery::{unwrap, Delivery};

impl Buyer<'_> {
    /// Downloads the package and checks it; it has its name only when it was found right.
    pub(super) async fn fetch(&self, purchase: &mut Purchase) -> Result<()> {
        let expected = purchase.sealed();
        let (package, part) = (purchase.package(), purchase.incoming());
        let blobs = self.home.blobs();
        if blobs.exists(&package).await {
            blobs.rename(&package, &part).await?;
        }
        let total = package_length(expected.sealed.length).unwrap_or_default();
        let mut target = blobs.incoming(&part).await?;
        let downloading = progress(&self.observer, Work::Downloading, total);
        self.service.download(&expected.sealed, &mut *target, downloading).await?;
        drop(target);

        let verifying = progress(&self.observer, Work::Verifying, expected.sealed.length);
        match self.home.blobs().verify(&part, &expected, verifying).await {
            Ok(()) => {}
            Err(error) if error.is_corruption() => {
                // Another attempt begins anew.
                blobs.remove(&part).await?;
                return Err(ExchangeError::corrupt("the package that the service sent", error));
            }
            Err(error) => return Err(failed("the package", error)),
        }
        blobs.rename(&part, &package).await?;
        purchase.verified = true;
        self.save(purchase).await?;
        self.observer.event(Event::PackageVerified);
        Ok(())
    }

    /// Whether the file is in its place; an error if another file is there.
    pub(super) async fn in_place(&self, purchase: &Purchase) -> Result<bool> {
        let (output, plain) = (self.home.sink(&purchase.output)?, purchase.terms.plain());
        let Some(length) = output.length().await else { return Ok(false) };
        if length == plain.length {
            let verifying = progress(&self.observer, Work::Verifying, plain.length);
            if output.commit(verifying).await.is_ok_and(|found| found == plain) {
                return Ok(true);
            }
        }
        Err(ExchangeError::Occupied(purchase.output.clone()))
    }

    /// Opens the package into its place, or finds out what is wrong with it. A file that is there already is
    /// never replaced: the package is checked all the same, for a dispute does not wait.
    pub(super) async fn open(
        &self,
        purchase: &mut Purchase,
        order: OrderId,
        delivery: &Delivery,
    ) -> Result<Option<FoundFault>> {
        let expected = purchase.sealed();
        let secret = self.secret(purchase).await?;
        let key = unwrap(&self.market.genesis(), order, &secret, delivery)
            .map_err(|error| ExchangeError::Delivery(error.to_string()))?;
        if key.commitment() != expected.key_commitment {
            return Ok(Some(FoundFault::WrongKey));
        }
        for first in [true, false] {
            let package = purchase.package();
            let place = self.in_place(purchase).await;
            let opening = progress(&self.observer, Work::Opening, expected.plain.length);
            let opened = match place {
                Ok(false) => self.home.sink(&purchase.output)?.open(&package, &key, &expected, opening).await,
                _ => self.home.blobs().check(&package, &key, &expected, opening).await,
            };
            match opened {
                Ok(()) => return place.map(|_| None),
                Err(PassError::Package(PackageError::BadBlock(index))) => {
                    return Ok(Some(FoundFault::BadBlock(index)))
                }
                Err(PassError::Package(PackageError::WrongKey)) => return Ok(Some(FoundFault::WrongKey)),
                // The package was damaged here since it was checked: get it again.
                Err(error) if error.is_corruption() && first => {
                    tracing::warn!(%error, "the package was damaged here; it is downloaded again");
                    purchase.verified = false;
                    self.home.blobs().remove(&package).await?;
                    self.fetch(purchase).await?;
                }
                Err(error) if error.is_corruption() => {
                    return Err(ExchangeError::corrupt("the package", error))
                }
                Err(error) => return Err(failed(&purchase.output, error)),
            }
        }
        Ok(None)
    }
}

fn failed(what: &str, error: PassError) -> ExchangeError {
    match error {
        PassError::Storage(error) => ExchangeError::Storage(error),
        other => ExchangeError::corrupt(what, other),
    }
}
