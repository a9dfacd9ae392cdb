//! Evidence for the tests of the rules.

use crate::facts::{AuditedTrade, Company, Evidence};
use wonbon_model::{AccountId, Balance, DatasetId, Moment, Outcome};

pub(crate) fn company(number: u8) -> AccountId {
    AccountId([number; 32])
}

/// An accepted trade; its number is its block, and names its dataset too.
pub(crate) fn trade(number: u8, seller: u8, buyer: u8, price: Balance) -> AuditedTrade {
    AuditedTrade {
        dataset: DatasetId([number; 32]),
        index: 0,
        order: number.into(),
        seller: company(seller),
        buyer: company(buyer),
        price,
        outcome: Outcome::Accepted,
        ended: Moment { block: number.into(), time: 1_700_000_000_000 + 1000 * u64::from(number) },
    }
}

/// The same, of another dataset.
pub(crate) fn of(dataset: u8, number: u8, price: Balance) -> AuditedTrade {
    let mut trade = trade(number, 1, number.wrapping_add(100), price);
    trade.dataset = DatasetId([dataset; 32]);
    trade.index = number.into();
    trade
}

/// The same, ended otherwise.
pub(crate) fn ended(mut trade: AuditedTrade, outcome: Outcome) -> AuditedTrade {
    trade.outcome = outcome;
    trade
}

/// Evidence with these trades, in order, of companies that are all in one industry.
pub(crate) fn evidence(trades: Vec<AuditedTrade>) -> Evidence {
    let mut evidence = Evidence { transfers: Some(Default::default()), trades, ..Default::default() };
    for trade in &evidence.trades {
        for account in [trade.seller, trade.buyer] {
            let known = Company {
                name: format!("company {}", account.0[0]),
                registration_number: "1234567891".to_owned(),
                ksic: "C29".to_owned(),
            };
            evidence.companies.insert(account, known);
        }
        evidence.lengths.insert(trade.dataset, 1 << 20);
    }
    evidence.sort();
    evidence
}
