//! A chain with many past trades: every one ordered, delivered and accepted by signed transactions, in blocks that the
//! node makes one after another for slots of the past (`wonbon-node author-past`).
//!
//! The chain itself says how far it is, so that a run that was broken off is taken up. What it makes is a base path on
//! which a development node starts.

use std::{
    io::{IsTerminal as _, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use serde_json::{json, Value};
use wonbon_client::chain::{Call, Chain, ChainError, Place};
use wonbon_model::{BlockRef, OrderId};
use wonbon_primitives::{delivery::deliver, label, OsRng};

use super::{
    floor::{Floor, Size},
    hexadecimal, LIFE,
};
use crate::{figures::say, node::Node, rpc};

/// Who traded.
const FLOOR: Size = Size { sellers: 16, offers_each: 8, buyers: 100 };
/// How many slots ago the first block is: enough for blocks of a hundred trades.
const SLOTS: u64 = 60_000;
/// How often a block is made while companies and offers are.
const PACE: Duration = Duration::from_millis(100);
/// Transactions that are offered for the first block; later ones are offered a little more than the last one had room for.
const FIRST_BLOCK: usize = 600;

/// Makes the chain in `base` have at least so many trades.
///
/// # Panics
/// If it cannot be made.
pub async fn make(base: &Path, trades: u64) {
    std::fs::create_dir_all(base).expect("the folder of the past trades can be made");
    // The log lies beside the data, which are copied.
    let logs = base.parent().unwrap_or(base);
    let node = Node::of_the_past(base, logs, SLOTS).await;
    let chain = Chain::connect(&node.url(), None).await.expect("the node can be reached");
    let begun = chain.best().await.expect("the chain answers").next_order().await.expect("the chain answers");
    if begun >= trades {
        say(&format!("{} has {begun} past trades", base.display()));
        return;
    }
    say(&format!("Making {trades} past trades in {}, of which there are {begun}", base.display()));
    let address = node.address();
    let floor = {
        let making = Floor::make(&chain, "past", FLOOR);
        tokio::pin!(making);
        let mut pause = tokio::time::interval(PACE);
        loop {
            tokio::select! {
                made = &mut making => break made.expect("companies and offers can be made"),
                _ = pause.tick() => drop(author(&address, &[]).await),
            }
        }
    };
    let mut stream = Stream::prepare(&chain, &floor).await.expect("the chain answers");
    let mut progress = Progress::new(stream.order, trades);
    let mut offered: Vec<String> = Vec::new();
    let mut room = FIRST_BLOCK;
    while stream.order < trades || !offered.is_empty() {
        // While the node makes a block of these, the next ones are signed: that takes a thread, the request another.
        let making = (!offered.is_empty()).then(|| {
            let (address, offered) = (address.clone(), offered.clone());
            tokio::spawn(async move { author(&address, &offered).await })
        });
        // A tenth more than there is room for, with what will be left over.
        let left_over = offered.len().saturating_sub(room);
        let signed = stream
            .sign((room + room / 10 + 3).saturating_sub(left_over), trades)
            .expect("transactions can be signed");
        let made = match making {
            Some(making) => Some(making.await.expect("the node makes the block")),
            None => None,
        };
        if let Some(made) = &made {
            // A block that took everything may have had room for more.
            room = if made.taken < offered.len() { made.taken } else { made.taken.max(room) * 5 / 4 };
            offered.drain(..made.taken);
        }
        offered.extend(signed);
        if let Some(made) = made {
            stream.birth = made.block;
            progress.show(stream.order.saturating_sub(offered.len() as u64 / 3));
        }
    }
    progress.end();
    author(&address, &[]).await;
    let view = chain.best().await.expect("the chain answers");
    let (next, open) = (view.next_order().await, view.orders().await);
    assert_eq!(next.expect("the chain answers"), stream.order, "some orders failed");
    let open = open.expect("the chain answers").len();
    assert_eq!(open, 0, "some orders were not delivered and accepted");
}

/// Trades one after another, each whole before the next begins.
struct Stream<'a> {
    chain: &'a Chain,
    floor: &'a Floor,
    birth: BlockRef,
    buyers: Vec<u64>,
    sellers: Vec<u64>,
    /// The number of the next order.
    order: OrderId,
}

impl<'a> Stream<'a> {
    async fn prepare(chain: &'a Chain, floor: &'a Floor) -> Result<Self, ChainError> {
        let view = chain.best().await?;
        let (mut buyers, mut sellers) = (Vec::new(), Vec::new());
        for key in &floor.buyers {
            buyers.push(view.nonce(&key.signer()).await?);
        }
        for key in &floor.sellers {
            sellers.push(view.nonce(&key.signer()).await?);
        }
        let order = view.next_order().await?;
        Ok(Self { chain, floor, birth: view.block(), buyers, sellers, order })
    }

    /// Signs whole trades, with about so many transactions, until there are `trades` of them.
    fn sign(&mut self, transactions: usize, trades: u64) -> Result<Vec<String>, ChainError> {
        let mut signed = Vec::with_capacity(transactions + 3);
        while signed.len() < transactions && self.order < trades {
            let number = usize::try_from(self.order).expect("a machine counts that far");
            let buyer = number % self.floor.buyers.len();
            // Offers go by another step than buyers, so that every buyer comes to every offer.
            let offer = (number / self.floor.buyers.len() + number) % self.floor.offers.len();
            let offered = &self.floor.offers[offer];
            let order_nonce = label::hash(label::ACCOUNT_SECRET, &[b"past", &self.order.to_le_bytes()]);
            let (call, secret) = self.floor.order(buyer, offer, order_nonce);
            let key = secret.order_key();
            let delivery = deliver(&self.floor.genesis, self.order, &key, &offered.key, &mut OsRng);
            let delivery = delivery.expect("the order's key is a point; qed");
            signed.push(self.by_buyer(buyer, &call)?);
            signed.push(self.by_seller(offered.seller, &Call::deliver(self.order, delivery))?);
            signed.push(self.by_buyer(buyer, &Call::accept(self.order, 0))?);
            self.order += 1;
        }
        Ok(signed)
    }

    fn by_buyer(&mut self, buyer: usize, call: &Call) -> Result<String, ChainError> {
        let place = Place { nonce: self.buyers[buyer], birth: self.birth, life: LIFE };
        self.buyers[buyer] += 1;
        Ok(hexadecimal(&self.chain.sign_ahead(&self.floor.buyers[buyer], call, place)?.0))
    }

    fn by_seller(&mut self, seller: usize, call: &Call) -> Result<String, ChainError> {
        let place = Place { nonce: self.sellers[seller], birth: self.birth, life: LIFE };
        self.sellers[seller] += 1;
        Ok(hexadecimal(&self.chain.sign_ahead(&self.floor.sellers[seller], call, place)?.0))
    }
}

/// A block that the node made.
struct Made {
    block: BlockRef,
    /// How many of the offered transactions it has.
    taken: usize,
}

async fn author(address: &str, transactions: &[String]) -> Made {
    let answer = rpc::call(address, "wonbon_authorBlock", json!([transactions])).await;
    Made::of(&answer).unwrap_or_else(|| panic!("a block that is made has a number and a hash: {answer}"))
}

impl Made {
    fn of(answer: &Value) -> Option<Self> {
        let hash = hex::decode(answer["hash"].as_str()?.strip_prefix("0x")?).ok()?.try_into().ok()?;
        let height = u32::try_from(answer["number"].as_u64()?).ok()?;
        Some(Self {
            block: BlockRef { height, hash },
            taken: usize::try_from(answer["taken"].as_u64()?).ok()?,
        })
    }
}

/// How far it is, on the terminal.
struct Progress {
    begun: Instant,
    first: u64,
    all: u64,
    shown: Option<Instant>,
}

impl Progress {
    fn new(first: u64, all: u64) -> Self {
        Self { begun: Instant::now(), first, all, shown: None }
    }

    /// Shows it, every second at a terminal and every half minute in a log.
    fn show(&mut self, done: u64) {
        let terminal = std::io::stderr().is_terminal();
        let interval = Duration::from_secs(if terminal { 1 } else { 30 });
        if self.shown.is_some_and(|shown| shown.elapsed() < interval) {
            return;
        }
        self.shown = Some(Instant::now());
        let pace = done.saturating_sub(self.first) as f64 / self.begun.elapsed().as_secs_f64();
        let left = self.all.saturating_sub(done) as f64 / pace.max(0.001) / 60.0;
        let line = format!(
            "{} {done} of {} trades, {pace:.0} a second, {left:.0} min left",
            self.bar(done),
            self.all
        );
        // A progress bar that cannot be shown stops nothing.
        let _ = if terminal {
            write!(std::io::stderr(), "\r{line}  ")
        } else {
            writeln!(std::io::stderr(), "{line}")
        };
    }

    fn bar(&self, done: u64) -> String {
        const WIDTH: u64 = 24;
        let filled = (WIDTH * done / self.all.max(1)).min(WIDTH);
        (0..WIDTH).map(|place| if place < filled { '█' } else { '·' }).collect()
    }

    fn end(&mut self) {
        self.shown = None;
        self.show(self.all);
        let _ = writeln!(std::io::stderr());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_full_as_the_work_is_done() {
        let progress = Progress::new(0, 100);
        assert_eq!(progress.bar(50).chars().filter(|part| *part == '█').count(), 12);
        assert_eq!(progress.bar(0).chars().filter(|part| *part == '█').count(), 0);
        assert_eq!(progress.bar(1_000).chars().count(), 24);
    }

    #[test]
    fn the_answer_of_the_node_is_read() {
        let hash = format!("0x{}", "07".repeat(32));
        let made = Made::of(&json!({ "number": 12, "hash": hash, "taken": 3 })).unwrap();
        assert_eq!((made.block, made.taken), (BlockRef { height: 12, hash: [7; 32] }, 3));
        assert!(Made::of(&json!({ "number": 12 })).is_none());
    }
}
