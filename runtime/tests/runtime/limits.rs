//! What no vote may take from a party, and that a development chain does not wait an hour.

use crate::{
    governance::motion,
    support::{account, development, local},
    trading::{company, pass, signed, Goods},
};
use frame_support::{
    assert_noop, assert_ok,
    traits::{Get, UnfilteredDispatchable},
};
use sp_keyring::Ed25519Keyring::{Alice, Bob, Charlie, Dave};
use sp_runtime::{DispatchError, DispatchResult};
use wonbon_primitives::{
    record::{self, Derivation},
    share::Share,
};
use wonbon_runtime::{
    configs::market::{development_rules, rules, ProvisionalPeriod, RecoveryNotice},
    Balance, BlockNumber, Marketplace, Runtime, RuntimeCall, RuntimeOrigin, DAYS, HOURS,
};

type Rules = record::Rules<Balance, BlockNumber>;

fn refused() -> DispatchResult {
    Err(pallet_marketplace::Error::<Runtime>::RulesBeyondLimits.into())
}

#[test]
fn the_whole_council_cannot_take_an_hour_a_day_the_fee_of_a_dispute_or_more_than_a_tenth() {
    let beyond = [
        Rules { min_delivery_window: HOURS - 1, ..rules() },
        Rules { min_dispute_window: DAYS - 1, ..rules() },
        Rules { platform_fee: Share::from_millionths(100_001).unwrap(), ..rules() },
        Rules { dispute_reserve: 0, ..rules() },
        Rules { dispute_reserve: 499, ..rules() },
        Rules { dispute_reserve: 10_001, bond_floor: 10_001, ..rules() },
        Rules { bond_share: Share::from_millionths(49_999).unwrap(), ..rules() },
        Rules { missed_delivery_share: Share::from_millionths(49_999).unwrap(), ..rules() },
        Rules { max_delivery_window: 90 * DAYS + 1, ..rules() },
        Rules { max_dispute_window: 90 * DAYS + 1, ..rules() },
        development_rules(),
    ];
    local(|| {
        for rules in beyond {
            let call = RuntimeCall::Marketplace(pallet_marketplace::Call::set_rules { rules: rules.clone() });
            assert_eq!(motion(call, &[Alice, Bob, Charlie, Dave]), refused());
            assert_eq!(Marketplace::set_rules(RuntimeOrigin::root(), rules), refused());
        }
        let rules = Rules { platform_fee: Share::from_percent(10), ..rules() };
        let call = RuntimeCall::Marketplace(pallet_marketplace::Call::set_rules { rules });
        assert_ok!(motion(call, &[Alice, Bob, Charlie]));
    });
}

#[test]
fn a_development_chain_keeps_the_windows_of_its_genesis() {
    let root = RuntimeOrigin::root;
    development(|| {
        assert_ok!(Marketplace::set_rules(root(), rules()));
        assert_ok!(Marketplace::set_rules(root(), development_rules()));
        let shorter = Rules { min_delivery_window: 4, ..development_rules() };
        assert_eq!(Marketplace::set_rules(root(), shorter), refused());
        let dearer = Rules { platform_fee: Share::from_percent(11), ..development_rules() };
        assert_eq!(Marketplace::set_rules(root(), dearer), refused());
    });
}

#[test]
fn two_thirds_of_the_council_extend_windows_by_a_week_at_most() {
    local(|| {
        let extend = |blocks| RuntimeCall::Marketplace(pallet_marketplace::Call::extend_windows { blocks });
        assert_eq!(motion(extend(1), &[Alice, Bob]), Err(DispatchError::BadOrigin));
        assert_ok!(motion(extend(7 * DAYS), &[Alice, Bob, Charlie]));
        let beyond = pallet_marketplace::Error::<Runtime>::ExtensionOutOfRange;
        assert_eq!(motion(extend(7 * DAYS + 1), &[Alice, Bob, Charlie, Dave]), Err(beyond.into()));
        assert_eq!(pallet_marketplace::Extensions::<Runtime>::get().total, 7 * DAYS);
    });
}

#[test]
fn a_recovery_waits_a_week_and_on_a_development_chain_a_few_blocks() {
    local(|| assert_eq!(RecoveryNotice::get(), 7 * DAYS));
    development(|| assert_eq!(RecoveryNotice::get(), 5));
}

#[test]
fn a_registration_is_provisional_for_five_minutes_and_on_a_development_chain_for_a_few_blocks() {
    local(|| assert_eq!(ProvisionalPeriod::get(), 150));
    development(|| {
        assert_eq!(ProvisionalPeriod::get(), 3);
        company(Bob, "220-81-62517");
        let goods = Goods::honest(1);
        assert_ok!(goods.announce_call(&account(Bob)).dispatch_bypass_filter(signed(Bob)));
        pass(4);
        assert_ok!(goods.register_call(&[]).dispatch_bypass_filter(signed(Bob)));
        let offer = || {
            let offered = goods.offer_call(Derivation::Forbidden).dispatch_bypass_filter(signed(Bob));
            offered.map(drop).map_err(|refused| refused.error)
        };
        for _ in 0..3 {
            let refused = pallet_marketplace::Error::<Runtime>::DatasetProvisional;
            assert_noop!(offer(), refused);
            pass(1);
        }
        assert_ok!(offer());
    });
}
