//! The `wonbon-verify` command among enemies: forgeries by their names, files made to fill the memory, and texts made
//! to take over a terminal.

use crate::{
    command::Desk,
    synthetic::{
        digest,
        finality::{hand_off, Justification, Log, Vote},
        sample::Sample,
    },
};
use codec::{Compact, Encode};
use serde_json::{json, Value};
use std::{fs, process::Command};
use wonbon_verifier::{
    certificate::{MAGIC, MAX_NODES, MAX_SIZE},
    report::is_shown,
    Certificate, Claims, Invalid,
};

/// A desk with the certificate of a dataset that has a bit of everything.
fn full() -> (Desk, Certificate, Claims) {
    let desk = Desk::of(Sample::full());
    let (certificate, claims) = desk.sample.make().unwrap();
    (desk, certificate, claims)
}

/// Runs on this certificate; it must be refused as invalid for this reason.
#[track_caller]
fn refused(desk: &Desk, certificate: impl AsRef<[u8]>, reason: &str) {
    desk.write("forged", certificate);
    let (code, value) = desk.json(&["forged", "--trust", "anchor.json"]);
    assert_eq!(
        (code, &value["verdict"], &value["reason"]),
        (1, &"invalid".into(), &reason.into()),
        "{value}"
    );
    assert_eq!(value["path"], "forged");
    let output = desk.run(&["forged", "--trust", "anchor.json"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("wonbon-verify: forged: invalid: "), "{said}");
}

#[test]
fn forged_hand_offs() {
    let (desk, genuine, _) = full();
    let sets = &desk.sample.sets;
    let mut forged = genuine.clone();
    forged.hand_offs[1] = hand_off(200, 1, &sets[0], &[Log::to(&sets[2])]);
    refused(&desk, forged.encode(), "unknown_voter");
    let mut forged = genuine;
    forged.hand_offs.remove(1);
    refused(&desk, forged.encode(), "unknown_voter");
}

#[test]
fn a_voter_who_votes_twice() {
    let (desk, genuine, _) = full();
    let (set, set_id) = desk.sample.last();
    let mut votes = desk.sample.justification();
    votes.votes.push(Vote::sign(&set.0[0], desk.sample.block(), Justification::ROUND, set_id));
    refused(&desk, Certificate { justification: votes.encode(), ..genuine }.encode(), "repeated_voter");
}

#[test]
fn a_trade_too_many_and_a_trade_too_few() {
    let (desk, genuine, claims) = full();
    let mut more = claims.clone();
    more.trades.push(claims.trades[0].clone());
    let mut less = claims;
    less.trades.pop();
    for other in [more, less] {
        // Under the genuine digest and under its own.
        refused(&desk, genuine.to_json(&other), "claims_digest");
        let forged = Certificate { claims_digest: other.digest(), ..genuine.clone() };
        refused(&desk, forged.to_json(&other), "other_claims");
        refused(&desk, forged.encode(), "other_claims");
    }
}

#[test]
fn a_proof_of_another_chain() {
    let (desk, genuine, _) = full();
    let mut other = desk.sample.clone();
    other.genesis = digest(123);
    other.state.put(wonbon_verifier::keys::block_hash(0), other.genesis);
    let proof = other.certificate().proof;
    refused(&desk, Certificate { proof, ..genuine }.encode(), "other_state");
    // All of it from there, under this chain's name.
    let forged = Certificate { genesis: desk.sample.genesis, ..other.certificate() };
    refused(&desk, forged.encode(), "other_chain");
}

/// Checks a file with so many MiB of memory; it must be refused with this exit code. Where memory runs out, the program
/// is aborted.
#[track_caller]
fn within(desk: &Desk, mebibytes: u32, file: &str, code: i32) {
    let output = Command::new("sh")
        .current_dir(desk.path(""))
        .args(["-c", r#"ulimit -v "$0" && exec "$@""#, &(mebibytes << 10).to_string()])
        .args([env!("CARGO_BIN_EXE_wonbon-verify"), file, "--trust", "anchor.json"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{file}: {said}");
    assert!(said.chars().count() < 500, "{file}");
}

#[test]
fn a_few_bytes_do_not_take_much_memory() {
    let (desk, genuine, _) = full();
    // A path of branches with one child each: a kilobyte for each four bytes, if it were gone down.
    let deep = Certificate { proof: vec![vec![0x80, 1, 0, 0]; MAX_NODES], ..genuine.clone() };
    desk.write("deep", deep.encode());
    within(&desk, 256, "deep", 3);
    // As many hand-offs as fit, each with an empty header and an empty justification.
    let before = [MAGIC, &[1], &[0; 64], &Compact(MAX_SIZE as u32 / 2 - 100).encode()].concat();
    let mut file = before;
    file.resize(MAX_SIZE as usize, 0);
    desk.write("hand-offs", file);
    within(&desk, 256, "hand-offs", 3);
}

#[test]
fn large_claims_take_memory_in_proportion() {
    let (desk, genuine, claims) = full();
    let claims: Value = serde_json::from_str(&genuine.to_json(&claims)).unwrap();
    let version = json!({"index": 0, "dataset": "00".repeat(32), "position": 0});
    for (name, list, item) in [
        ("roles", "/claims/registrant/company/roles", "provider".into()),
        ("versions", "/claims/versions", version),
        ("parents", "/claims/dataset/parents", claims["claims"]["dataset"]["parents"][0].clone()),
        ("trades", "/claims/trades", claims["claims"]["trades"][0].clone()),
    ] {
        let mut forged = claims.clone();
        *forged.pointer_mut(list).unwrap() = "@".into();
        let around = forged.to_string();
        let count = (MAX_SIZE as usize - around.len()) / (item.to_string().len() + 1);
        desk.write(name, around.replace("\"@\"", &json!(vec![item; count]).to_string()));
        within(&desk, LARGE_CLAIMS, name, 1);
        fs::remove_file(desk.path(name)).unwrap();
    }
}

/// MiB for 64 MiB of claims: the file, the claims, and what their digest is of.
const LARGE_CLAIMS: u32 = 384;

/// Escape sequences, a C1 control, turned and hidden characters.
const NASTY: &str = "\u{1b}]0;owned\u{7}\u{9b}2J\u{7f}\u{202e}\u{200b}\u{e0041}";

#[test]
fn refused_files_do_not_speak_to_the_terminal() {
    let (desk, genuine, claims) = full();
    let json = genuine.to_json(&claims);
    let member = serde_json::to_string(NASTY).unwrap();
    let anchor = desk.sample.anchor(0).to_json();
    let long = "x".repeat(100_000);
    desk.write("member", json.replacen('{', &format!("{{{member}: 1,"), 1));
    desk.write("value", json.replacen("wonbon/certificate/1", NASTY, 1));
    desk.write("long", json.replacen("wonbon/certificate/1", &long, 1));
    desk.write("anchor-member", anchor.replacen('{', &format!("{{{member}: 1,"), 1));
    desk.write("anchor-long", anchor.replacen("wonbon/trust-anchor/1", &long, 1));
    let nasty_name = format!("no{NASTY}thing");
    for arguments in [
        ["member", "anchor.json"],
        ["value", "anchor.json"],
        ["long", "anchor.json"],
        ["cert", "anchor-member"],
        ["cert", "anchor-long"],
        [&nasty_name, "anchor.json"],
    ] {
        let [certificate, anchor] = arguments;
        let arguments = [certificate, "--trust", anchor];
        let output = desk.run(&arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.trim_end().chars().all(|c| is_shown(&c)), "{said:?}");
        assert!(said.chars().count() < 450, "{said}");
        let output = desk.run(&[&arguments[..], &["--json"]].concat());
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.trim_end().chars().all(|c| is_shown(&c)) && said.len() < 2_000, "{said:?}");
        let _: Value = serde_json::from_str(&said).unwrap();
    }
}

#[test]
fn valid_certificates_do_not_either() {
    let mut sample = Sample::full();
    sample.state.company(digest(500), NASTY);
    let desk = Desk::of(sample);
    let json = desk.run(&["cert", "--trust", "anchor.json", "--json"]);
    assert_eq!(json.status.code(), Some(0));
    let said = String::from_utf8(json.stdout).unwrap();
    assert!(said.trim_end().chars().all(|c| is_shown(&c)), "{said:?}");
    let value: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        value["report"]["claims"]["registrant"]["company"]["name"], NASTY,
        "to a program it is what it is"
    );
    let text = desk.run(&["cert", "--trust", "anchor.json"]);
    let said = String::from_utf8(text.stdout).unwrap();
    assert!(said.chars().all(|c| c == '\n' || is_shown(&c)), "{said:?}");
}

#[test]
fn our_own_messages_are_not_cut() {
    // The longest: a vote for another block, with two digests and two numbers of ten digits.
    let message = Invalid::UnrelatedVote {
        part: wonbon_verifier::refusal::Part::HandOff(65_535),
        voter: digest(1).into(),
        target: wonbon_verifier::claims::Block { number: u32::MAX, hash: digest(2).into() },
    };
    assert!(message.to_string().len() + "invalid: ".len() < 300);
}
