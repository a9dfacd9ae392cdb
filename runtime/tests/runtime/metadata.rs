//! The client is generated from a committed copy of the runtime's metadata; it must be this runtime's.

use std::path::Path;
use wonbon_runtime::Runtime;

/// The metadata format that clients read.
const VERSION: u32 = 15;

#[test]
fn metadata_of_the_client_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../marketplace-api/client/metadata.scale");
    let current: Vec<u8> = sp_io::TestExternalities::default().execute_with(|| {
        Runtime::metadata_at_version(VERSION).expect("the runtime has metadata of this version").to_vec()
    });
    if std::env::var_os("WONBON_WRITE_METADATA").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let committed = std::fs::read(&path).unwrap_or_default();
    assert!(
        committed == current,
        "marketplace-api/client/metadata.scale is not this runtime's metadata; write and commit it with\n  \
         WONBON_WRITE_METADATA=1 SKIP_WASM_BUILD=1 cargo test -p wonbon-runtime metadata"
    );
}
