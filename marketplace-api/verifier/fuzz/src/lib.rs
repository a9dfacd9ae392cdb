//! What the fuzz targets share: genuine certificates, and what must hold of any other.

#[path = "../../tests/suite/synthetic/mod.rs"]
#[allow(dead_code)]
pub mod synthetic;

use std::sync::LazyLock;
use synthetic::sample::Sample;
use wonbon_verifier::{proof::ProofReader, verify, Anchors, Certificate};

struct Genuine {
    anchors: Anchors,
    claims: Vec<[u8; 32]>,
}

/// All samples are of one chain: they have the same genesis hash and the same first validators.
static GENUINE: LazyLock<Genuine> = LazyLock::new(|| Genuine {
    anchors: Sample::small().anchors(),
    claims: samples().iter().map(|sample| sample.certificate().claims_digest).collect(),
});

/// The chains whose certificates are the seeds.
pub fn samples() -> Vec<Sample> {
    vec![Sample::small(), Sample::full()]
}

/// Whatever decodes is verified: it may be refused, but it never says anything else than a genuine certificate.
pub fn check(certificate: &Certificate) {
    // Past finality: the proof's decoder.
    let _ = ProofReader::new(&certificate.proof, [0; 32]);
    let _ = certificate.claims_unverified();
    if let Ok(report) = verify(certificate, &GENUINE.anchors) {
        assert!(GENUINE.claims.contains(&report.claims.digest()), "other claims verified");
    }
}
