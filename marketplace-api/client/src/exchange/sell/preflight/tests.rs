//! What a seller is told before publishing, delivering and showing, against a market in memory.

use super::*;
use crate::chain::DayLimit;
use crate::exchange::fake::{self, Events, FakeMarket, FakeService, HurriedClock, MemoryHome, DEPOSITS};
use crate::exchange::SealingStore;
use crate::keys::Keypair;
use crate::ports::Home;
use wonbon_model::{Relation, Roles, Share};
use wonbon_primitives::bounds::MAX_FEE;

fn wide_rules() -> Rules {
    Rules {
        min_delivery_window: 40,
        max_delivery_window: 100_000,
        min_dispute_window: 10,
        max_dispute_window: 1_000,
        bond_floor: 10_000,
        bond_share: Share::from_percent(10),
        platform_fee: Share::NONE,
        dispute_reserve: 0,
        missed_delivery_share: Share::NONE,
        max_price: 1_000_000_000,
    }
}

#[test]
fn windows_and_bond_are_within_the_rules() {
    let rules = wide_rules();
    assert_eq!((usual_delivery_window(&rules), usual_dispute_window(&rules)), (DAY_IN_BLOCKS, 1_000));
    assert_eq!(bond_for_orders(&rules, 1_000_000, 5), 500_000);
    assert_eq!(bond_for_orders(&rules, 1, 2), 20_000);
}

struct Case {
    home: MemoryHome,
    market: FakeMarket,
    service: FakeService,
    key: Keypair,
}

impl Case {
    fn new() -> Self {
        let home = MemoryHome::default();
        home.write("data.csv", &[7; 10_000]);
        Self { home, market: FakeMarket::new(), service: FakeService::default(), key: fake::seller() }
    }

    async fn preflight(&self, listing: &Listing) -> Result<PublicationPreflight, ExchangeError> {
        let publisher = Publisher {
            market: &self.market,
            service: &self.service,
            store: &SealingStore::new(&self.home, &self.key),
            key: &self.key,
            home: &self.home,
            observer: Events::default().observer(),
        };
        publisher.preflight(listing).await
    }
}

#[tokio::test]
async fn nothing_stands_in_the_way_of_who_may_publish_and_can_pay() {
    let case = Case::new();
    let parent = DatasetId([1; 32]);
    case.market.register(parent, 5000, case.key.account());
    let royalty = Share::from_millionths(10_000);
    let origin = super::super::Origin { dataset: parent, relation: Relation::CleanedFrom, royalty };
    let listing = Listing { parents: vec![origin], ..Listing::for_tests() };
    let found = case.preflight(&listing).await.unwrap();
    assert_eq!((found.refusals, found.short_window), (vec![], None));
    // The royalty that it grants, and what stays with its parent.
    let holds = [
        Hold::open(Held::Dataset, DEPOSITS.dataset + DEPOSITS.parent + DEPOSITS.record),
        Hold::open(Held::Bond, 100),
        Hold::open(Held::Offer, DEPOSITS.offer),
    ];
    assert_eq!((&found.cost.holds[..], found.cost.transactions), (&holds[..], 4));
    assert_eq!(found.cost.counted_besides, DEPOSITS.record * u128::from(MAX_ROYALTIES - 1));
}

/// All that it takes until the offer stands: whoever cannot pay the last step begins none.
#[tokio::test]
async fn who_cannot_pay_the_bond_announces_and_seals_nothing() {
    let case = Case::new();
    let listing = Listing { bond: Some(777), ..Listing::for_tests() };
    let needed = 777 + DEPOSITS.dataset + DEPOSITS.offer + 3 * MAX_FEE;
    case.market.set_free(needed - 1);
    let found = case.preflight(&listing).await.unwrap();
    let short = PublicationRefusal::Short(Shortage::Funds { needed, free: needed - 1 });
    assert_eq!((found.refusals, found.means.free), (vec![short], needed - 1));
    assert!(case.market.log().lock().unwrap().is_empty(), "nothing was sent");
    case.market.set_free(needed);
    assert_eq!(case.preflight(&listing).await.unwrap().refusals, []);
}

#[tokio::test]
async fn a_member_publishes_within_their_limit() {
    let mut case = Case::new();
    let membership = crate::keys::Membership { company: case.key.account(), generation: 0 };
    case.key = case.key.acting_by(membership);
    let listing = Listing::for_tests();
    let needed = 100 + DEPOSITS.dataset + DEPOSITS.offer + 3 * MAX_FEE;
    let day = DayLimit { limit: 5_000, left: needed - 1 };
    case.market.set_day_limit(day);
    let short = PublicationRefusal::Short(Shortage::DayLimit { needed, day });
    assert_eq!(case.preflight(&listing).await.unwrap().refusals, [short]);
    case.market.set_day_limit(DayLimit { left: needed, ..day });
    assert_eq!(case.preflight(&listing).await.unwrap().refusals, []);
}

#[tokio::test]
async fn what_would_be_refused_is_told_with_its_amounts() {
    let mut case = Case::new();
    let (account, listing) = (case.key.account(), Listing::for_tests());
    let needed = 100 + DEPOSITS.dataset + DEPOSITS.offer + 3 * MAX_FEE;
    case.market.set_free(needed - 1);
    case.market.change_company(account, Some(|company| company.profile.roles = Roles::from(Role::Consumer)));
    let funds = PublicationRefusal::Short(Shortage::Funds { needed, free: needed - 1 });
    let found = case.preflight(&listing).await.unwrap().refusals;
    assert_eq!(found, [PublicationRefusal::NotProvider, funds]);
    case.market.change_company(account, Some(|company| company.standing = Standing::Pending));
    case.market.set_free(needed);
    let found = case.preflight(&listing).await.unwrap().refusals;
    assert_eq!(found, [PublicationRefusal::NotVerified { standing: Some(Standing::Pending) }]);
    case.market.change_company(account, None);
    let found = case.preflight(&listing).await.unwrap().refusals;
    assert_eq!(found, [PublicationRefusal::NotVerified { standing: None }]);

    case = Case::new();
    case.service.max_upload = Some(10_095);
    let found = case.preflight(&listing).await.unwrap().refusals;
    assert_eq!(found, [PublicationRefusal::NoRoom { length: 10_096, limit: 10_095 }]);
    let gone = case.preflight(&Listing { file: "gone".to_owned(), ..Listing::for_tests() }).await;
    assert!(matches!(gone, Err(ExchangeError::Unsealable { place, .. }) if place == "gone"));
    let dear = case.preflight(&Listing { price: 1_000_001, ..Listing::for_tests() }).await;
    assert!(matches!(dear, Err(ExchangeError::AgainstRules(_))));
}

/// What a publication under way holds already is not asked for again.
#[tokio::test]
async fn who_goes_on_with_a_publication_needs_no_second_bond() {
    let mut case = Case::new();
    *case.service.full.lock().unwrap() = true;
    let publisher = Publisher {
        market: &case.market,
        service: &case.service,
        store: &SealingStore::new(&case.home, &case.key),
        key: &case.key,
        home: &case.home,
        observer: Events::default().observer(),
    };
    publisher.publish(Listing::for_tests()).await.unwrap_err();
    // The dataset's deposit is held by now: the bond and the offer's are not.
    let needed = 100 + DEPOSITS.offer;
    case.market.set_free(needed);
    case.service.max_upload = Some(0);
    let found = case.preflight(&Listing::for_tests()).await.unwrap();
    assert_eq!((found.refusals, found.cost.locked(), found.cost.transactions), (vec![], needed, 1));
    case.market.set_free(needed - 1);
    let short = PublicationRefusal::Short(Shortage::Funds { needed, free: needed - 1 });
    assert_eq!(case.preflight(&Listing::for_tests()).await.unwrap().refusals, [short]);
}

#[tokio::test]
async fn a_window_in_which_nothing_is_delivered_is_warned_of() {
    let case = Case::new();
    let needed = blocks_needed(1);
    for (window, warned) in [(needed, true), (needed + 1, false)] {
        let listing = Listing { delivery_window: window, ..Listing::for_tests() };
        assert_eq!(case.preflight(&listing).await.unwrap().short_window, warned.then_some(needed));
    }
}

#[tokio::test]
async fn what_cannot_be_delivered_is_told() {
    let (home, elsewhere, market) = (MemoryHome::default(), MemoryHome::default(), FakeMarket::new());
    let (key, store) = fake::sealing(&home).await;
    market.place(&key, 1000);
    let (seller, other) = (fake::seller(), Keypair::from_secret(&[77; 32]));
    let ask = async |signer: &Keypair, store: &SealingStore<'_>| {
        let (seller, observer) = (seller.account(), Events::default().observer());
        let (shown, clock) = (home.deliveries(), &HurriedClock);
        let deliverer = Deliverer { market: &market, store, shown, signer, seller, clock, observer };
        deliverer.preflight().await.unwrap()
    };
    assert_eq!(ask(&seller, &store).await, DeliveryPreflight { undeliverable: vec![] });
    let empty = SealingStore::new(&elsewhere, &seller);
    let missing = UndeliverableOffer { offer: 7, unreadable: None };
    assert_eq!(ask(&seller, &empty).await.undeliverable, [missing]);
    // Another account's store.
    let foreign = SealingStore::new(&home, &other);
    let unreadable = ask(&seller, &foreign).await.undeliverable.remove(0).unreadable.unwrap();
    assert!(unreadable.contains("another account's key"), "{unreadable}");

    // An offer that takes no orders and has none needs no key.
    market.withdraw_offer();
    assert_eq!(ask(&seller, &empty).await.undeliverable, []);
}
