//! The README's invariants that are absences: which part of the source names what.
//!
//! Each test reads the source files of the repository. A new exception belongs into the README first.

// What is not as expected here is a failed test.
#![allow(clippy::unwrap_used)]

use std::{
    fs,
    path::{Path, PathBuf},
};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The Rust files below a folder of the repository, with their text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![repository().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // What a build made is nobody's source.
                if !path.ends_with("target") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(repository()).unwrap().display().to_string();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "no source in {folder}");
    found
}

/// The files that name one of the words, outside comments.
fn naming(folder: &str, words: &[&str]) -> Vec<String> {
    let names = |text: &str| {
        text.lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .any(|line| words.iter().any(|word| line.contains(word)))
    };
    let mut files: Vec<String> =
        sources(folder).into_iter().filter(|(_, text)| names(text)).map(|(name, _)| name).collect();
    files.sort();
    files
}

#[test]
fn only_the_client_names_subxt() {
    for folder in ["marketplace-api/src", "marketplace-api/cli/src", "tests/src", "node/src", "runtime/src"] {
        assert_eq!(naming(folder, &["subxt::", "use subxt"]), [""; 0], "in {folder}");
    }
    let within = naming("marketplace-api/client/src", &["subxt::", "use subxt"]);
    assert!(within.iter().all(|file| file.contains("/src/chain/")), "{within:?}");
}

#[test]
fn one_module_names_each_engine() {
    let service = "marketplace-api/src";
    assert_eq!(naming(service, &["sled::"]), ["marketplace-api/src/kv/sled_store.rs"]);
    assert_eq!(naming(service, &["object_store::"]), ["marketplace-api/src/storage/mod.rs"]);
    assert_eq!(naming(service, &["tantivy::"]), ["marketplace-api/src/search/engine.rs"]);
}

#[test]
fn the_service_cannot_open_what_it_stores() {
    let opening = ["ContentKey", "open_file", "seal::", "unwrap_key", "delivery::unwrap"];
    assert_eq!(naming("marketplace-api/src", &opening), [""; 0]);
}

#[test]
fn every_file_says_what_it_is_for() {
    for folder in ["node", "runtime", "pallets", "marketplace-api", "tests"] {
        for (name, text) in sources(folder) {
            let opens = |line: &str| ["//!", "// ", "#![doc"].iter().any(|start| line.starts_with(start));
            assert!(text.lines().take(12).any(opens), "{name} does not say what it is for");
        }
    }
}
