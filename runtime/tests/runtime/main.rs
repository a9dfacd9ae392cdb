//! Tests of the runtime as a whole: its genesis states, fees, governance, trades, companies and their members, and the
//! metadata that clients use.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used)]

mod acting;
mod companies;
mod dispute;
mod fees;
mod genesis;
mod governance;
mod limits;
mod lineage;
mod metadata;
mod priority;
mod roles;
mod sessions;
mod spending;
mod support;
mod trading;
