//! Bank transfers and redemptions are encoded as they were when `golden/credit.hex` was written.

use codec::Encode;
use pallet_credit::{Direction, Transfer, RECORD_VERSION};
use wonbon_golden::Golden;
use wonbon_primitives::record::{Redemption, REDEMPTION_LAYOUT};

const GOLDEN: Golden = Golden::at(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));

fn transfer(direction: Direction) -> Transfer<[u8; 32], u128, u32> {
    Transfer { version: RECORD_VERSION, direction, account: [0x01; 32], amount: 0x02, at: 0x03 }
}

#[test]
fn golden_transfers_and_redemptions_are_encoded_as_before() {
    let redemption = Redemption::<[u8; 32], u128, u32> {
        version: REDEMPTION_LAYOUT,
        account: [0x04; 32],
        amount: 0x05,
        payee: [0x07; 32],
        requested_at: 0x06,
        lapses_after: 0x08,
    };
    GOLDEN.bytes(
        "credit.hex",
        [
            ("transfer/in", transfer(Direction::In).encode()),
            ("transfer/out", transfer(Direction::Out).encode()),
            ("redemption", redemption.encode()),
        ],
    );
}
