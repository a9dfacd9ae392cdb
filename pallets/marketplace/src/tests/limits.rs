//! What no vote may change, and how a development chain is exempt from it.

use frame_support::{assert_noop, assert_ok};
use frame_system::RawOrigin;
use sp_runtime::DispatchResult;

use super::*;
use crate::{
    mock::{rules, ExtBuilder},
    GenesisLimits, RuleLimits, Rules,
};

type Rule = record::Rules<Balance, BlockNumber>;

fn set(rules: Rule) -> DispatchResult {
    Marketplace::set_rules(RawOrigin::Root.into(), rules)
}

fn at_the_limits() -> Rule {
    record::Rules {
        min_delivery_window: 4,
        min_dispute_window: 8,
        platform_fee: Share::from_percent(10),
        dispute_reserve: 100,
        bond_share: Share::from_percent(5),
        missed_delivery_share: Share::from_percent(2),
        max_delivery_window: 200,
        max_dispute_window: 2_000,
        ..rules()
    }
}

/// Each a step beyond a limit.
fn beyond(within: &Rule) -> [Rule; 9] {
    let less = |share: Share| Share::from_millionths(share.millionths() - 1).unwrap();
    [
        record::Rules { dispute_reserve: 90_001, bond_floor: 90_001, ..within.clone() },
        record::Rules { bond_share: less(within.bond_share), ..within.clone() },
        record::Rules { missed_delivery_share: less(within.missed_delivery_share), ..within.clone() },
        record::Rules { max_delivery_window: within.max_delivery_window + 1, ..within.clone() },
        record::Rules { max_dispute_window: within.max_dispute_window + 1, ..within.clone() },
        record::Rules { dispute_reserve: 99, ..within.clone() },
        record::Rules { min_delivery_window: within.min_delivery_window - 1, ..within.clone() },
        record::Rules { min_dispute_window: within.min_dispute_window - 1, ..within.clone() },
        record::Rules {
            platform_fee: Share::from_millionths(within.platform_fee.millionths() + 1).unwrap(),
            ..within.clone()
        },
    ]
}

#[test]
fn rules_stay_within_the_limits() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(GenesisLimits::<Test>::get(), None);
        for rules in beyond(&at_the_limits()) {
            assert_noop!(set(rules), Error::<Test>::RulesBeyondLimits);
        }
        assert_ok!(set(at_the_limits()));
    });
}

#[test]
fn genesis_is_exempt_and_its_chain_keeps_the_exemption() {
    let genesis = record::Rules { min_delivery_window: 2, ..rules() };
    ExtBuilder::with_rules(genesis.clone()).build_and_execute(|| {
        let limits = RuleLimits {
            min_delivery_window: 2,
            min_dispute_window: 8,
            max_platform_fee: Share::from_percent(10),
        };
        assert_eq!(Marketplace::limits(), limits);
        // Other rules, and back to those of genesis.
        assert_ok!(set(at_the_limits()));
        assert_ok!(set(genesis.clone()));
        assert_eq!(Rules::<Test>::get(), Some(genesis.clone()));
        let lowest = record::Rules { min_delivery_window: 2, ..at_the_limits() };
        assert_ok!(set(lowest.clone()));
        for rules in beyond(&lowest) {
            assert_noop!(set(rules), Error::<Test>::RulesBeyondLimits);
        }
    });
}

#[test]
fn a_fee_at_genesis_above_the_limit_is_exempt_too() {
    let genesis = record::Rules { platform_fee: Share::from_percent(50), ..rules() };
    ExtBuilder::with_rules(genesis.clone()).build_and_execute(|| {
        assert_ok!(set(at_the_limits()));
        assert_ok!(set(genesis.clone()));
        // Only what genesis went beyond: its longer windows are no new limit.
        assert_eq!(Marketplace::limits().min_delivery_window, 4);
        assert_noop!(
            set(record::Rules { platform_fee: Share::from_percent(51), ..genesis }),
            Error::<Test>::RulesBeyondLimits
        );
    });
}

#[test]
fn a_chain_without_rules_at_genesis_has_the_runtimes_limits() {
    ExtBuilder::without_rules().build_and_execute(|| {
        for rules in beyond(&at_the_limits()) {
            assert_noop!(set(rules), Error::<Test>::RulesBeyondLimits);
        }
        assert_ok!(set(at_the_limits()));
    });
}

/// Long windows, no bond, no penalty and a reserve that is too small or too large stand in no genesis either.
#[test]
fn limits_from_which_no_genesis_is_exempt() {
    let within = at_the_limits();
    for (at, rules) in beyond(&within).into_iter().enumerate() {
        let exempt = rules.min_delivery_window < within.min_delivery_window
            || rules.min_dispute_window < within.min_dispute_window
            || rules.platform_fee > within.platform_fee;
        let built = std::panic::catch_unwind(|| ExtBuilder::with_rules(rules).build());
        assert_eq!(built.is_ok(), exempt, "the change at {at}");
    }
}
