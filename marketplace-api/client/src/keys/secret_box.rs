//! XChaCha20-Poly1305 under a secret, and what is written beside a ciphertext: how content keys and account keys are kept.

use super::Secret;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use rand_core::{OsRng, RngCore};
use serde::Serialize;
use zeroize::Zeroizing;

/// Drawn anew for each ciphertext.
pub(crate) type Nonce = [u8; 24];

/// What the format calls it.
pub(crate) const CIPHER: &str = "xchacha20-poly1305";

/// Bytes that nobody can foresee.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.fill_bytes(&mut bytes);
    bytes
}

/// The ciphertext, to which `bound` is bound too; `None` if it is too long.
pub(crate) fn encrypt(secret: &Secret, nonce: &Nonce, plain: &[u8], bound: &[u8]) -> Option<Vec<u8>> {
    cipher(secret).encrypt(XNonce::from_slice(nonce), Payload { msg: plain, aad: bound }).ok()
}

/// What was encrypted; `None` if the secret is another, or anything was changed.
pub(crate) fn decrypt(
    secret: &Secret,
    nonce: &Nonce,
    text: &[u8],
    bound: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let plain = cipher(secret).decrypt(XNonce::from_slice(nonce), Payload { msg: text, aad: bound });
    plain.ok().map(Zeroizing::new)
}

fn cipher(secret: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(Key::from_slice(secret.as_ref()))
}

/// A file of readable JSON.
pub(crate) fn json_file(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut json = serde_json::to_vec_pretty(value)?;
    json.push(b'\n');
    Ok(json)
}
