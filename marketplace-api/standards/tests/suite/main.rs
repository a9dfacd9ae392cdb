//! Every form of a record: what it says, that hostile texts come through, and that the tools of others accept it
//! and refuse what is broken.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod aas;
mod credential;
mod croissant;
mod dcat;
mod golden;
mod prov;
mod records;
mod shared;
mod validators;
