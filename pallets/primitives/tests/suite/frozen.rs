//! Records of layouts that no chain writes any more are read, and encode to what they were read from.

use codec::Encode;
use wonbon_golden::Golden;
use wonbon_primitives::record::{self, read_trade, Outcome, TRADE_LAYOUT};

const GOLDEN: Golden = Golden::at(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));

type Trade = record::Trade<[u8; 32], u128, u32>;

#[test]
fn trades_of_the_first_layout_are_read_and_keep_their_bytes() {
    let trades = GOLDEN.read_bytes("trade-layout-1.hex");
    assert_eq!(trades.len(), 7);
    for (name, bytes) in trades {
        let trade: Trade = read_trade(&bytes).unwrap().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(trade.version, 1);
        assert_eq!(trade.encode(), bytes, "{name}");
        let short = read_trade::<[u8; 32], u128, u32>(&bytes[..bytes.len() - 1]);
        assert!(short.unwrap().is_err(), "{name}: a byte is missing");
        let long = read_trade::<[u8; 32], u128, u32>(&[&bytes[..], &[0]].concat());
        assert!(long.unwrap().is_err(), "{name}: a byte is too many");
    }
}

#[test]
fn a_layout_has_its_own_outcomes_and_others_are_unknown() {
    let (_, bytes) = GOLDEN.read_bytes("trade-layout-1.hex").swap_remove(1);
    let first: Trade = read_trade(&bytes).unwrap().unwrap();
    for outcome in [Outcome::Refused, Outcome::Refunded] {
        let newer = Trade { version: TRADE_LAYOUT, outcome, ..first.clone() };
        assert_eq!(read_trade(&newer.encode()).unwrap(), Ok(newer.clone()));
        let impossible = Trade { version: 1, ..newer };
        assert!(read_trade::<[u8; 32], u128, u32>(&impossible.encode()).unwrap().is_err());
    }
    for version in [0, TRADE_LAYOUT + 1] {
        assert!(read_trade::<[u8; 32], u128, u32>(&Trade { version, ..first.clone() }.encode()).is_none());
    }
    assert!(read_trade::<[u8; 32], u128, u32>(&[]).is_none());
}
