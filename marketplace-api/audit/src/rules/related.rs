//! Self-dealing: trades between companies that other facts relate to each other.

use super::{Outcome, Rule, Thresholds};
use crate::facts::{AuditedTrade, Evidence, Transfers};
use crate::finding::{Fact, Finding, TradeRef};
use std::collections::{BTreeMap, BTreeSet};
use wonbon_model::words::amount::{krw, number};
use wonbon_model::AccountId;

pub(crate) const RULE: Rule = Rule {
    name: "related-companies",
    korean: "특수관계 거래",
    meaning: "Two companies trade, and something beside the trade relates them: a dataset was handed over from one \
              to the other, one acts for the other or the same member acts for both, money went directly between \
              them or between each of them and the same account of no company, or the auditor's own list names them \
              together. A sale to oneself makes turnover, and support money, out of nothing (자기거래). Companies of \
              one group may trade with each other openly. Money that goes through two or more accounts of no company \
              is not followed.",
    thresholds: |thresholds| {
        vec![
            Fact::new("direct transfers", format!("at least {} in all", krw(thresholds.related_transfer))),
            Fact::new(
                "a member or a payee of more companies is a service and relates nobody",
                thresholds.member_companies,
            ),
        ]
    },
    run,
};

/// Most facts of one kind that a finding lists.
const MAX_LISTED_FACTS: usize = 20;

type Pair = (AccountId, AccountId);

fn pair(one: AccountId, other: AccountId) -> Pair {
    (one.min(other), one.max(other))
}

fn run(evidence: &Evidence, thresholds: &Thresholds) -> Outcome {
    let mut traded: BTreeMap<Pair, Vec<&AuditedTrade>> = BTreeMap::new();
    for trade in &evidence.trades {
        traded.entry(pair(trade.seller, trade.buyer)).or_default().push(trade);
    }
    let mut handed: BTreeMap<Pair, Vec<Fact>> = BTreeMap::new();
    for handover in &evidence.handovers {
        let key = pair(handover.from, handover.to);
        if traded.contains_key(&key) {
            let text = format!(
                "{} (handover {}) from {} to {} in block {}",
                handover.dataset, handover.index, handover.from, handover.to, handover.block
            );
            handed.entry(key).or_default().push(Fact::new("dataset handed over", text));
        }
    }
    let mut of_company: BTreeMap<AccountId, BTreeSet<AccountId>> = BTreeMap::new();
    let mut of_member: BTreeMap<AccountId, u32> = BTreeMap::new();
    for (company, member) in &evidence.memberships {
        of_company.entry(*company).or_default().insert(*member);
        let companies = of_member.entry(*member).or_default();
        *companies = companies.saturating_add(1);
    }
    let is_service =
        |member: &AccountId| of_member.get(member).is_some_and(|count| *count > thresholds.member_companies);

    let between = go_betweens(evidence, thresholds);

    let mut findings = Vec::new();
    for (key, trades) in traded {
        let (one, other) = key;
        let mut facts = limited(handed.remove(&key).unwrap_or_default());
        facts.extend(limited(members_of(&of_company, &is_service, one, other)));
        facts.extend(transfers(evidence, thresholds, one, other));
        facts.extend(limited(same_account(&between, one, other)));
        let listed = evidence
            .related
            .iter()
            .filter(|list| one != other && list.members.contains(&one) && list.members.contains(&other));
        facts.extend(limited(listed.map(|list| Fact::new("auditor's list", &list.name)).collect()));
        if !facts.is_empty() {
            let rests_on = trades.iter().map(|trade| TradeRef::new(trade, ""));
            let count = number(trades.len() as u64);
            let summary = format!("{count} trades between companies that are related otherwise");
            findings.push(Finding::new(RULE.name, vec![one, other], summary, rests_on).with(facts));
        }
    }
    let mut limits = Vec::new();
    if evidence.transfers.is_none() {
        limits.push("Transfers of money, and members who were removed again, were not looked at.".to_owned());
    }
    Outcome { findings, limits }
}

fn limited(mut facts: Vec<Fact>) -> Vec<Fact> {
    let more = facts.len().saturating_sub(MAX_LISTED_FACTS);
    facts.truncate(MAX_LISTED_FACTS);
    if more > 0 {
        facts.push(Fact::new("and more of the same kind", more));
    }
    facts
}

fn members_of(
    of_company: &BTreeMap<AccountId, BTreeSet<AccountId>>,
    is_service: &dyn Fn(&AccountId) -> bool,
    one: AccountId,
    other: AccountId,
) -> Vec<Fact> {
    let none = BTreeSet::new();
    let (ones, others) = (of_company.get(&one).unwrap_or(&none), of_company.get(&other).unwrap_or(&none));
    let mut facts: Vec<_> = ones
        .intersection(others)
        .filter(|member| !is_service(member))
        .map(|member| Fact::new("member of both", member))
        .collect();
    for (company, its, member) in [(one, ones, other), (other, others, one)] {
        if its.contains(&member) && !is_service(&member) {
            facts.push(Fact::new("one acts for the other", format!("{member} for {company}")));
        }
    }
    facts
}

fn transfers(evidence: &Evidence, thresholds: &Thresholds, one: AccountId, other: AccountId) -> Vec<Fact> {
    let Some(all) = &evidence.transfers else { return Vec::new() };
    let found = [(one, other), (other, one)].map(|direction| (direction, all.get(&direction)));
    let sum = found.iter().filter_map(|(_, transfers)| transfers.map(|transfers| transfers.amount));
    if sum.fold(0, u128::saturating_add) < thresholds.related_transfer.max(1) {
        return Vec::new();
    }
    let fact = |((from, to), transfers): (Pair, Option<&Transfers>)| {
        let sum = transfers?;
        let text = format!("{} from {from} to {to}, {}", krw(sum.amount), times(sum));
        Some(Fact::new("direct transfers", text))
    };
    found.into_iter().filter_map(fact).collect()
}

/// How often, and when.
fn times(sum: &Transfers) -> String {
    let blocks = match (sum.first, sum.last) {
        (first, last) if first == last => format!("block {first}"),
        (first, last) => format!("blocks {first} to {last}"),
    };
    format!("{} times, {blocks}", number(sum.count))
}

/// By company: the accounts of no company with which it exchanged money, and how much, either way.
type GoBetweens = BTreeMap<AccountId, BTreeMap<AccountId, Transfers>>;

/// The accounts of no company that exchanged money with two companies or more, and with no more than a service does.
fn go_betweens(evidence: &Evidence, thresholds: &Thresholds) -> GoBetweens {
    let mut of_account: BTreeMap<AccountId, BTreeMap<AccountId, Transfers>> = BTreeMap::new();
    for ((from, to), sum) in evidence.transfers.iter().flatten() {
        let is_company = |account| evidence.companies.contains_key(account);
        let (company, account) = match (is_company(from), is_company(to)) {
            (true, false) => (*from, *to),
            (false, true) => (*to, *from),
            _ => continue,
        };
        if !is_of_the_chain(&account) {
            let both_ways = of_account.entry(account).or_default().entry(company);
            both_ways.and_modify(|known| known.add(sum)).or_insert(*sum);
        }
    }
    let mut between = GoBetweens::new();
    for (account, mut companies) in of_account {
        // Sums that count alone: a few won to strangers must not make a service of a go-between.
        companies.retain(|_, sum| sum.amount >= thresholds.related_transfer.max(1));
        let is_service = companies.len() > thresholds.member_companies as usize;
        if !is_service && companies.len() > 1 {
            for (company, sum) in companies {
                between.entry(company).or_default().insert(account, sum);
            }
        }
    }
    between
}

/// Whether an account belongs to the chain itself, as the treasury does: `modl`, eight letters, and no key.
fn is_of_the_chain(account: &AccountId) -> bool {
    account.0.starts_with(b"modl") && account.0[12..].iter().all(|byte| *byte == 0)
}

fn same_account(between: &GoBetweens, one: AccountId, other: AccountId) -> Vec<Fact> {
    let (Some(ones), Some(others)) = (between.get(&one), between.get(&other)) else { return Vec::new() };
    let fact = |(account, sum): (&AccountId, &Transfers)| {
        let its = others.get(account).filter(|_| one != other)?;
        let side = |company, sum: &Transfers| format!("{} with {company}, {}", krw(sum.amount), times(sum));
        let text = format!("{account}: {}; {}", side(one, sum), side(other, its));
        Some(Fact::new("transfers with the same account of no company", text))
    };
    ones.iter().filter_map(fact).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{company, evidence, trade};
    use super::*;
    use crate::facts::{HandoverFact, RelatedList};
    use wonbon_model::DatasetId;

    fn found(evidence: &Evidence) -> Vec<Finding> {
        run(evidence, &Thresholds::default()).findings
    }

    fn market() -> Evidence {
        evidence(vec![trade(1, 1, 2, 100), trade(2, 2, 1, 50), trade(3, 3, 4, 70)])
    }

    #[test]
    fn strangers_are_not_found() {
        let mut market = market();
        // Facts about companies that do not trade with each other relate nobody.
        market.add_transfer(company(1), company(3), 1_000, 5);
        market.memberships.extend([(company(1), company(9)), (company(4), company(9))]);
        market.handovers.insert(HandoverFact {
            from: company(2),
            to: company(3),
            dataset: DatasetId([1; 32]),
            index: 0,
            block: 3,
        });
        assert_eq!(found(&market), []);
    }

    #[test]
    fn a_handover_relates_in_both_directions_of_trade() {
        let mut market = market();
        market.handovers.insert(HandoverFact {
            from: company(2),
            to: company(1),
            dataset: DatasetId([8; 32]),
            index: 0,
            block: 3,
        });
        let found = found(&market);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].companies, [company(1), company(2)]);
        assert_eq!(found[0].trade_count, 2);
        assert_eq!(found[0].facts[0].name, "dataset handed over");
    }

    #[test]
    fn a_member_of_both_relates_unless_it_is_a_service() {
        let mut market = market();
        market.memberships.extend([(company(1), company(9)), (company(2), company(9))]);
        assert_eq!(found(&market)[0].facts[0].name, "member of both");
        market.memberships.extend([(company(5), company(9)), (company(6), company(9))]);
        assert_eq!(found(&market), []);
    }

    #[test]
    fn who_acts_for_the_other_is_related_to_him() {
        let mut market = market();
        market.memberships.insert((company(3), company(4)));
        let found = found(&market);
        assert_eq!(found[0].companies, [company(3), company(4)]);
        assert_eq!(found[0].facts[0].value, format!("{} for {}", company(4), company(3)));
    }

    #[test]
    fn transfers_relate_from_the_threshold_on() {
        let mut market = market();
        market.add_transfer(company(4), company(3), 30, 8);
        market.add_transfer(company(3), company(4), 20, 9);
        let high = Thresholds { related_transfer: 51, ..Default::default() };
        assert_eq!(run(&market, &high).findings, []);
        let low = Thresholds { related_transfer: 50, ..Default::default() };
        let found = run(&market, &low).findings;
        assert_eq!(found[0].facts.len(), 2);
        assert!(found[0].facts[0].value.starts_with("20 KRW from"), "{}", found[0].facts[0].value);
    }

    #[test]
    fn one_account_between_two_companies_relates_them_unless_it_is_a_service() {
        let mut market = market();
        market.add_transfer(company(3), company(99), 30, 8);
        market.add_transfer(company(99), company(4), 25, 9);
        market.add_transfer(company(99), company(4), 5, 11);
        let related = found(&market);
        assert_eq!(related.len(), 1);
        assert_eq!(related[0].companies, [company(3), company(4)]);
        let text = &related[0].facts[0].value;
        assert!(text.contains("30 KRW with") && text.contains("2 times, blocks 9 to 11"), "{text}");
        let high = Thresholds { related_transfer: 31, ..Default::default() };
        assert_eq!(run(&market, &high).findings, []);
        // Whoever pays many, as a bank does, relates nobody.
        let mut bank = market.clone();
        for at in [1, 2] {
            assert_eq!(found(&bank).len(), 1);
            bank.add_transfer(company(99), company(at), 25, 12);
        }
        assert_eq!(found(&bank), []);
        // A few won to others do not make a bank.
        let high = Thresholds { related_transfer: 25, ..Default::default() };
        for at in [1, 2] {
            market.add_transfer(company(99), company(at), 1, 12);
        }
        assert_eq!(run(&market, &high).findings.len(), 1);
    }

    #[test]
    fn the_treasury_relates_nobody() {
        let mut market = market();
        let mut treasury = AccountId([0; 32]);
        treasury.0[..12].copy_from_slice(b"modlwb/treas");
        market.add_transfer(company(3), treasury, 30, 8);
        market.add_transfer(treasury, company(4), 30, 8);
        assert_eq!(found(&market), []);
        // An address that somebody made to look like it is not it.
        let mut alike = treasury;
        alike.0[31] = 1;
        market.add_transfer(company(3), alike, 30, 8);
        market.add_transfer(alike, company(4), 30, 8);
        assert_eq!(found(&market).len(), 1);
    }

    #[test]
    fn the_auditor_s_list_relates() {
        let mut market = market();
        let list = RelatedList { name: "Hanbit group".to_owned(), members: [company(3), company(4)].into() };
        market.related.push(list);
        let found = found(&market);
        assert_eq!(found[0].facts, [Fact::new("auditor's list", "Hanbit group")]);
    }

    #[test]
    fn what_was_not_looked_at_is_said() {
        let mut market = market();
        assert!(run(&market, &Thresholds::default()).limits.is_empty());
        market.transfers = None;
        assert_eq!(run(&market, &Thresholds::default()).limits.len(), 1);
    }
}
