//! Prices that are far from what else was paid.
//!
//! The measure is robust, so that the outliers do not hide themselves: the distance from the median over the median
//! absolute deviation (MAD), scaled so that it reads as standard deviations (Iglewicz and Hoaglin 1993). If more
//! than half of all prices are the same the MAD is 0, and the mean absolute deviation takes its place.

use super::{Outcome, Rule, Thresholds};
use crate::facts::{AuditedTrade, Evidence};
use crate::finding::{Fact, Finding, TradeRef};
use std::collections::{BTreeMap, BTreeSet};
use wonbon_model::words::amount::{krw, number};
use wonbon_model::Balance;

/// MAD of a normal distribution over its standard deviation.
const NORMAL_MAD: f64 = 0.6745;
/// Standard deviation of a normal distribution over its mean absolute deviation.
const NORMAL_MEAN: f64 = 1.253_314;
/// Bytes in a MiB, by which prices are compared.
const MIB: f64 = 1_048_576.0;

pub(crate) const BY_DATASET: Rule = Rule {
    name: "price-outlier-dataset",
    korean: "가격 이상치 (동일 데이터셋)",
    meaning: "A copy of a dataset was paid far more, or far less, than the other copies of the same dataset were. \
              Prices that are far from what others paid are how value is moved: an inflated price draws more support \
              money, a token price hides what was given for it. A price that was cut shows it too.",
    thresholds: |thresholds| {
        vec![
            Fact::new("distance", format!("at least {} robust standard deviations", thresholds.outlier_score)),
            Fact::new("paid trades of the dataset", format!("at least {}", thresholds.outlier_trades)),
        ]
    },
    run: by_dataset,
};

pub(crate) const BY_INDUSTRY: Rule = Rule {
    name: "price-outlier-industry",
    korean: "가격 이상치 (동일 업종)",
    meaning: "A dataset was paid far more, or far less, for its size than other datasets of the same industry were. \
              Data has no list price and quality differs, so a distance is a question and not an answer; but an \
              inflated price is how support money is drawn, and it is looked for in spending data (부정사용).",
    thresholds: |thresholds| {
        vec![
            Fact::new("distance", format!("at least {} robust standard deviations", thresholds.outlier_score)),
            Fact::new("paid trades of the industry", format!("at least {}", thresholds.industry_trades)),
            Fact::new(
                "compared",
                "the logarithm of the price of a MiB, among sellers of one KSIC division (업종 중분류); each dataset \
                 once, with the last price paid",
            ),
        ]
    },
    run: by_industry,
};

fn by_dataset(evidence: &Evidence, thresholds: &Thresholds) -> Outcome {
    let mut groups: BTreeMap<_, Vec<(&AuditedTrade, f64)>> = BTreeMap::new();
    for trade in evidence.trades.iter().filter(|trade| trade.outcome.is_paid()) {
        groups.entry(trade.dataset).or_default().push((trade, trade.price as f64));
    }
    let finding = |(dataset, group): (_, Vec<(&AuditedTrade, f64)>)| {
        let found = Found::new(&group, thresholds.outlier_trades, thresholds.outlier_score)?;
        let facts = [
            Fact::new("dataset", dataset),
            Fact::new("median price", krw_of(found.median)),
            Fact::new("trades compared", number(group.len() as u64)),
        ];
        Some(found.finding(BY_DATASET.name, "copies of one dataset", facts))
    };
    Outcome::complete(groups.into_iter().filter_map(finding).collect())
}

fn by_industry(evidence: &Evidence, thresholds: &Thresholds) -> Outcome {
    // One popular dataset must not be the whole industry.
    let mut last: BTreeMap<_, &AuditedTrade> = BTreeMap::new();
    for trade in evidence.trades.iter().filter(|trade| trade.outcome.is_paid()) {
        last.insert(trade.dataset, trade);
    }
    let mut groups: BTreeMap<String, Vec<(&AuditedTrade, f64)>> = BTreeMap::new();
    let mut unknown = 0usize;
    for trade in last.into_values() {
        let division = evidence.companies.get(&trade.seller).and_then(|seller| division(&seller.ksic));
        let length = evidence.lengths.get(&trade.dataset).copied().filter(|length| *length > 0);
        let (Some(division), Some(length)) = (division, length) else {
            unknown = unknown.saturating_add(1);
            continue;
        };
        let per_mib = (trade.price.max(1) as f64) * MIB / length as f64;
        groups.entry(division).or_default().push((trade, per_mib.log10()));
    }
    let finding = |(division, mut group): (String, Vec<(&AuditedTrade, f64)>)| {
        group.sort_by_key(|(trade, _)| trade.place());
        let found = Found::new(&group, thresholds.industry_trades, thresholds.outlier_score)?;
        let facts = [
            Fact::new("industry (KSIC)", division),
            Fact::new("median price of a MiB", krw_of(10f64.powf(found.median))),
            Fact::new("datasets compared", number(group.len() as u64)),
        ];
        Some(found.finding(BY_INDUSTRY.name, "datasets of one industry, by size", facts))
    };
    let findings = groups.into_iter().filter_map(finding).collect();
    let limits = match unknown {
        0 => Vec::new(),
        count => {
            vec![format!("{} datasets of unknown industry or length were left out.", number(count as u64))]
        }
    };
    Outcome { findings, limits }
}

/// To the nearest won.
fn krw_of(price: f64) -> String {
    krw(price.round_ties_even() as Balance)
}

/// The division of an industry code, as `C29`; `None` for a code that names a section only.
fn division(ksic: &str) -> Option<String> {
    ksic.get(..3).map(str::to_owned)
}

/// The outliers of a group.
struct Found<'a> {
    median: f64,
    outliers: Vec<(&'a AuditedTrade, f64)>,
}

impl<'a> Found<'a> {
    /// `None` if the group is too small or has none.
    fn new(group: &[(&'a AuditedTrade, f64)], least: u32, distance: f64) -> Option<Self> {
        if group.len() < least as usize {
            return None;
        }
        let values: Vec<f64> = group.iter().map(|(_, value)| *value).collect();
        let median = median(values.clone())?;
        let away: Vec<f64> = values.iter().map(|value| (value - median).abs()).collect();
        let mean = away.iter().sum::<f64>() / away.len() as f64;
        let unit = match self::median(away)? {
            mad if mad > 0.0 => mad / NORMAL_MAD,
            _ if mean > 0.0 => mean * NORMAL_MEAN,
            _ => return None,
        };
        let scored = group.iter().map(|(trade, value)| (*trade, (value - median) / unit));
        let outliers: Vec<_> = scored.filter(|(_, score)| score.abs() >= distance).collect();
        (!outliers.is_empty()).then_some(Self { median, outliers })
    }

    fn finding(self, rule: &'static str, among: &str, facts: impl IntoIterator<Item = Fact>) -> Finding {
        let sellers: BTreeSet<_> = self.outliers.iter().map(|(trade, _)| trade.seller).collect();
        let summary = format!("{} prices stand out among {among}", number(self.outliers.len() as u64));
        let rests_on = self.outliers.iter().map(|(trade, score)| {
            let side = if *score > 0.0 { "above" } else { "below" };
            TradeRef::new(trade, format!("{:.1} robust standard deviations {side} the median", score.abs()))
        });
        Finding::new(rule, sellers.into_iter().collect(), summary, rests_on).with(facts)
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        odd if odd % 2 == 1 => values.get(middle).copied(),
        _ => Some((values.get(middle - 1)? + values.get(middle)?) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{company, ended, evidence, of, trade};
    use super::*;
    use wonbon_model::Outcome as End;

    fn datasets(evidence: &Evidence) -> Vec<Finding> {
        by_dataset(evidence, &Thresholds::default()).findings
    }

    fn industries(evidence: &Evidence) -> Vec<Finding> {
        by_industry(evidence, &Thresholds::default()).findings
    }

    #[test]
    fn a_price_far_from_the_others_is_found() {
        let mut trades: Vec<_> =
            (0..9u8).map(|number| of(7, number, 1_000 + 10 * u128::from(number))).collect();
        trades.push(of(7, 20, 9_000));
        trades.push(of(7, 21, 1));
        let found = datasets(&evidence(trades));
        assert_eq!(found.len(), 1);
        let blocks: Vec<_> = found[0].trades.iter().map(|trade| trade.block).collect();
        assert_eq!(blocks, [20, 21]);
        assert!(found[0].trades[0].note.ends_with("above the median"), "{}", found[0].trades[0].note);
        assert!(found[0].trades[1].note.ends_with("below the median"));
        assert_eq!(found[0].facts[1], Fact::new("median price", "1,040 KRW"));
    }

    #[test]
    fn one_other_price_among_equal_ones_is_found_without_a_deviation() {
        let mut trades: Vec<_> = (0..9).map(|number| of(7, number, 1_000)).collect();
        assert!(datasets(&evidence(trades.clone())).is_empty());
        trades.push(of(7, 20, 5_000));
        assert_eq!(datasets(&evidence(trades))[0].trade_count, 1);
    }

    #[test]
    fn spread_prices_few_trades_and_unpaid_ones_are_not() {
        let spread: Vec<_> =
            (0..20u8).map(|number| of(7, number, 1_000 + 100 * u128::from(number))).collect();
        assert!(datasets(&evidence(spread)).is_empty());
        let few = vec![of(7, 1, 10), of(7, 2, 10), of(7, 3, 10), of(7, 4, 90_000)];
        assert!(datasets(&evidence(few)).is_empty());
        let mut unpaid: Vec<_> = (0..9u8).map(|number| of(7, number, 1_000 + u128::from(number))).collect();
        unpaid.push(ended(of(7, 20, 9_000), End::Missed));
        assert!(datasets(&evidence(unpaid)).is_empty());
        // Prices of different datasets are not compared.
        let apart: Vec<_> =
            (0..20u8).map(|number| trade(number, 1, 2, 10u128.pow(u32::from(number)))).collect();
        assert!(datasets(&evidence(apart)).is_empty());
    }

    #[test]
    fn an_industry_compares_prices_by_size() {
        let mut trades: Vec<_> =
            (0..12u8).map(|number| trade(number, number, 99, 1_000 + u128::from(number))).collect();
        let mut usual = evidence(trades.clone());
        assert!(industries(&usual).is_empty());
        // The same price for a thousandth of the bytes.
        usual.lengths.insert(trades[3].dataset, 1 << 10);
        let found = industries(&usual);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].companies.as_slice(), found[0].trade_count), (&[company(3)][..], 1));
        assert_eq!(found[0].facts[0], Fact::new("industry (KSIC)", "C29"));
        // Sellers of other industries are not compared, nor are too few.
        let mut other = usual.clone();
        other.companies.get_mut(&company(3)).unwrap().ksic = "C10".to_owned();
        assert!(industries(&other).is_empty());
        trades.truncate(9);
        let mut few = evidence(trades.clone());
        few.lengths.insert(trades[3].dataset, 1 << 10);
        assert!(industries(&few).is_empty());
        // One dataset sold often counts once.
        let often: Vec<_> = (0..30u8).map(|number| of(7, number, 1_000)).collect();
        assert!(industries(&evidence(often)).is_empty());
    }

    #[test]
    fn what_cannot_be_compared_is_said() {
        let mut odd = evidence(vec![trade(1, 1, 2, 10)]);
        odd.companies.get_mut(&company(1)).unwrap().ksic = "C".to_owned();
        assert_eq!(by_industry(&odd, &Thresholds::default()).limits.len(), 1);
    }

    #[test]
    fn medians() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }
}
