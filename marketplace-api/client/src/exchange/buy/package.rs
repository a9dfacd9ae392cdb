//! The package of a purchase: downloading, checking, opening.

use super::dispute::Found;
use super::{Buyer, Purchase};
use crate::exchange::{blocking, journal, Event, ExchangeError, Work};
use std::path::Path;
use wonbon_model::OrderId;
use wonbon_package::files::{check_package, commit_file, open_file, verify_package, FileError};
use wonbon_package::{PackageError, Sealed};
use wonbon_primitives::content::leaf_list::package_length;
use wonbon_primitives::delivery::{unwrap, Delivery};

impl Buyer<'_> {
    /// Downloads the package and checks it; it has its name only when it was found right.
    pub(super) async fn fetch(&self, purchase: &mut Purchase) -> Result<(), ExchangeError> {
        let (sealed, root) = (purchase.terms.sealed(), purchase.terms.dataset.0);
        let package = self.package(purchase);
        let part = package.with_extension("part");
        let folder = package.parent().unwrap_or(self.home);
        crate::files::private_folder(folder).map_err(ExchangeError::file(folder))?;
        if package.exists() {
            std::fs::rename(&package, &part).map_err(ExchangeError::file(&package))?;
        }
        let total = package_length(sealed.length).unwrap_or_default();
        let progress = blocking::told(&self.observer, Work::Downloading, total);
        self.service.download(&sealed, &part, progress).await?;

        let input = part.clone();
        let verifying = blocking::run(&self.observer, Work::Verifying, sealed.length, move |watch| {
            verify_package(&input, &sealed, &root, watch)
        });
        match verifying.await {
            Ok(()) => {}
            Err(error) if error.is_corruption() => {
                // Another attempt begins anew.
                journal::remove(&part)?;
                return Err(corrupt("the package that the service sent", error));
            }
            Err(error) => return Err(failed(&part, error)),
        }
        std::fs::rename(&part, &package).map_err(ExchangeError::file(&part))?;
        purchase.verified = true;
        self.save(purchase)?;
        self.observer.event(Event::PackageVerified);
        Ok(())
    }

    /// Whether the file is in its place; an error if another file is there.
    pub(super) async fn in_place(&self, purchase: &Purchase) -> Result<bool, ExchangeError> {
        let (output, plain) = (purchase.output.clone(), purchase.terms.plain());
        let Ok(about) = output.symlink_metadata() else { return Ok(false) };
        // A link may lead to the file, or to nothing.
        let length = output.metadata().map_or(about.len(), |about| about.len());
        if length == plain.length {
            let found = blocking::run(&self.observer, Work::Verifying, plain.length, move |watch| {
                commit_file(&output, watch)
            });
            if found.await.is_ok_and(|found| found == plain) {
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
    ) -> Result<Option<Found>, ExchangeError> {
        let terms = purchase.terms.clone();
        let key = unwrap(&self.market.genesis(), order, &self.secret(purchase), delivery)
            .map_err(|error| ExchangeError::Delivery(error.to_string()))?;
        if key.commitment() != terms.key_commitment {
            return Ok(Some(Found::WrongKey));
        }
        let expected =
            Sealed { plain: terms.plain(), sealed: terms.sealed(), key_commitment: terms.key_commitment };
        for first in [true, false] {
            let (package, output) = (self.package(purchase), purchase.output.clone());
            let with = key.clone();
            let place = self.in_place(purchase).await;
            let write = matches!(place, Ok(false));
            let opening =
                blocking::run(&self.observer, Work::Opening, terms.length, move |watch| match write {
                    true => open_file(&package, &output, &with, &expected, watch),
                    false => check_package(&package, &with, &expected, watch),
                });
            match opening.await {
                Ok(()) => return place.map(|_| None),
                Err(FileError::Package(PackageError::BadBlock(index))) => {
                    return Ok(Some(Found::BadBlock(index)))
                }
                Err(FileError::Package(PackageError::WrongKey)) => return Ok(Some(Found::WrongKey)),
                // The package was damaged here since it was checked: get it again.
                Err(error) if error.is_corruption() && first => {
                    tracing::warn!(%error, "the package was damaged here; it is downloaded again");
                    purchase.verified = false;
                    journal::remove(&self.package(purchase))?;
                    self.fetch(purchase).await?;
                }
                Err(error) if error.is_corruption() => return Err(corrupt("the package", error)),
                Err(error) => return Err(failed(&purchase.output, error)),
            }
        }
        Ok(None)
    }
}

pub(super) fn corrupt(what: &str, reason: impl std::fmt::Display) -> ExchangeError {
    ExchangeError::Corrupt { what: what.to_owned(), reason: reason.to_string() }
}

fn failed(path: &Path, error: FileError) -> ExchangeError {
    match error {
        FileError::Io { path, source, .. } => ExchangeError::File { path, error: source },
        other => ExchangeError::Corrupt { what: path.display().to_string(), reason: other.to_string() },
    }
}
