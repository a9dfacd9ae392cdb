//! What this crate promises, tested from outside: published vectors, independent implementations, and every
//! attack that concerns it with the cheater losing.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod company;
mod delivery;
mod dispute;
mod frozen;
mod golden;
mod growth;
mod ids;
mod leaf_list;
mod range;
mod record;
mod sample;
mod seal;
mod shown;
mod support;
mod tree;

/// The security argument names tests: each is there.
#[test]
fn every_test_that_the_security_argument_names_exists() {
    let suites = [
        ("delivery", include_str!("delivery.rs")),
        ("dispute", include_str!("dispute.rs")),
        ("files", include_str!("../../../../marketplace-api/package/tests/suite/files.rs")),
        ("growth", include_str!("growth.rs")),
        ("leaf_list", include_str!("leaf_list.rs")),
        ("range", include_str!("range.rs")),
        ("sample", include_str!("sample.rs")),
        ("shown", include_str!("shown.rs")),
        ("tree", include_str!("tree.rs")),
    ];
    let argument = include_str!("../../PROTOCOL.md");
    let named: Vec<_> =
        argument.split('`').skip(1).step_by(2).filter_map(|code| code.split_once("::")).collect();
    assert!(named.len() > 15);
    for (suite, test) in named {
        let source = suites.iter().find(|(name, _)| *name == suite).unwrap().1;
        assert!(source.contains(&format!("fn {test}(")), "{suite}::{test}");
    }
}
