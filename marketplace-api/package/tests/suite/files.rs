//! Files of every awkward length, sealed, checked and opened; cheats and accidents told apart; nothing half done.

use crate::support::{commit, sample, seal};
use std::{
    cell::Cell,
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};
use tempfile::TempDir;
use wonbon_package::{
    files::{
        block_fault, check_package, commit_file, growth_proof, open_file, seal_file, verify_package,
        verify_package_keeping_tree, FileError, OldLeaves, Watch,
    },
    PackageError, Sealed,
};
use wonbon_primitives::{
    bounds::BLOCK_SIZE,
    content::{growth, leaf_list},
    delivery::{deliver, prove_shared, OrderSecret},
    dispute::{self, DisputeProof, DisputeTerms, Fault, Verdict},
    seal::ContentKey,
    Digest, OrderId, OsRng,
};

const GENESIS: Digest = [0xA5; 32];
const ORDER: OrderId = 7;

const MIB: usize = 1 << 20;
const LENGTHS: [usize; 9] = [
    1,
    4095,
    4096,
    4097,
    MIB - 1,
    MIB,
    MIB + 1,
    // From 2 MiB on the page cache is passed by.
    2 * MIB,
    2 * MIB + 4097,
];

struct Files {
    directory: TempDir,
    key: ContentKey,
}

impl Files {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), key: ContentKey::generate(&mut OsRng) }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    fn seal(&self, plain: &[u8]) -> (PathBuf, Sealed) {
        let (from, to) = (self.write("plain", plain), self.path("package"));
        let sealed = seal_file(&from, &to, &self.key, &Watch::none()).unwrap();
        (to, sealed)
    }

    fn open(&self, package: &Path, sealed: &Sealed) -> Result<Vec<u8>, FileError> {
        open_file(package, &self.path("opened"), &self.key, sealed, &Watch::none())
            .map(|()| fs::read(self.path("opened")).unwrap())
    }

    /// The names in the directory, in order.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.directory.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// Changes one byte of a file.
fn flip(path: &Path, at: u64) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at as usize] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn every_length_comes_back() {
    let files = Files::new();
    for length in LENGTHS {
        let plain = sample(length);
        let (package, sealed) = files.seal(&plain);
        let ciphertext = seal(&plain, &files.key);
        let expected = Sealed {
            plain: commit(&plain),
            sealed: commit(&ciphertext),
            key_commitment: files.key.commitment(),
        };
        assert_eq!(sealed, expected, "{length}");

        let stored = fs::read(&package).unwrap();
        let (payload, list) = stored.split_at(length);
        assert_eq!(payload, ciphertext);
        assert_eq!(leaf_list::check(list, &sealed.plain), Ok(()));
        assert_eq!(stored.len() as u64, leaf_list::package_length(length as u64).unwrap());

        check_package(&package, &files.key, &sealed, &Watch::none()).unwrap();
        let mut tree = Vec::new();
        let root = &sealed.plain.root;
        verify_package_keeping_tree(&package, &sealed.sealed, root, &mut tree, &Watch::none()).unwrap();
        assert_eq!(tree, crate::support::blocks(&ciphertext).concat());
        assert!(files.open(&package, &sealed).unwrap() == plain, "{length}");
        assert_eq!(commit_file(&files.path("plain"), &Watch::none()).unwrap(), sealed.plain);
    }
    assert_eq!(files.names(), ["opened", "package", "plain"]);
}

#[test]
fn an_empty_file_is_refused() {
    let files = Files::new();
    let empty = files.write("plain", b"");
    let sealing = seal_file(&empty, &files.path("package"), &files.key, &Watch::none());
    assert!(matches!(sealing, Err(FileError::Package(PackageError::Length(_)))));
    assert!(matches!(commit_file(&empty, &Watch::none()), Err(FileError::Package(PackageError::Length(_)))));
    assert_eq!(files.names(), ["plain"]);
}

#[test]
fn a_missing_file_and_a_directory_are_told() {
    let files = Files::new();
    let nowhere = files.path("nowhere");
    for result in [
        commit_file(&nowhere, &Watch::none()).map(drop),
        commit_file(files.directory.path(), &Watch::none()).map(drop),
        seal_file(&nowhere, &files.path("package"), &files.key, &Watch::none()).map(drop),
        seal_file(&files.write("plain", b"x"), files.directory.path(), &files.key, &Watch::none()).map(drop),
        seal_file(&files.path("plain"), &nowhere.join("deep"), &files.key, &Watch::none()).map(drop),
    ] {
        assert!(matches!(result, Err(FileError::Io { .. })), "{result:?}");
    }
    assert_eq!(files.names(), ["plain"]);
}

#[test]
fn an_output_does_not_replace_its_input() {
    let files = Files::new();
    let plain = files.write("plain", b"precious");
    let sealing = seal_file(&plain, &plain, &files.key, &Watch::none());
    assert!(matches!(sealing, Err(FileError::SameFile(_))));
    assert_eq!(fs::read(&plain).unwrap(), b"precious");
}

#[test]
fn a_corrupted_payload_is_no_ones_fault_yet() {
    let files = Files::new();
    let (package, sealed) = files.seal(&sample(MIB + 5));
    for at in [0, MIB as u64 - 1, MIB as u64 + 4] {
        flip(&package, at);
        assert!(matches!(files.open(&package, &sealed), Err(FileError::Package(PackageError::Payload))));
        let check = verify_package(&package, &sealed.sealed, &sealed.plain.root, &Watch::none());
        assert!(
            matches!(&check, Err(error @ FileError::Package(PackageError::Payload)) if error.is_corruption())
        );
        let fault = block_fault(&package, &sealed.sealed, &sealed.plain.root, 0, &Watch::none());
        assert!(matches!(fault, Err(FileError::Package(PackageError::Payload))));
        flip(&package, at);
    }
    assert_eq!(files.names(), ["package", "plain"], "no half file");
}

#[test]
fn a_leaf_list_that_does_not_fold_is_told() {
    let files = Files::new();
    let length = MIB + 5;
    let (package, sealed) = files.seal(&sample(length));
    for at in [0, 200 * 32 + 5, leaf_list::byte_length(length as u64) - 1] {
        flip(&package, length as u64 + at);
        assert!(matches!(files.open(&package, &sealed), Err(FileError::Package(PackageError::LeafList))));
        let check = verify_package(&package, &sealed.sealed, &sealed.plain.root, &Watch::none());
        assert!(matches!(check, Err(FileError::Package(PackageError::LeafList))));
        flip(&package, length as u64 + at);
    }
    assert_eq!(files.names(), ["package", "plain"]);
}

#[test]
fn a_package_of_another_length_is_told() {
    let files = Files::new();
    let (package, sealed) = files.seal(&sample(MIB + 5));
    let whole = fs::read(&package).unwrap();
    for stored in [&whole[..whole.len() - 1], &[whole.as_slice(), &[0]].concat(), &[]] {
        fs::write(&package, stored).unwrap();
        let found = stored.len() as u64;
        let result = files.open(&package, &sealed);
        assert!(
            matches!(result, Err(FileError::Package(PackageError::PackageLength { expected, found: f })) if (expected, f) == (whole.len() as u64, found))
        );
    }
}

#[test]
fn a_wrong_key_is_told_before_anything_is_read() {
    let files = Files::new();
    let (_, sealed) = files.seal(&sample(5000));
    let other = ContentKey::generate(&mut OsRng);
    let opening = open_file(&files.path("nowhere"), &files.path("opened"), &other, &sealed, &Watch::none());
    assert!(matches!(opening, Err(FileError::Package(PackageError::WrongKey))));
}

/// A seller who seals one block wrongly, beside the true leaf list: the buyer's tools find the block and make
/// the proof that wins.
#[test]
fn a_bad_block_is_found_and_proved() {
    let files = Files::new();
    let length = MIB + 4096 + 100;
    for bad in [0u64, 255, 256] {
        let plain = sample(length);
        let (package, honest) = files.seal(&plain);
        let at = bad * BLOCK_SIZE + 3;
        flip(&package, at);
        // A later one as well: the first is named.
        flip(&package, length as u64 - 1);
        let payload = &fs::read(&package).unwrap()[..length];
        let offered = Sealed { sealed: commit(payload), ..honest };

        verify_package(&package, &offered.sealed, &offered.plain.root, &Watch::none()).unwrap();
        let opening = files.open(&package, &offered);
        assert!(
            matches!(opening, Err(FileError::Package(PackageError::BadBlock(index))) if index == bad),
            "{opening:?}"
        );
        let check = check_package(&package, &files.key, &offered, &Watch::none());
        assert!(
            matches!(check, Err(FileError::Package(PackageError::BadBlock(index))) if index == bad),
            "the seller sees it first"
        );
        assert_eq!(files.names(), ["package", "plain"]);

        let fault = block_fault(&package, &offered.sealed, &offered.plain.root, bad, &Watch::none()).unwrap();
        let secret = OrderSecret::derive(&[1; 32], &[2; 32]);
        let order_key = secret.order_key();
        let delivery = deliver(&GENESIS, ORDER, &order_key, &files.key, &mut OsRng).unwrap();
        let terms = DisputeTerms {
            order_key,
            delivery,
            key_commitment: offered.key_commitment,
            sealed: offered.sealed,
            plain: offered.plain,
        };
        let shared = prove_shared(&GENESIS, ORDER, &secret, &delivery, &mut OsRng).unwrap();
        let proof = DisputeProof { shared, fault: Fault::BadBlock(fault) };
        assert_eq!(dispute::verify(&GENESIS, ORDER, &terms, &proof), Ok(Verdict::BadBlock(bad)));
    }
}

#[test]
fn there_is_no_block_beyond_the_last() {
    let files = Files::new();
    let (package, sealed) = files.seal(&sample(5000));
    for index in [2, u64::MAX] {
        let fault = block_fault(&package, &sealed.sealed, &sealed.plain.root, index, &Watch::none());
        assert!(matches!(fault, Err(FileError::Package(PackageError::NoSuchBlock(i))) if i == index));
    }
}

#[test]
fn cancelling_leaves_nothing_behind() {
    let files = Files::new();
    let plain = files.write("plain", &sample(6 * MIB));
    let stop = AtomicBool::new(false);
    let progress = |bytes: u64| {
        if bytes >= 3 * MIB as u64 {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let watch = Watch::none().on_progress(&progress).cancelled_by(&stop);
    let sealing = seal_file(&plain, &files.path("package"), &files.key, &watch);
    assert!(matches!(sealing, Err(FileError::Cancelled)));
    assert_eq!(files.names(), ["plain"]);
}

#[test]
fn progress_counts_up_to_the_length() {
    let files = Files::new();
    let plain = files.write("plain", &sample(5 * MIB + 1));
    let last = Cell::new(0);
    let progress = |bytes: u64| {
        assert!(bytes > last.get());
        last.set(bytes);
    };
    commit_file(&plain, &Watch::none().on_progress(&progress)).unwrap();
    assert_eq!(last.get(), 5 * MIB as u64 + 1);
}

#[test]
fn an_input_that_changes_is_told() {
    let files = Files::new();
    let plain = files.write("plain", &sample(6 * MIB));
    let progress = |_: u64| fs::write(&plain, b"other").unwrap();
    let watch = Watch::none().on_progress(&progress);
    let sealing = seal_file(&plain, &files.path("package"), &files.key, &watch);
    assert!(matches!(sealing, Err(FileError::Changed(_) | FileError::Io { .. })), "{sealing:?}");
    assert_eq!(files.names(), ["plain"]);
}

#[test]
fn an_existing_output_is_replaced_in_one_step() {
    let files = Files::new();
    let (package, sealed) = files.seal(&sample(5000));
    files.write("opened", b"older");
    flip(&package, 0);
    assert!(files.open(&package, &sealed).is_err());
    assert_eq!(fs::read(files.path("opened")).unwrap(), b"older", "kept on failure");
    flip(&package, 0);
    assert_eq!(files.open(&package, &sealed).unwrap(), sample(5000));
}

#[test]
fn growth_is_proved_from_wherever_the_old_leaves_are() {
    let files = Files::new();
    let new = sample(MIB + 777);
    for old_length in [4096, 10_000, MIB] {
        let (package, sealed) = files.seal(&new[..old_length]);
        fs::rename(&package, files.path("old package")).unwrap();
        let old_file = files.write("old file", &new[..old_length]);
        let list = files.write("list", &fs::read(files.path("old package")).unwrap()[old_length..]);
        let (package, grown) = files.seal(&new);
        let (old_package, new_file) = (files.path("old package"), files.path("plain"));
        for leaves in [
            OldLeaves::NewFile(&new_file),
            OldLeaves::OldFile(&old_file),
            OldLeaves::List(&list, 0),
            OldLeaves::List(&old_package, old_length as u64),
        ] {
            let proof = growth_proof(&sealed.plain, leaves, &package, &grown.plain, &Watch::none()).unwrap();
            let shared = growth::verify(&sealed.plain, &grown.plain, &proof).unwrap();
            assert_eq!(shared as usize, old_length / 4096 * 4096);
        }
    }
}

#[test]
fn growth_that_is_none_is_told() {
    let files = Files::new();
    let (old, mut new) = (sample(10_000), sample(MIB));
    // The short tail has changed: only the old leaves can tell that the rest has not.
    new[9_000] ^= 1;
    let (_, sealed) = files.seal(&old);
    let old_file = files.write("old file", &old);
    let (package, grown) = files.seal(&new);
    let new_file = files.path("plain");
    let prove = |leaves| growth_proof(&sealed.plain, leaves, &package, &grown.plain, &Watch::none());
    let proof = prove(OldLeaves::OldFile(&old_file)).unwrap();
    assert_eq!(growth::verify(&sealed.plain, &grown.plain, &proof), Ok(8192));
    assert!(matches!(prove(OldLeaves::NewFile(&new_file)), Err(FileError::OtherFile(_))));
    // Another file or list than the old one's.
    assert!(matches!(prove(OldLeaves::OldFile(&new_file)), Err(FileError::OtherFile(_))));
    let list = files.write("list", &[7; 96]);
    assert!(matches!(prove(OldLeaves::List(&list, 0)), Err(FileError::Package(PackageError::LeafList))));
    assert!(matches!(prove(OldLeaves::List(&list, 32)), Err(FileError::Io { .. })));

    new[0] ^= 1;
    let (package, grown) = files.seal(&new);
    let prove = |leaves| growth_proof(&sealed.plain, leaves, &package, &grown.plain, &Watch::none());
    assert!(matches!(prove(OldLeaves::OldFile(&old_file)), Err(FileError::Package(PackageError::Growth(_)))));
    assert!(matches!(prove(OldLeaves::NewFile(&new_file)), Err(FileError::OtherFile(_))));
}
