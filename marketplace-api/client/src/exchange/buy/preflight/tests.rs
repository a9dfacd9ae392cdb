//! What a buyer is told before a purchase, against a market in memory.

use super::*;
use crate::chain::DayLimit;
use crate::exchange::cost::{Held, Hold};
use crate::exchange::fake::{self, Events, FakeMarket, FakeService, MemoryHome};
use crate::exchange::ExchangeError;
use crate::keys::Keypair;
use crate::ports::{no_progress, Blob, Home};
use wonbon_model::Roles;
use wonbon_primitives::bounds::MAX_FEE;
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::OsRng;

struct Case {
    home: MemoryHome,
    market: FakeMarket,
    service: FakeService,
    key: Keypair,
    sealed: wonbon_package::Sealed,
}

impl Case {
    /// A dataset of two blocks that is offered, and an order of it that was paid, if so.
    async fn new(bought: bool) -> Self {
        let (home, market, content_key) =
            (MemoryHome::default(), FakeMarket::new(), ContentKey::generate(&mut OsRng));
        home.write("data", &[7; 5000]);
        let package = Blob::Sealed("a".to_owned());
        let source = home.source("data");
        let sealed = source.seal(&package, &content_key, no_progress()).await.unwrap();
        market.offer_sealing(&sealed, 100);
        market.register(DatasetId(sealed.plain.root), 5000, fake::seller().account());
        if bought {
            market.place_and_accept(&content_key);
        }
        Self { home, market, service: FakeService::default(), key: fake::buyer(), sealed }
    }

    fn buyer(&self) -> Buyer<'_> {
        let observer = Events::default().observer();
        Buyer {
            market: &self.market,
            service: &self.service,
            key: &self.key,
            company: None,
            home: &self.home,
            observer,
        }
    }

    fn dataset(&self) -> DatasetId {
        DatasetId(self.sealed.plain.root)
    }
}

#[tokio::test]
async fn nothing_stands_in_the_way_of_who_may_buy_and_can_pay() {
    let case = Case::new(false).await;
    let found = case.buyer().preflight(7).await.unwrap();
    assert_eq!((found.refusals, found.second_copy), (vec![], None));
    assert_eq!(found.quote.escrow(), 5000 + 10);
    assert_eq!(found.seller.unwrap().profile.roles, Roles::ALL);
    assert_eq!(found.metadata, Some([0; 32]));
    // Until the last block in which it can be disputed.
    let most = found.quote.terms.delivery_window + found.quote.terms.dispute_window;
    let holds = [Hold::timed(Held::Price, 5000, most), Hold::timed(Held::DisputeReserve, 10, most)];
    assert_eq!((&found.cost.holds[..], found.cost.locked()), (&holds[..], 5010));
}

#[tokio::test]
async fn a_member_buys_within_their_limit() {
    let mut case = Case::new(false).await;
    let membership = crate::keys::Membership { company: case.key.account(), generation: 0 };
    case.key = case.key.acting_by(membership);
    let needed = 5010 + 2 * MAX_FEE;
    let day = DayLimit { limit: 10_000, left: needed - 1 };
    case.market.set_day_limit(day);
    let found = case.buyer().preflight(7).await.unwrap().refusals;
    assert_eq!(found, [PurchaseRefusal::Short(Shortage::DayLimit { needed, day })]);
    case.market.set_day_limit(DayLimit { left: needed, ..day });
    assert_eq!(case.buyer().preflight(7).await.unwrap().refusals, []);
}

#[tokio::test]
async fn what_the_chain_would_refuse_is_told_with_its_amounts() {
    let mut case = Case::new(false).await;
    case.market.set_free(5010 + 2 * MAX_FEE - 1);
    case.market.change_company(case.key.account(), Some(|company| company.standing = Standing::Suspended));
    let found = case.buyer().preflight(7).await.unwrap().refusals;
    let suspended = PurchaseRefusal::NotVerified { standing: Some(Standing::Suspended) };
    let needed = 5010 + 2 * MAX_FEE;
    let short = PurchaseRefusal::Short(Shortage::Funds { needed, free: needed - 1 });
    assert_eq!(found, [suspended, short]);
    case.market.set_free(needed);
    let provider = |company: &mut Participant| {
        company.standing = Standing::Verified;
        company.profile.roles = Role::Provider.into();
    };
    case.market.change_company(case.key.account(), Some(provider));
    let found = case.buyer().preflight(7).await.unwrap().refusals;
    assert_eq!(found, [PurchaseRefusal::NotConsumer]);
    case.market.change_company(case.key.account(), None);
    let found = case.buyer().preflight(7).await.unwrap().refusals;
    assert_eq!(found, [PurchaseRefusal::NotVerified { standing: None }]);
    case.key = fake::seller();
    assert_eq!(case.buyer().preflight(7).await.unwrap().refusals, [PurchaseRefusal::OwnOffer]);
    case.market.withdraw_offer();
    assert!(matches!(case.buyer().preflight(7).await, Err(ExchangeError::OfferClosed { .. })));
}

#[tokio::test]
async fn nothing_is_bought_past_an_announced_upgrade_or_while_orders_are_stopped() {
    let case = Case::new(false).await;
    let terms = case.buyer().quote(7).await.unwrap().terms;
    let refusals = || async { case.buyer().preflight(7).await.unwrap().refusals };
    let runs = terms.delivery_window + terms.dispute_window;
    // Long enough away for an order to be over.
    case.market.announce_upgrade(Some(runs + 100));
    assert_eq!(refusals().await, []);
    case.market.announce_upgrade(Some(runs));
    let found = refusals().await;
    assert!(matches!(found.as_slice(), [PurchaseRefusal::ReachesPastUpgrade { end, due }] if end >= due));
    // It does not come after all.
    case.market.announce_upgrade(None);
    assert_eq!(refusals().await, []);
    case.market.stop_orders();
    assert_eq!(refusals().await, [PurchaseRefusal::OrdersStopped]);
}

#[tokio::test]
async fn a_second_copy_is_said_to_be_one() {
    let case = Case::new(true).await;
    let found = case.buyer().preflight(7).await.unwrap();
    assert_eq!(found.second_copy, Some(0));
    assert_eq!(found.refusals, []);
}

#[tokio::test]
async fn texts_are_known_here_or_come_from_the_service_or_cannot_be_read() {
    let case = Case::new(false).await;
    let terms = case.buyer().quote(7).await.unwrap().terms;
    let digest = |text: &str| <[u8; 32]>::from(Sha256::digest(text));
    let terms = OrderTerms { licence: digest("ours"), nda: digest("theirs"), ..terms };
    let found = case.buyer().texts(&terms, &["other", "ours"]).await.unwrap();
    assert_eq!(found.licence, TextToAccept { digest: digest("ours"), text: Some("ours".to_owned()) });
    assert_eq!(found.nda, TextToAccept { digest: digest("theirs"), text: None });
    assert!(!found.are_readable());
    case.service.documents.lock().unwrap().insert(digest("theirs"), "theirs".to_owned());
    let found = case.buyer().texts(&terms, &["ours"]).await.unwrap();
    assert!(found.are_readable());
    assert_eq!(found.nda.text.as_deref(), Some("theirs"));
}

#[tokio::test]
async fn a_purchase_that_is_done_is_not_begun_again() {
    let case = Case::new(true).await;
    let buyer = case.buyer();
    assert_eq!(buyer.purchase_state(7, "new", false).await.unwrap(), PurchaseState::Nothing);
    let done = PurchaseState::Done { dataset: case.dataset(), order: 0 };
    assert_eq!(buyer.purchase_state(7, "data", false).await.unwrap(), done);
    // Another copy is meant, or other bytes are there: they stay.
    assert_eq!(buyer.purchase_state(7, "data", true).await.unwrap(), PurchaseState::Occupied);
    case.home.write("data", &[8; 5000]);
    assert_eq!(buyer.purchase_state(7, "data", false).await.unwrap(), PurchaseState::Occupied);
    // Never bought.
    let other = Case::new(false).await;
    assert_eq!(other.buyer().purchase_state(7, "data", false).await.unwrap(), PurchaseState::Occupied);
}

#[tokio::test]
async fn a_purchase_under_way_is_found_here_or_on_the_chain() {
    let mut case = Case::new(false).await;
    case.service.package = case.home.blob(&Blob::Sealed("a".to_owned())).unwrap();
    let buyer = case.buyer();
    let (lock, quote) = (buyer.lock(7).await.unwrap(), buyer.quote(7).await.unwrap());
    case.market.lose_answers(true);
    buyer.buy(&lock, &quote, "there").await.unwrap_err();
    let found = buyer.purchase_state(7, "there", false).await.unwrap();
    assert!(matches!(found, PurchaseState::Interrupted(purchase) if purchase.output == "there"));
    let elsewhere = PurchaseState::Elsewhere { output: "there".to_owned() };
    assert_eq!(buyer.purchase_state(7, "here", false).await.unwrap(), elsewhere);
    assert_eq!(buyer.purchase_state(7, "here", true).await.unwrap(), PurchaseState::Nothing);
    assert_eq!(buyer.purchase_state(8, "here", false).await.unwrap(), PurchaseState::Nothing);
    // On another machine.
    let home = MemoryHome::default();
    let buyer = Buyer { home: &home, ..case.buyer() };
    assert_eq!(buyer.purchase_state(7, "here", false).await.unwrap(), PurchaseState::Ordered(0));
}
