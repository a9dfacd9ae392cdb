//! Secrets of companies, so that any member who buys or sells opens and delivers from any machine.
//!
//! - [`secrets`]: one secret an epoch. Order secrets derive from it.
//! - [`content_key`]: content keys sealed under it.
//! - [`wrapping`]: a secret on its way to a member, encrypted to the member's key and signed by an admin.
//! - [`store`]: the secrets in a home.
//! - [`rotation`]: a new epoch when a member leaves, and what a new member gets.
//! - [`entrusted`]: a single content key for one member, a delivery service say.
//! - [`state`]: who the members are and which secrets there are, by the chain.
//! - [`keyring`]: all of it together, for a member who acts for the company.
//! - [`sheet`]: the secrets on paper.
//!
//! What it promises: nothing of a secret leaves but encrypted to a member or on a sheet; secrets are zeroed when dropped
//! and never printed by `Debug`; whatever is read from outside is checked and refused by name, without a panic. What it
//! does not promise: a member who left keeps what they knew. A new epoch ends acts, not knowledge.
//!
//! Who the members and admins are, and which secret is the company's, comes from a proved view of the chain alone.

pub mod content_key;
pub mod entrusted;
#[cfg(test)]
pub(crate) mod fake;
pub mod keyring;
mod layout;
pub mod rotation;
pub mod secrets;
pub mod sheet;
pub mod state;
pub mod store;
#[cfg(test)]
mod testing;
pub mod wrapping;

pub use content_key::{SealedKey, SealedKeyError};
pub use entrusted::EntrustedKey;
pub use keyring::{FetchedKey, Keyring, KeyringError, Refreshed};
pub use layout::BadLayout;
pub use rotation::{begin_epoch, wrap_again, Beginning, HandOut, ProvedMember, RotationError};
pub use secrets::{CompanyId, CompanySecret, Epoch, SecretId};
pub use sheet::{Sheet, SheetError};
pub use state::{CompanyChain, CompanyState};
pub use store::{CompanySecrets, StoreError};
pub use wrapping::{OpenError, WrappedSecret};
