//! Concentration on one counterparty.

use super::{Outcome, Rule, Thresholds};
use crate::facts::{AuditedTrade, Evidence};
use crate::finding::{Fact, Finding, TradeRef};
use std::collections::BTreeMap;
use wonbon_model::words::amount::krw;
use wonbon_model::{AccountId, Balance, Share};

pub(crate) const RULE: Rule = Rule {
    name: "concentration",
    korean: "거래처 편중",
    meaning: "A company sells to, or buys from, almost nobody but one counterparty. Spending that is concentrated \
              on one counterparty is the first sign that R&D misuse control (부정사용) looks for: orders that were \
              arranged, or support money that goes round. A company with one good customer shows it too. The share \
              is of the prices paid.",
    thresholds: |thresholds| {
        vec![
            Fact::new("share", format!("at least {} %", thresholds.concentration_percent)),
            Fact::new("paid trades on that side", format!("at least {}", thresholds.concentration_trades)),
        ]
    },
    run,
};

/// Which side of its trades a company is looked at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Sells,
    Buys,
}

#[derive(Default)]
struct Dealings {
    count: u32,
    paid: Balance,
    /// What was paid to or by each counterparty, in won.
    with: BTreeMap<AccountId, Balance>,
}

fn run(evidence: &Evidence, thresholds: &Thresholds) -> Outcome {
    let mut all: BTreeMap<(AccountId, Side), Dealings> = BTreeMap::new();
    for trade in paid(evidence) {
        for (who, side, other) in
            [(trade.seller, Side::Sells, trade.buyer), (trade.buyer, Side::Buys, trade.seller)]
        {
            let dealings = all.entry((who, side)).or_default();
            dealings.count = dealings.count.saturating_add(1);
            dealings.paid = dealings.paid.saturating_add(trade.price);
            let with = dealings.with.entry(other).or_default();
            *with = with.saturating_add(trade.price);
        }
    }
    let least = Share::from_percent(thresholds.concentration_percent.into());
    let mut found = BTreeMap::new();
    for ((who, side), dealings) in &all {
        if dealings.count < thresholds.concentration_trades {
            continue;
        }
        for (other, with) in &dealings.with {
            let share = share(*with, dealings.paid);
            if share >= least {
                found.insert((*who, *side, *other), (share, *with, dealings.paid));
            }
        }
    }
    // One pass over the trades for all findings, however many there are.
    let mut trades: BTreeMap<(AccountId, Side, AccountId), Vec<TradeRef>> = BTreeMap::new();
    for trade in paid(evidence) {
        for key in [(trade.seller, Side::Sells, trade.buyer), (trade.buyer, Side::Buys, trade.seller)] {
            if found.contains_key(&key) {
                trades.entry(key).or_default().push(TradeRef::new(trade, ""));
            }
        }
    }
    let finding = |((who, side, other), (share, with, whole)): ((AccountId, Side, AccountId), _)| {
        let what = match side {
            Side::Sells => "of what this company sold went to one buyer",
            Side::Buys => "of what this company bought came from one seller",
        };
        let rests_on = trades.remove(&(who, side, other)).unwrap_or_default();
        Finding::new(RULE.name, vec![who, other], format!("{share} {what}"), rests_on).with([
            Fact::new("paid between them", krw(with)),
            Fact::new("paid in all on that side", krw(whole)),
        ])
    };
    Outcome::complete(found.into_iter().map(finding).collect())
}

/// A part of a whole, rounded down to a tenth of a per cent; whole numbers only, so that it is the same anywhere.
fn share(part: Balance, whole: Balance) -> Share {
    let per_mille = match (part.checked_mul(1000), whole) {
        (_, 0) => 0,
        (Some(part), whole) => part / whole,
        // Both are enormous: a thousandth of the whole loses nothing that shows.
        (None, whole) => part / (whole / 1000).max(1),
    };
    u32::try_from(per_mille * 1000).ok().and_then(Share::from_millionths).unwrap_or(Share::WHOLE)
}

fn paid(evidence: &Evidence) -> impl Iterator<Item = &AuditedTrade> {
    evidence.trades.iter().filter(|trade| trade.outcome.is_paid())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{company, ended, evidence, trade};
    use super::*;
    use wonbon_model::Outcome as End;

    fn found(evidence: &Evidence) -> Vec<Finding> {
        run(evidence, &Thresholds::default()).findings
    }

    #[test]
    fn shares_are_rounded_down() {
        assert_eq!(share(5, 6).to_string(), "83.3 %");
        assert_eq!([share(1, 0), share(Balance::MAX, Balance::MAX)], [Share::NONE, Share::WHOLE]);
        assert_eq!(share(Balance::MAX / 2, Balance::MAX), Share::from_percent(50));
    }

    #[test]
    fn one_buyer_of_nearly_everything_is_found() {
        let mut trades: Vec<_> = (0..4).map(|number| trade(number, 1, 2, 1_000)).collect();
        trades.push(trade(4, 1, 3, 900));
        let found = found(&evidence(trades));
        // The buyers have too few trades to be looked at themselves.
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].companies, [company(1), company(2)]);
        assert!(found[0].summary.starts_with("81.6 % of what this company sold"), "{}", found[0].summary);
        assert_eq!(found[0].trades.iter().map(|trade| trade.block).collect::<Vec<_>>(), [0, 1, 2, 3]);
        assert_eq!(found[0].facts[0].value, "4,000 KRW");
    }

    #[test]
    fn both_sides_are_looked_at() {
        let trades: Vec<_> = (0..5).map(|number| trade(number, 1, 2, 1_000)).collect();
        let found = found(&evidence(trades));
        let companies: Vec<_> = found.iter().map(|finding| finding.companies.clone()).collect();
        assert_eq!(companies, [[company(1), company(2)], [company(2), company(1)]]);
    }

    #[test]
    fn few_trades_many_buyers_and_unpaid_trades_are_not() {
        let few: Vec<_> = (0..4).map(|number| trade(number, 1, 2, 1_000)).collect();
        assert!(found(&evidence(few)).is_empty());
        let many: Vec<_> = (0..9).map(|number| trade(number, 1, 2 + number % 3, 1_000)).collect();
        assert!(found(&evidence(many)).is_empty());
        let unpaid = (0..9).map(|number| ended(trade(number, 1, 2, 1_000), End::Missed)).collect();
        assert!(found(&evidence(unpaid)).is_empty());
    }

    #[test]
    fn the_share_counts_money_and_not_trades() {
        let mut trades: Vec<_> = (0..8).map(|number| trade(number, 1, 2 + number, 1)).collect();
        trades.push(trade(8, 1, 20, 1_000_000));
        let found = found(&evidence(trades));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].companies[1], found[0].trade_count), (company(20), 1));
    }
}
