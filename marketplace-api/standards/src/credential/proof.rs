//! Data Integrity proofs of the suite `eddsa-jcs-2022` (W3C Data Integrity EdDSA Cryptosuites 1.0, section 3.3).
//!
//! What is signed is SHA-256 of the proof's options, then SHA-256 of the document without its proof, each in the
//! form of RFC 8785.

use super::{
    did::{key_of_method, method},
    CredentialError,
};
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::{json, Value};
use sha2::{Digest as _, Sha256};
use wonbon_model::canonical;

/// The suite, as `cryptosuite` of a proof names it.
pub const CRYPTOSUITE: &str = "eddsa-jcs-2022";
/// Longest text of a signature in base 58.
const LONGEST: usize = 88;

/// The document with a proof by `key`, which `sign` signs with.
pub(super) fn add(
    mut document: Value,
    key: &VerifyingKey,
    created: &str,
    sign: impl FnOnce(&[u8]) -> [u8; 64],
) -> Result<Value, CredentialError> {
    let mut proof = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": created,
        "verificationMethod": method(key),
        "proofPurpose": "assertionMethod",
        "@context": document["@context"],
    });
    let signature = sign(&signed(&proof, &document)?);
    proof["proofValue"] = json!(format!("z{}", bs58::encode(signature).into_string()));
    document["proof"] = proof;
    Ok(document)
}

/// Checks the proof of a secured document, and gives the key that made it. Whose key that is, it does not say.
pub fn verify_proof(secured: &Value) -> Result<VerifyingKey, CredentialError> {
    use CredentialError::{BadSignature, Malformed, OtherSuite};
    let mut document = secured.as_object().cloned().ok_or(Malformed("document"))?;
    let Some(Value::Object(mut options)) = document.remove("proof") else { return Err(Malformed("proof")) };
    if options.get("type") != Some(&json!("DataIntegrityProof"))
        || options.get("cryptosuite") != Some(&json!(CRYPTOSUITE))
    {
        return Err(OtherSuite);
    }
    if options.get("proofPurpose") != Some(&json!("assertionMethod")) {
        return Err(Malformed("proofPurpose"));
    }
    let key = options.get("verificationMethod").and_then(Value::as_str).and_then(key_of_method);
    let key = key.ok_or(Malformed("verificationMethod"))?;
    let value = options.remove("proofValue").ok_or(Malformed("proofValue"))?;
    let signature = value.as_str().and_then(signature).ok_or(Malformed("proofValue"))?;
    // The proof's context must open the document's, and is what was signed.
    if let Some(context) = options.get("@context") {
        if !opens(context, document.get("@context")) {
            return Err(Malformed("@context"));
        }
        document.insert("@context".into(), context.clone());
    }
    let message = signed(&Value::Object(options), &Value::Object(document))?;
    key.verify_strict(&message, &signature).map_err(|_| BadSignature)?;
    Ok(key)
}

fn signed(options: &Value, document: &Value) -> Result<Vec<u8>, CredentialError> {
    let hash = |part| canonical::to_vec(part).map(Sha256::digest).map_err(|_| CredentialError::NoDouble);
    Ok([hash(options)?, hash(document)?].concat())
}

fn signature(text: &str) -> Option<Signature> {
    let digits = text.strip_prefix('z').filter(|digits| digits.len() <= LONGEST)?;
    let bytes: [u8; 64] = bs58::decode(digits).into_vec().ok()?.try_into().ok()?;
    Some(Signature::from_bytes(&bytes))
}

/// Whether the document's contexts begin with the proof's, in the same order.
fn opens(proof: &Value, document: Option<&Value>) -> bool {
    let list = |value: &Value| match value {
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    };
    document.is_some_and(|document| list(document).starts_with(&list(proof)))
}

#[cfg(test)]
mod tests {
    use super::signed;
    use serde_json::json;

    #[test]
    fn options_come_before_the_document() {
        let message = signed(&json!({}), &json!({"a": 1})).unwrap();
        // SHA-256 of "{}" and of "{\"a\":1}".
        let expected = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\
                        015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862";
        assert_eq!(hex::encode(message), expected);
    }
}
