//! Feeds anything at all to the reader of binary certificates.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wonbon_verifier::Certificate;

fuzz_target!(|file: &[u8]| {
    if let Ok(certificate) = Certificate::decode(file) {
        assert_eq!(certificate.encode(), file);
        wonbon_verifier_fuzz::check(&certificate);
    }
});
