//! One undisputed trade of a dataset already offered, with the command on both sides.

use std::time::{Duration, Instant};

use wonbon_client::chain::{ChainEvent, MarketplaceEvent};

use super::{
    report::{median, Figure, Target},
    say, Stage, TURNS,
};
use crate::{
    data::write_csv,
    rpc,
    wait::{within, TRADE},
};

/// Publishes a small file, then buys it several times. Returns the number of extrinsics and the duration.
pub async fn measure(stage: &Stage) -> (Figure, Figure) {
    say("Publishing a dataset, and starting the seller's wonbon deliver");
    let file = stage.seller.path("rows.csv");
    write_csv(&file, 1, 1_000);
    let offer = stage.seller.publish(&file, 1_000_000).await.offer;
    let _deliver = stage.seller.deliver().await;

    let (mut counts, mut durations) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        let (count, duration) = buy(stage, offer, turn).await;
        say(&format!("  {count} extrinsics, {duration:.1} s from order to final trade"));
        counts.push(count as f64);
        durations.push(duration);
    }
    let extrinsics = Figure {
        name: "extrinsics in an undisputed trade",
        value: median(counts),
        unit: "extrinsics",
        target: Target::Exactly(3.0),
        detail: "all signed extrinsics from the block of the order to that of the final trade".to_owned(),
    };
    let duration = Figure {
        name: "order placed to trade finalized, development chain",
        value: median(durations),
        unit: "s",
        target: Target::Below(20.0),
        detail: "from the order's submission to the finalized block with the final trade".to_owned(),
    };
    (extrinsics, duration)
}

/// Buys, and says how many extrinsics that took and how many seconds.
async fn buy(stage: &Stage, offer: u64, turn: usize) -> (usize, f64) {
    let chain = &stage.chain;
    let start = chain.finalized_block().await.expect("the chain answers").height.saturating_add(1);
    let target = stage.buyer.path(&format!("bought-{turn}.csv"));
    let buying = stage.buyer.start_buying(offer, &target);
    let placed = buying
        .process()
        .line("an order", TRADE, |line| line.contains("is the one that was offered").then(Instant::now))
        .await;
    let follow = async {
        let mut blocks = chain.finalized_blocks(start);
        let mut first = None;
        loop {
            let block = blocks.next().await.expect("the chain answers");
            for event in chain.block_changes(block).await.expect("the chain answers").events {
                match event {
                    ChainEvent::Marketplace(MarketplaceEvent::OrderPlaced { .. }) => {
                        first = Some(block.height)
                    }
                    ChainEvent::Marketplace(MarketplaceEvent::TradeFinal { .. }) => {
                        return (first.expect("an order comes before its trade"), block.height);
                    }
                    _ => {}
                }
            }
        }
    };
    let (first, last) = within(TRADE, "the final trade, finalized", follow).await;
    let seconds = placed.elapsed().as_secs_f64();
    buying.answer(Duration::from_secs(60)).await.ok();
    let mut count = 0;
    for height in first..=last {
        let extrinsics = rpc::extrinsics(&stage.market.node.address(), height).await;
        count += extrinsics.iter().filter(|extrinsic| extrinsic.is_signed()).count();
    }
    (count, seconds)
}
