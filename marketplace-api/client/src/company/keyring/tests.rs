//! Two admins, an employee, a seller and a delivery service, a chain that decides, and a service that fails or lies.

use super::super::fake::{FakeChain, FakeStore, Person};
use super::super::wrapping::Recipient;
use super::*;
use rand_core::OsRng;
use wonbon_model::{DatasetId, MemberRole, MemberRoles};
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::Commitment;
use MemberRole::{Admin, Buy, Deliver, Sell};

const WHAT: (DatasetId, Commitment) = (DatasetId([3; 32]), Commitment { root: [4; 32], length: 5000 });

#[tokio::test]
async fn the_first_admin_begins_and_who_joins_gets_what_there_is() {
    let (chain, store) = (FakeChain::default(), FakeStore::default());
    let [admin, buyer] = [1, 2].map(Person::new);
    chain.join(&admin, [Admin, Buy, Sell]);
    let ring = admin.ring(&chain, &store);
    assert!(matches!(ring.current().await, Err(KeyringError::NoEpoch)));
    let done = ring.refresh().await.unwrap();
    assert_eq!((done.begun, done.handed_out), (Some(Epoch(1)), vec![admin.key.signer()]));
    assert!(done.failure.is_none());
    // Again: nothing is to be done.
    let done = ring.refresh().await.unwrap();
    assert_eq!((done.begun, done.handed_out.len(), chain.epochs()), (None, 0, 1));

    chain.join(&buyer, [Buy]);
    let theirs = buyer.ring(&chain, &store);
    assert_eq!(theirs.refresh().await.unwrap().missing, [Epoch(1)]);
    assert!(matches!(theirs.current().await, Err(KeyringError::Missing(Epoch(1)))));
    assert_eq!(ring.refresh().await.unwrap().handed_out, [buyer.key.signer()]);
    assert_eq!(theirs.refresh().await.unwrap().received, [Epoch(1)]);
    assert_eq!(theirs.current().await.unwrap(), ring.current().await.unwrap());
}

#[tokio::test]
async fn when_somebody_left_an_epoch_begins_and_colleagues_open_what_was_ordered() {
    let (chain, store) = (FakeChain::default(), FakeStore::default());
    let [admin, employee, colleague] = [1, 2, 3].map(Person::new);
    chain.join(&admin, [Admin]);
    chain.join(&employee, [Buy]);
    admin.ring(&chain, &store).refresh().await.unwrap();
    let theirs = employee.ring(&chain, &store);
    theirs.refresh().await.unwrap();
    let (secret, nonce) = (theirs.current().await.unwrap(), [7; 32]);
    let order_key = secret.order_secret(&nonce).order_key();

    // They leave by themselves, and nobody is there to see it.
    chain.leave(&employee);
    chain.join(&colleague, [Buy]);
    assert!(matches!(theirs.refresh().await, Err(KeyringError::NotMember(_))));
    let done = admin.ring(&chain, &store).refresh().await.unwrap();
    assert_eq!(done.begun, Some(Epoch(2)));
    let ours = colleague.ring(&chain, &store);
    assert_eq!(ours.refresh().await.unwrap().received, [Epoch(1), Epoch(2)]);
    assert_eq!(ours.current().await.unwrap().id().epoch, Epoch(2));
    let found = ours.of_order(&nonce, &order_key).await.unwrap().unwrap();
    assert_eq!(found, *secret.id());
    assert_eq!(ours.get(&found).await.unwrap().order_secret(&nonce).order_key(), order_key);
    assert_eq!(ours.of_order(&[8; 32], &order_key).await.unwrap(), None);
    assert!(!store.kept.lock().unwrap().contains_key(&format!("2/{}", employee.key.signer())));
}

#[tokio::test]
async fn of_two_admins_who_begin_at_once_the_chain_decides() {
    let (chain, store) = (FakeChain::default(), FakeStore::default());
    let [one, two] = [1, 2].map(Person::new);
    chain.join(&one, [Admin]);
    chain.join(&two, [Admin]);
    let rival = two.ring(&chain, &store);
    let theirs = CompanySecret::generate(*rival.company(), Epoch(1), &mut OsRng);
    rival.secrets.begin(&theirs).await.unwrap();
    *chain.rival.lock().unwrap() = Some(theirs.id().commitment);
    let ring = one.ring(&chain, &store);
    let done = ring.refresh().await.unwrap();
    assert_eq!((done.begun, done.missing, chain.epochs()), (None, vec![Epoch(1)], 1));
    assert!(matches!(ring.current().await, Err(KeyringError::Missing(Epoch(1)))));
    // The other one goes on where they were.
    let done = rival.refresh().await.unwrap();
    assert_eq!((done.begun, done.handed_out.len()), (None, 2));
    ring.refresh().await.unwrap();
    assert_eq!(ring.current().await.unwrap(), theirs);
    // The next epoch is not the one that was begun in vain.
    chain.leave(&two);
    assert_eq!(ring.refresh().await.unwrap().begun, Some(Epoch(2)));
    assert_eq!(
        ring.all().await.unwrap().len(),
        2,
        "what the chain does not know is no secret of the company"
    );
}

#[tokio::test]
async fn nothing_rests_on_a_secret_that_no_colleague_can_have() {
    let (chain, store) = (FakeChain::default(), FakeStore::default());
    let [admin, buyer] = [1, 2].map(Person::new);
    chain.join(&admin, [Admin]);
    chain.join(&buyer, [Buy]);
    *store.down.lock().unwrap() = true;
    let ring = admin.ring(&chain, &store);
    let done = ring.refresh().await.unwrap();
    assert!(done.failure.unwrap().is_connection());
    assert!(matches!(ring.current().await, Err(KeyringError::NotShared(Epoch(1)))));
    *store.down.lock().unwrap() = false;
    assert_eq!(ring.refresh().await.unwrap().handed_out.len(), 2);
    assert_eq!((ring.current().await.unwrap().id().epoch, chain.epochs()), (Epoch(1), 1));
}

/// The attacks: a former admin, or the service, gives a member a secret of their own making.
#[tokio::test]
async fn a_secret_that_the_chain_does_not_know_is_nobodys() {
    let (chain, store) = (FakeChain::default(), FakeStore::default());
    let [admin, buyer] = [1, 2].map(Person::new);
    chain.join(&admin, [Admin]);
    let ring = admin.ring(&chain, &store);
    ring.refresh().await.unwrap();
    let to = Recipient { account: buyer.key.signer(), key: buyer.key.member_key() };
    let own = CompanySecret::generate(*ring.company(), Epoch(1), &mut OsRng);
    let forged = WrappedSecret::wrap(&own, &to, &admin.key, &mut OsRng).unwrap();
    store.put(format!("1/{}", buyer.key.signer()), forged.to_bytes()).unwrap();
    chain.join(&buyer, [Buy]);
    let theirs = buyer.ring(&chain, &store);
    assert_eq!(theirs.refresh().await.unwrap().missing, [Epoch(1)]);
    // From a sheet neither.
    assert_eq!(theirs.restore(&[own]).await.unwrap(), []);
    assert_eq!(theirs.restore(&[ring.current().await.unwrap()]).await.unwrap(), [Epoch(1)]);
    assert_eq!(theirs.current().await.unwrap(), ring.current().await.unwrap());
}

#[tokio::test]
async fn a_key_that_a_seller_shared_outlives_their_laptop() {
    let (chain, store) = (FakeChain::default(), FakeStore::default());
    let [admin, seller, service, buyer] = [1, 2, 3, 4].map(Person::new);
    chain.join(&admin, [Admin, Sell, Deliver]);
    chain.join(&seller, [Sell]);
    chain.join(&service, [Deliver]);
    chain.join(&buyer, [Buy]);
    admin.ring(&chain, &store).refresh().await.unwrap();
    let key = ContentKey::generate(&mut OsRng);
    {
        let ring = seller.ring(&chain, &store);
        ring.refresh().await.unwrap();
        for _ in 0..2 {
            ring.share(WHAT.0, WHAT.1, &key).await.unwrap();
        }
    }
    let ring = admin.ring(&chain, &store);
    let found = ring.fetch(&key.commitment()).await.unwrap().unwrap();
    assert!(found.key == key);
    assert_eq!((found.dataset, found.sealed), WHAT);

    // Who only delivers has no secret, and gets a key that is given to them.
    let theirs = service.ring(&chain, &store);
    assert!(theirs.refresh().await.unwrap().missing.is_empty());
    assert!(matches!(theirs.current().await, Err(KeyringError::NotForTheirRoles)));
    assert!(theirs.fetch(&key.commitment()).await.unwrap().is_none());
    let before = *store.asked.lock().unwrap();
    assert!(theirs.fetch(&key.commitment()).await.unwrap().is_none());
    assert_eq!(*store.asked.lock().unwrap(), before, "it is not asked for again at once");
    let member = *ring.state().await.unwrap().member(&service.key.signer()).unwrap();
    ring.entrust(&member, WHAT, &key).await.unwrap();
    let anew = service.ring(&chain, &store);
    assert!(anew.fetch(&key.commitment()).await.unwrap().unwrap().key == key);
    // It opens nothing else.
    let other = ContentKey::generate(&mut OsRng);
    ring.share(WHAT.0, WHAT.1, &other).await.unwrap();
    assert!(anew.fetch(&other.commitment()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_recovered_company_and_one_that_wants_it_begin_anew_and_a_frozen_one_does_not() {
    let (chain, store) = (FakeChain::default(), FakeStore::default());
    let [admin, heir] = [1, 2].map(Person::new);
    chain.join(&admin, [Admin, Buy]);
    let ring = admin.ring(&chain, &store);
    ring.refresh().await.unwrap();
    assert_eq!(ring.renew().await.unwrap().begun, Some(Epoch(2)));
    chain.state.lock().unwrap().recovering = true;
    chain.join(&heir, [Admin, Buy]);
    assert_eq!(ring.renew().await.unwrap().handed_out, [], "members and secrets stay as they are");
    {
        let mut state = chain.state.lock().unwrap();
        state.members[0].roles = MemberRoles::from(Deliver);
        (state.recovering, state.recovered_at) = (false, Some(99));
    }
    let theirs = heir.ring(&chain, &store);
    let done = theirs.refresh().await.unwrap();
    assert_eq!(done.begun, Some(Epoch(3)));
    // What was lost with the keys stays lost to them.
    assert_eq!(done.missing, [Epoch(1), Epoch(2)]);
    assert_eq!(theirs.current().await.unwrap().id().epoch, Epoch(3));
}
