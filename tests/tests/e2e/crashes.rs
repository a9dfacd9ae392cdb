//! `kill -9` in the middle of everything: what was begun is finished after a restart, once.

use std::{fs, path::Path, time::Duration};

use wonbon_client::chain::Chain;
use wonbon_model::Outcome;
use wonbon_primitives::id::to_hex;
use wonbon_tests::{
    cli::code,
    data::write_bytes,
    gate::Gate,
    http::Http,
    market::{Company, Market, Published},
    wait::{within, TRADE},
};

const MIB: u64 = 1 << 20;

/// The service, in the middle of an upload and of a download.
pub(crate) async fn of_the_service_lose_nothing() {
    let mut market = Market::start(2, &[]).await;
    let gate = Gate::open(market.service.address()).await;
    let (mut seller, mut buyer) = (market.company("seller"), market.company("buyer"));
    for company in [&mut seller, &mut buyer] {
        company.cli = company.cli.clone().with("--service", format!("http://{}", gate.address()));
    }
    let file = seller.path("data.bin");
    write_bytes(&file, 5, 48 * MIB);

    gate.to_server().hold_after(40 * MIB);
    let publishing = seller.start_publishing(&file, 1_000_000);
    gate.to_server().holds().await;
    let durable = durable_bytes(&market, &seller).await;
    market.service.kill();
    let sent_before = gate.to_server().passed();
    gate.to_server().release();
    market.service.restart().await;
    let published = Published::of(&publishing.answer(TRADE).await.ok());
    let sent_after = gate.to_server().passed() - sent_before;
    let rest = 48 * MIB + 48 * MIB / 128 - durable;
    // What is sent besides are requests and documents.
    assert!((rest..rest + MIB).contains(&sent_after), "{sent_after} bytes were sent, {rest} were missing");

    let deliver = seller.deliver().await;
    gate.to_client().hold_after(20 * MIB);
    let target = buyer.path("bought.bin");
    let buying = buyer.start_buying(published.offer, &target);
    gate.to_client().holds().await;
    market.service.kill();
    gate.to_client().release();
    market.service.restart().await;
    let chain = market.chain().await;
    is_ordered(&chain, &buyer).await;
    market.service.kill();
    // Who has the package needs the service no more.
    buying.answer(TRADE).await.ok();
    assert_same(&target, &file);
    market.service.restart().await;
    assert_one_trade(&chain, &published).await;
    market.service.has_applied(chain.finalized_block().await.unwrap().height).await;
    drop(deliver);
}

/// The node, in the middle of a registration, an upload, an order and a delivery.
pub(crate) async fn of_the_node_lose_nothing() {
    let mut market = Market::start(2, &[]).await;
    let chain = market.chain().await;
    let gate = Gate::open(market.service.address()).await;
    let (mut seller, buyer) = (market.company("seller"), market.company("buyer"));
    seller.cli = seller.cli.clone().with("--service", format!("http://{}", gate.address()));
    let file = seller.path("data.bin");
    write_bytes(&file, 6, 2 * MIB);
    gate.to_server().hold_after(MIB);
    let publishing = seller.start_publishing(&file, 1_000_000);
    let said = |word: &'static str| move |line: &str| line.contains(word).then_some(());
    publishing.process().line("an announcement", TRADE, said("nnounced")).await;
    market.node.kill();
    market.node.restart(&[]).await;
    gate.to_server().holds().await;
    market.node.kill();
    gate.to_server().release();
    market.node.restart(&[]).await;
    let published = Published::of(&publishing.answer(TRADE).await.ok());

    let deliver = seller.deliver().await;
    let target = buyer.path("bought.bin");
    let buying = buyer.start_buying(published.offer, &target);
    is_ordered(&chain, &buyer).await;
    market.node.kill();
    market.node.restart(&[]).await;
    deliver.tells("order_seen", TRADE).await;
    market.node.kill();
    market.node.restart(&[]).await;
    buying.answer(TRADE).await.ok();
    assert_same(&target, &file);
    assert_one_trade(&chain, &published).await;
    assert!(deliver.process().is_running(), "the seller's side goes on");
    market.service.has_applied(chain.finalized_block().await.unwrap().height).await;
}

/// The chain itself, which begins anew under the same genesis: service and seller go on with the new one.
pub(crate) async fn of_the_whole_chain_are_noticed() {
    let mut market = Market::start(1, &[]).await;
    let seller = market.company("seller");
    let deliver = seller.deliver().await;
    let before = market.chain().await.finalized_block().await.unwrap();
    market.service.has_applied(before.height).await;
    let told = deliver.process().lines_so_far();

    market.node.kill();
    market.node.restart_anew().await;
    let chain = market.chain().await;
    deliver.tells_after(told, "watching", TRADE).await;
    let http = Http::new(&market.service.url());
    let rebuilt = async {
        let mut pause = tokio::time::interval(Duration::from_millis(100));
        loop {
            let health = http.get("/health").await.json();
            let applied = health["applied"].as_u64().and_then(|applied| u32::try_from(applied).ok());
            if let (Some(applied), "ok") = (applied, health["status"].as_str().unwrap()) {
                let block = chain.block_at(applied).await.unwrap();
                if block.is_some_and(|block| health["applied_hash"] == to_hex(&block.hash)) {
                    return;
                }
            }
            pause.tick().await;
        }
    };
    within(TRADE, "the new chain in the service", rebuilt).await;
    // The company is unknown to it.
    seller.cli.run(["company", "show"]).await.failed(code::REFUSED);
}

/// The command itself, on both sides; the same command goes on where it was.
pub(crate) async fn of_the_command_lose_nothing() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let gate = Gate::open(market.service.address()).await;
    let (mut seller, buyer) = (market.company("seller"), market.company("buyer"));
    seller.cli = seller.cli.clone().with("--service", format!("http://{}", gate.address()));
    let file = seller.path("data.bin");
    write_bytes(&file, 7, 8 * MIB);

    gate.to_server().hold_after(4 * MIB);
    let publishing = seller.start_publishing(&file, 1_000_000);
    gate.to_server().holds().await;
    publishing.kill();
    gate.to_server().release();
    let published = seller.publish(&file, 1_000_000).await;
    let offers = chain.best().await.unwrap().offers().await.unwrap();
    let own = offers.iter().filter(|(_, offer)| offer.seller == seller.account()).count();
    assert_eq!(own, 1, "one offer, whatever was killed");

    let target = buyer.path("bought.bin");
    let buying = buyer.start_buying(published.offer, &target);
    is_ordered(&chain, &buyer).await;
    buying.kill();
    let deliver = seller.deliver().await;
    deliver.kill();
    let buying = buyer.start_buying(published.offer, &target);
    let deliver = seller.deliver().await;
    buying.answer(TRADE).await.ok();
    assert_same(&target, &file);
    assert_one_trade(&chain, &published).await;
    drop(deliver);
}

/// How far the only upload is on the service's disk, once that is more than half of the 48 MiB.
async fn durable_bytes(market: &Market, seller: &Company) -> u64 {
    let genesis = market.chain().await.genesis();
    let http = Http::signed_in(&market.service.url(), &genesis, &seller.key).await;
    let files = fs::read_dir(market.service.data().join("uploads")).unwrap();
    let mut plans =
        files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "plan"));
    let plan = plans.next().expect("an upload was begun");
    let upload = format!("/v1/uploads/{}", plan.file_stem().unwrap().to_str().unwrap());
    let synced = async {
        // The service syncs beside receiving, and tells how far it is when asked.
        let mut pause = tokio::time::interval(Duration::from_millis(50));
        loop {
            let state = http.upload_state(&upload).await;
            let offset: u64 = state.header("upload-offset").parse().unwrap();
            if offset > 24 * MIB {
                return offset;
            }
            pause.tick().await;
        }
    };
    within(TRADE, "a sync of the upload", synced).await
}

/// Returns when the buyer has an order in the best block.
async fn is_ordered(chain: &Chain, buyer: &Company) {
    let ordered = async {
        // The best block is not subscribed to by anything here; it changes every two seconds.
        let mut pause = tokio::time::interval(Duration::from_millis(50));
        loop {
            let orders = chain.best().await.unwrap().orders().await.unwrap();
            if orders.iter().any(|(_, order)| order.buyer == buyer.account()) {
                return;
            }
            pause.tick().await;
        }
    };
    within(TRADE, "an order in the best block", ordered).await;
}

async fn assert_one_trade(chain: &Chain, published: &Published) {
    let view = chain.finalized().await.unwrap();
    let trades = view.trades(&published.dataset.parse().unwrap()).await.unwrap();
    let outcomes: Vec<Outcome> = trades.iter().map(|trade| trade.record.outcome).collect();
    assert_eq!(outcomes, [Outcome::Accepted]);
    let open = view.orders().await.unwrap();
    assert!(open.iter().all(|(_, order)| order.offer != published.offer), "no order is left open");
}

fn assert_same(bought: &Path, sold: &Path) {
    assert!(fs::read(bought).unwrap() == fs::read(sold).unwrap(), "the buyer's file is not the seller's");
}
