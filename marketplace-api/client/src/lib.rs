//! Typed access to the chain and the service, and the two procedures of a trade.
//!
//! What it promises:
//!
//! - [`chain`] is the only place of the project that names subxt. Everything it returns is a type of
//!   `wonbon-model` or of `wonbon-primitives`.
//! - [`keys`] keeps secrets: they are zeroed when dropped, never printed, and on disk only encrypted.
//! - [`company`] has the secrets that members of a company share: made, wrapped, kept, and on paper.
//! - [`service`] resumes uploads and downloads, and publishes nothing that was not checked.
//! - [`audit`] computes an auditor's ledger and report from the chain itself, or from the same facts elsewhere.
//! - [`exchange`] holds the seller's and the buyer's procedures, used by the command and by the tests alike.
//!   Both can be killed at any point and started again: what counts is on the chain, in the sealing store
//!   and in a small journal. They reach files, journals and clocks through [`ports`]; [`home`] has these over files.
//! - [`enrolment`] has the files by which people come to act for companies.
//! - [`light`] proves what the node says about the finalized state, before anything rests on it.
//! - [`certificate`] makes certificates and trust anchors from a node, and believes nothing that the node says
//!   about a certificate.

pub mod audit;
pub mod certificate;
pub mod chain;
pub mod company;
pub mod enrolment;
pub mod exchange;
pub mod files;
pub mod home;
pub mod keys;
pub mod light;
pub mod ports;
pub mod service;

pub use keys::{Keypair, Membership};
