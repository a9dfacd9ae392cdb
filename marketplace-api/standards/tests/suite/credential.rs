//! The credential: the published vectors, our own, and every member of one changed.

use crate::shared;
use ed25519_dalek::{Signer as _, SigningKey};
use proptest::prelude::*;
use serde_json::{json, Value};
use wonbon_model::canonical;
use wonbon_standards::credential::{did_key, issue_by, key_of_did, verify, verify_proof, CredentialError};

const CREATED: &str = "2025-11-21T04:40:00Z";

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// Issues with a key that is at hand.
pub(crate) fn issue(subject: Value, key: &SigningKey, created: &str) -> Result<Value, CredentialError> {
    issue_by(subject, &key.verifying_key().to_bytes(), created, |message| key.sign(message).to_bytes())
}

fn credential() -> Value {
    let subject = json!({
        "id": "urn:wonbon:dataset:00",
        "title": "밀링 \"진동\"\u{202e}",
        "trades": 3,
        "price": "340282366920938463463374607431768211455",
    });
    issue(subject, &key(), CREATED).unwrap()
}

#[test]
fn what_is_issued_verifies() {
    let credential = credential();
    let verified = verify(&credential).unwrap();
    assert_eq!(verified.issuer, did_key(&key().verifying_key()));
    assert_eq!(verified.key, key().verifying_key().to_bytes());
    assert_eq!(verified.valid_from, CREATED);
    assert_eq!(verified.subject["trades"], 3);
    let text = credential.to_string();
    assert_eq!(verify(&serde_json::from_str(&text).unwrap()), Ok(verified));
}

#[test]
fn a_known_credential_keeps_its_signature() {
    // ed25519 is deterministic: another value here is another document or another way to sign it.
    let credential = issue(json!({"id": "urn:wonbon:dataset:00"}), &key(), CREATED).unwrap();
    assert_eq!(credential["proof"]["proofValue"], KNOWN);
    assert_eq!(credential["issuer"], "did:key:z6MkvDqGT54cXesYGvABpF1UapVNwjCqRcafi4Px6Thv5T3Z");
}

const KNOWN: &str =
    "zupbWde4yBBVbDAnEWERHs8NXato9ximVxhS8qi7Z1CjT9TJta9PYqXXzVdoN6r3ysdyoFVb6BTLkWfH6vC8purr";

/// Every member, at any depth, replaced or removed.
fn changes(value: &Value, change: &mut dyn FnMut(Value)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let mut without = members.clone();
                without.remove(name);
                change(Value::Object(without));
                changes(member, &mut |changed| {
                    let mut with = members.clone();
                    with.insert(name.clone(), changed);
                    change(Value::Object(with));
                });
            }
            let mut more = members.clone();
            more.insert("more".into(), json!(1));
            change(Value::Object(more));
        }
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                changes(item, &mut |changed| {
                    let mut with = items.clone();
                    with[position] = changed;
                    change(Value::Array(with));
                });
            }
            let mut more = items.clone();
            more.push(json!("more"));
            change(Value::Array(more));
        }
        Value::String(text) => change(json!(format!("{text}x"))),
        Value::Number(_) => change(json!(4)),
        _ => change(json!("other")),
    }
}

#[test]
fn no_changed_credential_verifies() {
    let mut count = 0;
    changes(&credential(), &mut |changed| {
        count += 1;
        // The proof's context must only open the document's: that the document may name more is the suite's rule,
        // so the reader gets what was signed and not what was added.
        if let Ok(verified) = verify(&changed) {
            assert_eq!(verified.subject, credential()["credentialSubject"], "{changed}");
            let mut restored = changed.clone();
            restored["@context"] = credential()["@context"].clone();
            assert_eq!(restored, credential());
        }
    });
    assert!(count > 40, "{count}");
}

#[test]
fn another_issuer_or_another_key_is_refused() {
    let mut other = credential();
    other["issuer"] = json!(did_key(&SigningKey::from_bytes(&[8; 32]).verifying_key()));
    assert_eq!(verify(&other), Err(CredentialError::BadSignature));
    // Signed by one key in the name of another.
    let mut forged = issue(json!({}), &SigningKey::from_bytes(&[8; 32]), CREATED).unwrap();
    forged["issuer"] = credential()["issuer"].clone();
    assert!(verify(&forged).is_err());
}

#[test]
fn what_cannot_be_signed_is_refused() {
    assert!(matches!(
        issue(json!([]), &key(), CREATED),
        Err(CredentialError::Malformed("credentialSubject"))
    ));
    assert!(matches!(issue(json!({}), &key(), "now"), Err(CredentialError::Malformed("validFrom"))));
    let other = SigningKey::from_bytes(&[8; 32]);
    let forged = issue_by(json!({}), &key().verifying_key().to_bytes(), CREATED, |message| {
        other.sign(message).to_bytes()
    });
    assert_eq!(forged, Err(CredentialError::BadSignature));
    let number = json!({"price": u64::MAX});
    assert_eq!(issue(number, &key(), CREATED), Err(CredentialError::NoDouble));
}

#[test]
fn the_vectors_of_the_specification() {
    const TEST: &str = "the vectors of eddsa-jcs-2022";
    let Some(folder) = shared::file("vc-di-eddsa", TEST) else { return };
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap().trim().to_owned();
    let signed: Value = serde_json::from_str(&read("signedJCS.json")).unwrap();

    let mut document = signed.clone();
    let mut options = document.as_object_mut().unwrap().remove("proof").unwrap();
    let value = options.as_object_mut().unwrap().remove("proofValue").unwrap();
    assert_eq!(canonical::to_vec(&document).unwrap(), read("canonDocJCS.txt").as_bytes());
    assert_eq!(canonical::to_vec(&options).unwrap(), read("proofCanonJCS.txt").as_bytes());
    assert_eq!(options, serde_json::from_str::<Value>(&read("proofConfigJCS.json")).unwrap());
    assert_eq!(value, read("sigBTC58JCS.txt"));

    let key = verify_proof(&signed).unwrap();
    assert_eq!(key, key_of_did("did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2").unwrap());
    // Its issuer is a web address, so nothing here ties the key to it.
    assert_eq!(verify(&signed), Err(CredentialError::NotTheIssuer));
    let mut changed = signed;
    changed["credentialSubject"]["alumniOf"] = json!("The School of Example");
    assert_eq!(verify_proof(&changed), Err(CredentialError::BadSignature));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_subject_survives(text: String, name: String, number in -1_000_000i64..1_000_000) {
        let subject = json!({name: text, "number": number});
        let credential = issue(subject.clone(), &key(), CREATED).unwrap();
        let read: Value = serde_json::from_slice(&serde_json::to_vec(&credential).unwrap()).unwrap();
        prop_assert_eq!(verify(&read).unwrap().subject, subject);
    }
}
