//! The well-known development accounts, by the same hard derivation as the SDK's ed25519 keys.
//!
//! `//Alice` here is the ed25519 Alice of a development chain. The root secret is public, so these keys are
//! worth nothing anywhere else.

use super::{Keypair, Secret};
use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest as _};
use codec::Encode;
use thiserror::Error;
use zeroize::Zeroizing;

/// The mini secret of the public development phrase ("bottom drive obey lake …").
const DEVELOPMENT_SECRET: [u8; 32] = [
    0xfa, 0xc7, 0x95, 0x9d, 0xbf, 0xe7, 0x2f, 0x05, 0x2e, 0x5a, 0x0c, 0x3c, 0x8d, 0x65, 0x30, 0xf2, 0x02,
    0xb0, 0x2f, 0xd8, 0xf9, 0xf5, 0xca, 0x35, 0x80, 0xec, 0x8d, 0xeb, 0x77, 0x97, 0x47, 0x9e,
];

/// Why a development path is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is not a development key: it has the form //Name, or //Name//other")]
pub struct DevKeyError(pub String);

impl Keypair {
    /// A key pair that everybody knows, by a path of hard junctions such as `//Alice` or `//Alice//delivery`: for
    /// development chains only.
    pub fn dev(path: &str) -> Result<Self, DevKeyError> {
        let refused = || DevKeyError(path.to_owned());
        let junctions = path.strip_prefix("//").ok_or_else(refused)?;
        let mut secret: Secret = Zeroizing::new(DEVELOPMENT_SECRET);
        for junction in junctions.split("//") {
            if junction.is_empty() || junction.contains('/') {
                return Err(refused());
            }
            let code = chain_code(junction);
            secret = Zeroizing::new(blake2_256(&("Ed25519HDKD", *secret, code).encode()));
        }
        Ok(Self::from_secret(&secret))
    }
}

// A number is encoded as u64, any other text as a string; what is longer than 32 bytes is hashed.
fn chain_code(junction: &str) -> [u8; 32] {
    let encoded = match junction.parse::<u64>() {
        Ok(number) => number.encode(),
        Err(_) => junction.encode(),
    };
    let mut code = [0; 32];
    match code.get_mut(..encoded.len()) {
        Some(prefix) => prefix.copy_from_slice(&encoded),
        None => code = blake2_256(&encoded),
    }
    code
}

fn blake2_256(bytes: &[u8]) -> [u8; 32] {
    Blake2b::<U32>::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_accounts() {
        let account = |path| hex::encode(Keypair::dev(path).unwrap().account().0);
        assert_eq!(account("//Alice"), "88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee");
        assert_eq!(account("//Bob"), "d17c2d7823ebf260fd138f2d7e27d114c0145d968b5ff5006125f2414fadae69");
        assert_eq!(account("//Charlie"), "439660b36c6c03afafca027b910b4fecf99801834c62a5e6006f27d978de234f");
    }

    #[test]
    fn other_paths_are_refused() {
        for path in ["", "Alice", "/Alice", "//", "//Alice/soft", "//Alice//"] {
            assert_eq!(Keypair::dev(path).unwrap_err(), DevKeyError(path.to_owned()));
        }
    }
}
