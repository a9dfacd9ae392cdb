//! The encrypted key file: argon2id from the passphrase, XChaCha20-Poly1305 over the secret.
//!
//! Everything in the file but the ciphertext is bound as associated data, so none of it can be exchanged. The
//! file is created whole or not at all, with mode 0600, and an existing file is never overwritten. A wrong
//! passphrase and a changed file cannot be told from each other; both are
//! [`KeyFileError::WrongPassphrase`].

use super::{Keypair, Secret};
use crate::files;
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use rand_core::{OsRng, RngCore};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;
use wonbon_model::{canonical, AccountId};
use zeroize::{Zeroize, Zeroizing};

const KEY_FILE_VERSION: u8 = 1;
const KDF: &str = "argon2id";
const CIPHER: &str = "xchacha20-poly1305";
/// The largest file that is read: a key file has some hundred bytes.
const MAX_KEY_FILE_BYTES: u64 = 64 * 1024;

/// Why a key file cannot be made or opened.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// There is a file already; it is not overwritten.
    #[error("{} exists already; a key file is never overwritten", .0.display())]
    Exists(PathBuf),
    /// There is no file.
    #[error("there is no key file {}", .0.display())]
    Missing(PathBuf),
    /// The file cannot be read or written.
    #[error("cannot use the key file {}: {error}", path.display())]
    Io {
        /// Where the file is.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file is no key file, or one of a later version.
    #[error("not a key file: {0}")]
    Malformed(String),
    /// The passphrase is not the file's (or the file was changed).
    #[error("wrong passphrase for the key of {0}")]
    WrongPassphrase(AccountId),
}

/// What deriving the key from the passphrase costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub iterations: u32,
    /// Lanes that are computed side by side.
    pub parallelism: u32,
}

impl Default for Cost {
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, iterations: 3, parallelism: 1 }
    }
}

impl Cost {
    /// The least that argon2 takes: for tests, and for keys that everybody knows.
    pub const LEAST: Self = Self { memory_kib: 8, iterations: 1, parallelism: 1 };

    /// A file with more than this is refused: it would stall the machine.
    const MAX: Self = Self { memory_kib: 1024 * 1024, iterations: 64, parallelism: 16 };
}

/// A key file as it is on disk.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    version: u8,
    address: AccountId,
    kdf: Kdf,
    cipher: Cipher,
    #[serde(with = "hex::serde")]
    ciphertext: Vec<u8>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kdf {
    name: String,
    memory_kib: u32,
    iterations: u32,
    parallelism: u32,
    #[serde(with = "hex::serde")]
    salt: [u8; 16],
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cipher {
    name: String,
    #[serde(with = "hex::serde")]
    nonce: [u8; 24],
}

impl KeyFile {
    /// Encrypts a key under a passphrase.
    pub fn seal(key: &Keypair, passphrase: &str, cost: Cost) -> Result<Self, KeyFileError> {
        let mut file = Self {
            version: KEY_FILE_VERSION,
            address: key.account(),
            kdf: Kdf {
                name: KDF.to_owned(),
                memory_kib: cost.memory_kib,
                iterations: cost.iterations,
                parallelism: cost.parallelism,
                salt: random(),
            },
            cipher: Cipher { name: CIPHER.to_owned(), nonce: random() },
            ciphertext: Vec::new(),
        };
        let cipher = file.cipher_for(passphrase)?;
        let secret = key.secret();
        file.ciphertext = cipher
            .encrypt(
                XNonce::from_slice(&file.cipher.nonce),
                Payload { msg: secret.as_ref(), aad: &file.bound()? },
            )
            .map_err(|_| KeyFileError::Malformed("the secret cannot be encrypted".to_owned()))?;
        Ok(file)
    }

    /// Decrypts the key.
    pub fn open(&self, passphrase: &str) -> Result<Keypair, KeyFileError> {
        let wrong = || KeyFileError::WrongPassphrase(self.address);
        let cipher = self.cipher_for(passphrase)?;
        let plain = cipher
            .decrypt(
                XNonce::from_slice(&self.cipher.nonce),
                Payload { msg: &self.ciphertext, aad: &self.bound()? },
            )
            .map_err(|_| wrong())?;
        let plain = Zeroizing::new(plain);
        let mut secret = Secret::default();
        if plain.len() != secret.len() {
            return Err(KeyFileError::Malformed("the secret has the wrong length".to_owned()));
        }
        secret.copy_from_slice(&plain);
        let key = Keypair::from_secret(&secret);
        if key.account() != self.address {
            return Err(KeyFileError::Malformed("the key is not that of the address".to_owned()));
        }
        Ok(key)
    }

    /// Writes a new file.
    pub fn create(&self, path: &Path) -> Result<(), KeyFileError> {
        let mut json =
            serde_json::to_vec_pretty(self).map_err(|error| KeyFileError::Malformed(error.to_string()))?;
        json.push(b'\n');
        files::create_new(path, &json).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => KeyFileError::Exists(path.to_owned()),
            _ => KeyFileError::Io { path: path.to_owned(), error },
        })
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => KeyFileError::Missing(path.to_owned()),
            _ => KeyFileError::Io { path: path.to_owned(), error },
        };
        if std::fs::metadata(path).map_err(failed)?.len() > MAX_KEY_FILE_BYTES {
            return Err(KeyFileError::Malformed("the file is too large".to_owned()));
        }
        let json = std::fs::read(path).map_err(failed)?;
        let file: Self =
            serde_json::from_slice(&json).map_err(|error| KeyFileError::Malformed(error.to_string()))?;
        if file.version != KEY_FILE_VERSION || file.kdf.name != KDF || file.cipher.name != CIPHER {
            return Err(KeyFileError::Malformed("the file is of another version".to_owned()));
        }
        Ok(file)
    }

    /// Whose key it is. Known without the passphrase.
    pub fn account(&self) -> AccountId {
        self.address
    }

    fn cipher_for(&self, passphrase: &str) -> Result<XChaCha20Poly1305, KeyFileError> {
        let (cost, most) = (&self.kdf, Cost::MAX);
        if cost.memory_kib > most.memory_kib
            || cost.iterations > most.iterations
            || cost.parallelism > most.parallelism
        {
            return Err(KeyFileError::Malformed("opening the file would cost too much".to_owned()));
        }
        let malformed = |error: argon2::Error| KeyFileError::Malformed(error.to_string());
        let params = Params::new(cost.memory_kib, cost.iterations, cost.parallelism, Some(32));
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.map_err(malformed)?);
        let mut key = Secret::default();
        argon.hash_password_into(passphrase.as_bytes(), &cost.salt, key.as_mut()).map_err(malformed)?;
        let cipher = XChaCha20Poly1305::new(Key::from_slice(key.as_ref()));
        key.zeroize();
        Ok(cipher)
    }

    // Everything but the ciphertext, in canonical JSON.
    fn bound(&self) -> Result<Vec<u8>, KeyFileError> {
        let header = Self { ciphertext: Vec::new(), ..self.clone() };
        canonical::to_vec(&header).map_err(|error| KeyFileError::Malformed(error.to_string()))
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.fill_bytes(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Keypair {
        Keypair::from_secret(&[7; 32])
    }

    #[test]
    fn what_was_sealed_opens_with_its_passphrase_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        KeyFile::seal(&key(), "비밀 passphrase", Cost::LEAST).unwrap().create(&path).unwrap();
        let file = KeyFile::read(&path).unwrap();
        assert_eq!(file.account(), key().account());
        assert_eq!(file.open("비밀 passphrase").unwrap().account(), key().account());
        assert!(matches!(file.open("another"), Err(KeyFileError::WrongPassphrase(_))));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains(&hex::encode([7; 32])));
    }

    #[test]
    fn nothing_in_the_file_can_be_exchanged() {
        let file = KeyFile::seal(&key(), "p", Cost::LEAST).unwrap();
        let mut other = file.clone();
        other.kdf.salt[0] ^= 1;
        assert!(matches!(other.open("p"), Err(KeyFileError::WrongPassphrase(_))));
        let mut other = file.clone();
        other.address = AccountId([1; 32]);
        assert!(matches!(other.open("p"), Err(KeyFileError::WrongPassphrase(_))));
        let mut other = file.clone();
        other.kdf.iterations += 1;
        assert!(matches!(other.open("p"), Err(KeyFileError::WrongPassphrase(_))));
        let mut other = file;
        other.ciphertext[0] ^= 1;
        assert!(matches!(other.open("p"), Err(KeyFileError::WrongPassphrase(_))));
    }

    #[test]
    fn bad_files_have_their_own_errors() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        assert!(matches!(KeyFile::read(&path), Err(KeyFileError::Missing(_))));
        std::fs::write(&path, "{}").unwrap();
        assert!(matches!(KeyFile::read(&path), Err(KeyFileError::Malformed(_))));
        let file = KeyFile::seal(&key(), "p", Cost::LEAST).unwrap();
        assert!(matches!(file.create(&path), Err(KeyFileError::Exists(_))));
        let mut greedy = file;
        greedy.kdf.memory_kib = u32::MAX;
        assert!(matches!(greedy.open("p"), Err(KeyFileError::Malformed(_))));
    }
}
