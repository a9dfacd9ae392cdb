//! Circles in who sold to whom.
//!
//! Every simple circle of at most so many companies is found once, from its smallest account on. How many there can
//! be grows faster than any bound, so the search is cut off after [`MAX_STEPS`] steps or [`MAX_CIRCLES`] circles, and
//! says so; short circles are looked for first.

use super::thresholds::MAX_CYCLE_LENGTH;
use super::{Outcome, Rule, Thresholds};
use crate::facts::{AuditedTrade, Evidence};
use crate::finding::{Fact, Finding, TradeRef};
use std::collections::{BTreeMap, BTreeSet};
use wonbon_model::words::amount::{krw, number};
use wonbon_model::{AccountId, Balance};

/// Most steps of the search.
const MAX_STEPS: u64 = 2_000_000;
/// Most circles that are reported.
const MAX_CIRCLES: usize = 500;

pub(crate) const RULE: Rule = Rule {
    name: "circular-trades",
    korean: "순환거래",
    meaning: "Companies sell to each other in a circle: the first sells to the second, and so on, and the last sells \
              to the first. Circular trades (순환거래) make turnover, and a record that support money is paid for, \
              while the money comes back. Two companies that use each other's data show it too. Paid trades only; \
              trades in a circle need not be of the same data.",
    thresholds: |thresholds| vec![Fact::new("companies in a circle", format!("2 to {}", thresholds.cycle_length))],
    run,
};

/// Who sold to whom.
type Sales = BTreeMap<AccountId, BTreeSet<AccountId>>;

fn run(evidence: &Evidence, thresholds: &Thresholds) -> Outcome {
    let mut trades: BTreeMap<(AccountId, AccountId), Vec<&AuditedTrade>> = BTreeMap::new();
    let mut sales = Sales::new();
    for trade in evidence.trades.iter().filter(|trade| trade.outcome.is_paid()) {
        trades.entry((trade.seller, trade.buyer)).or_default().push(trade);
        sales.entry(trade.seller).or_default().insert(trade.buyer);
    }
    trim(&mut sales);
    let longest = usize::from(thresholds.cycle_length.clamp(2, MAX_CYCLE_LENGTH));
    let search = Search::new(&sales, MAX_STEPS, MAX_CIRCLES).run(longest);
    let findings = search.circles.iter().map(|circle| finding(circle, &trades)).collect();
    let limits = match search.cut_off {
        None => Vec::new(),
        Some(length) => vec![format!(
            "The search was cut off among circles of {length}: there may be more of that length and longer ones."
        )],
    };
    Outcome { findings, limits }
}

fn finding(circle: &[AccountId], trades: &BTreeMap<(AccountId, AccountId), Vec<&AuditedTrade>>) -> Finding {
    let next = circle.iter().cycle().skip(1);
    let sales: Vec<_> = circle.iter().zip(next).map(|(seller, buyer)| (*seller, *buyer)).collect();
    let mut facts = Vec::with_capacity(sales.len());
    let mut rests_on = Vec::new();
    for sale in &sales {
        let of_sale = trades.get(sale).map(Vec::as_slice).unwrap_or_default();
        let paid = of_sale.iter().fold(0, |sum: Balance, trade| sum.saturating_add(trade.price));
        let text =
            format!("{} to {}: {} trades, {}", sale.0, sale.1, number(of_sale.len() as u64), krw(paid));
        facts.push(Fact::new("sold", text));
        rests_on.push(of_sale);
    }
    let summary = format!("{} companies sell to each other in a circle", circle.len());
    // By turns, so that each sale is among the trades listed, however many another has.
    let longest = rests_on.iter().map(|of_sale| of_sale.len()).max().unwrap_or(0);
    let by_turns = (0..longest).flat_map(|turn| rests_on.iter().filter_map(move |of_sale| of_sale.get(turn)));
    Finding::new(RULE.name, circle.to_vec(), summary, by_turns.map(|trade| TradeRef::new(trade, "")))
        .with(facts)
}

/// Leaves out who cannot be in a circle: who only buys or only sells, and again what is left.
fn trim(sales: &mut Sales) {
    let mut sold_by: Sales = BTreeMap::new();
    for (seller, buyers) in &*sales {
        for buyer in buyers {
            sold_by.entry(*buyer).or_default().insert(*seller);
        }
    }
    let all: BTreeSet<_> = sales.keys().chain(sold_by.keys()).copied().collect();
    let mut open: Vec<_> = all.into_iter().collect();
    while let Some(company) = open.pop() {
        let (sells, buys) = (sales.get(&company), sold_by.get(&company));
        if sells.is_some_and(|buyers| !buyers.is_empty()) && buys.is_some_and(|sellers| !sellers.is_empty()) {
            continue;
        }
        for buyer in sales.remove(&company).into_iter().flatten() {
            if sold_by.get_mut(&buyer).is_some_and(|sellers| sellers.remove(&company)) {
                open.push(buyer);
            }
        }
        for seller in sold_by.remove(&company).into_iter().flatten() {
            if sales.get_mut(&seller).is_some_and(|buyers| buyers.remove(&company)) {
                open.push(seller);
            }
        }
    }
}

struct Search<'a> {
    sales: &'a Sales,
    steps: u64,
    most: usize,
    circles: Vec<Vec<AccountId>>,
    /// The length among which it was cut off, if it was.
    cut_off: Option<usize>,
}

impl<'a> Search<'a> {
    fn new(sales: &'a Sales, steps: u64, most: usize) -> Self {
        Self { sales, steps, most, circles: Vec::new(), cut_off: None }
    }

    /// Circles of 2, then of 3, up to `longest`.
    fn run(mut self, longest: usize) -> Self {
        for length in 2..=longest {
            for start in self.sales.keys() {
                let mut path = vec![*start];
                if !self.extend(&mut path, length) {
                    self.cut_off = Some(length);
                    return self;
                }
            }
        }
        self
    }

    /// Tries every way on; the depth is at most [`MAX_CYCLE_LENGTH`]. `false` if the search is cut off.
    fn extend(&mut self, path: &mut Vec<AccountId>, length: usize) -> bool {
        let sales = self.sales;
        let (Some(start), Some(buyers)) =
            (path.first().copied(), path.last().and_then(|last| sales.get(last)))
        else {
            return true;
        };
        if path.len() == length {
            if buyers.contains(&start) {
                if self.circles.len() == self.most {
                    return false;
                }
                self.circles.push(path.clone());
            }
            return true;
        }
        // The start is the smallest, so that each circle is found once.
        for next in buyers.range(start..).filter(|next| **next != start) {
            if self.steps == 0 {
                return false;
            }
            self.steps -= 1;
            if path.contains(next) {
                continue;
            }
            path.push(*next);
            let on = self.extend(path, length);
            path.pop();
            if !on {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{company, ended, evidence, trade};
    use super::*;
    use crate::MAX_LISTED_TRADES;
    use wonbon_model::Outcome as End;

    fn circles(trades: Vec<AuditedTrade>, longest: u8) -> Vec<Vec<u8>> {
        let thresholds = Thresholds { cycle_length: longest, ..Default::default() };
        let found = run(&evidence(trades), &thresholds).findings;
        found.iter().map(|finding| finding.companies.iter().map(|account| account.0[0]).collect()).collect()
    }

    #[test]
    fn each_circle_is_found_once_and_short_ones_first() {
        let trades = vec![
            trade(1, 3, 1, 10),
            trade(2, 1, 2, 10),
            trade(3, 2, 3, 10),
            trade(4, 2, 1, 10),
            trade(5, 3, 4, 10),
            trade(6, 4, 5, 10),
            trade(7, 1, 2, 10),
        ];
        assert_eq!(circles(trades.clone(), 4), [vec![1, 2], vec![1, 2, 3]]);
        let found = run(&evidence(trades), &Thresholds::default()).findings;
        // Both sales from 1 to 2 belong to it.
        assert_eq!(found[0].trades.iter().map(|trade| trade.block).collect::<Vec<_>>(), [2, 4, 7]);
        assert_eq!(found[0].facts[0].value, format!("{} to {}: 2 trades, 20 KRW", company(1), company(2)));
    }

    #[test]
    fn every_sale_is_listed_and_what_is_left_out_is_counted() {
        let many = MAX_LISTED_TRADES + 500;
        let trades = (0..many).map(|at| trade((at % 200) as u8, 1, 2, 10)).chain([trade(201, 2, 1, 10)]);
        let found = run(&evidence(trades.collect()), &Thresholds::default()).findings.remove(0);
        assert_eq!((found.trade_count, found.trades.len()), (many + 1, MAX_LISTED_TRADES));
        assert_eq!(found.trades_left_out, 501);
        assert!(found.trades.iter().any(|trade| trade.seller == company(2)));
    }

    #[test]
    fn a_chain_unpaid_trades_and_long_circles_are_not() {
        let chain = (1..6).map(|number| trade(number, number, number + 1, 10)).collect();
        assert!(circles(chain, 8).is_empty());
        let unpaid = vec![trade(1, 1, 2, 10), ended(trade(2, 2, 1, 10), End::WrongKey)];
        assert!(circles(unpaid, 4).is_empty());
        let five: Vec<_> = (0..5).map(|number| trade(number, number, (number + 1) % 5, 10)).collect();
        assert!(circles(five.clone(), 4).is_empty());
        assert_eq!(circles(five, 5), [[0, 1, 2, 3, 4]]);
    }

    #[test]
    fn everyone_selling_to_everyone_is_cut_off_and_said() {
        let mut sales = Sales::new();
        for seller in 0..60 {
            for buyer in (0..60).filter(|buyer| *buyer != seller) {
                sales.entry(company(seller)).or_default().insert(company(buyer));
            }
        }
        let all = Search::new(&sales, MAX_STEPS, MAX_CIRCLES).run(8);
        assert_eq!((all.circles.len(), all.cut_off), (MAX_CIRCLES, Some(2)));
        let long = Search::new(&sales, 10_000, usize::MAX).run(8);
        assert_eq!(long.cut_off, Some(3));
        let complete = Search::new(&sales, MAX_STEPS, usize::MAX).run(2);
        assert_eq!((complete.circles.len(), complete.cut_off), (60 * 59 / 2, None));
    }

    #[test]
    fn a_long_chain_is_trimmed_away() {
        let mut sales = Sales::new();
        let account = |number: u32| {
            let mut account = [0; 32];
            account[..4].copy_from_slice(&number.to_be_bytes());
            AccountId(account)
        };
        for number in 0..50_000 {
            sales.entry(account(number)).or_default().insert(account(number + 1));
        }
        trim(&mut sales);
        assert!(sales.is_empty());
    }
}
