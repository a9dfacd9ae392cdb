//! What a transaction costs and who gets it.
//!
//! One won for 25 µs of weight and one for 100 bytes: an ordinary transaction costs 10 to 70 won and a dispute
//! with one block of a payload less than 200. The prices are constant, so that the reserve for a dispute, set
//! aside when an order is placed, is enough whenever the dispute comes. All fees go to the treasury. There are no
//! tips: they would let whoever has more money come before a delivery or a dispute, and a member spend what no limit of
//! theirs counts.

use super::{dispute_reserve::DisputeReserve, refusal::Refusal};
use crate::{AccountId, Balance, Balances, Runtime, RuntimeEvent};
use frame_support::{
    parameter_types,
    traits::{tokens::imbalance::ResolveTo, ConstU8},
    weights::{WeightToFeeCoefficient, WeightToFeeCoefficients, WeightToFeePolynomial},
    PalletId,
};
use pallet_transaction_payment::{ConstFeeMultiplier, FungibleAdapter, Multiplier};
use sp_runtime::{
    traits::{AccountIdConversion, One, Zero},
    Perbill,
};

parameter_types! {
    /// Receives fees and what the market withholds.
    pub TreasuryAccount: AccountId = PalletId(*b"wb/treas").into_account_truncating();
    /// Prices do not depend on how full blocks are.
    pub FeeMultiplier: Multiplier = Multiplier::one();
}

/// One term of the first degree, a fraction of a won for each unit.
fn per_unit(fraction: Perbill) -> WeightToFeeCoefficients<Balance> {
    [WeightToFeeCoefficient { coeff_integer: 0, coeff_frac: fraction, negative: false, degree: 1 }]
        .into_iter()
        .collect()
}

/// One won for 25 µs, which are 25 million picoseconds.
pub struct WeightToFee;
impl WeightToFeePolynomial for WeightToFee {
    type Balance = Balance;
    fn polynomial() -> WeightToFeeCoefficients<Balance> {
        per_unit(Perbill::from_parts(40))
    }
}

/// One won for 100 bytes.
pub struct LengthToFee;
impl WeightToFeePolynomial for LengthToFee {
    type Balance = Balance;
    fn polynomial() -> WeightToFeeCoefficients<Balance> {
        per_unit(Perbill::from_percent(1))
    }
}

/// Refuses tips.
pub(super) fn ensure_no_tip(tip: &impl Zero) -> Result<(), Refusal> {
    if tip.is_zero() {
        Ok(())
    } else {
        Err(Refusal::Tipped)
    }
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction =
        DisputeReserve<FungibleAdapter<Balances, ResolveTo<TreasuryAccount, Balances>>>;
    // None: whoever signs an operational call that will be refused must not come before deliveries and disputes.
    type OperationalFeeMultiplier = ConstU8<0>;
    type WeightToFee = WeightToFee;
    type LengthToFee = LengthToFee;
    type FeeMultiplierUpdate = ConstFeeMultiplier<FeeMultiplier>;
    type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}
