//! What one company keeps, and its ways to the bytes outside.

use super::{Blobs, Lock, Records, Sink, Source, StorageError};
use async_trait::async_trait;

/// A home: everything in it is for its owner only.
#[async_trait]
pub trait Home: Send + Sync {
    /// The content keys of sealings, each encrypted (see [`crate::exchange::SealingStore`]). Who loses one loses a bond.
    fn sealings(&self) -> &dyn Records;

    /// The journals of publications.
    fn publications(&self) -> &dyn Records;

    /// Which orders' keys were shown to the network.
    fn deliveries(&self) -> &dyn Records;

    /// The journals of purchases.
    fn purchases(&self) -> &dyn Records;

    /// Secrets of companies, each encrypted (see [`crate::company::CompanySecrets`]). Who loses one loses purchases.
    fn company_secrets(&self) -> &dyn Records;

    /// Packages and leaf lists.
    fn blobs(&self) -> &dyn Blobs;

    /// The source of a name. Nothing is opened yet.
    fn source(&self, name: &str) -> Box<dyn Source>;

    /// The sink of a name. Nothing is made yet.
    fn sink(&self, name: &str) -> Result<Box<dyn Sink>, StorageError>;

    /// To be held by each publication under way. Whoever is alone when taking it first removes what publications that
    /// were killed left behind: sealed packages without a journal, and what was half written.
    async fn share_publications(&self) -> Result<Lock, StorageError>;
}
