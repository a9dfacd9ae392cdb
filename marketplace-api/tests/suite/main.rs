//! The service from outside: storage engines, JSON endpoints, uploads and downloads over real sockets, crashes.

// A test that cannot go on says so best where it is.
#![allow(clippy::unwrap_used)]

mod api;
mod applications;
mod audit;
mod certificates;
mod common;
mod connections;
mod durability;
mod facts;
mod golden;
mod kv;
mod members;
mod pages;
mod royalties;
mod s3;
mod samples;
mod schema;
mod search;
mod secrets;
mod standards;
mod state;
mod storage;
mod transfer;
