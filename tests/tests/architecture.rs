//! The floors of marketplace-api/ARCHITECTURE.md and those of its invariants that are absences: which part of the
//! source names what.
//!
//! Each test reads the source files of the repository. A new exception belongs into that page first.

// What is not as expected here is a failed test.
#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
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

/// Our crates, lowest floor first: each names only crates before its own row. What stands in a row does not know what
/// stands beside it.
const FLOORS: [&[&str]; 6] = [
    &["wonbon-primitives"],
    &["wonbon-model"],
    &["wonbon-package", "wonbon-profile"],
    &["wonbon-verifier", "wonbon-standards", "wonbon-audit"],
    &["wonbon-client"],
    &["marketplace-api", "wonbon-cli"],
];

/// What a pure crate may not need, however far down: a runtime, a network, a disk, a browser's or a system's clock.
const IMPURE: [&str; 22] = [
    "async-std",
    "axum",
    "chrono",
    "clap",
    "hyper",
    "js-sys",
    "mio",
    "object_store",
    "rayon",
    "redb",
    "reqwest",
    "rustix",
    "sc-client-api",
    "sled",
    "smol",
    "socket2",
    "sp-io",
    "subxt",
    "tempfile",
    "tokio",
    "walkdir",
    "web-sys",
];

/// The pure crates, with the folders or files of their sources that a feature keeps out of the library.
const PURE: [(&str, &str, &[&str]); 6] = [
    ("wonbon-model", "model", &[]),
    ("wonbon-package", "package", &["src/files"]),
    ("wonbon-profile", "profile", &[]),
    ("wonbon-verifier", "verifier", &["src/main.rs", "src/command"]),
    ("wonbon-standards", "standards", &[]),
    ("wonbon-audit", "audit", &[]),
];

/// The names of the crates that one of ours is built from, as cargo resolves them.
fn closure(crate_name: &str, arguments: &[&str]) -> Vec<String> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "none", "-p", crate_name])
        .args(arguments)
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8(tree.stdout).unwrap();
    let mut names: Vec<_> =
        text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    assert!(names.iter().any(|name| name == crate_name), "no {crate_name} in its own closure");
    names
}

#[test]
fn each_floor_names_only_floors_below() {
    for (floor, crates) in FLOORS.iter().enumerate() {
        for name in *crates {
            let named = closure(name, &[]);
            let above = FLOORS[floor..].iter().flat_map(|row| row.iter()).filter(|other| *other != name);
            for other in above {
                assert!(!named.iter().any(|found| found == other), "{name} needs {other}");
            }
            let chain = ["wonbon-runtime", "wonbon-node", "pallet-marketplace", "frame-support"];
            assert!(!named.iter().any(|found| chain.contains(&found.as_str())), "{name} needs the chain");
        }
    }
}

#[test]
fn pure_crates_need_nothing_that_a_browser_lacks() {
    for (name, folder, featured) in PURE {
        let named = closure(name, &["--no-default-features", "--target", "wasm32-unknown-unknown"]);
        let impure: Vec<_> = named.iter().filter(|found| IMPURE.contains(&found.as_str())).collect();
        assert!(impure.is_empty(), "{name} needs {impure:?}");

        let source = format!("marketplace-api/{folder}/src");
        let system =
            ["std::fs", "std::net", "std::thread", "std::env", "std::process", "SystemTime", "Instant"];
        let mut naming = naming(&source, &system);
        naming.retain(|file| !featured.iter().any(|part| file.contains(part)) && !file.ends_with("tests.rs"));
        assert_eq!(naming, [""; 0], "{name} reaches for the system");
    }
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
    assert_eq!(naming(service, &["object_store::"]), ["marketplace-api/src/storage/s3.rs"]);
    assert_eq!(naming(service, &["tantivy::"]), ["marketplace-api/src/search/engine.rs"]);
}

#[test]
fn the_service_cannot_open_what_it_stores() {
    let opening = ["ContentKey", "open_file", "seal::", "unwrap_key", "delivery::unwrap"];
    assert_eq!(naming("marketplace-api/src", &opening), [""; 0]);
}

/// Readers of JSON differ in what a name means that stands twice; `wonbon_model::unambiguous` refuses it.
#[test]
fn what_proves_something_is_read_in_one_way() {
    for folder in ["verifier/src", "client/src/light", "client/src/certificate", "standards/src"] {
        assert_eq!(naming(&format!("marketplace-api/{folder}"), &["serde_json::from_"]), [""; 0]);
    }
}

#[test]
fn one_file_has_unsafe_blocks() {
    let forms = ["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern", "allow(unsafe_code"];
    let folders = ["node", "runtime", "pallets", "marketplace-api", "tests"];
    let mut files = folders.map(|folder| naming(folder, &forms)).concat();
    files.retain(|file| file != "tests/tests/architecture.rs");
    assert_eq!(files, ["marketplace-api/package/src/lanes.rs"]);
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

/// The modules of the service, lowest floor first: each names only modules before its own row. `http` and `pages` stand
/// side by side and do not know each other; only `router` knows both.
const SERVICE_FLOORS: [&[&str]; 12] = [
    &["clock", "random", "task"],
    &["kv", "locks"],
    &["read_model", "state"],
    &["storage", "follower", "search"],
    &["applications"],
    &["audit", "certificates", "config", "documents", "payloads", "samples", "secrets", "sign_in"],
    &["catalogue"],
    &["exports"],
    &["app"],
    &["protocol"],
    &["http", "pages", "server"],
    &["router"],
];

/// Modules that put everything together, and what tests need: they may name what they like.
const ABOVE_ALL: [&str; 4] = ["lib", "main", "service", "testing"];

/// The text of a source without its comments and its tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The modules of the own crate that a source names: `crate::kv::…`, and each part of `crate::{kv::…, state::…}`.
fn modules_named(code: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut names = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let Some(list) = rest.strip_prefix('{') else {
            names.push(word(rest));
            continue;
        };
        names.push(word(list));
        let mut depth = 1;
        for (at, character) in list.char_indices() {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => names.push(word(&list[at + 1..])),
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The sources of the service with the module that each belongs to. Test files are left out.
fn service_sources() -> Vec<(String, String, String)> {
    let place = "marketplace-api/src/";
    let mut found = Vec::new();
    for (name, text) in sources(place.trim_end_matches('/')) {
        let is_test = ["tests.rs", "conformance.rs"].iter().any(|end| name.ends_with(end));
        let module = name.strip_prefix(place).and_then(|rest| rest.split(['/', '.']).next());
        let module = module.unwrap_or_default().to_owned();
        if !is_test {
            found.push((module, code(&text), name));
        }
    }
    found
}

#[test]
fn the_service_has_floors_and_no_circle() {
    let floor = |module: &str| SERVICE_FLOORS.iter().position(|row| row.contains(&module));
    let sources = service_sources();
    for named in SERVICE_FLOORS.concat() {
        assert!(sources.iter().any(|(module, ..)| module == named), "there is no module {named}");
    }
    for (module, code, file) in sources {
        if ABOVE_ALL.contains(&module.as_str()) {
            continue;
        }
        let own = floor(&module).unwrap_or_else(|| panic!("{file} stands on no floor"));
        for named in modules_named(&code).into_iter().filter(|named| *named != module) {
            let below = floor(&named).is_some_and(|named| named < own);
            assert!(below, "{file} names {named}, which is not below it");
        }
    }
}

/// Folders of crates whose modules may not name each other in a circle; the last is the service.
const WITHOUT_CIRCLES: [&str; 9] =
    ["model", "package", "profile", "verifier", "standards", "audit", "client", "cli", "."];

/// A module's place in its crate: the names from the top down.
type Place = Vec<String>;

/// The modules of a crate with their code. Test files are left out.
fn modules(folder: &str) -> BTreeMap<Place, String> {
    let mut found = BTreeMap::<Place, String>::new();
    for (name, text) in sources(folder) {
        let file = name.strip_prefix(folder).unwrap().trim_start_matches('/').trim_end_matches(".rs");
        let mut place: Place = file.split('/').map(str::to_owned).collect();
        place.pop_if(|last| ["mod", "lib", "main"].contains(&last.as_str()));
        if !file.ends_with("tests") && !file.ends_with("testing") {
            found.entry(place).or_default().push_str(&code(&text));
        }
    }
    found
}

/// The paths that a source names, lists of `use` taken apart.
fn paths_named(code: &str) -> Vec<Place> {
    let (mut text, mut paths) = (code, Vec::new());
    loop {
        text = text.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '_');
        if text.is_empty() {
            break;
        }
        text = read_path(text, &[], &mut paths);
    }
    paths.retain(|path| path.len() > 1);
    paths
}

/// Reads a path or a list of paths, and answers what comes after.
fn read_path<'a>(mut text: &'a str, before: &[String], paths: &mut Vec<Place>) -> &'a str {
    if let Some(list) = text.strip_prefix('{') {
        text = list.trim_start();
        while !text.is_empty() && !text.starts_with('}') {
            text = read_path(text, before, paths);
            // Past a new name, up to the next path.
            let end = text.find([',', '}']).unwrap_or(text.len());
            text = text[end..].trim_start_matches(',').trim_start();
        }
        return text.strip_prefix('}').unwrap_or(text);
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let path = [before, &[text[..end].to_owned()]].concat();
    match text[end..].strip_prefix("::") {
        Some(rest) => read_path(rest, &path, paths),
        None => {
            paths.push(path);
            &text[end..]
        }
    }
}

/// The paths that a module imports for all of its file.
fn imports(code: &str) -> impl Iterator<Item = Place> + '_ {
    let starts = code.match_indices("use ").filter(|(at, _)| {
        let before = code[..*at].rsplit('\n').next().unwrap_or_default();
        before.is_empty() || before.starts_with("pub")
    });
    starts.flat_map(|(at, _)| paths_named(code[at + 4..].split(';').next().unwrap_or_default()))
}

/// The module of the crate that a path leads to, through what modules on the way import or export.
fn module_of(modules: &BTreeMap<Place, String>, from: &[String], path: &[String]) -> Option<Place> {
    let mut place = from.to_vec();
    for (at, name) in path.iter().enumerate() {
        let below = [&place[..], std::slice::from_ref(name)].concat();
        match name.as_str() {
            "crate" => place.clear(),
            "self" => {}
            "super" => place.truncate(place.len().saturating_sub(1)),
            _ if modules.contains_key(&below) => place = below,
            // Another crate, or what stands in the file itself.
            _ if at == 0 => return None,
            _ => {
                let import = imports(&modules[&place]).find(|import| import.last() == Some(name));
                return import.and_then(|import| module_of(modules, &place, &import)).or(Some(place));
            }
        }
    }
    Some(place)
}

/// Of modules that stand side by side, and all that is below each, none leads back to itself. A module and what is below
/// it are one matter, and may name each other.
#[test]
fn no_modules_name_each_other_in_a_circle() {
    for name in WITHOUT_CIRCLES {
        let modules = modules(&format!("marketplace-api/{name}/src"));
        let mut named = BTreeMap::<(&[String], String), BTreeMap<String, String>>::new();
        for (from, code) in &modules {
            for path in paths_named(code) {
                let Some(to) = module_of(&modules, from, &path) else { continue };
                let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
                if let (Some(own), Some(other)) = (from.get(shared), to.get(shared)) {
                    let names = named.entry((&from[..shared], own.clone())).or_default();
                    names.insert(other.clone(), format!("{} names {}", from.join("/"), path.join("::")));
                }
            }
        }
        // What names nothing that is left is in no circle.
        loop {
            let left: Vec<_> = named.keys().cloned().collect();
            named.retain(|(floor, _), names| {
                names.retain(|other, _| left.contains(&(*floor, other.clone())));
                !names.is_empty()
            });
            if named.len() == left.len() {
                break;
            }
        }
        assert!(named.is_empty(), "in {name}: {:#?}", named.values().collect::<Vec<_>>());
    }
}

#[test]
fn endpoints_and_pages_name_no_engine() {
    let engines = ["SledStore", "MemoryStore", "LocalStorage", "S3Storage", "crate::kv", "kv::"];
    for folder in ["http", "pages"] {
        let naming = naming(&format!("marketplace-api/src/{folder}"), &engines);
        assert_eq!(naming, [""; 0], "{folder} reaches below what it asks");
    }
}

/// Handlers read a request, ask and write the answer. What money comes to and what becomes of an order, an offer or a
/// trade is worked out below them: no arithmetic on amounts here, and no step from one state of the chain to another.
#[test]
fn handlers_hold_no_rule() {
    let amounts =
        ["price", "amount", "fee", "bond", "reserve", "deposit", "exposure", "balance", "penalty", "royalty"];
    let spaced = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    for (module, code, file) in service_sources() {
        if module != "http" && module != "pages" {
            continue;
        }
        for line in code.lines() {
            for bounded in ["saturating_", "checked_", "wrapping_", "overflowing_", ".sum()", ".product()"] {
                assert!(!line.contains(bounded), "{file} reckons: {line}");
            }
            let words = spaced(line);
            for part in words.windows(3) {
                let reckons = ["+", "-", "*", "/", "%", "+=", "-=", "*="].contains(&part[1].as_str());
                let is_amount = |text: &String| amounts.iter().any(|amount| text.contains(amount));
                let quoted = line.contains('"');
                assert!(
                    !(reckons && !quoted && (is_amount(&part[0]) || is_amount(&part[2]))),
                    "{file} reckons with an amount: {line}"
                );
            }
            for state in ["OfferState", "OrderState", "OrderStage", "Outcome", "Standing", "DrawState"] {
                let becomes = [format!("=> {state}::"), format!(" = {state}::"), format!("Ok({state}::")];
                assert!(!becomes.iter().any(|step| line.contains(step)), "{file} decides a state: {line}");
            }
        }
    }
}

#[test]
fn what_a_source_names_is_understood() {
    let named = modules_named(
        "use crate::{\n    app::App,\n    kv::{self, KvStore},\n    state,\n};\ncrate::task::x()",
    );
    assert_eq!(named, ["app", "kv", "state", "task"]);
}

#[test]
fn what_a_path_leads_to_is_understood() {
    let code = |text: &str| text.to_owned();
    let place = |path: &str| -> Place { path.split("::").map(str::to_owned).collect() };
    let modules = BTreeMap::from([
        (vec![], code("")),
        (place("chain"), code("mod view;\npub use view::{self as seen, View};")),
        (place("chain::view"), code("")),
        (place("light"), code("use crate::{\n    chain::{Chain as Node, View},\n    keys,\n};")),
    ]);
    let paths = paths_named(&modules[&place("light")]);
    assert_eq!(paths, [place("crate::chain::Chain"), place("crate::chain::View"), place("crate::keys")]);
    let found: Vec<_> = paths.iter().filter_map(|path| module_of(&modules, &place("light"), path)).collect();
    assert_eq!(found, [place("chain"), place("chain::view"), vec![]]);
    assert_eq!(module_of(&modules, &place("light"), &place("std::fmt")), None);
}
