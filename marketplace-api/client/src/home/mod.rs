//! A home in a folder: the traits of [`crate::ports`] over files, for the command and for pages on one's own machine.
//!
//! What it promises:
//!
//! - Everything in it is for its owner only: folders have mode 0700, small files 0600.
//! - Small files are written in one step and are durable then; large ones appear in whole.
//! - Passes over large files run on threads of their own, on every core, in constant memory.
//!
//! ```text
//! sealings/      <key commitment>.json   content keys, encrypted
//!                <dataset>.leaves        leaf lists of what was sealed
//! publications/  <name>.json             journals
//!                <name>.package          what is under way to the service
//! purchases/     <nonce>.json            journals
//! deliveries/    <genesis>-<order>.json  whose keys were shown to the network
//! anchors/       <genesis>.json          what is trusted of a chain
//! company-secrets/  <company>-<member>-<epoch>-<commitment>.json  companies' secrets, encrypted
//! packages/      <nonce>.package         checked, until the order is final
//!                <nonce>.part            on its way
//! ```

mod blobs;
mod blocking;
mod clock;
mod lock;
mod packages;
mod records;
mod sink;
mod source;
mod transfer;

pub use clock::SystemClock;
pub use transfer::{GrowingFile, WholeFile};

use crate::ports::{Blobs, Home, Lock, Records, Sink, Source, StorageError};
use async_trait::async_trait;
use blobs::FileBlobs;
use records::FileRecords;
use sink::FileSink;
use source::FileSource;
use std::path::PathBuf;

/// A home in a folder, which is made when something is first written to it.
#[derive(Debug, Clone)]
pub struct FileHome {
    sealings: FileRecords,
    publications: FileRecords,
    purchases: FileRecords,
    deliveries: FileRecords,
    anchors: FileRecords,
    company_secrets: FileRecords,
    blobs: FileBlobs,
}

impl FileHome {
    /// The home in this folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        let records = |name| FileRecords::new(folder.join(name));
        Self {
            sealings: records("sealings"),
            publications: records("publications"),
            purchases: records("purchases"),
            deliveries: records("deliveries"),
            anchors: records("anchors"),
            company_secrets: records("company-secrets"),
            blobs: FileBlobs::new(folder),
        }
    }
}

impl FileHome {
    /// What is trusted of each chain (see [`crate::light`]).
    pub fn anchors(&self) -> impl Records + use<> {
        self.anchors.clone()
    }
}

#[async_trait]
impl Home for FileHome {
    fn sealings(&self) -> &dyn Records {
        &self.sealings
    }

    fn publications(&self) -> &dyn Records {
        &self.publications
    }

    fn purchases(&self) -> &dyn Records {
        &self.purchases
    }

    fn deliveries(&self) -> &dyn Records {
        &self.deliveries
    }

    fn company_secrets(&self) -> &dyn Records {
        &self.company_secrets
    }

    fn blobs(&self) -> &dyn Blobs {
        &self.blobs
    }

    fn source(&self, name: &str) -> Box<dyn Source> {
        Box::new(FileSource::new(name, self.blobs.clone()))
    }

    fn sink(&self, name: &str) -> Result<Box<dyn Sink>, StorageError> {
        Ok(Box::new(FileSink::new(name, self.blobs.clone())?))
    }

    async fn share_publications(&self) -> Result<Lock, StorageError> {
        let folder = self.publications.folder();
        lock::share(folder, "all", || blobs::remove_leftovers(folder))
    }
}
