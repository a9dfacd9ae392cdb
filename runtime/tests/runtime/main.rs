//! Tests of the runtime as a whole: its genesis states, fees, governance and the metadata that clients use.
#![allow(missing_docs)]

mod fees;
mod genesis;
mod governance;
mod metadata;
mod support;
