//! `wonbon show` and `wonbon balance`: one thing as it stands in the last finalized block.

use std::time::Duration;

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use wonbon_client::chain::View;
use wonbon_model::metadata::Metadata;
use wonbon_model::words::{amount, Term};
use wonbon_model::{json, AccountId, DatasetId};

use super::provenance::{Node, NodeObject};
use crate::arguments::{subject, Subject};
use crate::context::Context;
use crate::descriptions::{document, document_fields, profile_table};
use crate::exit::Failure;
use crate::failures::unknown;
use crate::lines;
use crate::output::object::{won, With};
use crate::output::table::fields;

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// A dataset id (64 digits), an offer (its number, or offer:N), an order (order:N) or the account of a company
    #[arg(value_parser = subject)]
    what: Subject,
}

pub(crate) async fn run(context: &Context, args: Show) -> Result<(), Failure> {
    let view = context.chain().await?.finalized().await?;
    match args.what {
        Subject::Dataset(id) => dataset(context, &view, &id).await,
        Subject::Offer(id) => {
            let record = view.offer(id).await?.ok_or_else(|| unknown(format!("offer {id}")))?;
            let dataset = view.dataset(&record.dataset).await?;
            let document = match &dataset {
                Some(dataset) => document(context, &dataset.metadata).await,
                None => None,
            };
            let draw = match &dataset {
                Some(dataset) => Some((dataset, view.seed(dataset.registered.block).await?)),
                None => None,
            };
            let value = OfferObject {
                offer: json::Offer::new(id, &record),
                draw: draw.map(|(dataset, seed)| json::Draw::new(dataset, seed)),
                document: document.as_ref(),
            };
            context.out.result(&value, || {
                let mut shown = document_fields(document.as_ref());
                shown.extend(lines::offer(id, &record));
                shown.extend(draw.map(|(dataset, seed)| ("sample", lines::draw(dataset, seed.as_ref()))));
                fields(&shown)
            })
        }
        Subject::Order(id) => {
            let (value, text) = super::order::read(&view, id).await?;
            context.out.result(&value, || text)
        }
        Subject::Company(account) => {
            let record = view.participant(&account).await?;
            let record = record.ok_or_else(|| unknown(format!("company with the account {account}")))?;
            let draws = unanswered_draws(context, &account).await;
            let more = json!({
                "unanswered_draws": draws.as_ref().map(|draws| draws.unanswered_draws),
                "more_unanswered_draws": draws.as_ref().map(|draws| draws.more_unanswered_draws),
                "registered_unanswered_draws": draws.as_ref().map(|draws| draws.registered_unanswered_draws),
                "more_registered_unanswered_draws":
                    draws.as_ref().map(|draws| draws.more_registered_unanswered_draws),
            });
            context.out.result(&With { record: json::Participant::new(account, &record), more }, || {
                let mut shown = lines::participant(&account, &record);
                shown.extend(draws.map(|draws| ("unanswered", draws.text())));
                fields(&shown)
            })
        }
    }
}

/// An offer as programs read it.
#[derive(Serialize)]
struct OfferObject<'a> {
    #[serde(flatten)]
    offer: json::Offer,
    draw: Option<json::Draw>,
    document: Option<&'a Metadata>,
}

/// A dataset as programs read it.
#[derive(Serialize)]
struct DatasetObject<'a> {
    #[serde(flatten)]
    dataset: NodeObject,
    handover_to: Option<AccountId>,
    offers: Vec<json::Offer>,
    document: Option<&'a Metadata>,
}

async fn dataset(context: &Context, view: &View, id: &DatasetId) -> Result<(), Failure> {
    let node = Node::read(view, id).await?;
    let document = document(context, &node.record.metadata).await;
    let offers: Vec<_> = view.offers().await?.into_iter().filter(|(_, offer)| offer.dataset == *id).collect();
    let value = DatasetObject {
        dataset: node.object(*id),
        handover_to: view.pending_handover(id).await?,
        offers: offers.iter().map(|(id, offer)| json::Offer::new(*id, offer)).collect(),
        document: document.as_ref(),
    };
    context.out.result(&value, || {
        let mut shown = document_fields(document.as_ref());
        shown.extend(lines::dataset(id, &node.record, &node.parents));
        shown.push(("sample", lines::draw(&node.record, node.seed.as_ref())));
        for version in &node.versions {
            shown.push(("continued by", version.dataset.to_string()));
        }
        for royalty in &node.royalties {
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

/// What the service counted. The chain has no list of a company's datasets, so this is not from the chain.
#[derive(Debug, Deserialize)]
struct UnansweredDraws {
    unanswered_draws: u32,
    more_unanswered_draws: bool,
    registered_unanswered_draws: u32,
    more_registered_unanswered_draws: bool,
}

impl UnansweredDraws {
    fn text(&self) -> String {
        let more = |more| if more { " or more" } else { "" };
        format!(
            "registered and never shown: {}{}; holds unanswered: {}{} (fair samples; told by the service)",
            self.registered_unanswered_draws,
            more(self.more_registered_unanswered_draws),
            self.unanswered_draws,
            more(self.more_unanswered_draws),
        )
    }
}

/// How many draws a company left unanswered, if the service answers. Its absence is no failure.
async fn unanswered_draws(context: &Context, account: &AccountId) -> Option<UnansweredDraws> {
    let service = context.catalogue().ok()?;
    let path = format!("v1/participants/{account}");
    let asked = tokio::time::timeout(Duration::from_secs(5), service.get(&path, &[])).await;
    asked.ok()?.ok()
}

#[derive(Debug, Args)]
pub(crate) struct Balance {
    /// The account [default: that of --key]
    account: Option<AccountId>,
}

pub(crate) async fn balance(context: &Context, args: Balance) -> Result<(), Failure> {
    let account = args.account.map_or_else(|| context.account(), Ok)?;
    let view = context.chain().await?.finalized().await?;
    let money = view.balance(&account).await?;
    let value = json!({
        "account": account.to_string(),
        "free": won(money.free),
        "held": won(money.held),
        "at": view.block().height,
    });
    context.out.result(&value, || {
        fields(&[
            ("account", account.to_string()),
            ("free", amount::krw(money.free)),
            ("held", format!("{} (deposits, bonds and escrow)", amount::krw(money.held))),
            ("at", format!("block {}", view.block().height)),
        ])
    })
}
