//! How slowly what everybody relies on may change: the rules by an upgrade, the voters' keys.
//!
//! Nobody waits for days on a development chain, so it has shorter times. It is known by the exemption that its genesis took
//! (less than a day to dispute), which no chain has whose node starts as a live one.

use super::governance::{MostOfCouncil, TwoThirdsOfCouncil};
use crate::{BlockNumber, Marketplace, Runtime, DAYS};
use frame_support::traits::Get;

/// Blocks, fewer on a development chain.
fn blocks_or_few(live: BlockNumber, few: BlockNumber) -> BlockNumber {
    if Marketplace::limits().min_dispute_window < DAYS {
        few
    } else {
        live
    }
}

/// Three days lie between the announcement of an upgrade and its code; 15 blocks on a development chain, which is longer than
/// the shortest order there takes, so that either side of an upgrade can be tried.
pub struct UpgradeDelay;

impl Get<BlockNumber> for UpgradeDelay {
    fn get() -> BlockNumber {
        blocks_or_few(3 * DAYS, 15)
    }
}

/// A validator changes its keys once a week; every 20 blocks on a development chain.
pub struct RotationInterval;

impl Get<BlockNumber> for RotationInterval {
    fn get() -> BlockNumber {
        blocks_or_few(7 * DAYS, 20)
    }
}

impl pallet_upgrades::Config for Runtime {
    // An upgrade can do all that takes three quarters. To stop one takes less.
    type AnnounceOrigin = MostOfCouncil;
    type CallOffOrigin = TwoThirdsOfCouncil;
    type Delay = UpgradeDelay;
    type WeightInfo = pallet_upgrades::weights::SubstrateWeight<Runtime>;
}
