//! `did:key` for ed25519: the key itself, with its multicodec, in base 58.

use ed25519_dalek::VerifyingKey;

/// Multicodec of an ed25519 public key, 0xed, as an unsigned varint.
const ED25519: [u8; 2] = [0xed, 0x01];
/// Longest text of one: two bytes of multicodec and the key, in base 58.
const LONGEST: usize = 48;

/// The DID of a key.
pub fn did_key(key: &VerifyingKey) -> String {
    format!("did:key:{}", multibase(key))
}

/// The DID URL of the key as its document's verification method.
pub(super) fn method(key: &VerifyingKey) -> String {
    let name = multibase(key);
    format!("did:key:{name}#{name}")
}

/// The key of a DID; `None` if it is none, or is not of ed25519.
pub fn key_of_did(did: &str) -> Option<VerifyingKey> {
    let name = did.strip_prefix("did:key:z").filter(|name| name.len() <= LONGEST)?;
    let bytes = bs58::decode(name).into_vec().ok()?;
    let key: [u8; 32] = bytes.strip_prefix(&ED25519)?.try_into().ok()?;
    VerifyingKey::from_bytes(&key).ok().filter(|key| did_key(key) == did)
}

/// The key of a verification method: `did:key:NAME#NAME`.
pub(super) fn key_of_method(method: &str) -> Option<VerifyingKey> {
    let (did, fragment) = method.split_once('#')?;
    let name = did.strip_prefix("did:key:")?;
    if fragment != name {
        return None;
    }
    key_of_did(did)
}

fn multibase(key: &VerifyingKey) -> String {
    format!("z{}", bs58::encode([&ED25519[..], key.as_bytes()].concat()).into_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_and_its_did() {
        // The first test vector of the did:key method.
        let did = "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp";
        let key = key_of_did(did).unwrap();
        assert_eq!(
            hex::encode(key.to_bytes()),
            "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29"
        );
        assert_eq!(did_key(&key), did);
        assert_eq!(key_of_method(&method(&key)), Some(key));
    }

    #[test]
    fn what_is_no_ed25519_did_key() {
        let bad = [
            "",
            "did:key:",
            "did:key:z",
            "did:key:z0OIl",
            "did:web:example.org",
            // A P-256 key.
            "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
            "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooW",
            "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp ",
        ];
        for bad in bad {
            assert_eq!(key_of_did(bad), None, "{bad}");
        }
        assert_eq!(key_of_did(&format!("did:key:z{}", "1".repeat(1_000_000))), None);
    }
}
