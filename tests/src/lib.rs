//! What the end-to-end tests and the figures stand on: real nodes, a real service and the real command, each in
//! a process of its own, on free ports and in folders that go away.
//!
//! - [`programs`] finds the binaries; [`process`] runs them, keeps what they print and ends them, at the latest
//!   with the process that started them.
//! - [`node`], [`network`], [`service`] and [`cli`] are one program each; [`gate`] is a wire between two of them
//!   that a test can cut.
//! - [`http`] and [`rpc`] are clients of service and chain that share no code with the project's own.
//! - [`specification`] writes the specification of a chain of its own, and [`auditor`] is somebody who has a
//!   certificate and no network.
//! - [`package`] and [`listing`] are what a seller without the command would make, honest or not.
//! - [`market`] puts them together: a development chain, a service and companies that may trade; [`people`] are those
//!   who act for companies.
//! - [`figures`] measures what the README quotes.
//! - [`wait`] gives every wait a deadline and a name. Nothing here sleeps to let something else happen.
//!
//! What goes wrong in the harness is a panic that says what was being done: its only callers are tests and the
//! program that measures.

#![allow(missing_docs, reason = "a comment here is for what a name does not say")]

pub mod auditor;
pub mod cli;
pub mod company;
pub mod data;
pub mod figures;
pub mod gate;
pub mod governance;
pub mod hostile;
pub mod http;
pub mod key_file;
pub mod listing;
pub mod market;
pub mod network;
pub mod node;
pub mod package;
pub mod people;
pub mod process;
pub mod programs;
pub mod rpc;
pub mod scratch;
pub mod service;
pub mod specification;
pub mod wait;
