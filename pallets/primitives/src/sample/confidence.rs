//! What a fair sample is worth: the share of bad blocks that it rules out.
//!
//! If a share f of all blocks is bad, k drawn blocks are all good with a probability of at most (1 − f)^k. A seller
//! who registers again and again, or has a friend among the block authors, can try many draws; 2^40 tries are
//! granted to them. The delay between registration and draw takes none of these from a friend who makes blocks: they
//! choose freely among the blocks that they could make in each of their slots in between, the drawn one above all, and
//! may leave a slot empty. Each try costs a header's signature and hash, in slots of a few seconds: 2^40 are out of
//! reach there, so the grant covers them. So a sample without a fault rules out f with 99 % confidence if 2^40 · (1 − f)^k ≤ 1 %.

use crate::{bounds::MAX_SAMPLE, share::Share};

/// ln 100, for 99 %, and 40 · ln 2, for the tries.
const EVIDENCE: f64 = core::f64::consts::LN_10 * 2.0 + core::f64::consts::LN_2 * 40.0;

/// The smallest share of bad blocks that `shown` good blocks of `blocks` rule out with 99 % confidence, rounded up to
/// a hundredth of a per cent. `None` if nothing is shown; [`Share::NONE`] if everything is: no block is bad.
pub fn ruled_out(shown: u64, blocks: u64) -> Option<Share> {
    if shown == 0 {
        return None;
    }
    if shown >= blocks {
        return Some(Share::NONE);
    }
    let share = -(-EVIDENCE / shown as f64).exp_m1();
    let hundredths = (share * 1e4).ceil() as u32;
    Some(hundredths.checked_mul(100).and_then(Share::from_millionths).unwrap_or(Share::WHOLE))
}

/// How many blocks it takes to rule out this share of bad blocks of `blocks`; `None` if more than a sample has.
pub fn blocks_for(share: Share, blocks: u64) -> Option<u64> {
    let share = f64::from(share.millionths()) / 1e6;
    // For a share of nothing this is infinite, and the cast takes the largest number.
    let needed = (EVIDENCE / -(-share).ln_1p()).ceil() as u64;
    let needed = needed.max(1).min(blocks);
    (needed <= u64::from(MAX_SAMPLE)).then_some(needed)
}
