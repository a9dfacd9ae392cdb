//! `wonbon show` and `wonbon balance`: one thing as it stands in the last finalized block.

use std::time::Duration;

use clap::Args;
use serde::Serialize;
use serde_json::json;
use wonbon_client::chain::View;
use wonbon_model::metadata::Metadata;
use wonbon_model::words::{amount, Term};
use wonbon_model::{json, AccountId, BlockNumber, DatasetId};

use super::provenance::Node;
use super::royalties::told;
use crate::arguments::{subject, Subject};
use crate::context::Context;
use crate::descriptions::{document, document_fields, profile_table};
use crate::exit::Result;
use crate::failures::{no_company, unknown};
use crate::lines;
use crate::output::object::With;
use crate::output::table::fields;

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// A dataset id (64 digits), an offer (its number, or offer:N), an order (order:N) or the account of a company
    #[arg(value_parser = subject)]
    what: Subject,
}

pub(crate) async fn run(context: &Context, args: Show) -> Result<()> {
    let view = context.view().await?;
    match args.what {
        Subject::Dataset(id) => dataset(context, &view, &id).await,
        Subject::Offer(id) => {
            let record = view.offer(id).await?.ok_or_else(|| unknown(format!("offer {id}")))?;
            let dataset = view.dataset(&record.dataset).await?;
            let (document, draw) = match &dataset {
                Some(dataset) => {
                    let seed = view.seed(dataset.registered.block).await?;
                    (document(context, &dataset.metadata).await, Some((dataset, seed)))
                }
                None => (None, None),
            };
            let drawn = draw.map(|(dataset, seed)| json::Draw::new(dataset, seed));
            let more = json!({ "draw": drawn, "document": document });
            let value = With { record: json::Offer::new(id, &record), more };
            let mut shown = document_fields(document.as_ref());
            shown.extend(lines::offer(id, &record));
            shown.extend(draw.map(|(dataset, seed)| ("sample", lines::draw(dataset, seed.as_ref()))));
            context.out.fields(&value, &shown)
        }
        Subject::Order(id) => super::order::show(context, &view, id).await,
        Subject::Company(account) => {
            let record = view.participant(&account).await?;
            let record = record.ok_or_else(|| no_company(&account))?;
            let draws = unanswered_draws(context, &account).await;
            let mut shown = lines::participant(&account, &record);
            shown.extend(draws.as_ref().map(|draws| ("unanswered", unanswered(draws))));
            context
                .out
                .fields(&With { record: json::Participant::new(account, &record), more: draws }, &shown)
        }
    }
}

/// What the service's document and the offers add to a dataset.
#[derive(Serialize)]
struct DatasetMore<'a> {
    offers: Vec<json::Offer>,
    document: Option<&'a Metadata>,
}

async fn dataset(context: &Context, view: &View, id: &DatasetId) -> Result<()> {
    let node = Node::read(view, id).await?;
    let (facts, record) = (&node.facts, &node.facts.dataset.record);
    let document = document(context, &record.metadata).await;
    let offers: Vec<_> = view.offers().await?.into_iter().filter(|(_, offer)| offer.dataset == *id).collect();
    let more = DatasetMore {
        offers: offers.iter().map(|(id, offer)| json::Offer::new(*id, offer)).collect(),
        document: document.as_ref(),
    };
    let value = With { record: node.object(), more };
    context.out.result(&value, || {
        let mut shown = document_fields(document.as_ref());
        shown.extend(lines::dataset(id, record, &facts.parents));
        shown.push(("sample", lines::draw(record, node.seed.as_ref())));
        for version in &facts.versions {
            shown.push(("continued by", version.record.dataset.to_string()));
        }
        for royalty in &facts.royalties {
            let text = format!("{} of each sale to the owner of {}", royalty.share, royalty.dataset);
            shown.push(("royalty", text));
        }
        for (id, offer) in &offers {
            let state = offer.state.word();
            shown.push(("offer", format!("{id}: {} ({state})", amount::krw(offer.price))));
        }
        let mut text = fields(&shown);
        text.push_str(&profile_table(document.as_ref()));
        text
    })
}

/// The chain has no list of a company's datasets, so this is not from the chain.
fn unanswered(draws: &json::CompanyDraws) -> String {
    let more = |more| if more { " or more" } else { "" };
    format!(
        "registered and never shown: {}{}; holds unanswered: {}{} (fair samples; told by the service)",
        draws.registered_unanswered_draws,
        more(draws.more_registered_unanswered_draws),
        draws.unanswered_draws,
        more(draws.more_unanswered_draws),
    )
}

/// How many draws a company left unanswered, if the service answers. Its absence is no failure.
async fn unanswered_draws(context: &Context, account: &AccountId) -> Option<json::CompanyDraws> {
    let service = context.catalogue().ok()?;
    let path = format!("v1/participants/{account}");
    let asked = tokio::time::timeout(Duration::from_secs(5), service.get(&path, &[])).await;
    asked.ok()?.ok()
}

#[derive(Debug, Args)]
pub(crate) struct Balance {
    /// The account [default: the company or the account that --key acts for]
    account: Option<AccountId>,
}

/// What an account has, in won, as programs read it.
#[derive(Serialize)]
struct Money {
    account: AccountId,
    free: u128,
    held: u128,
    /// Parts of sales of what was made from its data, as the service adds them up.
    royalties_received: Option<u128>,
    at: BlockNumber,
}

pub(crate) async fn balance(context: &Context, args: Balance) -> Result<()> {
    let (view, account) = context.view_and_account(args.account).await?;
    let money = view.balance(&account).await?;
    let royalties_received = told(context, &account).await;
    let at = view.block().height;
    let value = Money { account, free: money.free, held: money.held, royalties_received, at };
    let mut lines = vec![
        ("account", account.to_string()),
        ("free", amount::krw(money.free)),
        ("held", format!("{} (deposits, bonds and escrow)", amount::krw(money.held))),
    ];
    lines.extend(royalties_received.map(|sum| {
        let text = format!(
            "{} in all, of sales of what was made from its data (told by the service)",
            amount::krw(sum)
        );
        ("royalties received", text)
    }));
    lines.push(("at", format!("block {at}")));
    context.out.fields(&value, &lines)
}
