//! SS58 addresses of 32-byte accounts, with prefix 42: base 58 of prefix ‖ account ‖ two bytes of checksum.

use blake2::{Blake2b512, Digest as _};
use thiserror::Error;

const PREFIX: u8 = 42;
const CHECKSUM_LABEL: &[u8] = b"SS58PRE";
/// Longer than every address of 35 bytes, in characters.
const MAX_TEXT: usize = 64;

/// Why a text is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AddressError {
    /// A character that base 58 does not have.
    #[error("the address has a character that base 58 does not have")]
    NotBase58,
    /// Another length than an address of a 32-byte account.
    #[error("the address has the wrong length")]
    Length,
    /// An address of another network.
    #[error("the address is for another network (prefix {0}; {PREFIX} is wanted)")]
    Network(u8),
    /// A typing error.
    #[error("the address is mistyped: its checksum does not match")]
    Checksum,
}

/// The address of an account.
pub fn encode(account: &[u8; 32]) -> String {
    let body = [&[PREFIX], &account[..]].concat();
    bs58::encode([&body[..], &checksum(&body)].concat()).into_string()
}

/// The account of an address.
pub fn decode(address: &str) -> Result<[u8; 32], AddressError> {
    // Base 58 costs the square of the length, so an overlong text is refused unread.
    if address.len() > MAX_TEXT {
        return Err(AddressError::Length);
    }
    let bytes = bs58::decode(address).into_vec().map_err(|_| AddressError::NotBase58)?;
    let bytes: [u8; 35] = bytes.try_into().map_err(|_| AddressError::Length)?;
    let (body, sum) = bytes.split_at(33);
    if body[0] != PREFIX {
        return Err(AddressError::Network(body[0]));
    }
    if sum != checksum(body) {
        return Err(AddressError::Checksum);
    }
    let mut account = [0; 32];
    account.copy_from_slice(&body[1..]);
    Ok(account)
}

fn checksum(body: &[u8]) -> [u8; 2] {
    let hash = Blake2b512::new().chain_update(CHECKSUM_LABEL).chain_update(body).finalize();
    [hash[0], hash[1]]
}

#[cfg(test)]
mod tests {
    use super::*;

    // The address that the SDK prints for its ed25519 Alice.
    const ALICE: &str = "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu";

    #[test]
    fn known_address() {
        let account = decode(ALICE).unwrap();
        assert_eq!(hex::encode(account), "88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee");
        assert_eq!(encode(&account), ALICE);
    }

    #[test]
    fn a_mistyped_address_is_refused() {
        assert_eq!(decode("5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpv"), Err(AddressError::Checksum));
        assert_eq!(decode("0FA9"), Err(AddressError::NotBase58));
        assert_eq!(decode(""), Err(AddressError::Length));
        assert_eq!(decode(&ALICE[..47]), Err(AddressError::Length));
        assert_eq!(decode(&"1".repeat(100_000)), Err(AddressError::Length));
        assert_eq!(decode(&ALICE.replace("FA9", "FA8")), Err(AddressError::Checksum));
        for bad in ["0", "5", &ALICE[1..]] {
            assert!(decode(bad).is_err(), "{bad}");
        }
        // Alice on Polkadot (prefix 0) has one byte less or more, never prefix 42.
        let mut other = vec![0];
        other.extend_from_slice(&[7; 34]);
        assert_eq!(decode(&bs58::encode(other).into_string()), Err(AddressError::Network(0)));
    }
}
