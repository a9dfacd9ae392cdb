//! How many whole trades a second a chain takes: one development node and the load on one machine.
//!
//! The same is measured on a new chain and on one with a million past trades (see [`past`]), and each time how many plain
//! transfers a second the same node takes, so that the machine cancels out. The load keeps the pool filled with a block
//! or two of work; what counts is what the chain's events say, over whole blocks.

pub mod blocks;
pub mod floor;
pub mod node_times;
pub mod past;
pub mod sender;
pub mod trading;
pub mod transfers;

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use wonbon_client::chain::{Chain, ChainEvent, MarketplaceEvent};
use wonbon_model::BlockNumber;

use self::{
    blocks::Blocks,
    floor::{Floor, Size},
    node_times::{processor_seconds, NodeTimes},
    sender::Sender,
    trading::{Calls, Trading},
    transfers::Transfers,
};
use super::{
    report::{Figure, Target},
    say,
};
use crate::{node::Node, scratch::Scratch};

/// How long a transaction of the load is valid, in blocks.
const LIFE: BlockNumber = 1_024;
/// Who trades: a hundred offers, and buyers whose rounds together are a few blocks of work.
const FLOOR: Size = Size { sellers: 20, offers_each: 5, buyers: 240 };
/// Orders that a buyer places at once.
const ROUND: usize = 10;
/// Transfers that are signed ahead for each second of measuring.
const TRANSFERS_A_SECOND: usize = 2_500;
/// Orders that are signed ahead for each second of measuring.
const ORDERS_A_SECOND: usize = 400;
/// Transactions that are sent first, and the least that is on its way.
const FIRST_ORDERS: usize = 300;
/// Blocks in which everything on its way has to be done after the end.
const MOST_BLOCKS_TO_END: usize = 30;
/// Blocks after which the load has reached its pace.
const WARM_UP: usize = 8;

/// How it is measured.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long trades are measured; transfers half as long.
    pub seconds: u64,
    /// The chain with past trades: its base path, and how many trades it has to have. It is made if it is not there.
    pub past: Option<(PathBuf, u64)>,
}

/// What a chain took.
#[derive(Debug)]
struct Pace {
    /// Complete trades a second.
    trades: f64,
    /// Calls of trades a second over transfers a second.
    ratio: f64,
    detail: String,
}

/// Measures trades and transfers on a new chain and, if that is wanted, on one with past trades.
pub async fn measure(options: &Options) -> Vec<Figure> {
    let scratch = Scratch::new("throughput");
    let fresh = pace(&scratch.join("fresh"), &scratch, options.seconds).await;
    let mut figures = vec![
        Figure {
            name: "complete trades a second, one development node and the load",
            value: fresh.trades,
            unit: "trades/s",
            target: Target::AtLeast(200.0),
            detail: fresh.detail.clone(),
        },
        Figure {
            name: "calls of trades a second over plain transfers a second",
            value: fresh.ratio,
            unit: "ratio",
            target: Target::AtLeast(0.5),
            detail: "both with the same node in the same run".to_owned(),
        },
    ];
    if let Some((base, trades)) = &options.past {
        past::make(base, *trades).await;
        let copy = scratch.join("past");
        copy_folder(base, &copy);
        let past = pace(&copy, &scratch, options.seconds).await;
        figures.push(Figure {
            name: match *trades {
                1_000_000.. => "trades a second after 1,000,000 past trades, over those of a new chain",
                _ => "trades a second after some past trades, over those of a new chain",
            },
            value: past.trades / fresh.trades,
            unit: "ratio",
            target: Target::AtLeast(0.85),
            detail: format!("after {trades} past trades: {}", past.detail),
        });
    }
    figures
}

/// Measures the chain in `base`.
async fn pace(base: &Path, logs: &Scratch, seconds: u64) -> Pace {
    say(&format!("Starting a node on {}, and making companies and offers", base.display()));
    let node = Node::measured(base, logs.path()).await;
    let chain = Chain::connect(&node.url(), None).await.expect("the node can be reached");
    let floor = Floor::make(&chain, "load", FLOOR).await.expect("companies and offers can be made");
    let load = Load { metrics: node.metrics().await, node: &node, chain: &chain, floor: &floor };
    let (trades, traded) = load.trade(seconds).await;
    let (transfers, transferred) = load.transfer(seconds.div_ceil(2)).await;
    let ratio = 3.0 * trades / transfers;
    let detail = format!("{traded}\n  and {transfers:.0} transfers a second: {transferred}");
    Pace { trades, ratio, detail }
}

/// A node under load.
struct Load<'a> {
    node: &'a Node,
    metrics: String,
    chain: &'a Chain,
    floor: &'a Floor,
}

/// Node and load at the begin of what is measured.
struct Begin {
    times: NodeTimes,
    load: f64,
    at: Instant,
}

impl Load<'_> {
    /// How many trades a second were completed, and how it went.
    async fn trade(&self, seconds: u64) -> (f64, String) {
        let orders = ORDERS_A_SECOND * usize::try_from(seconds).expect("a minute or so");
        let rounds = orders.div_ceil(self.floor.buyers.len() * ROUND);
        say(&format!("Signing {} orders ahead", rounds * self.floor.buyers.len() * ROUND));
        let trading = Trading::prepare(self.chain, self.floor, ROUND, rounds).await;
        let mut trading = trading.expect("orders can be signed");
        let sender = Sender::new(&self.node.address());
        let mut blocks = Blocks::after_best(&self.node.address()).await;
        say(&format!("Trading for {seconds} s"));
        let (mut begin, mut measured): (Option<Begin>, Vec<(BlockNumber, Calls)>) = (None, Vec::new());
        let mut warming = WARM_UP;
        let mut again = sender.send(&trading.orders(FIRST_ORDERS).expect("orders can be signed")).await;
        let (elapsed, spent) = loop {
            let block = blocks.next().await;
            let (mut next, calls) = trading.after(&block).expect("transactions can be signed");
            // Of what there was room for, twice as much: a block that is made before this is taken is full as well.
            let wanted = (2 * calls.all()).max(FIRST_ORDERS);
            next.extend(trading.orders(wanted).expect("orders can be signed"));
            let mut ended = None;
            if let Some(begin) = &begin {
                measured.push((block.number, calls));
                if begin.at.elapsed().as_secs() >= seconds {
                    ended = Some(self.spent(begin).await);
                }
            } else if warming == 0 {
                begin = Some(self.begin().await);
            }
            warming = warming.saturating_sub(1);
            next.splice(0..0, std::mem::take(&mut again));
            again = sender.send(&next).await;
            if let Some(ended) = ended {
                break ended;
            }
        };

        // Off the clock: the trades under way are brought to their end, and what the calls in the blocks came to is read.
        let mut last = measured.last().map_or(0, |(number, _)| *number);
        for _ in 0..MOST_BLOCKS_TO_END {
            if trading.on_their_way() == 0 {
                break;
            }
            let block = blocks.next().await;
            let (mut next, _) = trading.after(&block).expect("transactions can be signed");
            last = block.number;
            next.splice(0..0, std::mem::take(&mut again));
            again = sender.send(&next).await;
        }
        assert_eq!(trading.on_their_way(), 0, "transactions were lost; refused: {:?}", sender.refusals());
        let counted = self.at(last).await.next_order().await.expect("the chain answers");
        assert_eq!(counted, trading.next_order(), "orders were put into blocks and failed");
        let mut trades = 0;
        for (number, _) in &measured {
            trades += self.trades_of(*number).await;
        }
        let all = measured.iter().filter(|(_, calls)| has_all_kinds(calls)).count();
        let sum = |count: fn(&Calls) -> usize| measured.iter().map(|(_, calls)| count(calls)).sum::<usize>();
        let detail = format!(
            "{trades} trades in {elapsed:.1} s and {} blocks, of which {all} have all three calls; {} orders, {} \
             deliveries, {} acceptances; {spent}; refused: {:?}",
            measured.len(),
            sum(|calls| calls.orders),
            sum(|calls| calls.deliveries),
            sum(|calls| calls.acceptances),
            sender.refusals(),
        );
        say(&format!("  {detail}"));
        (trades as f64 / elapsed, detail)
    }

    /// How many transfers a second were made, and how it went.
    async fn transfer(&self, seconds: u64) -> (f64, String) {
        let count = TRANSFERS_A_SECOND * usize::try_from(seconds).expect("half a minute or so");
        say(&format!("Signing {count} transfers ahead"));
        let transfers = Transfers::prepare(self.chain, &self.floor.buyers, count).await;
        let mut transfers = transfers.expect("transfers can be signed");
        let sender = Sender::new(&self.node.address());
        let mut blocks = Blocks::after_best(&self.node.address()).await;
        let mut again = sender.send(&transfers.until(FIRST_ORDERS)).await;
        say(&format!("Transferring for {seconds} s"));
        let (mut begin, mut measured, mut number) = (None::<Begin>, 0, 0);
        let mut warming = WARM_UP;
        loop {
            let found = transfers.in_block(&blocks.next().await);
            if let Some(Begin { at, .. }) = &begin {
                measured += found;
                number += 1;
                if at.elapsed().as_secs() >= seconds {
                    break;
                }
            } else if warming == 0 {
                begin = Some(self.begin().await);
            }
            warming = warming.saturating_sub(1);
            let mut next = std::mem::take(&mut again);
            next.extend(transfers.until((2 * found).max(FIRST_ORDERS)));
            again = sender.send(&next).await;
        }
        let (elapsed, spent) = self.spent(&begin.expect("the loop ends only after it")).await;
        let detail = format!(
            "{measured} in {elapsed:.1} s and {number} blocks; {spent}; refused: {:?}",
            sender.refusals()
        );
        say(&format!("  {detail}"));
        (measured as f64 / elapsed, detail)
    }

    async fn begin(&self) -> Begin {
        let times = NodeTimes::read(&self.metrics, self.node.process().id()).await;
        Begin { times, load: processor_seconds(std::process::id()), at: Instant::now() }
    }

    /// Seconds since the begin, and what node and load did in them.
    async fn spent(&self, begin: &Begin) -> (f64, String) {
        let elapsed = begin.at.elapsed().as_secs_f64();
        let times = NodeTimes::read(&self.metrics, self.node.process().id()).await;
        let load = (processor_seconds(std::process::id()) - begin.load) / elapsed;
        (elapsed, format!("{}; the load took {load:.2} cores", times.since(&begin.times, elapsed)))
    }

    async fn at(&self, number: BlockNumber) -> wonbon_client::chain::View {
        let block =
            self.chain.block_at(number).await.expect("the chain answers").expect("the block is there");
        self.chain.at(block).await.expect("the state of the block is there")
    }

    /// How many trades were completed in a block.
    async fn trades_of(&self, number: BlockNumber) -> usize {
        let events = self.at(number).await.events().await.expect("the chain answers");
        let is_trade = |event: &&ChainEvent| {
            matches!(event, ChainEvent::Marketplace(MarketplaceEvent::TradeFinal { .. }))
        };
        events.iter().filter(is_trade).count()
    }
}

impl Calls {
    fn all(self) -> usize {
        self.orders + self.deliveries + self.acceptances
    }
}

fn has_all_kinds(calls: &Calls) -> bool {
    calls.orders > 0 && calls.deliveries > 0 && calls.acceptances > 0
}

fn hexadecimal(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// Copies a folder with everything in it.
fn copy_folder(from: &Path, to: &Path) {
    let copied = std::process::Command::new("cp").args(["-r", "--reflink=auto"]).arg(from).arg(to).status();
    assert!(copied.is_ok_and(|status| status.success()), "{} cannot be copied", from.display());
}
