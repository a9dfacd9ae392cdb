//! Feeds anything at all to the reader of JSON certificates.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wonbon_verifier::Certificate;

fuzz_target!(|file: &[u8]| {
    if let Ok(certificate) = Certificate::from_json(file) {
        assert_eq!(Certificate::decode(&certificate.encode()).as_ref(), Ok(&certificate));
        wonbon_verifier_fuzz::check(&certificate);
    }
});
