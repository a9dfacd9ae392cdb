//! Tests of the runtime as a whole: its genesis states, fees, governance, trades and the metadata that clients use.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used)]

mod dispute;
mod fees;
mod genesis;
mod governance;
mod limits;
mod lineage;
mod metadata;
mod sessions;
mod support;
mod trading;
