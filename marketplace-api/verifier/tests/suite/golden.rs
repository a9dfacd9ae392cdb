//! A certificate that an earlier release made: it stays readable, valid and the same, whatever changes.
//!
//! The files are never made again. A new layout of records or certificates gets files of its own beside them.

use crate::verify;
use wonbon_verifier::{value::Hex, Anchors, Certificate, TrustAnchor};

const BINARY: &[u8] = include_bytes!("../golden/certificate");
const JSON: &str = include_str!("../golden/certificate.json");
const ANCHOR: &str = include_str!("../golden/anchor.json");
/// SHA-256 of the binary form, and the digest of the claims.
const DIGEST: &str = "e441d9ee2652d9e78a1112338d19ddd463f60d2710d2f58e82afc07c73fcde08";
const CLAIMS: &str = "92b7800a1b6ea38058326bb9e44dc621874e371f851d476c3674b1c8a4bde96b";

#[test]
fn an_old_certificate_stays_valid() {
    let anchor = TrustAnchor::from_json(ANCHOR.as_bytes()).unwrap();
    assert_eq!(anchor.to_json(), ANCHOR);
    let anchors = Anchors::new([anchor]).unwrap();
    for file in [BINARY, JSON.as_bytes()] {
        let certificate = Certificate::read(file).unwrap();
        let report = verify(&certificate, &anchors).unwrap();
        assert_eq!(certificate.encode(), BINARY);
        assert_eq!(certificate.to_json(&report.claims), JSON);
        assert_eq!(Hex(certificate.digest()).to_string(), DIGEST);
        assert_eq!(report.claims_digest.to_string(), CLAIMS);
    }
}
