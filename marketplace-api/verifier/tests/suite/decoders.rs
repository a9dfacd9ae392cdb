//! Decoders that are given anything at all: they refuse, and neither panic nor take memory without end.

use crate::synthetic::sample::Sample;
use codec::{Compact, Encode};
use proptest::prelude::*;
use serde_json::Value;
use std::sync::LazyLock;
use wonbon_verifier::{
    certificate::{MAGIC, MAX_HAND_OFFS, MAX_NODES, MAX_SIZE},
    finality::{Header, Justification},
    proof::ProofReader,
    refusal::Part,
    Certificate, HandOff, Refusal, TrustAnchor, Unreadable,
};

static SAMPLE: LazyLock<(Sample, Certificate)> = LazyLock::new(|| {
    let sample = Sample::full();
    let certificate = sample.certificate();
    (sample, certificate)
});

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..400)
}

proptest! {
    #[test]
    fn nothing_panics(bytes in bytes()) {
        let _ = Certificate::read(&bytes);
        let _ = Certificate::decode(&[MAGIC, &[1], &bytes[..]].concat());
        let _ = Certificate::from_json(&bytes);
        let _ = TrustAnchor::from_json(&bytes);
        let _ = Header::decode(&bytes, Part::Header);
        let _ = Justification::decode(&bytes, Part::Header);
    }

    #[test]
    fn no_proof_panics(nodes in proptest::collection::vec(bytes(), 0..6), at in 0usize..40) {
        let (sample, genuine) = &*SAMPLE;
        let _ = ProofReader::new(&nodes, [0; 32]);
        let mut forged = genuine.clone();
        let at = at.min(forged.proof.len());
        forged.proof.splice(at..at, nodes);
        let _ = sample.verify(&forged);
    }

    #[test]
    fn no_part_panics(header in bytes(), justification in bytes(), which in 0usize..5) {
        let (sample, genuine) = &*SAMPLE;
        let mut forged = genuine.clone();
        match which {
            3 => forged.header = header,
            4 => forged.justification = justification,
            _ => forged.hand_offs[which] = HandOff { header, justification },
        }
        prop_assert!(sample.verify(&forged).is_err());
    }

    /// What decodes is written again as it was.
    #[test]
    fn binary_has_one_form(at in any::<proptest::sample::Index>(), byte: u8) {
        let (_, genuine) = &*SAMPLE;
        let mut file = genuine.encode();
        let at = at.index(file.len());
        file[at] = byte;
        if let Ok(certificate) = Certificate::decode(&file) {
            prop_assert_eq!(certificate.encode(), file);
        }
    }
}

#[test]
fn lists_do_not_get_what_they_claim() {
    let before = [MAGIC, &[1], &[0; 64]].concat();
    // 2^30 - 1 hand-offs, and as many nodes.
    let most = Compact((1u32 << 30) - 1).encode();
    let hand_offs = [&before[..], &most].concat();
    let nodes = [&before[..], &[0, 0, 0], &most].concat();
    for file in [hand_offs, nodes] {
        let refused = Certificate::decode(&file).unwrap_err();
        assert!(matches!(refused, Refusal::Unreadable(Unreadable::Damaged { .. })), "{refused}");
    }
    // More than any certificate has, in a file that has room for them.
    let many = 1usize << 21;
    let file = [&before[..], &Compact(many as u32).encode(), &vec![0; 2 * many + 99]].concat();
    assert!(Certificate::decode(&file).is_err());
    let empty = r#"{"header":"","justification":""},"#.repeat(MAX_HAND_OFFS + 1);
    let json = format!(r#"{{"format":"wonbon/certificate/1","hand_offs":[{empty}"#);
    let refused = Certificate::from_json(json.as_bytes()).unwrap_err();
    assert!(refused.to_string().contains("at most 65536 hand-offs"), "{refused}");
    let file = [&before[..], &[0, 0, 0], &Compact(many as u32).encode(), &vec![0; many + 32]].concat();
    assert!(Certificate::decode(&file).is_err());
    let json = format!(r#"{{"format":"wonbon/certificate/1","proof":[{}""#, "\"\",".repeat(many));
    assert!(Certificate::from_json(json.as_bytes()).is_err());
}

#[test]
fn deep_proofs_are_refused() {
    let (sample, genuine) = &*SAMPLE;
    // Branches with one child each, which is the next one.
    let forged = Certificate { proof: vec![vec![0x80, 1, 0, 0]; MAX_NODES], ..genuine.clone() };
    let refused = sample.verify(&forged).unwrap_err();
    let what = "its trie nodes go deeper than any key".into();
    assert_eq!(refused, Refusal::Unreadable(Unreadable::Damaged { what }));
}

#[test]
fn large_files_are_not_looked_at() {
    let file = vec![b' '; MAX_SIZE as usize + 1];
    let refused = Certificate::read(&file).unwrap_err();
    assert_eq!(refused, Refusal::Unreadable(Unreadable::TooLarge { limit: MAX_SIZE }));
    let mut file = file;
    file[..MAGIC.len()].copy_from_slice(MAGIC);
    let refused = Certificate::read(&file).unwrap_err();
    assert_eq!(refused, Refusal::Unreadable(Unreadable::TooLarge { limit: MAX_SIZE }));
}

#[test]
fn deep_json_is_refused() {
    let deep = format!("{{\"claims\":{}", "[".repeat(100_000));
    assert!(matches!(Certificate::read(deep.as_bytes()), Err(Refusal::Unreadable(Unreadable::Json { .. }))));
}

/// JSON with the member of this number written twice, and how many members there are before its end.
fn doubled(value: &Value, number: usize) -> (String, usize) {
    fn write(value: &Value, number: usize, written: &mut usize, out: &mut String) {
        match value {
            Value::Object(members) => {
                let mut separator = "{";
                for (name, item) in members {
                    let name = Value::from(name.as_str());
                    if *written == number {
                        out.push_str(&format!("{separator}{name}:{item}"));
                        separator = ",";
                    }
                    *written += 1;
                    out.push_str(&format!("{separator}{name}:"));
                    write(item, number, written, out);
                    separator = ",";
                }
                out.push_str(if members.is_empty() { "{}" } else { "}" });
            }
            Value::Array(items) => {
                let mut separator = "[";
                for item in items {
                    out.push_str(separator);
                    write(item, number, written, out);
                    separator = ",";
                }
                out.push_str(if items.is_empty() { "[]" } else { "]" });
            }
            other => out.push_str(&other.to_string()),
        }
    }
    let (mut out, mut written) = (String::new(), 0);
    write(value, number, &mut written, &mut out);
    (out, written)
}

#[test]
fn no_member_stands_twice() {
    let (sample, certificate) = &*SAMPLE;
    let claims = sample.make().unwrap().1;
    let certificate: Value = serde_json::from_str(&certificate.to_json(&claims)).unwrap();
    let (same, members) = doubled(&certificate, usize::MAX);
    Certificate::from_json(same.as_bytes()).unwrap();
    for number in 0..members {
        let (json, _) = doubled(&certificate, number);
        let refused = Certificate::from_json(json.as_bytes()).unwrap_err();
        assert!(matches!(refused, Refusal::Unreadable(Unreadable::Json { .. })), "{number}: {refused}");
    }
    let anchor: Value = serde_json::from_str(&sample.anchor(0).to_json()).unwrap();
    let (same, members) = doubled(&anchor, usize::MAX);
    TrustAnchor::from_json(same.as_bytes()).unwrap();
    for number in 0..members {
        let (json, _) = doubled(&anchor, number);
        let refused = TrustAnchor::from_json(json.as_bytes()).unwrap_err();
        assert!(refused.to_string().contains("duplicate field"), "{number}: {refused}");
    }
}

#[test]
fn other_files_are_no_certificates() {
    for file in [&b""[..], b"WBCER", b"WBCERT", b"hello", b"[]", b"WBPACK"] {
        let refused = Certificate::read(file).unwrap_err();
        assert_eq!(refused, Refusal::Unreadable(Unreadable::NotACertificate), "{file:?}");
    }
    let mut file = SAMPLE.1.encode();
    file[MAGIC.len()] = 2;
    assert_eq!(
        Certificate::read(&file).unwrap_err(),
        Refusal::Unreadable(Unreadable::Version { version: 2 })
    );
}
