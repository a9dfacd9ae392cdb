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
        ..rules()
    }
}

/// Each a step beyond a limit.
fn beyond(within: &Rule) -> [Rule; 4] {
    [
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
