//! Royalties that a company received, or that were paid for a dataset.
//!
//! The chain has no list of them: the service says which trades paid some, and each of these is read from the chain itself.
//! Promises: nothing is counted that the chain does not have, and nothing twice; what the service leaves out is missing.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use wonbon_client::chain::View;
use wonbon_model::words::{amount, short, time};
use wonbon_model::{json, AccountId, Balance, DatasetId, EntryKey, Hash, Keyed, Moment, Royalty, Trade};

use crate::context::Context;
use crate::exit::Result;
use crate::output::table::Table;

/// How long the service may take: what it says is an addition.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most royalties that are asked for.
const MOST: usize = 2_000;
/// How many the service gives at once.
const PAGE: usize = 200;

/// Whose royalties are meant.
#[derive(Debug, Clone, Copy)]
pub(super) enum Payee {
    Company(AccountId),
    Dataset(DatasetId),
}

impl Payee {
    fn path(&self) -> String {
        match self {
            Self::Company(account) => format!("v1/participants/{account}/royalties"),
            Self::Dataset(dataset) => format!("v1/datasets/{dataset}/royalties"),
        }
    }

    fn gets(&self, royalty: &Royalty) -> bool {
        match self {
            Self::Company(account) => royalty.account == *account,
            Self::Dataset(dataset) => royalty.dataset == *dataset,
        }
    }
}

/// Where a trade stands that paid a royalty, as the service says.
#[derive(Debug, Deserialize)]
struct Named {
    sold: Hash,
    index: u32,
}

/// Royalties that were paid, as programs read them.
#[derive(Debug, Default, Serialize)]
pub(super) struct Received {
    /// What they come to, in won; `None` if the service does not answer.
    royalties_received: Option<Balance>,
    /// Each of them, newest first.
    royalties: Option<Vec<json::RoyaltyReceived>>,
    /// Whether there are more than were read.
    more_royalties: bool,
}

impl Received {
    /// Asks the service which there are, and reads them from the chain.
    pub(super) async fn read(context: &Context, view: &View, payee: Payee) -> Result<Self> {
        let Some(named) = named(context, payee).await else { return Ok(Self::default()) };
        let more_royalties = named.len() >= MOST;
        let keys: BTreeSet<_> =
            named.into_iter().map(|named| EntryKey::new(named.sold.into(), named.index)).collect();
        let mut trades = view.trades_at(keys).await?;
        trades.sort_by_key(|found| std::cmp::Reverse(found.record.ended.block));
        let royalties = paid(&trades, payee);
        let sum = royalties.iter().fold(0, |sum: Balance, royalty| sum.saturating_add(royalty.amount));
        Ok(Self { royalties_received: Some(sum), royalties: Some(royalties), more_royalties })
    }

    /// The same for people.
    pub(super) fn text(&self) -> String {
        let Some((sum, royalties)) = self.royalties_received.zip(self.royalties.as_ref()) else {
            return "Royalties received: the service, which knows of them, does not answer.\n".into();
        };
        let rows = royalties.iter().map(|royalty| {
            let at = Moment { block: royalty.final_at, time: royalty.final_time_ms };
            [
                royalty.order.to_string(),
                amount::krw(royalty.amount),
                amount::krw(royalty.price),
                time::moment(&at),
                short(royalty.seller),
                short(royalty.dataset),
                short(royalty.sold),
            ]
        });
        let columns = ["ORDER>", "ROYALTY>", "PRICE>", "FINAL>", "SELLER", "FOR", "SOLD"];
        let more = if self.more_royalties { " or more" } else { "" };
        let table = Table::new(columns, rows).or("None.");
        format!("\nRoyalties received: {}{more}\n{table}", amount::krw(sum))
    }
}

/// The trades that the service names; `None` if it does not answer.
async fn named(context: &Context, payee: Payee) -> Option<Vec<Named>> {
    let service = context.catalogue().ok()?;
    let (path, query) = (payee.path(), [("limit", PAGE.to_string())]);
    let asked = tokio::time::timeout(PATIENCE, service.list(&path, &query, MOST));
    asked.await.ok()?.ok()
}

/// The royalties of these trades that were paid to whom it is about.
fn paid(trades: &[Keyed<EntryKey, Trade>], payee: Payee) -> Vec<json::RoyaltyReceived> {
    let of_trade = |found: &Keyed<EntryKey, Trade>| {
        let Keyed { key, record } = found;
        let theirs = record.royalties.iter().filter(|royalty| payee.gets(royalty));
        let theirs = theirs.filter(|_| record.outcome.is_paid());
        theirs.map(|royalty| json::RoyaltyReceived::new(*key, record, royalty)).collect::<Vec<_>>()
    };
    trades.iter().flat_map(of_trade).collect()
}

/// What the service says that a company received in all; `None` if it does not answer.
pub(super) async fn told(context: &Context, account: &AccountId) -> Option<Balance> {
    let service = context.catalogue().ok()?;
    let path = format!("v1/participants/{account}");
    let asked = tokio::time::timeout(PATIENCE, service.get::<json::RoyaltiesReceived>(&path, &[]));
    Some(asked.await.ok()?.ok()?.royalties_received)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wonbon_model::{Derivation, Outcome, Royalties};

    const MAKER: AccountId = AccountId([1; 32]);
    const RAW: DatasetId = DatasetId([5; 32]);

    fn trade(index: u32, outcome: Outcome, amount: Balance) -> Keyed<EntryKey, Trade> {
        let royalty = |dataset, account| Royalty { dataset, account, amount };
        let royalties = vec![royalty(RAW, MAKER), royalty(DatasetId([9; 32]), AccountId([9; 32]))];
        let record = Trade {
            version: 1,
            order: index.into(),
            offer: 1,
            seller: AccountId([2; 32]),
            buyer: AccountId([3; 32]),
            price: 1_000_000,
            platform_fee: 10_000,
            royalties: Royalties::truncate_from(royalties),
            licence: [0; 32],
            nda: [0; 32],
            derivation: Derivation::Forbidden,
            terms: [0; 32],
            placed_at: 1,
            delivered_at: Some(2),
            ended: Moment { block: 3, time: 0 },
            outcome,
            position: 0,
        };
        Keyed::new(EntryKey::new(DatasetId([6; 32]), index), record)
    }

    #[test]
    fn what_was_refunded_or_went_to_others_does_not_count() {
        let trades = [trade(0, Outcome::Accepted, 50_000), trade(1, Outcome::Missed, 50_000)];
        for payee in [Payee::Company(MAKER), Payee::Dataset(RAW)] {
            let found = paid(&trades, payee);
            assert_eq!(found.len(), 1, "{payee:?}");
            assert_eq!((found[0].amount, found[0].account, found[0].index), (50_000, MAKER, 0));
        }
        assert!(paid(&trades, Payee::Company(AccountId([2; 32]))).is_empty());
    }

    #[test]
    fn a_service_that_is_silent_is_said_to_be() {
        let silent = Received::default();
        assert!(silent.text().contains("does not answer"));
        let value = serde_json::to_value(&silent).unwrap();
        assert_eq!(value["royalties_received"], serde_json::Value::Null);
        let royalties = paid(&[trade(0, Outcome::Lapsed, 50_000)], Payee::Company(MAKER));
        let sum = Some(50_000);
        let told = Received { royalties_received: sum, royalties: Some(royalties), more_royalties: false };
        assert!(told.text().contains("Royalties received: 50,000 KRW\n"), "{}", told.text());
    }
}
