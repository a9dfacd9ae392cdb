//! Deliveries against a market in memory.

use super::*;
use crate::exchange::fake::{self, FakeMarket, HurriedClock, MemoryHome};
use crate::keys::Membership;
use crate::ports::Home;

fn deliverer<'a>(
    home: &'a MemoryHome,
    market: &'a FakeMarket,
    store: &'a SealingStore<'a>,
    signer: &'a Keypair,
    events: &fake::Events,
) -> Deliverer<'a> {
    let (seller, observer) = (fake::seller().account(), events.observer());
    let shown = home.deliveries();
    Deliverer { market, store, shown, signer, seller, clock: &HurriedClock, observer }
}

#[tokio::test]
async fn an_order_is_delivered_once_and_its_buyer_can_unwrap_the_key() {
    let home = MemoryHome::default();
    let (market, events) = (FakeMarket::new(), fake::Events::default());
    let (key, store) = fake::sealing(&home).await;
    let order = market.place(&key, 100);
    let seller = fake::seller();
    deliverer(&home, &market, &store, &seller, &events).run_once().await.unwrap();
    deliverer(&home, &market, &store, &seller, &events).run_once().await.unwrap();
    assert_eq!(market.submitted(), ["Marketplace.deliver"]);
    assert_eq!(events.count(|event| *event == Event::Delivered { order }), 1);
    assert!(market.unwrapped(order) == key);
}

#[tokio::test]
async fn what_is_due_goes_out_in_one_request() {
    let home = MemoryHome::default();
    let (market, events) = (FakeMarket::new(), fake::Events::default());
    let (key, store) = fake::sealing(&home).await;
    let orders: Vec<_> = (0..70).map(|_| market.place(&key, 1000)).collect();
    deliverer(&home, &market, &store, &fake::seller(), &events).run_once().await.unwrap();
    assert_eq!(market.batches(), [64, 6]);
    assert_eq!(market.submitted(), vec!["Marketplace.deliver"; 70], "each bare");
    for order in orders {
        assert!(market.unwrapped(order) == key);
    }
}

/// A member who is removed and taken on again while they deliver is another membership: no order is forgotten for it.
#[tokio::test]
async fn a_member_who_was_taken_on_again_goes_on() {
    let home = MemoryHome::default();
    let (market, events) = (FakeMarket::new(), fake::Events::default());
    let (key, store) = fake::sealing(&home).await;
    let order = market.place(&key, 1000);
    let membership = |generation| Membership { company: fake::seller().account(), generation };
    let member = Keypair::from_secret(&[78; 32]).acting_by(membership(1));
    market.permit_membership(membership(2));
    deliverer(&home, &market, &store, &member, &events).run_once().await.unwrap();
    assert_eq!(market.submitted(), ["Marketplace.deliver"]);
    assert_eq!(events.count(|event| matches!(event, Event::DeliveryFailed { .. })), 1);
    assert!(market.unwrapped(order) == key);
}

#[tokio::test]
async fn nothing_is_delivered_when_too_few_blocks_are_left() {
    let home = MemoryHome::default();
    let (market, events) = (FakeMarket::new(), fake::Events::default());
    let (key, store) = fake::sealing(&home).await;
    let order = market.place(&key, 33);
    let needed = blocks_needed(1);
    assert_eq!(needed, 34);
    deliverer(&home, &market, &store, &fake::seller(), &events).run_once().await.unwrap();
    assert!(market.submitted().is_empty());
    let reason = NotDelivered::TooLate { left: 33, needed };
    assert_eq!(events.count(|event| *event == Event::NotDelivered { order, reason: reason.clone() }), 1);
}

#[tokio::test]
async fn delivery_waits_for_finality_and_says_so() {
    let home = MemoryHome::default();
    let (market, events) = (FakeMarket::new(), fake::Events::default());
    let (key, store) = fake::sealing(&home).await;
    market.place(&key, 1000);
    market.stall(20);
    let seller = fake::seller();
    let deliverer = deliverer(&home, &market, &store, &seller, &events);
    let mut state = State::default();
    deliverer.follow(&mut state).await.unwrap();
    deliverer.deliver_due(&mut state).await.unwrap();
    assert!(market.submitted().is_empty());
    assert_eq!(events.count(|event| matches!(event, Event::FinalityBehind { .. })), 1);
    market.recover();
    deliverer.deliver_due(&mut state).await.unwrap();
    assert_eq!(market.submitted(), ["Marketplace.deliver"]);
    assert_eq!(events.count(|event| *event == Event::FinalityBack), 1);
}

#[tokio::test]
async fn a_missing_key_is_said_once_and_delivered_when_it_is_there() {
    let (home, other) = (MemoryHome::default(), MemoryHome::default());
    let (market, events) = (FakeMarket::new(), fake::Events::default());
    let (key, _elsewhere) = fake::sealing(&other).await;
    let store = SealingStore::new(&home, &fake::seller());
    let order = market.place(&key, 1000);
    let seller = fake::seller();
    let deliverer = deliverer(&home, &market, &store, &seller, &events);
    let mut state = State::default();
    deliverer.follow(&mut state).await.unwrap();
    deliverer.deliver_due(&mut state).await.unwrap();
    let said = Event::NotDelivered { order, reason: NotDelivered::NoKey };
    assert_eq!(events.count(|event| *event == said), 1);
    fake::sealing_of(&home, &key).await;
    deliverer.deliver_due(&mut state).await.unwrap();
    assert!(market.unwrapped(order) == key);
}

#[tokio::test]
async fn a_delivery_whose_block_was_given_up_is_made_again() {
    let home = MemoryHome::default();
    let (market, events) = (FakeMarket::new(), fake::Events::default());
    let (key, store) = fake::sealing(&home).await;
    let order = market.place(&key, 1000);
    let seller = fake::seller();
    let deliverer = deliverer(&home, &market, &store, &seller, &events);
    let mut state = State::default();
    deliverer.follow(&mut state).await.unwrap();
    market.undo_delivery(order);
    deliverer.deliver_due(&mut state).await.unwrap();
    deliverer.deliver_due(&mut state).await.unwrap();
    assert_eq!(market.submitted(), ["Marketplace.deliver", "Marketplace.deliver"]);
    assert_eq!(events.count(|event| *event == Event::Delivered { order }), 1);
}

#[tokio::test]
async fn an_unexpected_failure_is_said_and_delivering_goes_on() {
    let home = MemoryHome::default();
    let (market, events) = (FakeMarket::new(), fake::Events::default());
    let (key, store) = fake::sealing(&home).await;
    let order = market.place(&key, 1000);
    market.fail_once(ChainError::OtherRuntime(vec!["new".to_owned()]));
    let seller = fake::seller();
    let deliverer = deliverer(&home, &market, &store, &seller, &events);
    let _ = tokio::time::timeout(Duration::from_millis(500), deliverer.run()).await;
    assert_eq!(events.count(|event| matches!(event, Event::DeliveringFailed { .. })), 1);
    assert_eq!(events.count(|event| *event == Event::Delivered { order }), 1);

    market.fail_once(ChainError::OtherChain { expected: [0; 32], found: [1; 32] });
    assert!(deliverer.run().await.unwrap_err().is_connection());
}

#[tokio::test]
async fn a_chain_that_begins_anew_is_read_anew() {
    for (before, after) in [(10, 3), (10, 400)] {
        let home = MemoryHome::default();
        let (market, events) = (FakeMarket::new(), fake::Events::default());
        let (key, store) = fake::sealing(&home).await;
        let seller = fake::seller();
        let deliverer = deliverer(&home, &market, &store, &seller, &events);
        let mut state = State::default();
        market.begin_anew(before);
        // It waits for a key that it does not have.
        let elsewhere = MemoryHome::default();
        let (other, _) = fake::sealing(&elsewhere).await;
        market.place(&other, 1000);
        deliverer.follow(&mut state).await.unwrap();
        assert!(market.submitted().is_empty());

        // An order of the same number, and no word of it in the blocks that are still to come.
        market.begin_anew(after);
        let order = market.place(&key, 1000);
        deliverer.follow(&mut state).await.unwrap();
        assert!(market.unwrapped(order) == key);
        assert_eq!(events.count(|event| matches!(event, Event::Watching { .. })), 2);
    }
}

#[tokio::test]
async fn an_order_that_the_node_leaves_out_is_found_by_its_number() {
    let home = MemoryHome::default();
    let (market, events) = (FakeMarket::new(), fake::Events::default());
    let (key, store) = fake::sealing(&home).await;
    let order = market.place(&key, 100);
    market.withhold_orders();
    let seller = fake::seller();
    deliverer(&home, &market, &store, &seller, &events).run_once().await.unwrap();
    assert!(market.unwrapped(order) == key);
    assert_eq!(events.count(|event| matches!(event, Event::OrdersWithheld { .. })), 0);
}

#[tokio::test]
async fn an_order_that_is_counted_and_cannot_be_found_is_said_once() {
    let home = MemoryHome::default();
    let (market, events) = (FakeMarket::new(), fake::Events::default());
    let (key, store) = fake::sealing(&home).await;
    let order = market.place(&key, 100);
    market.count_one_more();
    let seller = fake::seller();
    let deliverer = deliverer(&home, &market, &store, &seller, &events);
    let mut state = State::default();
    for _ in 0..3 {
        deliverer.follow(&mut state).await.unwrap();
    }
    assert_eq!(events.count(|event| *event == Event::OrdersWithheld { offer: 7, orders: 1 }), 1);
    assert!(market.unwrapped(order) == key, "the others are delivered");
}

#[tokio::test]
async fn an_announced_upgrade_is_said_once_with_the_orders_that_it_may_find() {
    let home = MemoryHome::default();
    let (market, events) = (FakeMarket::new(), fake::Events::default());
    let (key, store) = fake::sealing(&home).await;
    let order = market.place(&key, 100);
    market.announce_upgrade(Some(5));
    let seller = fake::seller();
    let deliverer = deliverer(&home, &market, &store, &seller, &events);
    let mut state = State::default();
    for _ in 0..3 {
        deliverer.follow(&mut state).await.unwrap();
    }
    let told = |orders: &[OrderId]| {
        events
            .count(|event| matches!(event, Event::UpgradeAnnounced { orders: named, .. } if named == orders))
    };
    assert_eq!(told(&[order]), 1);
    assert_eq!(events.count(|event| matches!(event, Event::UpgradeAnnounced { .. })), 1);
    // It is delivered all the same: that is what ends it before.
    assert!(market.unwrapped(order) == key);
}

#[tokio::test]
async fn a_key_that_was_shown_is_sent_again_although_few_blocks_are_left() {
    let home = MemoryHome::default();
    let (market, events) = (FakeMarket::new(), fake::Events::default());
    let (key, store) = fake::sealing(&home).await;
    let order = market.place(&key, 50);
    let seller = fake::seller();
    deliverer(&home, &market, &store, &seller, &events).run_once().await.unwrap();
    market.undo_delivery(order);
    let name = format!("{}-{order}", to_hex(&market.genesis()));
    home.deliveries().create(&name, b"{}").await.unwrap();
    market.grow(40);
    // Another process, which knows from the home that the key is out.
    deliverer(&home, &market, &store, &seller, &events).run_once().await.unwrap();
    assert_eq!(market.submitted(), ["Marketplace.deliver", "Marketplace.deliver"]);
    assert_eq!(home.deliveries().names().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_delivery_that_is_in_no_block_after_two_is_sent_again_under_its_number() {
    let home = MemoryHome::default();
    let (market, events) = (FakeMarket::new(), fake::Events::default());
    let (key, store) = fake::sealing(&home).await;
    let order = market.place(&key, 1000);
    market.lose_next();
    let seller = fake::seller();
    let deliverer = deliverer(&home, &market, &store, &seller, &events);
    let mut state = State::default();
    deliverer.follow(&mut state).await.unwrap();
    market.grow(1);
    deliverer.deliver_due(&mut state).await.unwrap();
    assert_eq!((market.sent_again(), market.submitted()), (0, vec![]), "it can still come");
    market.grow(1);
    deliverer.deliver_due(&mut state).await.unwrap();
    assert_eq!(market.sent_again(), 1);
    assert_eq!(market.nonce(&seller.account()).await, Ok(1), "one number was used");
    assert_eq!(market.submitted(), ["Marketplace.deliver"]);
    assert!(market.unwrapped(order) == key);
}

#[tokio::test]
async fn a_delivery_that_is_stuck_delays_no_other() {
    let home = MemoryHome::default();
    let (market, events) = (FakeMarket::new(), fake::Events::default());
    let (key, store) = fake::sealing(&home).await;
    let orders = [(); 3].map(|()| market.place(&key, 1000));
    market.lose_next();
    let seller = fake::seller();
    let deliverer = deliverer(&home, &market, &store, &seller, &events);
    let mut state = State::default();
    deliverer.follow(&mut state).await.unwrap();
    // An order that comes meanwhile waits for none of them.
    let later = market.place(&key, 1000);
    state.add(market.orders(Head::Finalized).await.unwrap());
    market.grow(2);
    deliverer.deliver_due(&mut state).await.unwrap();
    assert_eq!(market.batches(), [3, 1]);
    assert_eq!(market.submitted().len(), 4);
    for order in orders.into_iter().chain([later]) {
        assert!(market.unwrapped(order) == key);
    }
}
