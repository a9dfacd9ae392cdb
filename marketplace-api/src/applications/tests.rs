//! Tests of how many applications are kept, and for how long.

use ed25519_dalek::{Signer, SigningKey};
use serde_json::json;
use wonbon_client::chain::{ChainEvent, ParticipantsEvent};

use super::*;
use crate::{kv::MemoryStore, storage::S3Storage, testing};

const GENESIS: Hash = Hash([7; 32]);
const NOW: u64 = 1_800_000_000_000;
const NUMBER: &str = "1234567891";

struct Place {
    kv: Arc<MemoryStore>,
    applications: Arc<Applications>,
}

/// A service that has read one block.
fn place(storage: Arc<dyn Storage>) -> Place {
    let kv = Arc::new(MemoryStore::new());
    testing::apply(&*kv, Vec::new());
    let status = Status::default();
    testing::set_genesis(&status, GENESIS);
    let read_model = ReadModel::new(kv.clone()).unwrap();
    Place { kv, applications: Arc::new(Applications::new(storage, read_model, status, [])) }
}

fn key(number: u32) -> SigningKey {
    let mut seed = [1; 32];
    seed[..4].copy_from_slice(&number.to_be_bytes());
    SigningKey::from_bytes(&seed)
}

fn application(number: u32, expires: u32) -> Application {
    let key = key(number);
    let unsigned = json!({
        "account": AccountId(key.verifying_key().to_bytes()),
        "profile": { "name": "한빛정밀", "registration_number": NUMBER, "ksic": "C29", "size": "small",
            "region": "KR-48", "roles": ["provider"] },
        "joining": { "roles": ["admin"], "day_limit": 5, "key": Hash([2; 32]), "ended": 0, "expires": expires },
        "signature": "00".repeat(64),
    });
    let mut application: Application = serde_json::from_value(unsigned).unwrap();
    let digest = application.digest(&GENESIS.0).unwrap();
    application.signature = wonbon_model::Signature(key.sign(&digest).to_bytes());
    application
}

/// Applies blocks up to a height.
fn go_to(kv: &MemoryStore, height: u32) {
    while applied(kv).unwrap().unwrap().height < height {
        testing::apply(kv, Vec::new());
    }
}

async fn all(applications: &Applications) -> Vec<ApplicationView> {
    applications.list(None, PageRequest { after: None, limit: 2000 }).await.unwrap().items
}

#[tokio::test]
async fn an_account_has_one_open_application() {
    let Place { kv, applications } = place(Arc::new(S3Storage::in_memory()));
    let (first, new) = applications.hand_in(application(1, 5), NOW).await.unwrap();
    assert!(new && first.state == ApplicationState::Open && first.received_at_ms == NOW);
    let (again, new) = applications.hand_in(application(1, 5), NOW + 1).await.unwrap();
    assert!(!new && again == first);
    let refused = applications.hand_in(application(1, 6), NOW).await;
    assert!(matches!(refused, Err(ApplicationError::Open(digest)) if digest == first.digest));
    assert_eq!(all(&applications).await, std::slice::from_ref(&first));

    // When it can be taken no more, another takes its place.
    go_to(&kv, 5);
    assert_eq!(all(&applications).await[0].state, ApplicationState::Expired);
    let (second, new) = applications.hand_in(application(1, 8), NOW).await.unwrap();
    assert!(new && second.received_at == 5);
    assert_eq!(all(&applications).await, [second]);
    assert_eq!(applications.get(first.digest).await.unwrap(), None);
    // What had expired does not come back.
    let refused = applications.hand_in(application(2, 5), NOW).await;
    assert!(matches!(refused, Err(ApplicationError::Expired { expires: 5, height: 5 })));
}

#[tokio::test]
async fn an_application_ends_with_the_company() {
    let Place { kv, applications } = place(Arc::new(S3Storage::in_memory()));
    let (handed_in, _) = applications.hand_in(application(1, 900), NOW).await.unwrap();
    let established = |company, number: &str| {
        let admin = handed_in.application.account;
        let event = ParticipantsEvent::Established {
            company: AccountId(company),
            admin,
            registration_number: number.parse().unwrap(),
        };
        testing::apply_from_chain(&*kv, Vec::new(), &[ChainEvent::Participants(event)]);
    };
    established([0xc1; 32], "1048123454");
    assert_eq!(all(&applications).await[0].state, ApplicationState::Open, "another company of theirs");
    established([0xc0; 32], NUMBER);
    let found = applications.get(handed_in.digest).await.unwrap().unwrap();
    assert_eq!((found.state, found.company), (ApplicationState::Established, Some(AccountId([0xc0; 32]))));
    // The same one again does not open it again.
    let (again, new) = applications.hand_in(application(1, 900), NOW).await.unwrap();
    assert!(!new && again.state == ApplicationState::Established);
}

#[tokio::test]
async fn what_is_kept_is_bounded() {
    let Place { kv, applications } = place(Arc::new(S3Storage::in_memory()));
    let hour = |hour: usize| NOW + hour as u64 * HOUR_MS;
    for number in 0..MAX_APPLICATIONS {
        // The first one is not taken for long.
        let expires = if number == 0 { 3 } else { 900 };
        let now = hour(number / MAX_PER_HOUR);
        applications.hand_in(application(number as u32, expires), now).await.unwrap();
        if number + 1 == MAX_PER_HOUR {
            let refused = applications.hand_in(application(9999, 900), now).await;
            assert!(matches!(refused, Err(ApplicationError::TooMany)));
        }
    }
    let later = hour(MAX_APPLICATIONS);
    let refused = applications.hand_in(application(9999, 900), later).await;
    assert!(matches!(refused, Err(ApplicationError::Full)));
    go_to(&kv, 3);
    applications.hand_in(application(9999, 900), later).await.unwrap();
    let kept = all(&applications).await;
    assert_eq!(kept.len(), MAX_APPLICATIONS);
    assert!(kept.iter().all(|kept| kept.state == ApplicationState::Open));

    // One that is signed for years would keep its place for years.
    let refused = applications.hand_in(application(10_000, u32::MAX), later).await;
    assert!(matches!(refused, Err(ApplicationError::TooLong { .. })));
    applications.remove(kept[0].clone()).await.unwrap();
    assert_eq!(all(&applications).await.len(), MAX_APPLICATIONS - 1);
    let account = kept[0].application.account;
    assert!(
        !applications.concern(account).await.unwrap() && applications.named(account).await.unwrap().is_none()
    );
}

#[tokio::test]
async fn two_services_over_one_storage_take_one_application_of_an_account() {
    let storage: Arc<dyn Storage> = Arc::new(S3Storage::in_memory());
    let (here, there) = (place(storage.clone()).applications, place(storage).applications);
    let (one, other) =
        tokio::join!(here.hand_in(application(1, 90), NOW), there.hand_in(application(1, 91), NOW));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(all(&here).await.len(), 1);
    let (one, other) =
        tokio::join!(here.hand_in(application(2, 90), NOW), there.hand_in(application(2, 90), NOW));
    assert_eq!(one.unwrap().0.digest, other.unwrap().0.digest);
    assert_eq!(all(&there).await.len(), 2);
}

#[tokio::test]
async fn pages_have_each_application_once() {
    let Place { kv, applications } = place(Arc::new(S3Storage::in_memory()));
    for number in 0..40 {
        let expires = if number % 2 == 0 { 3 } else { 900 };
        applications.hand_in(application(number, expires), NOW).await.unwrap();
    }
    go_to(&kv, 3);
    for (state, count) in
        [(None, 40), (Some(ApplicationState::Open), 20), (Some(ApplicationState::Expired), 20)]
    {
        for limit in [1, 7, 20, 40, 41] {
            let (mut found, mut after) = (BTreeSet::new(), None);
            loop {
                let page = applications.list(state, PageRequest { after, limit }).await.unwrap();
                assert!(page.items.len() <= limit);
                assert!(page.items.iter().all(|item| state.is_none_or(|state| item.state == state)));
                found.extend(page.items.iter().map(|item| item.digest));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(found.len(), count, "{state:?} by {limit}");
        }
    }
}
