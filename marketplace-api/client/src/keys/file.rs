//! The encrypted key file: argon2id from the passphrase, XChaCha20-Poly1305 over the secret.
//!
//! Everything in the file but the ciphertext is bound as associated data, so none of it can be exchanged. The
//! file is created whole or not at all, with mode 0600, and an existing file is never overwritten. One that others on
//! the machine can read is refused. The memory in which the passphrase is worked on is wiped. A wrong passphrase and a
//! changed file cannot be told from each other; both are [`KeyFileError::WrongPassphrase`].

use super::passphrase::{is_long_enough, normalised, MIN_PASSPHRASE_LENGTH};
use super::secret_box::{decrypt, encrypt, json_file, random, Nonce, CIPHER};
use super::{Keypair, Secret};
use crate::files;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;
use wonbon_model::{canonical, AccountId};
use zeroize::{Zeroize, Zeroizing};

const KEY_FILE_VERSION: u8 = 1;
const KDF: &str = "argon2id";
/// The largest file that is read: a key file has some hundred bytes.
const MAX_KEY_FILE_BYTES: u64 = 64 * 1024;

/// Why a key file cannot be made or opened.
#[derive(Debug, Error)]
#[allow(missing_docs)]
pub enum KeyFileError {
    /// There is a file already; it is not overwritten.
    #[error("{} exists already; a key file is never overwritten", .0.display())]
    Exists(PathBuf),
    /// There is no file.
    #[error("there is no key file {}", .0.display())]
    Missing(PathBuf),
    /// The file cannot be read or written.
    #[error("cannot use the key file {}: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
    /// The file is no key file, or one of a later version.
    #[error("not a key file: {0}")]
    Malformed(String),
    /// A new key is not sealed with it.
    #[error("the passphrase is shorter than {MIN_PASSPHRASE_LENGTH} characters")]
    ShortPassphrase,
    /// Others on this machine can read the file.
    #[error("others on this machine can read the key file {} (mode {mode:03o})", path.display())]
    Open { path: PathBuf, mode: u32 },
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
    nonce: Nonce,
}

impl KeyFile {
    /// Encrypts a key under a passphrase of at least [`MIN_PASSPHRASE_LENGTH`] characters.
    pub fn seal(key: &Keypair, passphrase: &str, cost: Cost) -> Result<Self, KeyFileError> {
        if !is_long_enough(passphrase) {
            return Err(KeyFileError::ShortPassphrase);
        }
        let mut file = Self {
            version: KEY_FILE_VERSION,
            address: key.signer(),
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
        let derived = file.derived(&normalised(passphrase))?;
        file.ciphertext =
            encrypt(&derived, &file.cipher.nonce, key.secret().as_ref(), &file.associated_data()?)
                .ok_or_else(|| KeyFileError::Malformed("the secret cannot be encrypted".to_owned()))?;
        Ok(file)
    }

    /// The key, for the passphrase that it was sealed with and for no other.
    pub fn open(&self, passphrase: &str) -> Result<Keypair, KeyFileError> {
        let form = normalised(passphrase);
        let mut plain = self.decrypted(&form)?;
        if plain.is_none() && form.as_str() != passphrase {
            // Before passphrases were normalised a file was sealed with what was typed.
            plain = self.decrypted(passphrase)?;
        }
        let plain = plain.ok_or(KeyFileError::WrongPassphrase(self.address))?;
        let wrong_length = |_| KeyFileError::Malformed("the secret has the wrong length".to_owned());
        let secret: &[u8; 32] = plain.as_slice().try_into().map_err(wrong_length)?;
        let key = Keypair::from_secret(secret);
        if key.signer() != self.address {
            return Err(KeyFileError::Malformed("the key is not that of the address".to_owned()));
        }
        Ok(key)
    }

    fn decrypted(&self, passphrase: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyFileError> {
        let derived = self.derived(passphrase)?;
        Ok(decrypt(&derived, &self.cipher.nonce, &self.ciphertext, &self.associated_data()?))
    }

    /// Writes a new file.
    pub fn create(&self, path: &Path) -> Result<(), KeyFileError> {
        let json = json_file(self).map_err(|error| KeyFileError::Malformed(error.to_string()))?;
        files::create_new(path, &json).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => KeyFileError::Exists(path.to_owned()),
            _ => KeyFileError::Io { path: path.to_owned(), error },
        })
    }

    /// Reads a file of at most 64 KiB, in the form that [`Self::create`] writes, which nobody else can read.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => KeyFileError::Missing(path.to_owned()),
            _ => KeyFileError::Io { path: path.to_owned(), error },
        };
        let about = std::fs::metadata(path).map_err(failed)?;
        ensure_private(path, &about)?;
        if about.len() > MAX_KEY_FILE_BYTES {
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

    /// What the passphrase gives, after all the work that the file asks for.
    fn derived(&self, passphrase: &str) -> Result<Secret, KeyFileError> {
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
        let mut memory = vec![Block::default(); argon.params().block_count()];
        let done = argon.hash_password_into_with_memory(
            passphrase.as_bytes(),
            &cost.salt,
            key.as_mut(),
            &mut memory,
        );
        memory.iter_mut().for_each(Zeroize::zeroize);
        done.map_err(malformed)?;
        Ok(key)
    }

    // Everything but the ciphertext, in canonical JSON.
    fn associated_data(&self) -> Result<Vec<u8>, KeyFileError> {
        let header = Self { ciphertext: Vec::new(), ..self.clone() };
        canonical::to_vec(&header).map_err(|error| KeyFileError::Malformed(error.to_string()))
    }
}

/// Refuses a file that its group or everybody can read, write or run.
#[cfg(unix)]
fn ensure_private(path: &Path, about: &std::fs::Metadata) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = about.permissions().mode() & 0o777;
    if about.is_file() && mode & 0o077 != 0 {
        return Err(KeyFileError::Open { path: path.to_owned(), mode });
    }
    Ok(())
}

/// Elsewhere a file's mode says nothing about who can read it.
#[cfg(not(unix))]
fn ensure_private(_: &Path, _: &std::fs::Metadata) -> Result<(), KeyFileError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    const PASSPHRASE: &str = "a passphrase";

    /// The least that argon2 takes.
    const LEAST: Cost = Cost { memory_kib: 8, iterations: 1, parallelism: 1 };

    fn key() -> Keypair {
        Keypair::from_secret(&[7; 32])
    }

    #[test]
    fn what_was_sealed_opens_with_its_passphrase_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        KeyFile::seal(&key(), "비밀 passphrase", LEAST).unwrap().create(&path).unwrap();
        let file = KeyFile::read(&path).unwrap();
        assert_eq!(file.account(), key().account());
        assert_eq!(file.open("비밀 passphrase").unwrap().account(), key().account());
        assert!(matches!(file.open("another"), Err(KeyFileError::WrongPassphrase(_))));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains(&hex::encode([7; 32])));
    }

    #[test]
    fn a_passphrase_is_the_same_from_every_keyboard() {
        let composed = "한국어로 된 비밀 문구";
        let decomposed: String = composed.nfd().collect();
        assert_ne!(composed, decomposed);
        for (sealed, typed) in [(composed, decomposed.as_str()), (decomposed.as_str(), composed)] {
            let file = KeyFile::seal(&key(), sealed, LEAST).unwrap();
            assert_eq!(file.open(typed).unwrap().account(), key().account());
        }
        // A file from before, sealed with the letters as they were typed.
        let mut old = KeyFile::seal(&key(), composed, LEAST).unwrap();
        let derived = old.derived(&decomposed).unwrap();
        let (nonce, bound) = (old.cipher.nonce, old.associated_data().unwrap());
        old.ciphertext = encrypt(&derived, &nonce, key().secret().as_ref(), &bound).unwrap();
        assert_eq!(old.open(&decomposed).unwrap().account(), key().account());
        assert!(matches!(old.open(composed), Err(KeyFileError::WrongPassphrase(_))));
    }

    #[test]
    fn no_key_is_sealed_with_a_short_passphrase() {
        for short in ["", "p", "nine char", "아홉 글자 문구다"] {
            let refused = KeyFile::seal(&key(), short, LEAST);
            assert!(matches!(refused, Err(KeyFileError::ShortPassphrase)), "{short}");
        }
        KeyFile::seal(&key(), "ten chars.", LEAST).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        KeyFile::seal(&key(), PASSPHRASE, LEAST).unwrap().create(&path).unwrap();
        for mode in [0o640, 0o604, 0o620, 0o644] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let refused = KeyFile::read(&path);
            assert!(matches!(refused, Err(KeyFileError::Open { mode: found, .. }) if found == mode));
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
        KeyFile::read(&path).unwrap();
    }

    #[test]
    fn nothing_in_the_file_can_be_exchanged() {
        let file = KeyFile::seal(&key(), PASSPHRASE, LEAST).unwrap();
        let mut other = file.clone();
        other.kdf.salt[0] ^= 1;
        assert!(matches!(other.open(PASSPHRASE), Err(KeyFileError::WrongPassphrase(_))));
        let mut other = file.clone();
        other.address = AccountId([1; 32]);
        assert!(matches!(other.open(PASSPHRASE), Err(KeyFileError::WrongPassphrase(_))));
        let mut other = file.clone();
        other.kdf.iterations += 1;
        assert!(matches!(other.open(PASSPHRASE), Err(KeyFileError::WrongPassphrase(_))));
        let mut other = file;
        other.ciphertext[0] ^= 1;
        assert!(matches!(other.open(PASSPHRASE), Err(KeyFileError::WrongPassphrase(_))));
    }

    #[test]
    fn bad_files_have_their_own_errors() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        assert!(matches!(KeyFile::read(&path), Err(KeyFileError::Missing(_))));
        files::create_new(&path, b"{}").unwrap();
        assert!(matches!(KeyFile::read(&path), Err(KeyFileError::Malformed(_))));
        let file = KeyFile::seal(&key(), PASSPHRASE, LEAST).unwrap();
        assert!(matches!(file.create(&path), Err(KeyFileError::Exists(_))));
        let mut greedy = file;
        greedy.kdf.memory_kib = u32::MAX;
        assert!(matches!(greedy.open(PASSPHRASE), Err(KeyFileError::Malformed(_))));
    }
}
