//! `--file`: whether bytes are the dataset.

use crate::synthetic::{digest, sample::Sample, state::Story};
use std::{fs, path::Path};
use wonbon_package::files::Watch;
use wonbon_primitives::DatasetId;
use wonbon_verifier::{
    data::{check, BadFile},
    Invalid, Refusal,
};

/// A file with a certificate of it.
pub(crate) fn certified(path: &Path, length: usize) -> Sample {
    let bytes: Vec<u8> = (0..length).map(|at| (at * at / 7) as u8).collect();
    fs::write(path, &bytes).unwrap();
    let commitment = wonbon_package::files::commit_file(path, &Watch::none()).unwrap();
    let mut sample = Sample::empty(1);
    sample.dataset = DatasetId(commitment.root);
    Story::begin(sample.dataset, digest(500), &[], 0).of_length(length as u64).write(&mut sample.state);
    sample
}

#[test]
fn the_file_is_the_dataset_bit_by_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    for length in [1, 4_096, 10_000, (1 << 20) + 5] {
        let sample = certified(&path, length);
        let claims = sample.verify(&sample.certificate()).unwrap().claims;
        check(&path, &claims.dataset, &Watch::none()).unwrap();

        let genuine = fs::read(&path).unwrap();
        for at in [0, length / 2, length - 1] {
            let mut forged = genuine.clone();
            forged[at] ^= 1;
            fs::write(&path, &forged).unwrap();
            let refused = check(&path, &claims.dataset, &Watch::none()).unwrap_err();
            assert!(
                matches!(refused, BadFile::Refused(Refusal::Invalid(Invalid::FileRoot { .. }))),
                "{refused}"
            );
        }
        for other in [&genuine[1..], &[&genuine[..], &[0]].concat(), &[]] {
            fs::write(&path, other).unwrap();
            let refused = check(&path, &claims.dataset, &Watch::none()).unwrap_err();
            let expected = Invalid::FileLength { expected: length as u64, found: other.len() as u64 };
            assert!(matches!(refused, BadFile::Refused(Refusal::Invalid(reason)) if reason == expected));
        }
    }
    let claims = certified(&path, 9).make().unwrap().1;
    // A folder is no file, nor is a pipe.
    for missing in [folder.path().join("nothing"), folder.path().to_owned()] {
        assert!(matches!(check(&missing, &claims.dataset, &Watch::none()), Err(BadFile::Unreadable(_))));
    }
}
