//! `wonbon search`: the catalogue of the service. It is the service's word; `show` and `buy` read the chain.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use serde_json::{json, Value};
use wonbon_client::service::Service;
use wonbon_model::words::{amount, short, size};
use wonbon_model::{AccountId, DatasetId};

use crate::context::Context;
use crate::descriptions::fetch;
use crate::exit::Result;
use crate::output::table::{fit, Table};

#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Words in title, description and keywords [default: everything]
    text: Vec<String>,
    /// Only offers of this seller
    #[arg(long, value_name = "ACCOUNT")]
    seller: Option<AccountId>,
    /// Only offers of this dataset
    #[arg(long, value_name = "ID")]
    dataset: Option<DatasetId>,
    /// Only offers up to this price, in KRW
    #[arg(long, value_name = "KRW", value_parser = amount::parse_krw)]
    max_price: Option<u128>,
    /// Only offers in this state
    #[arg(long, value_enum, default_value_t = State::Open)]
    state: State,
    /// Show at most this many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum State {
    /// Takes orders
    Open,
    /// Withdrawn by the seller
    Withdrawn,
    /// Closed because a fault was proved
    Faulted,
    /// Paused by a missed delivery
    Paused,
    /// In any state
    Any,
}

pub(crate) async fn run(context: &Context, args: Search) -> Result<()> {
    let service = context.catalogue()?;
    let mut query: Vec<(&str, String)> = Vec::new();
    let text = args.text.join(" ");
    if !text.trim().is_empty() {
        query.push(("q", text));
    }
    let state = args.state.to_possible_value().filter(|_| args.state != State::Any);
    query.extend(state.map(|state| ("state", state.get_name().to_owned())));
    query.extend(args.seller.map(|seller| ("seller", seller.to_string())));
    query.extend(args.dataset.map(|dataset| ("dataset", dataset.to_string())));
    query.extend(args.max_price.map(|price| ("max_price", price.to_string())));
    query.push(("limit", args.limit.min(100).to_string()));
    let mut offers: Vec<Value> = service.list("v1/offers", &query, args.limit.into()).await?;
    describe(&service, &mut offers).await;
    context.out.result(&json!({ "source": "service", "offers": offers }), || {
        let rows = offers.iter().map(|offer| {
            let text = |name: &str| offer[name].as_str().unwrap_or("").to_owned();
            let seller =
                offer["seller_name"].as_str().map_or_else(|| short(text("seller")), |name| fit(name, 24));
            [
                offer["id"].to_string(),
                fit(offer["title"].as_str().unwrap_or("(no metadata)"), 40),
                money(&offer["price"]),
                offer["length"].as_u64().map(size::bytes).unwrap_or_default(),
                text("state"),
                seller,
                short(text("dataset")),
            ]
        });
        Table::new(["OFFER>", "TITLE", "PRICE>", "SIZE>", "STATE", "SELLER", "DATASET"], rows)
            .or("No offer matches.")
    })
}

fn money(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.parse().map_or(text, amount::krw)
}

/// Adds `title` where the service gives none.
async fn describe(service: &Service, offers: &mut [Value]) {
    let mut titles: BTreeMap<String, Option<String>> = BTreeMap::new();
    for offer in offers {
        if offer.get("title").is_some() {
            continue;
        }
        let dataset = offer["dataset"].as_str().unwrap_or("").to_owned();
        if !titles.contains_key(&dataset) {
            let title = title_of(service, &dataset).await;
            titles.insert(dataset.clone(), title);
        }
        offer["title"] = json!(titles.get(&dataset).cloned().flatten());
    }
}

async fn title_of(service: &Service, dataset: &str) -> Option<String> {
    let record: Value = service.get(&format!("v1/datasets/{dataset}"), &[]).await.ok()?;
    let record = if record["dataset"].is_object() { &record["dataset"] } else { &record };
    let hash = wonbon_primitives::id::from_hex(record["metadata"].as_str()?).ok()?;
    fetch(service, &hash).await.map(|document| document.title)
}
