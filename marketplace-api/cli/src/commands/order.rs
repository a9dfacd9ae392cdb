//! `wonbon order`: list and show orders, and end those whose time is over.

use clap::{Args, Subcommand};
use serde::Serialize;
use wonbon_client::chain::{Call, View};
use wonbon_model::json::{self, OrderView};
use wonbon_model::words::{self, amount, Term};
use wonbon_model::{AccountId, BlockNumber, EntryKey, Keyed, OrderId, OrderState, Trade};

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
    /// Pay the seller, once the time to dispute has passed (anyone may do it)
    Settle(One),
    /// Refund the buyer, when the delivery was missed (anyone may do it)
    Expire(One),
    /// Refund the buyer, when another buyer proved that the sealed file is bad (anyone may do it)
    Refund(One),
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
    let (order, call) = match command {
        OrderCommand::List(args) => return list(context, args).await,
        OrderCommand::Show(One { order }) => return show(context, &context.view().await?, order).await,
        OrderCommand::Settle(One { order }) => (order, Call::settle(order)),
        OrderCommand::Expire(One { order }) => (order, Call::expire(order)),
        OrderCommand::Refund(One { order }) => (order, Call::refund_faulty(order)),
    };
    let (chain, _, done) = context.submit(&call).await?;
    let (record, text) = read(&chain.at(done.block).await?, order).await?;
    context.out.result(&With { record, more: included(&done) }, || text)
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
