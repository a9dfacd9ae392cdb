//! `wonbon order`: list and show orders, and end those whose time is over.

mod open;

use clap::{Args, Subcommand};
use serde::Serialize;
use wonbon_client::chain::{royalty_count, Call, Chain, Until, View};
use wonbon_client::keys::Keypair;
use wonbon_model::json::{self, OrderView};
use wonbon_model::words::{self, amount, Term};
use wonbon_model::{AccountId, BlockNumber, EntryKey, Keyed, Order, OrderId, OrderState, Trade};

use super::lasting::warn_of_changes;
use super::transaction::included;
use crate::context::Context;
use crate::exit::Result;
use crate::failures::unknown;
use crate::lines;
use crate::output::object::With;
use crate::output::table::{fields, Table};

#[derive(Debug, Subcommand)]
pub(crate) enum OrderCommand {
    /// List the open orders of your company, as buyer and as seller
    List(List),
    /// Show an order, open or final
    Show(One),
    /// Open what was bought with an order on this machine too: your own, or a colleague's of your company
    Open(open::Open),
    /// Pay the seller, once the time to dispute has passed (anyone may do it)
    Settle(One),
    /// Refund the buyer, when the delivery was missed (anyone may do it)
    Expire(One),
    /// Refund the buyer, when another buyer proved that the sealed file is bad (anyone may do it)
    Refund(One),
    /// As the seller, do not deliver: the buyer is refunded. In the first half of the time to deliver it costs nothing,
    /// later the penalty; it is counted for everybody to see
    Refuse(Decided),
    /// As the seller, propose to pay a delivered order back; the buyer decides
    ProposeRefund(Decided),
    /// As the buyer, take the refund that the seller proposed
    AcceptRefund(Decided),
}

#[derive(Debug, Args)]
pub(crate) struct Decided {
    /// The order's number
    order: OrderId,
    /// Do it without asking
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// The order's number
    order: OrderId,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Show the orders of this account [default: the company or the account that --key acts for]
    #[arg(long)]
    account: Option<AccountId>,
    /// Show everybody's orders
    #[arg(long, conflicts_with = "account")]
    all: bool,
}

pub(crate) async fn run(context: &Context, command: OrderCommand) -> Result<()> {
    let (order, call, question) = match command {
        OrderCommand::List(args) => return list(context, args).await,
        OrderCommand::Open(args) => return open::run(context, args).await,
        OrderCommand::Show(One { order }) => return show(context, &context.view().await?, order).await,
        OrderCommand::Settle(One { order }) => return settle(context, order).await,
        OrderCommand::Expire(One { order }) => (order, Call::expire(order), None),
        OrderCommand::Refund(One { order }) => (order, Call::refund_faulty(order), None),
        OrderCommand::Refuse(Decided { order, yes }) => {
            (order, Call::refuse(order), Some((refusal_question as Question, yes)))
        }
        OrderCommand::ProposeRefund(Decided { order, yes }) => {
            (order, Call::propose_refund(order), Some((proposal_question as Question, yes)))
        }
        OrderCommand::AcceptRefund(Decided { order, yes }) => {
            (order, Call::accept_refund(order), Some((refund_question as Question, yes)))
        }
    };
    let (chain, key) = context.chain_and_key().await?;
    if let Some((question, yes)) = question {
        let view = chain.finalized().await?;
        let open = view.order(order).await?.ok_or_else(|| unknown(format!("open order {order}")))?;
        context.confirm(&question(&open, view.block().height), yes)?;
    }
    submit(context, &chain, &key, order, &call).await
}

async fn settle(context: &Context, order: OrderId) -> Result<()> {
    let (chain, key) = context.chain_and_key().await?;
    let record = chain.finalized().await?.order(order).await?;
    // Of an order that is not there the chain says so.
    let royalties = record.map_or(0, |record| royalty_count(&record.terms.royalties));
    submit(context, &chain, &key, order, &Call::settle(order, royalties)).await
}

/// Sends a call about an order, and shows the order after it.
async fn submit(context: &Context, chain: &Chain, key: &Keypair, order: OrderId, call: &Call) -> Result<()> {
    let done = chain.submit(key, call, Until::Finalized).await?;
    let (record, text) = read(&chain.at(done.block).await?, order).await?;
    context.out.result(&With { record, more: included(&done) }, || text)
}

/// What a person agrees to, about an order as it stands in a block.
type Question = fn(&Order, BlockNumber) -> String;

/// What a refusal costs: nothing in the first half of the time to deliver.
fn refusal_question(order: &Order, now: BlockNumber) -> String {
    let free_until = order.placed_at.saturating_add(order.terms.delivery_window / 2);
    let penalty = amount::krw(order.terms.missed_delivery_penalty);
    let cost = match now < free_until {
        true => format!("costs nothing until block {free_until}, and {penalty} after it"),
        false => format!("costs {penalty} of your bond"),
    };
    let price = amount::krw(order.terms.price);
    format!("The buyer gets {price} back, it {cost}, and everybody sees that you refused. Refuse?")
}

fn proposal_question(order: &Order, _: BlockNumber) -> String {
    let price = amount::krw(order.terms.price);
    format!(
        "You will not get the {price} if the buyer agrees; they keep the data, and nothing takes the proposal back. \
         Propose it?"
    )
}

fn refund_question(order: &Order, _: BlockNumber) -> String {
    let back = amount::krw(order.terms.price.saturating_add(order.reserve_left));
    format!("You get {back} back, and no right to derive; the order ends with that. Take it?")
}

/// Prints an order that is not final, or the trade that it became.
pub(super) async fn show(context: &Context, view: &View, order: OrderId) -> Result<()> {
    let (value, text) = read(view, order).await?;
    context.out.result(&value, || text)
}

/// An order in both forms, whether it is open or final.
async fn read(view: &View, order: OrderId) -> Result<(OrderView, String)> {
    if let Some(record) = view.order(order).await? {
        return Ok((json::Order::new(order, &record).into(), fields(&lines::order(order, &record))));
    }
    let Keyed { key, record } = trade(view, order).await?;
    Ok((json::Trade::new(key, &record).into(), fields(&lines::trade(key, &record))))
}

/// The trade that an order ended as.
pub(crate) async fn trade(view: &View, order: OrderId) -> Result<Keyed<EntryKey, Trade>> {
    view.trade_of(order).await?.ok_or_else(|| unknown(format!("order {order}")))
}

/// Open orders as of a block.
#[derive(Serialize)]
struct Orders {
    at: BlockNumber,
    orders: Vec<json::Order>,
}

async fn list(context: &Context, args: List) -> Result<()> {
    let (view, whose) = match args.all {
        true => (context.view().await?, None),
        false => {
            let (view, account) = context.view_and_account(args.account).await?;
            (view, Some(account))
        }
    };
    let mut orders = view.orders().await?;
    orders.retain(|(_, order)| whose.is_none_or(|who| order.buyer == who || order.terms.seller == who));
    warn_of_changes(context, &view, &orders).await?;
    let value = Orders {
        at: view.block().height,
        orders: orders.iter().map(|(id, order)| json::Order::new(*id, order)).collect(),
    };
    context.out.result(&value, || {
        if orders.is_empty() {
            return "No open orders. Final ones are in `wonbon history`.".into();
        }
        let rows = orders.iter().map(|(id, order)| {
            let next = match order.state {
                OrderState::Placed => format!("deliver by block {}", order.deliver_by),
                OrderState::Delivered { .. } if order.refund_proposed.is_some() => "refund proposed".into(),
                OrderState::Delivered { dispute_until, .. } => format!("dispute until block {dispute_until}"),
            };
            let role = match whose {
                Some(who) if who == order.buyer => "buyer",
                Some(_) => "seller",
                None => "",
            };
            [
                id.to_string(),
                order.offer.to_string(),
                role.into(),
                words::OrderState::from(&order.state).word().into(),
                amount::krw(order.terms.price),
                next,
                words::short(order.terms.dataset),
            ]
        });
        let table = Table::new(["ORDER>", "OFFER>", "YOU", "STATE", "PRICE>", "NEXT", "DATASET"], rows);
        format!("{table}At block {}.", view.block().height)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wonbon_model::{DatasetId, Derivation, OrderTerms};
    use wonbon_primitives::delivery::OrderKey;

    fn order() -> Order {
        let terms = OrderTerms {
            genesis: [1; 32],
            offer: 2,
            dataset: DatasetId([3; 32]),
            length: 4_096,
            sealed_root: [4; 32],
            key_commitment: [5; 32],
            seller: AccountId([6; 32]),
            price: 1_250_000,
            platform_fee: 12_500,
            dispute_reserve: 1_000,
            bond: 250_000,
            missed_delivery_penalty: 25_000,
            delivery_window: 21,
            dispute_window: 50,
            licence: [7; 32],
            nda: [8; 32],
            derivation: Derivation::Forbidden,
            royalties: Default::default(),
        };
        Order {
            version: 2,
            offer: 2,
            buyer: AccountId([9; 32]),
            terms,
            order_key: OrderKey([0; 32]),
            nonce: [0; 32],
            placed_at: 100,
            deliver_by: 121,
            state: OrderState::Placed,
            reserve_left: 0,
            refund_proposed: None,
        }
    }

    #[test]
    fn a_question_says_what_it_costs() {
        assert!(refusal_question(&order(), 109)
            .contains("costs nothing until block 110, and 25,000 KRW after it"));
        // The call stands in a later block than the one that was looked at.
        assert!(refusal_question(&order(), 110).contains("costs 25,000 KRW of your bond"));
        assert!(proposal_question(&order(), 0).contains("1,250,000 KRW"));
        assert!(refund_question(&Order { reserve_left: 1_000, ..order() }, 0).contains("1,251,000 KRW back"));
    }
}
