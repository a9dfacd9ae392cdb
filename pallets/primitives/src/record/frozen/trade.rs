//! The first layout of a [`Trade`], and the reader that takes a trade of either.
//!
//! The second has two more outcomes and is otherwise the same, so that a trade of the first, read by this, encodes to the
//! bytes that it was read from: histories hash those.

use crate::record::{Amount, Outcome, Trade, TRADE_LAYOUT};
use codec::{Decode, DecodeAll, Error};

/// The layout that is frozen here.
const FIRST: u8 = 1;

/// Reads a whole trade of a layout that is known; `None` if the layout is not.
pub fn read_trade<AccountId, Balance: Amount, BlockNumber: Amount>(
    bytes: &[u8],
) -> Option<Result<Trade<AccountId, Balance, BlockNumber>, Error>>
where
    Trade<AccountId, Balance, BlockNumber>: Decode,
{
    let layout = *bytes.first()?;
    if layout != FIRST && layout != TRADE_LAYOUT {
        return None;
    }
    let read = Trade::decode_all(&mut &*bytes).and_then(|trade: Trade<AccountId, Balance, BlockNumber>| {
        let known = layout != FIRST || is_of_the_first(&trade.outcome);
        known.then_some(trade).ok_or_else(|| "an outcome that the layout does not have".into())
    });
    Some(read)
}

/// Whether a trade of the first layout could end like this.
fn is_of_the_first(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Accepted
        | Outcome::Lapsed
        | Outcome::Missed
        | Outcome::WrongKey
        | Outcome::BadBlock(_)
        | Outcome::Faulted => true,
        Outcome::Refused | Outcome::Refunded => false,
    }
}
