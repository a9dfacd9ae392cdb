//! `wonbon order`: list and show orders, and end those whose time is over.

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::json;
use wonbon_client::chain::{Call, Until, View};
use wonbon_model::json::{self, OrderView};
use wonbon_model::words::{amount, Term};
use wonbon_model::{AccountId, BlockNumber, EntryKey, Keyed, OrderId, OrderState, Trade};

use super::transaction::included;
use crate::context::Context;
use crate::exit::Failure;
use crate::failures::unknown;
use crate::lines;
use crate::output::object::With;
use crate::output::table::{fields, short, Align, Table};

#[derive(Debug, Subcommand)]
pub(crate) enum OrderCommand {
    /// List the open orders of your company, as buyer and as seller
    List(List),
    /// Show an order, open or final
    Show {
        /// The order's number
        order: OrderId,
    },
    /// Pay the seller, once the time to dispute has passed (anyone may do it)
    Settle {
        /// The order's number
        order: OrderId,
    },
    /// Refund the buyer, when the delivery was missed (anyone may do it)
    Expire {
        /// The order's number
        order: OrderId,
    },
    /// Refund the buyer, when another buyer proved that the sealed file is bad (anyone may do it)
    Refund {
        /// The order's number
        order: OrderId,
    },
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Show the orders of this account [default: that of --key]
    #[arg(long)]
    account: Option<AccountId>,
    /// Show everybody's orders
    #[arg(long, conflicts_with = "account")]
    all: bool,
}

pub(crate) async fn run(context: &Context, command: OrderCommand) -> Result<(), Failure> {
    let (order, call) = match command {
        OrderCommand::List(args) => return list(context, args).await,
        OrderCommand::Show { order } => {
            let view = context.chain().await?.finalized().await?;
            let (value, text) = read(&view, order).await?;
            return context.out.result(&value, || text);
        }
        OrderCommand::Settle { order } => (order, Call::settle(order)),
        OrderCommand::Expire { order } => (order, Call::expire(order)),
        OrderCommand::Refund { order } => (order, Call::refund_faulty(order)),
    };
    let (chain, key) = context.chain_and_key().await?;
    let done = chain.submit(&key, &call, Until::Finalized).await?;
    let (record, text) = read(&chain.at(done.block).await?, order).await?;
    let more = json!({ "transaction": included(&done) });
    context.out.result(&With { record, more }, || text)
}

/// An order in both forms, whether it is open or final.
pub(crate) async fn read(view: &View, order: OrderId) -> Result<(OrderView, String), Failure> {
    if let Some(record) = view.order(order).await? {
        return Ok((json::Order::new(order, &record).into(), fields(&lines::order(order, &record))));
    }
    let Keyed { key, record } = trade(view, order).await?;
    Ok((json::Trade::new(key, &record).into(), fields(&lines::trade(key, &record))))
}

/// The trade that an order ended as.
pub(crate) async fn trade(view: &View, order: OrderId) -> Result<Keyed<EntryKey, Trade>, Failure> {
    let Some((dataset, index)) = view.finished(order).await? else {
        return Err(unknown(format!("order {order}")));
    };
    let record = view.trade(&dataset, index).await?;
    let record = record.ok_or_else(|| unknown(format!("trade {index} of {dataset}")))?;
    Ok(Keyed::new(EntryKey { dataset, index }, record))
}

/// Open orders as of a block.
#[derive(Serialize)]
struct Orders {
    at: BlockNumber,
    orders: Vec<json::Order>,
}

async fn list(context: &Context, args: List) -> Result<(), Failure> {
    let whose = match (args.all, args.account) {
        (true, _) => None,
        (false, Some(account)) => Some(account),
        (false, None) => Some(context.account()?),
    };
    let view = context.chain().await?.finalized().await?;
    let mut orders = view.orders().await?;
    orders.retain(|(_, order)| whose.is_none_or(|who| order.buyer == who || order.terms.seller == who));
    let value = Orders {
        at: view.block().height,
        orders: orders.iter().map(|(id, order)| json::Order::new(*id, order)).collect(),
    };
    context.out.result(&value, || {
        if orders.is_empty() {
            return "No open orders. Final ones are in `wonbon history`.".into();
        }
        let mut table = Table::new(&[
            ("ORDER", Align::Right),
            ("OFFER", Align::Right),
            ("YOU", Align::Left),
            ("STATE", Align::Left),
            ("PRICE", Align::Right),
            ("NEXT", Align::Left),
            ("DATASET", Align::Left),
        ]);
        for (id, order) in &orders {
            let next = match order.state {
                OrderState::Placed => format!("deliver by block {}", order.deliver_by),
                OrderState::Delivered { dispute_until, .. } => format!("dispute until block {dispute_until}"),
            };
            let role = match whose {
                Some(who) if who == order.buyer => "buyer",
                Some(_) => "seller",
                None => "",
            };
            table.row([
                id.to_string(),
                order.offer.to_string(),
                role.into(),
                order.state.word().into(),
                amount::krw(order.terms.price),
                next,
                short(&order.terms.dataset.to_string()),
            ]);
        }
        format!("{table}At block {}.", view.block().height)
    })
}
