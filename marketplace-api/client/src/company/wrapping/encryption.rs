//! Encryption to an X25519 key: HPKE (RFC 9180) in base mode, with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and
//! ChaCha20-Poly1305, for one message each.

use crate::keys::Secret;
use hpke::{Deserializable, Kem as _, OpModeR, OpModeS, Serializable};
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

type Kem = hpke::kem::X25519HkdfSha256;
type Kdf = hpke::kdf::HkdfSha256;
type Aead = hpke::aead::ChaCha20Poly1305;

/// The public key of a secret.
pub(in crate::company) fn public_key(secret: &Secret) -> Option<[u8; 32]> {
    let secret = <Kem as hpke::Kem>::PrivateKey::from_bytes(secret.as_ref()).ok()?;
    Some(Kem::sk_to_pk(&secret).to_bytes().into())
}

/// The sender's share (`enc`) and the ciphertext; `None` if the key is none that a secret can be agreed with.
pub(in crate::company) fn encrypt(
    key: &[u8; 32],
    info: &[u8],
    bound: &[u8],
    plain: &[u8],
    rng: &mut (impl RngCore + CryptoRng),
) -> Option<([u8; 32], Vec<u8>)> {
    let key = <Kem as hpke::Kem>::PublicKey::from_bytes(key).ok()?;
    let sealed = hpke::single_shot_seal::<Aead, Kdf, Kem, _>(&OpModeS::Base, &key, info, plain, bound, rng);
    let (share, ciphertext) = sealed.ok()?;
    Some((share.to_bytes().into(), ciphertext))
}

/// What was encrypted; `None` if it was for another key, or anything was changed.
pub(in crate::company) fn decrypt(
    secret: &Secret,
    share: &[u8; 32],
    info: &[u8],
    bound: &[u8],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let secret = <Kem as hpke::Kem>::PrivateKey::from_bytes(secret.as_ref()).ok()?;
    let share = <Kem as hpke::Kem>::EncappedKey::from_bytes(share).ok()?;
    let opened =
        hpke::single_shot_open::<Aead, Kdf, Kem>(&OpModeR::Base, &secret, &share, info, ciphertext, bound);
    opened.ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives the same bytes to whoever asks.
    struct Fixed([u8; 32]);

    impl RngCore for Fixed {
        fn next_u32(&mut self) -> u32 {
            unreachable!("only bytes are asked for")
        }

        fn next_u64(&mut self) -> u64 {
            unreachable!("only bytes are asked for")
        }

        fn fill_bytes(&mut self, bytes: &mut [u8]) {
            bytes.copy_from_slice(&self.0);
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
            self.fill_bytes(bytes);
            Ok(())
        }
    }

    impl CryptoRng for Fixed {}

    fn bytes(text: &str) -> [u8; 32] {
        hex::decode(text).unwrap().try_into().unwrap()
    }

    /// RFC 9180, A.2.1: the first message in base mode.
    #[test]
    fn it_is_the_suite_of_the_rfc() {
        let ikm = bytes("909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b");
        let recipient = bytes("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a");
        let secret = bytes("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb");
        let secret = Secret::new(secret);
        assert_eq!(public_key(&secret), Some(recipient));

        let (info, bound, plain) = (b"Ode on a Grecian Urn", b"Count-0", b"Beauty is truth, truth beauty");
        let (share, ciphertext) = encrypt(&recipient, info, bound, plain, &mut Fixed(ikm)).unwrap();
        assert_eq!(share, bytes("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a"));
        let expected = concat!(
            "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e13",
            "1f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
        );
        assert_eq!(hex::encode(&ciphertext), expected);
        assert_eq!(decrypt(&secret, &share, info, bound, &ciphertext).unwrap().as_slice(), plain);
        assert!(decrypt(&secret, &share, b"other", bound, &ciphertext).is_none());
    }

    #[test]
    fn a_key_of_small_order_is_none() {
        let mut one = [0; 32];
        one[0] = 1;
        for weak in [[0; 32], one] {
            assert!(encrypt(&weak, b"", b"", b"plain", &mut Fixed([7; 32])).is_none());
        }
        assert!(decrypt(&Secret::new([7; 32]), &[0; 32], b"", b"", &[0; 48]).is_none());
    }
}
