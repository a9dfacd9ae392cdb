//! A buyer's way through honest and dishonest trades, against a market and a service in memory.

use super::preflight::PurchaseState;
use super::*;
use crate::chain::Until;
use crate::company::fake::{FakeChain, FakeStore, Person};
use crate::company::KeyringError;
use crate::exchange::fake::{self, Events, FakeMarket, FakeService, MemoryHome};
use crate::exchange::Event;
use crate::home::FileHome;
use crate::keys::Membership;
use crate::ports::{no_progress, Blob};
use std::path::Path;
use wonbon_model::{MemberRole, Outcome};
use wonbon_package::Sealed;
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::OsRng;

/// Over files: what is left on the disk matters here.
struct Case {
    folder: tempfile::TempDir,
    home: FileHome,
    market: FakeMarket,
    service: FakeService,
    events: Events,
    key: ContentKey,
    plain: Vec<u8>,
    buyer: Keypair,
}

impl Case {
    /// A file of three blocks, sealed; `spoil` may change a plaintext before it is sealed, unknown to the tree.
    async fn new(window: u32, spoil: impl Fn(&mut Vec<u8>)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = FileHome::new(folder.path());
        let plain: Vec<u8> = (0..10_000_u32).flat_map(|at| (at % 251).to_le_bytes()).take(10_000).collect();
        let key = ContentKey::generate(&mut OsRng);
        let seal = |bytes: Vec<u8>| {
            let key = key.clone();
            async move {
                let (scratch, package) = (MemoryHome::default(), Blob::Sealed("a".to_owned()));
                scratch.write("plain", &bytes);
                let sealed = scratch.source("plain").seal(&package, &key, no_progress()).await.unwrap();
                (scratch.blob(&package).unwrap(), sealed)
            }
        };
        let (true_package, true_sealed) = seal(plain.clone()).await;
        let mut spoilt = plain.clone();
        spoil(&mut spoilt);
        let (package, sealed) = seal(spoilt).await;
        // The seller commits to the true dataset and its true leaf list, with the spoilt payload.
        let package = [&package[..10_000], &true_package[10_000..]].concat();
        let market = FakeMarket::new();
        market.offer_sealing(&Sealed { plain: true_sealed.plain, ..sealed }, window);
        let service = FakeService { package, ..FakeService::default() };
        Self { folder, home, market, service, events: Events::default(), key, plain, buyer: fake::buyer() }
    }

    fn buyer(&self) -> Buyer<'_> {
        Buyer {
            market: &self.market,
            service: &self.service,
            key: &self.buyer,
            company: None,
            home: &self.home,
            observer: self.events.observer(),
        }
    }

    fn output(&self) -> String {
        self.folder.path().join("bought.csv").to_str().unwrap().to_owned()
    }

    /// Buys while the seller delivers this key.
    async fn buy(&self, delivered: Option<&ContentKey>) -> Result<PurchaseEnd, ExchangeError> {
        let buyer = self.buyer();
        let quote = buyer.quote(7).await?;
        let (output, lock) = (self.output(), buyer.lock(7).await?);
        tokio::select! {
            end = buyer.buy(&lock, &quote, &output) => end,
            () = self.deliver(delivered) => unreachable!("delivers for ever"),
        }
    }

    async fn deliver(&self, key: Option<&ContentKey>) {
        let mut done = false;
        loop {
            if let (false, Some(key), [order]) = (done, key, self.market.open_orders().as_slice()) {
                self.market.deliver(*order, key);
                done = true;
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }

    fn leftovers(&self) -> usize {
        ["purchases", "packages"]
            .iter()
            .filter_map(|folder| std::fs::read_dir(self.folder.path().join(folder)).ok())
            .flatten()
            .filter(|entry| !entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".lock-"))
            .count()
    }
}

#[tokio::test]
async fn an_honest_trade_ends_with_the_file_and_two_calls_of_the_buyer() {
    let case = Case::new(100, |_| {}).await;
    let end = case.buy(Some(&case.key)).await.unwrap();
    let outcome = Outcome::Accepted;
    assert_eq!(end, PurchaseEnd::Bought { order: 0, output: case.output(), outcome });
    assert_eq!(std::fs::read(case.output()).unwrap(), case.plain);
    // With the seller's `deliver` a trade takes three.
    assert_eq!(case.market.submitted(), ["Marketplace.place_order", "Marketplace.accept"]);
    assert_eq!(case.leftovers(), 0);
}

#[tokio::test]
async fn a_wrong_key_loses_the_dispute() {
    let case = Case::new(100, |_| {}).await;
    let end = case.buy(Some(&ContentKey::generate(&mut OsRng))).await.unwrap();
    assert_eq!(end, PurchaseEnd::Refunded { order: 0, outcome: Outcome::WrongKey });
    assert!(!Path::new(&case.output()).exists());
    assert_eq!(case.events.count(|event| *event == Event::WrongKey), 1);
}

#[tokio::test]
async fn a_bad_block_loses_the_dispute() {
    let case = Case::new(100, |plain| plain[5000] ^= 1).await;
    let end = case.buy(Some(&case.key)).await.unwrap();
    assert_eq!(end, PurchaseEnd::Refunded { order: 0, outcome: Outcome::BadBlock(1) });
    assert!(!Path::new(&case.output()).exists());
    assert_eq!(case.events.count(|event| *event == Event::BadBlock { block: 1 }), 1);
}

#[tokio::test]
async fn a_missed_delivery_is_expired_and_refunded() {
    let case = Case::new(5, |_| {}).await;
    let end = case.buy(None).await.unwrap();
    assert_eq!(end, PurchaseEnd::Refunded { order: 0, outcome: Outcome::Missed });
}

#[tokio::test]
async fn a_sealing_that_was_faulted_under_another_offer_is_refunded() {
    for (window, delivered) in [(5, false), (100, true)] {
        let case = Case::new(window, |_| {}).await;
        case.market.fault_sealing();
        let end = case.buy(delivered.then_some(&case.key)).await.unwrap();
        assert_eq!(end, PurchaseEnd::Refunded { order: 0, outcome: Outcome::Faulted });
        let tried = if delivered { "Marketplace.accept" } else { "Marketplace.expire" };
        assert_eq!(case.market.submitted(), ["Marketplace.place_order", tried, "Marketplace.refund_faulty"]);
    }
}

#[tokio::test]
async fn a_corrupted_download_is_refused_before_any_money_moves() {
    let mut case = Case::new(100, |_| {}).await;
    case.service.package[4096] ^= 1;
    assert!(case.buy(Some(&case.key)).await.unwrap_err().is_corruption());
    assert!(case.market.submitted().is_empty());
    assert_eq!(case.leftovers(), 0);
}

#[tokio::test]
async fn a_leaf_list_that_does_not_fold_is_refused_before_any_money_moves() {
    let mut case = Case::new(100, |_| {}).await;
    let last = case.service.package.len() - 1;
    case.service.package[last] ^= 1;
    assert!(case.buy(Some(&case.key)).await.unwrap_err().is_corruption());
    assert!(case.market.submitted().is_empty());
}

#[tokio::test]
async fn an_offer_that_changed_is_not_ordered() {
    let case = Case::new(100, |_| {}).await;
    let buyer = case.buyer();
    let quote = buyer.quote(7).await.unwrap();
    case.market.change_price(6000);
    let bought = buyer.buy(&buyer.lock(7).await.unwrap(), &quote, &case.output()).await;
    assert!(matches!(bought, Err(ExchangeError::Changed(7))));
    assert!(case.market.submitted().is_empty());
}

/// Downloading takes its time, and the council may decide meanwhile: what was agreed to before is not ordered after.
#[tokio::test]
async fn what_the_council_decides_while_a_package_comes_is_heeded() {
    let case = Case::new(100, |_| {}).await;
    let buyer = case.buyer();
    let quote = buyer.quote(7).await.unwrap();
    let lock = buyer.lock(7).await.unwrap();
    case.market.announce_upgrade(Some(10));
    let end = buyer.buy(&lock, &quote, &case.output()).await;
    assert!(matches!(end, Err(ExchangeError::ReachesPastUpgrade { .. })), "{end:?}");
    case.market.announce_upgrade(None);
    case.market.stop_orders();
    let end = buyer.buy(&lock, &quote, &case.output()).await;
    assert!(matches!(end, Err(ExchangeError::OrdersStopped)), "{end:?}");
    assert_eq!(case.market.open_orders(), [0; 0]);
}

#[tokio::test]
async fn an_order_whose_answer_was_lost_is_found_and_not_placed_again() {
    let case = Case::new(1000, |_| {}).await;
    let buyer = case.buyer();
    let quote = buyer.quote(7).await.unwrap();
    case.market.lose_answers(true);
    assert!(buyer
        .buy(&buyer.lock(7).await.unwrap(), &quote, &case.output())
        .await
        .unwrap_err()
        .is_connection());
    case.market.lose_answers(false);

    let pending = buyer.pending().await.unwrap();
    assert_eq!(pending.len(), 1);
    let purchase = pending.into_iter().next().unwrap();
    assert!(!buyer.abandon(&purchase).await.unwrap(), "money may be in escrow");
    case.market.deliver(0, &case.key);
    let end = buyer.resume(&buyer.lock(7).await.unwrap(), purchase).await.unwrap();
    assert!(matches!(end, PurchaseEnd::Bought { order: 0, .. }));
    assert_eq!(case.market.submitted(), ["Marketplace.place_order", "Marketplace.accept"]);
    assert_eq!(case.events.count(|event| *event == Event::OrderFound { order: 0 }), 1);
}

#[tokio::test]
async fn an_order_that_the_node_refused_may_be_placed_all_the_same_and_is_not_placed_again() {
    let case = Case::new(1000, |_| {}).await;
    let buyer = case.buyer();
    let lock = buyer.lock(7).await.unwrap();
    let quote = buyer.quote(7).await.unwrap();
    case.market.reject(Some("Transaction is temporarily banned"));
    buyer.buy(&lock, &quote, &case.output()).await.unwrap_err();
    case.market.reject(None);
    let pending = buyer.pending().await.unwrap().remove(0);
    let signed = pending.signed.clone().unwrap();
    assert!(!buyer.abandon(&pending).await.unwrap(), "it may still come into a block");
    // It was in the next block, and the node has nothing to say about it.
    case.market.lose_answers(true);
    case.market.send(&signed, Until::Finalized).await.unwrap_err();
    case.market.lose_answers(false);
    case.market.withhold_orders();
    case.market.deliver(0, &case.key);
    let end = buyer.buy(&lock, &quote, &case.output()).await.unwrap();
    assert!(matches!(end, PurchaseEnd::Bought { order: 0, .. }));
    assert_eq!(case.market.submitted(), ["Marketplace.place_order", "Marketplace.accept"]);
}

#[tokio::test]
async fn what_was_signed_is_sent_again_as_it_is() {
    let case = Case::new(1000, |_| {}).await;
    case.market.reject(Some("the pool is full"));
    assert!(case.buy(Some(&case.key)).await.is_err());
    let signed = case.buyer().pending().await.unwrap().remove(0).signed.unwrap();
    assert!(case.buy(Some(&case.key)).await.is_err());
    assert_eq!(case.buyer().pending().await.unwrap().remove(0).signed.unwrap(), signed);
    case.market.reject(None);
    assert!(matches!(case.buy(Some(&case.key)).await.unwrap(), PurchaseEnd::Bought { order: 0, .. }));
    assert_eq!(case.market.submitted(), ["Marketplace.place_order", "Marketplace.accept"]);
}

#[tokio::test]
async fn an_order_whose_number_others_took_is_signed_anew_and_placed_once() {
    let case = Case::new(1000, |_| {}).await;
    case.market.take_numbers(2);
    assert!(matches!(case.buy(Some(&case.key)).await.unwrap(), PurchaseEnd::Bought { order: 0, .. }));
    assert_eq!(case.market.submitted(), ["Marketplace.place_order", "Marketplace.accept"]);

    let case = Case::new(1000, |_| {}).await;
    case.market.take_numbers(100);
    assert!(case.buy(Some(&case.key)).await.is_err(), "it is not tried for ever");
    assert!(case.market.submitted().is_empty());
}

#[tokio::test]
async fn what_a_node_says_of_its_best_block_stops_no_dispute() {
    let case = Case::new(100, |_| {}).await;
    case.market.lie_of_best();
    let end = case.buy(Some(&ContentKey::generate(&mut OsRng))).await.unwrap();
    assert_eq!(end, PurchaseEnd::Refunded { order: 0, outcome: Outcome::WrongKey });
}

#[tokio::test]
async fn an_acceptance_whose_answer_was_lost_still_ends_with_the_file() {
    let case = Case::new(1000, |_| {}).await;
    let buyer = case.buyer();
    let quote = buyer.quote(7).await.unwrap();
    case.market.lose_answers(true);
    buyer.buy(&buyer.lock(7).await.unwrap(), &quote, &case.output()).await.unwrap_err();
    case.market.deliver(0, &case.key);
    let purchase = buyer.pending().await.unwrap().remove(0);
    // The order is found, the file opened, and the answer to the acceptance lost.
    assert!(buyer.resume(&buyer.lock(7).await.unwrap(), purchase).await.unwrap_err().is_connection());
    case.market.lose_answers(false);
    std::fs::remove_file(case.output()).unwrap();

    let purchase = buyer.pending().await.unwrap().remove(0);
    let end = buyer.resume(&buyer.lock(7).await.unwrap(), purchase).await.unwrap();
    assert!(matches!(end, PurchaseEnd::Bought { outcome: Outcome::Accepted, .. }));
    assert_eq!(std::fs::read(case.output()).unwrap(), case.plain);
    assert_eq!(case.leftovers(), 0);
}

#[tokio::test]
async fn an_order_goes_on_without_its_journal() {
    let case = Case::new(1000, |_| {}).await;
    let buyer = case.buyer();
    let quote = buyer.quote(7).await.unwrap();
    case.market.lose_answers(true);
    buyer.buy(&buyer.lock(7).await.unwrap(), &quote, &case.output()).await.unwrap_err();
    case.market.lose_answers(false);
    std::fs::remove_dir_all(case.folder.path().join("purchases")).unwrap();
    case.market.deliver(0, &case.key);
    let purchase = buyer.adopt(0, &case.output()).await.unwrap();
    buyer.resume(&buyer.lock(7).await.unwrap(), purchase).await.unwrap();
    assert_eq!(std::fs::read(case.output()).unwrap(), case.plain);
}

/// What a colleague ordered for the company is theirs to open: it is neither gone on with nor disputed.
#[tokio::test]
async fn a_colleagues_order_is_left_to_the_colleague() {
    let case = Case::new(1000, |_| {}).await;
    let quote = case.buyer().quote(7).await.unwrap();
    case.market.lose_answers(true);
    let lock = case.buyer().lock(7).await.unwrap();
    case.buyer().buy(&lock, &quote, &case.output()).await.unwrap_err();
    case.market.lose_answers(false);
    std::fs::remove_dir_all(case.folder.path().join("purchases")).unwrap();
    let membership = Membership { company: case.buyer.account(), generation: 1 };
    let colleague = Keypair::from_secret(&[99; 32]).acting_by(membership);
    let buyer = Buyer { key: &colleague, ..case.buyer() };
    let output = case.output();
    let found = buyer.purchase_state(7, &output, false).await;
    assert!(matches!(found, Err(ExchangeError::OthersOrder(0))));
    assert!(matches!(buyer.adopt(0, &output).await, Err(ExchangeError::OthersOrder(0))));
    assert!(matches!(buyer.purchase_state(7, &output, true).await, Ok(PurchaseState::Nothing)));
    assert!(matches!(case.buyer().purchase_state(7, &output, false).await, Ok(PurchaseState::Ordered(0))));
}

/// Whoever ordered may leave, with their laptop: what was bought is the company's.
#[tokio::test]
async fn a_colleague_opens_what_an_employee_bought_from_another_home() {
    let case = Case::new(100, |_| {}).await;
    let (chain, store) = (FakeChain::default(), FakeStore::default());
    let [employee, colleague] = [31, 32].map(|seed| Person::of(case.buyer.account(), seed));
    chain.join(&employee, [MemberRole::Admin, MemberRole::Buy]);
    chain.join(&colleague, [MemberRole::Buy]);
    let ring = employee.ring(&chain, &store);
    let buyer = Buyer { key: &employee.key, company: Some(&ring), home: &employee.home, ..case.buyer() };
    let (quote, lock) = (buyer.quote(7).await.unwrap(), buyer.lock(7).await.unwrap());
    let refused = buyer.buy(&lock, &quote, &case.output()).await;
    assert!(matches!(refused, Err(ExchangeError::Company(KeyringError::NoEpoch))), "nothing is ordered");
    ring.refresh().await.unwrap();
    let output = case.output();
    let end = tokio::select! {
        end = buyer.buy(&lock, &quote, &output) => end,
        () = case.deliver(Some(&case.key)) => unreachable!("delivers for ever"),
    };
    assert!(matches!(end, Ok(PurchaseEnd::Bought { order: 0, .. })));
    chain.leave(&employee);

    let theirs = colleague.ring(&chain, &store);
    theirs.refresh().await.unwrap();
    let without = Buyer { key: &colleague.key, home: &colleague.home, ..case.buyer() };
    let output = case.folder.path().join("colleagues.csv").to_str().unwrap().to_owned();
    assert!(matches!(without.adopt(0, &output).await, Err(ExchangeError::OthersOrder(0))));
    let buyer = Buyer { company: Some(&theirs), ..without };
    assert_eq!(buyer.offer_of(0).await.unwrap(), 7);
    let purchase = buyer.adopt(0, &output).await.unwrap();
    let lock = buyer.lock(7).await.unwrap();
    let end = buyer.resume(&lock, purchase).await.unwrap();
    assert_eq!(end, PurchaseEnd::Bought { order: 0, output: output.clone(), outcome: Outcome::Accepted });
    assert_eq!(std::fs::read(&output).unwrap(), case.plain);
    assert_eq!(case.market.submitted().len(), 2, "it is not paid twice");
    assert!(matches!(buyer.adopt(1, &output).await, Err(ExchangeError::NoSuchOrder(1))));
}

#[tokio::test]
async fn two_at_once_do_not_order_twice() {
    let case = Case::new(100, |_| {}).await;
    let (one, two) = (case.buyer(), case.buyer());
    let lock = one.lock(7).await.unwrap();
    assert!(matches!(two.lock(7).await, Err(ExchangeError::Busy(_))));
    let quote = two.quote(7).await.unwrap();
    let other = two.lock(8).await.unwrap();
    assert!(matches!(two.buy(&other, &quote, &case.output()).await, Err(ExchangeError::Busy(_))));
    drop(lock);
    two.lock(7).await.unwrap();
}

#[tokio::test]
async fn a_dispute_that_would_come_too_late_is_not_sent() {
    let case = Case::new(1000, |_| {}).await;
    let buyer = case.buyer();
    let lock = buyer.lock(7).await.unwrap();
    let quote = buyer.quote(7).await.unwrap();
    case.market.lose_answers(true);
    buyer.buy(&lock, &quote, &case.output()).await.unwrap_err();
    case.market.lose_answers(false);
    case.market.deliver(0, &ContentKey::generate(&mut OsRng));
    // The window has 50 blocks: one is left.
    case.market.grow(49);
    let purchase = buyer.pending().await.unwrap().remove(0);
    let late = buyer.resume(&lock, purchase).await;
    assert!(matches!(late, Err(ExchangeError::DisputeOver(0))));
    assert_eq!(case.market.submitted(), ["Marketplace.place_order"]);
}

#[tokio::test]
async fn a_file_that_appears_in_the_place_is_not_replaced_nor_taken_for_the_data() {
    let case = Case::new(1000, |_| {}).await;
    let buyer = case.buyer();
    let lock = buyer.lock(7).await.unwrap();
    let quote = buyer.quote(7).await.unwrap();
    case.market.lose_answers(true);
    buyer.buy(&lock, &quote, &case.output()).await.unwrap_err();
    case.market.deliver(0, &case.key);
    let foreign = vec![7; case.plain.len()];
    let resume = || async { buyer.resume(&lock, buyer.pending().await.unwrap().remove(0)).await };

    std::fs::write(case.output(), &foreign).unwrap();
    assert!(matches!(resume().await, Err(ExchangeError::Occupied(place)) if place == case.output()));
    std::fs::remove_file(case.output()).unwrap();
    assert!(resume().await.unwrap_err().is_connection(), "accepted, and the answer lost");
    case.market.lose_answers(false);

    std::fs::write(case.output(), &foreign).unwrap();
    assert!(matches!(resume().await, Err(ExchangeError::Occupied(_))));
    assert_eq!(std::fs::read(case.output()).unwrap(), foreign);
    std::fs::write(case.output(), &case.plain).unwrap();
    resume().await.unwrap();
}

#[tokio::test]
async fn a_journal_that_cannot_be_read_stops_its_own_purchase_only() {
    let case = Case::new(1000, |_| {}).await;
    let buyer = case.buyer();
    let lock = buyer.lock(7).await.unwrap();
    let quote = buyer.quote(7).await.unwrap();
    case.market.lose_answers(true);
    buyer.buy(&lock, &quote, &case.output()).await.unwrap_err();
    let folder = case.folder.path().join("purchases");
    std::fs::write(folder.join("00.json"), "{").unwrap();
    assert_eq!(buyer.pending_of(7).await.unwrap().len(), 1);
    assert_eq!(case.events.count(|event| matches!(event, Event::JournalSkipped { .. })), 1);

    let newer = serde_json::json!({ "version": 2, "account": buyer.key.account(), "offer": 7, "more": 1 });
    std::fs::write(folder.join("01.json"), newer.to_string()).unwrap();
    assert!(
        matches!(buyer.pending_of(7).await, Err(ExchangeError::Journal { place, .. }) if place.ends_with("01.json"))
    );
    assert!(buyer.pending_of(8).await.unwrap().is_empty());
    assert_eq!(buyer.pending().await.unwrap().len(), 1);
}

/// The same procedures over no file at all, from a source to a sink.
#[tokio::test]
async fn a_trade_needs_no_files() {
    let (case, home) = (Case::new(1000, |_| {}).await, MemoryHome::default());
    let buyer = Buyer { home: &home, ..case.buyer() };
    let lock = buyer.lock(7).await.unwrap();
    let quote = buyer.quote(7).await.unwrap();
    case.market.lose_answers(true);
    buyer.buy(&lock, &quote, "bought").await.unwrap_err();
    case.market.lose_answers(false);
    case.market.deliver(0, &case.key);
    let end = buyer.buy(&lock, &quote, "bought").await.unwrap();
    assert!(matches!(end, PurchaseEnd::Bought { output, .. } if output == "bought"));
    assert_eq!(home.file("bought"), Some(case.plain.clone()));
    assert_eq!(home.leftovers(), 0);

    let case = Case::new(1000, |plain| plain[9000] ^= 1).await;
    let buyer = Buyer { home: &home, ..case.buyer() };
    home.write("bought", b"something else");
    let occupied = buyer.buy(&lock, &buyer.quote(7).await.unwrap(), "bought").await;
    assert!(matches!(occupied, Err(ExchangeError::Occupied(_))));
    case.market.lose_answers(true);
    buyer.buy(&lock, &buyer.quote(7).await.unwrap(), "other").await.unwrap_err();
    case.market.lose_answers(false);
    case.market.deliver(0, &case.key);
    let mut pending = buyer.pending_of(7).await.unwrap();
    pending.retain(|purchase| purchase.output == "other");
    let end = buyer.resume(&lock, pending.remove(0)).await.unwrap();
    assert_eq!(end, PurchaseEnd::Refunded { order: 0, outcome: Outcome::BadBlock(2) });
    assert_eq!(home.file("other"), None);
}
