//! Every byte of a certificate, flipped.

use crate::synthetic::sample::Sample;
use wonbon_verifier::{Certificate, Refusal};

/// Reads and verifies; the claims that come out, if any.
fn outcome(sample: &Sample, file: &[u8]) -> Result<Vec<u8>, Refusal> {
    let report = sample.verify(&Certificate::read(file)?)?;
    Ok(report.claims.canonical())
}

#[test]
fn no_flipped_byte_of_a_small_binary_certificate_verifies() {
    let sample = Sample::small();
    let genuine = sample.certificate().encode();
    for at in 0..genuine.len() {
        let mut forged = genuine.clone();
        forged[at] ^= 1 << (at % 8);
        assert!(outcome(&sample, &forged).is_err(), "byte {at}");
    }
}

#[test]
fn no_flipped_byte_of_a_large_binary_certificate_verifies() {
    let sample = Sample::full();
    let genuine = sample.certificate().encode();
    for at in (0..genuine.len()).step_by(7) {
        let mut forged = genuine.clone();
        forged[at] ^= 1 << (at % 8);
        assert!(outcome(&sample, &forged).is_err(), "byte {at}");
    }
}

#[test]
fn no_flipped_byte_of_a_json_certificate_gives_other_claims() {
    let sample = Sample::small();
    let (certificate, claims) = sample.make().unwrap();
    let genuine = certificate.to_json(&claims).into_bytes();
    let expected = claims.canonical();
    for at in 0..genuine.len() {
        let mut forged = genuine.clone();
        forged[at] ^= 1 << (at % 8);
        match outcome(&sample, &forged) {
            Err(_) => {}
            // White space is free.
            Ok(claims) => {
                assert_eq!(claims, expected, "byte {at}");
                assert!(genuine[at].is_ascii_whitespace(), "byte {at}");
            }
        }
    }
}

#[test]
fn a_cut_certificate_is_unreadable() {
    let sample = Sample::small();
    let (certificate, claims) = sample.make().unwrap();
    let (binary, json) = (certificate.encode(), certificate.to_json(&claims).into_bytes());
    for file in [&binary, &json] {
        for length in 0..file.len() {
            let result = outcome(&sample, &file[..length]);
            assert!(matches!(result, Err(Refusal::Unreadable(_))), "{length}: {result:?}");
        }
        let result = outcome(&sample, &[&file[..], b"x"].concat());
        assert!(matches!(result, Err(Refusal::Unreadable(_))));
    }
}
