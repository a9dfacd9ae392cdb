//! Sellers who lost disputes.

use super::{Outcome, Rule, Thresholds};
use crate::facts::{AuditedTrade, Evidence};
use crate::finding::{Fact, Finding, TradeRef};
use std::collections::BTreeMap;
use wonbon_model::words::amount::number;
use wonbon_model::{AccountId, Outcome as End};

pub(crate) const RULE: Rule = Rule {
    name: "disputes-lost",
    korean: "분쟁 패소",
    meaning: "A buyer proved on the chain that this seller delivered a wrong key, or sealed a block that is not the \
              dataset's. The chain checked the proof itself, so the fault is certain; whether it was intended is \
              not. Orders of the same sealing that were refunded because of it are listed with it.",
    thresholds: |thresholds| vec![Fact::new("disputes lost", format!("at least {}", thresholds.lost_disputes))],
    run,
};

#[derive(Default)]
struct Seller<'a> {
    trades: u32,
    lost: u32,
    rests_on: Vec<(&'a AuditedTrade, String)>,
}

fn run(evidence: &Evidence, thresholds: &Thresholds) -> Outcome {
    let mut sellers: BTreeMap<AccountId, Seller<'_>> = BTreeMap::new();
    for trade in &evidence.trades {
        let seller = sellers.entry(trade.seller).or_default();
        seller.trades = seller.trades.saturating_add(1);
        let (lost, note) = match trade.outcome {
            End::WrongKey => (1, "the key was proved wrong".to_owned()),
            End::BadBlock(block) => (1, format!("block {block} was proved wrong")),
            End::Faulted => (0, "refunded for another's proof".to_owned()),
            // No proof: nobody lost a dispute.
            End::Accepted | End::Lapsed | End::Missed | End::Refused | End::Refunded => continue,
        };
        seller.lost = seller.lost.saturating_add(lost);
        seller.rests_on.push((trade, note));
    }
    sellers.retain(|_, seller| seller.lost >= thresholds.lost_disputes.max(1));
    let finding = |(account, seller): (AccountId, Seller<'_>)| {
        let summary =
            format!("this seller lost {} disputes in {} trades", number(seller.lost), number(seller.trades));
        let rests_on = seller.rests_on.into_iter().map(|(trade, note)| TradeRef::new(trade, note));
        Finding::new(RULE.name, vec![account], summary, rests_on)
    };
    Outcome::complete(sellers.into_iter().map(finding).collect())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{company, ended, evidence, trade};
    use super::*;

    #[test]
    fn who_lost_a_dispute_is_found() {
        let trades = vec![
            trade(1, 1, 2, 100),
            ended(trade(2, 1, 3, 100), End::BadBlock(17)),
            ended(trade(3, 1, 4, 100), End::Faulted),
            ended(trade(4, 5, 4, 100), End::WrongKey),
        ];
        let found = run(&evidence(trades), &Thresholds::default()).findings;
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].companies, [company(1)]);
        assert_eq!(found[0].summary, "this seller lost 1 disputes in 3 trades");
        let notes: Vec<_> = found[0].trades.iter().map(|trade| trade.note.as_str()).collect();
        assert_eq!(notes, ["block 17 was proved wrong", "refunded for another's proof"]);
        assert_eq!(found[1].companies, [company(5)]);
    }

    #[test]
    fn a_missed_delivery_is_no_lost_dispute_and_few_can_be_let_pass() {
        let missed = [End::Missed, End::Lapsed, End::Refused, End::Refunded]
            .map(|end| ended(trade(1, 1, 2, 100), end))
            .to_vec();
        assert!(run(&evidence(missed), &Thresholds::default()).findings.is_empty());
        let one = evidence(vec![ended(trade(1, 1, 2, 100), End::WrongKey)]);
        let two = Thresholds { lost_disputes: 2, ..Default::default() };
        assert!(run(&one, &two).findings.is_empty());
    }
}
