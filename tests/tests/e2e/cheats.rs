//! Sellers who cheat: the buyer's command finds out, disputes, and has the money back; the seller loses.

use std::fs;

use rand_core::RngCore;
use wonbon_client::chain::{Call, Chain, Until};
use wonbon_model::{OfferId, OfferState, Order, OrderId, OrderState, Outcome, Trade};
use wonbon_primitives::{delivery::deliver, seal::ContentKey, OsRng};
use wonbon_tests::{
    cli::code,
    data::write_csv,
    http::Http,
    listing::{self, Conditions},
    market::{Company, Market},
    package::Package,
    wait::{within, TRADE},
};

/// Blocks that nobody runs out of in a test.
const LONG: u32 = 1_000;

pub(crate) async fn who_seal_one_block_wrongly_lose_the_dispute() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let mut data = vec![0; 40_000];
    OsRng.fill_bytes(&mut data);
    let package = Package::with_bad_block(&data, 6);
    let http = Http::signed_in(&market.service.url(), &chain.genesis(), &seller.key).await;
    http.upload(&package).await;
    let texts = http.put_texts("Data with one wrong block", data.len() as u64).await;
    let conditions = Conditions {
        delivery_window: Some(LONG),
        dispute_window: Some(LONG),
        texts,
        ..Conditions::default()
    };
    let listing = listing::list_sealing(&chain, &seller.key, &package.sealing, conditions).await.unwrap();

    let before = chain.finalized().await.unwrap().balance(&buyer.account()).await.unwrap();
    let bond = chain.best().await.unwrap().offer(listing.offer).await.unwrap().unwrap().bond;
    let target = buyer.path("bought.bin");
    let buying = buyer.start_buying(listing.offer, &target);
    let (order, record) = finalized_order(&chain, &buyer).await;
    let delivery =
        deliver(&chain.genesis(), order, &record.order_key, &package.sealing.key, &mut OsRng).unwrap();
    chain.submit(&seller.key, &Call::deliver(order, delivery), Until::Finalized).await.unwrap();

    buying.answer(TRADE).await.failed(code::REFUNDED);
    assert!(!target.exists(), "no file with a wrong block is left");
    assert_eq!(trade(&chain, order).await.outcome, Outcome::BadBlock(6));
    let view = chain.finalized().await.unwrap();
    let offer = view.offer(listing.offer).await.unwrap().unwrap();
    assert_eq!(offer.state, OfferState::Faulted);
    assert_eq!(offer.bond, 0, "the whole bond of {bond} is lost");
    let after = view.balance(&buyer.account()).await.unwrap();
    assert_eq!(after.held, before.held);
    assert!(after.free + 1_000 > before.free, "{before:?} became {after:?}");
    cannot_order(market, listing.offer).await;
}

pub(crate) async fn who_deliver_a_wrong_key_lose_the_dispute() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let file = seller.path("rows.csv");
    write_csv(&file, 8, 1_000);
    let published = seller.publish(&file, 1_000_000).await;

    let before = chain.finalized().await.unwrap().balance(&buyer.account()).await.unwrap();
    let bond = chain.best().await.unwrap().offer(published.offer).await.unwrap().unwrap().bond;
    let target = buyer.path("bought.csv");
    let buying = buyer.start_buying(published.offer, &target);
    let (order, record) = finalized_order(&chain, &buyer).await;
    let wrong = ContentKey::generate(&mut OsRng);
    let delivery = deliver(&chain.genesis(), order, &record.order_key, &wrong, &mut OsRng).unwrap();
    chain.submit(&seller.key, &Call::deliver(order, delivery), Until::Finalized).await.unwrap();

    buying.answer(TRADE).await.failed(code::REFUNDED);
    assert!(!target.exists(), "no file that was opened with a wrong key is left");
    assert_eq!(trade(&chain, order).await.outcome, Outcome::WrongKey);
    let view = chain.finalized().await.unwrap();
    let offer = view.offer(published.offer).await.unwrap().unwrap();
    assert_eq!(offer.state, OfferState::Open, "a wrong key says nothing about the sealing");
    assert_eq!(bond - offer.bond, record.terms.bond, "this order's part of the bond is lost");
    let after = view.balance(&buyer.account()).await.unwrap();
    assert_eq!(after.held, before.held);
    assert!(after.free + 1_000 > before.free, "{before:?} became {after:?}");
}

/// The buyer's order, once it is in a finalized block.
pub(crate) async fn finalized_order(chain: &Chain, buyer: &Company) -> (OrderId, Order) {
    let start = chain.finalized_block().await.unwrap().height;
    let search = async {
        let mut blocks = chain.finalized_blocks(start);
        loop {
            let view = chain.at(blocks.next().await.unwrap()).await.unwrap();
            let orders = view.orders().await.unwrap();
            let found = orders.into_iter().find(|(_, order)| order.buyer == buyer.account());
            if let Some((order, record)) = found {
                assert_eq!(record.state, OrderState::Placed);
                return (order, record);
            }
        }
    };
    within(TRADE, "the buyer's order, finalized", search).await
}

async fn trade(chain: &Chain, order: OrderId) -> Trade {
    let trade = chain.finalized().await.unwrap().trade_of(order).await.unwrap();
    trade.expect("a finished order is a trade").record
}

async fn cannot_order(market: &Market, offer: OfferId) {
    let other = market.company("other");
    let target = other.path("bought.bin");
    other.buy(offer, &target).await.failed_as(code::REFUSED, "OfferNotOpen");
    assert!(fs::metadata(target).is_err());
}
