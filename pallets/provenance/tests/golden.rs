//! Announcements are encoded as they were when the file in `../primitives/tests/golden` was written.
//! The test of the same name in wonbon-model reads the same file.

use codec::Encode;
use wonbon_golden::Golden;
use wonbon_primitives::record::{Announcement, ANNOUNCEMENT_LAYOUT};

const GOLDEN: Golden = Golden::at(concat!(env!("CARGO_MANIFEST_DIR"), "/../primitives/tests/golden"));

#[test]
fn golden_announcements_are_encoded_as_before() {
    let announcement = Announcement::<u128, u32> { version: ANNOUNCEMENT_LAYOUT, at: 0x01, deposit: 0x02 };
    GOLDEN.bytes("announcement.hex", [("announcement", announcement.encode())]);
}
