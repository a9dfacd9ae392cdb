//! A summary as a W3C verifiable credential 2.0, secured with the cryptosuite `eddsa-jcs-2022`.
//!
//! The issuer is a `did:key`: its name is its ed25519 key, so that nothing has to be looked up to check one. A
//! credential says what its issuer says and no more: that the issuer's account belongs to a company, and that the
//! summary is what the chain holds, is for a certificate to prove.
//!
//! [`verify_proof`] is the suite's algorithm alone; [`verify`] also wants the credential to be of our issuer's form,
//! with the proof by the issuer's own key. Expiry and status are none of it: a credential issued here has none, and
//! one that has is for the reader to judge.

mod did;
mod proof;

pub use did::{did_key, key_of_did};
pub use proof::{verify_proof, CRYPTOSUITE};

use ed25519_dalek::VerifyingKey;
use serde_json::{json, Value};
use thiserror::Error;
use wonbon_model::{canonical::is_exact, words::time::Time};

/// The context that every credential of version 2.0 names first.
pub const CONTEXT: &str = "https://www.w3.org/ns/credentials/v2";

/// Why a credential does not verify, or cannot be issued.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum CredentialError {
    /// Something is missing, or is not what it should be.
    #[error("the credential's {0} is missing or not what it should be")]
    Malformed(&'static str),
    /// Another way of securing, which this does not know.
    #[error("the proof is not of the suite {CRYPTOSUITE}")]
    OtherSuite,
    /// Someone else than the issuer signed.
    #[error("the proof is not by the issuer's key")]
    NotTheIssuer,
    /// The signature is not one of the key over the document.
    #[error("the signature does not hold")]
    BadSignature,
    /// A number that is larger than every double, or more exact where that matters.
    #[error("a number is too large or too exact for JSON's canonical form")]
    NoDouble,
}

/// A credential that verified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verified {
    /// Who issued it, as a `did:key`.
    pub issuer: String,
    /// The issuer's ed25519 key: the account on the chain.
    pub key: [u8; 32],
    /// From when on it is valid.
    pub valid_from: String,
    /// The object that the credential is about, as it was signed.
    pub subject: Value,
}

/// Issues a credential about `subject`, an object. `created` is an RFC 3339 time; `sign` signs a message with the
/// ed25519 key whose public half is `public`. A signature that does not hold is refused.
pub fn issue_by(
    subject: Value,
    public: &[u8; 32],
    created: &str,
    sign: impl FnOnce(&[u8]) -> [u8; 64],
) -> Result<Value, CredentialError> {
    if !subject.is_object() {
        return Err(CredentialError::Malformed("credentialSubject"));
    }
    if Time::parse_rfc3339(created).is_none() {
        return Err(CredentialError::Malformed("validFrom"));
    }
    let key = VerifyingKey::from_bytes(public).map_err(|_| CredentialError::Malformed("issuer"))?;
    let document = json!({
        "@context": [CONTEXT, {"@vocab": crate::iri::VOCABULARY}],
        "type": ["VerifiableCredential", "WonbonCertificateCredential"],
        "issuer": did_key(&key),
        "validFrom": created,
        "credentialSubject": subject,
    });
    let credential = proof::add(document, &key, created, sign)?;
    verify(&credential)?;
    Ok(credential)
}

/// Checks a credential of the form that [`issue_by`] gives.
pub fn verify(credential: &Value) -> Result<Verified, CredentialError> {
    use CredentialError::Malformed;
    let key = verify_proof(credential)?;
    // Such a number could be changed a little and keep its signature.
    if !is_exact(credential) {
        return Err(CredentialError::NoDouble);
    }
    let context = credential["@context"].as_array().and_then(|contexts| contexts.first());
    if context.and_then(Value::as_str) != Some(CONTEXT) {
        return Err(Malformed("@context"));
    }
    let types = credential["type"].as_array().ok_or(Malformed("type"))?;
    if !types.iter().any(|kind| kind == "VerifiableCredential") {
        return Err(Malformed("type"));
    }
    let issuer = &credential["issuer"];
    let issuer = issuer.as_str().or_else(|| issuer["id"].as_str()).ok_or(Malformed("issuer"))?;
    if issuer != did_key(&key) {
        return Err(CredentialError::NotTheIssuer);
    }
    let valid_from = credential["validFrom"]
        .as_str()
        .filter(|time| Time::parse_rfc3339(time).is_some())
        .ok_or(Malformed("validFrom"))?;
    let subject = &credential["credentialSubject"];
    if !subject.is_object() {
        return Err(Malformed("credentialSubject"));
    }
    Ok(Verified {
        issuer: issuer.to_owned(),
        key: key.to_bytes(),
        valid_from: valid_from.to_owned(),
        subject: subject.clone(),
    })
}
