//! The service from outside: storage engines, JSON endpoints, uploads and downloads over real sockets, crashes.

mod api;
mod common;
mod durability;
mod ledger;
mod pages;
mod transfer;
