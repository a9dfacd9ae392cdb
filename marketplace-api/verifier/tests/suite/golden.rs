//! A certificate that an earlier release made: it stays readable, valid and the same, whatever changes.
//!
//! The files are of the first released form, and not made again after a release. A new layout of records or certificates gets files of its own beside them.

use crate::verify;
use wonbon_verifier::{value::Hex, Anchors, Certificate, TrustAnchor};

const BINARY: &[u8] = include_bytes!("../golden/certificate");
const JSON: &str = include_str!("../golden/certificate.json");
const ANCHOR: &str = include_str!("../golden/anchor.json");
/// SHA-256 of the binary form, and the digest of the claims.
const DIGEST: &str = "85c8061e4dd7461534857d97f74bcf1c753131da652e8dd79f5cc88c0c6d9bd8";
const CLAIMS: &str = "4e9b456dd840dd8d88e33b5fa2b4ef4a6c3c00b1bdb16c4393f3301bb74fe03c";

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
