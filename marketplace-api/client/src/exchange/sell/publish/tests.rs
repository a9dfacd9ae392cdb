//! A seller's way to the market, and where it can be stopped, against a chain and a service in memory.

use super::super::Origin;
use super::*;
use crate::company::fake::{FakeChain, FakeStore, Person};
use crate::company::KeyringError;
use crate::exchange::fake::{buyer, seller, Events, FakeMarket, FakeService, MemoryHome};
use crate::exchange::SealingError;
use crate::service::ServiceError;
use wonbon_model::{MemberRole, Relation, Share};

struct Case {
    home: MemoryHome,
    market: FakeMarket,
    service: FakeService,
    events: Events,
}

impl Case {
    fn new() -> Self {
        let home = MemoryHome::default();
        home.write("data.csv", &[7; 10_000]);
        let market = FakeMarket::new();
        let service = FakeService { log: market.log(), ..FakeService::default() };
        Self { home, market, service, events: Events::default() }
    }

    async fn publish(&self) -> Result<Published, ExchangeError> {
        self.publish_as(Listing::for_tests()).await
    }

    async fn publish_as(&self, listing: Listing) -> Result<Published, ExchangeError> {
        let key = seller();
        let publisher = Publisher {
            market: &self.market,
            service: &self.service,
            store: &SealingStore::new(&self.home, &key),
            key: &key,
            home: &self.home,
            observer: self.events.observer(),
        };
        publisher.publish(listing).await
    }

    /// What chain and service were calls_since since the last time that somebody asked.
    fn calls_since(&self) -> Vec<String> {
        std::mem::take(&mut *self.market.log().lock().unwrap())
    }

    /// Journals and packages that are left.
    fn leftovers(&self) -> usize {
        self.home.leftovers()
    }
}

#[tokio::test]
async fn the_service_is_told_of_a_dataset_once_it_is_registered() {
    let case = Case::new();
    case.publish().await.unwrap();
    let registering = ["Provenance.announce", "Provenance.register"];
    let bringing = ["document", "document", "metadata", "upload", "Marketplace.offer"];
    assert_eq!(case.calls_since(), [&registering[..], &bringing].concat());
    assert_eq!((case.market.announcements(), case.leftovers()), (0, 0));
}

#[tokio::test]
async fn what_is_registered_and_not_uploaded_goes_on_at_the_upload() {
    let case = Case::new();
    *case.service.full.lock().unwrap() = true;
    let refused = case.publish().await.unwrap_err();
    assert!(matches!(refused, ExchangeError::Service(error) if error.is_problem("over-quota")));
    case.calls_since();
    *case.service.full.lock().unwrap() = false;
    let published = case.publish().await.unwrap();
    assert_eq!(case.calls_since(), ["document", "document", "metadata", "upload", "Marketplace.offer"]);
    let before = Event::RegisteredBefore { dataset: published.dataset, at: 14 };
    assert_eq!(case.events.count(|event| *event == before), 1);
    // Nothing is left to do: the same sealing is not offered twice.
    assert_eq!(case.leftovers(), 0);
}

/// The chain keeps the hash of the first description, so no other is of use, whatever the file is offered as later.
#[tokio::test]
async fn the_description_is_the_one_that_was_registered() {
    let case = Case::new();
    let first = Listing::for_tests();
    *case.service.full.lock().unwrap() = true;
    case.publish_as(first.clone()).await.unwrap_err();
    *case.service.full.lock().unwrap() = false;
    let other = || Listing { metadata: "{\"title\":1}".to_owned(), ..Listing::for_tests() };
    // While the first publication is not done it is known, and afterwards the service has it.
    case.publish_as(other()).await.unwrap();
    case.publish_as(first.clone()).await.unwrap();
    case.publish_as(other()).await.unwrap();
    assert_eq!(*case.service.metadata.lock().unwrap(), [(); 3].map(|()| first.metadata.clone()));
}

#[tokio::test]
async fn what_the_service_would_not_take_is_not_announced() {
    let mut case = Case::new();
    case.service.max_upload = Some(10_095);
    let refused = case.publish().await.unwrap_err();
    let length = 10_000 + 3 * 32;
    assert!(
        matches!(refused, ExchangeError::Service(ServiceError::TooLarge { length: found, .. }) if found == length)
    );
    assert!(case.calls_since().is_empty());
    case.service.max_upload = Some(length);
    case.publish().await.unwrap();
}

#[tokio::test]
async fn an_announcement_that_leads_nowhere_gives_its_deposit_back() {
    let case = Case::new();
    case.market.be_beaten_by(buyer().account());
    let refused = case.publish().await.unwrap_err();
    assert!(matches!(refused, ExchangeError::AlreadyRegistered { owner, .. } if owner == buyer().account()));
    let expected = ["Provenance.announce", "Provenance.register", "Provenance.cancel_announcement"];
    assert_eq!(case.calls_since(), expected);
    assert_eq!((case.market.announcements(), case.leftovers()), (0, 0));
    assert_eq!(case.events.count(|event| *event == Event::AnnouncementCancelled), 1);
}

#[tokio::test]
async fn a_node_that_loses_its_last_blocks_does_not_make_a_registration_early() {
    let case = Case::new();
    case.market.stall(3);
    case.market.die_at_registration();
    case.publish().await.unwrap();
    assert_eq!(case.calls_since()[..2], ["Provenance.announce", "Provenance.register"]);
}

#[tokio::test]
async fn a_node_that_loses_a_final_block_does_not_make_a_registration_fail() {
    let case = Case::new();
    case.market.lose_a_final_block_at_registration();
    case.publish().await.unwrap();
    let expected = ["Provenance.announce", "Provenance.register", "Provenance.register"];
    assert_eq!(case.calls_since()[..3], expected);
}

/// What was registered with a dataset stays: a second registration that names more would be passed over in silence.
#[tokio::test]
async fn parents_that_are_not_registered_are_not_passed_over() {
    let case = Case::new();
    let (first, second) = (DatasetId([1; 32]), DatasetId([2; 32]));
    case.market.register(first, 5000, seller().account());
    case.market.register(second, 5000, seller().account());
    let share = |percent: u32| Share::from_millionths(percent * 10_000);
    let from = |dataset, relation, royalty| Origin { dataset, relation, royalty };
    let listing = |parents: &[Origin]| Listing { parents: parents.to_vec(), ..Listing::for_tests() };
    let cleaned = from(first, Relation::CleanedFrom, share(3));
    let published = case.publish_as(listing(&[cleaned])).await.unwrap();
    case.calls_since();
    for other in [
        listing(&[cleaned, from(second, Relation::CleanedFrom, None)]),
        listing(&[from(first, Relation::DerivedFrom, share(3))]),
        listing(&[from(first, Relation::CleanedFrom, share(4))]),
        Listing { append_to: Some(first), ..listing(&[cleaned]) },
    ] {
        let refused = case.publish_as(other).await.unwrap_err();
        assert!(
            matches!(refused, ExchangeError::OtherParents { dataset, .. } if dataset == published.dataset),
            "{refused}"
        );
        assert!(case.calls_since().is_empty());
        assert_eq!(case.leftovers(), 0);
    }
    // The same, the same without saying how much, and nothing: another offer of what is registered.
    for same in [&[cleaned][..], &[Origin { royalty: None, ..cleaned }], &[]] {
        case.publish_as(listing(same)).await.unwrap();
    }
}

/// What is provisional is not offered, and the offer follows by itself.
#[tokio::test]
async fn nothing_is_offered_while_the_registration_is_provisional() {
    let case = Case::new();
    let published = case.publish().await.unwrap();
    let until = case.market.provisional_until(published.dataset);
    assert!(case.market.best() > until, "the chain would have refused it");
    let told = |event: &Event| matches!(event, Event::Provisional { dataset, until: of, .. } if (*dataset, *of) == (published.dataset, until));
    assert_eq!(case.events.count(told), 1);
    assert_eq!(case.events.count(|event| matches!(event, Event::Announced { seconds: 1.., .. })), 1);
}

/// A dataset with parents is entered with them before it is offered; after a crash too, and not twice.
#[tokio::test]
async fn what_has_parents_is_entered_with_them() {
    let case = Case::new();
    case.market.register(DatasetId([1; 32]), 5000, seller().account());
    let origin = Origin { dataset: DatasetId([1; 32]), relation: Relation::CleanedFrom, royalty: None };
    let listing = Listing { parents: vec![origin], ..Listing::for_tests() };
    let published = case.publish_as(listing.clone()).await.unwrap();
    let last = ["upload", "Provenance.enter_lineage", "Marketplace.offer"];
    assert_eq!(case.calls_since()[5..], last);
    // Another offer of it.
    let again = case.publish_as(listing).await.unwrap();
    assert_eq!(again.dataset, published.dataset);
    assert!(!case.calls_since().contains(&"Provenance.enter_lineage".to_owned()));
}

/// Somebody who had announced the bytes earlier takes the registration over while we wait.
#[tokio::test]
async fn a_displaced_registration_is_said_and_nothing_is_offered() {
    let case = Case::new();
    case.market.be_displaced_by(buyer().account());
    let refused = case.publish().await.unwrap_err();
    let elder = buyer().account();
    assert!(
        matches!(refused, ExchangeError::Displaced { registrant, .. } if registrant == elder),
        "{refused}"
    );
    assert!(refused.to_string().contains("the deposit is back"));
    assert!(!case.calls_since().contains(&"Marketplace.offer".to_owned()));
    assert_eq!((case.market.announcements(), case.leftovers()), (0, 0));
}

/// The same while nobody was there to see it: the journal knows that it was ours.
#[tokio::test]
async fn a_registration_that_was_displaced_meanwhile_is_noticed() {
    let case = Case::new();
    *case.service.full.lock().unwrap() = true;
    case.publish().await.unwrap_err();
    *case.service.full.lock().unwrap() = false;
    case.market.displace(buyer().account());
    let refused = case.publish().await.unwrap_err();
    assert!(matches!(refused, ExchangeError::Displaced { .. }), "{refused}");
    // To whoever comes anew it is somebody else's.
    let refused = case.publish().await.unwrap_err();
    assert!(matches!(refused, ExchangeError::AlreadyRegistered { .. }), "{refused}");
}

#[tokio::test]
async fn an_announcement_that_ran_out_is_made_anew() {
    let case = Case::new();
    case.market.lose_answers(true);
    case.publish().await.unwrap_err();
    assert_eq!(
        (case.calls_since(), case.market.announcements()),
        (vec!["Provenance.announce".to_owned()], 1)
    );
    case.market.lose_answers(false);
    case.market.grow(150);
    case.publish().await.unwrap();
    let expected = ["Provenance.cancel_announcement", "Provenance.announce", "Provenance.register"];
    assert_eq!(case.calls_since()[..3], expected);
    assert_eq!(case.events.count(|event| *event == Event::AnnouncementExpired), 1);
    assert_eq!(case.market.announcements(), 0);
}

/// Killed between any two steps, it goes on: what is announced is not announced again, what is registered not registered.
#[tokio::test]
async fn it_goes_on_from_every_step() {
    let case = Case::new();
    case.market.lose_answers(true);
    case.publish().await.unwrap_err();
    // The registration goes through, and its answer is lost.
    case.publish().await.unwrap_err();
    case.market.lose_answers(false);
    let published = case.publish().await.unwrap();
    let calls = case.calls_since();
    for once in ["Provenance.announce", "Provenance.register", "Marketplace.offer"] {
        assert_eq!(calls.iter().filter(|call| *call == once).count(), 1, "{once} in {calls:?}");
    }
    assert!(case.market.best() > case.market.provisional_until(published.dataset));
}

/// What one member publishes another delivers, from a home that never saw the file.
#[tokio::test]
async fn a_company_shares_the_key_before_it_offers() {
    let case = Case::new();
    let (chain, store) = (FakeChain::default(), FakeStore::default());
    let [one, other] = [31, 32].map(|seed| Person::of(seller().account(), seed));
    chain.join(&one, [MemberRole::Admin, MemberRole::Sell]);
    chain.join(&other, [MemberRole::Sell]);
    case.market.permit_membership(one.key.membership().unwrap());
    let ring = one.ring(&chain, &store);
    let sealings = SealingStore::new(&case.home, &one.key).with_colleagues(Some(&ring));
    let publisher = Publisher {
        market: &case.market,
        service: &case.service,
        store: &sealings,
        key: &one.key,
        home: &case.home,
        observer: case.events.observer(),
    };
    let refused = publisher.publish(Listing::for_tests()).await;
    assert!(matches!(refused, Err(ExchangeError::Sealing(SealingError::Company(KeyringError::NoEpoch)))));
    assert!(!case.calls_since().contains(&"Marketplace.offer".to_owned()));
    ring.refresh().await.unwrap();
    let published = publisher.publish(Listing::for_tests()).await.unwrap();

    let theirs = other.ring(&chain, &store);
    theirs.refresh().await.unwrap();
    let commitment = published.sealed.key_commitment;
    let elsewhere = SealingStore::new(&other.home, &other.key);
    assert!(elsewhere.key(&commitment).await.unwrap().is_none());
    let fetched = elsewhere.clone().with_colleagues(Some(&theirs)).key(&commitment).await.unwrap().unwrap();
    assert_eq!(fetched.commitment(), commitment);
    // It is here from now on, whether the service answers or not, with what a new version would need.
    assert!(elsewhere.key(&commitment).await.unwrap().unwrap() == fetched);
    let sealing = &elsewhere.list().await.unwrap()[0];
    assert_eq!((sealing.dataset, sealing.sealed), (published.dataset, published.sealed.sealed));
}
