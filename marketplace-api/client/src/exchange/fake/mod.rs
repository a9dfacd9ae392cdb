//! A market and a service that live in memory, for the tests of the procedures.
//!
//! The market finalizes every block at once unless it is told to stall, and applies the calls that a trade
//! takes; disputes are judged by the chain's own function.

mod calls;
mod clock;
mod happenings;
mod home;
mod market;
mod service;
mod state;

pub(super) use clock::HurriedClock;
pub(super) use home::MemoryHome;
pub(super) use market::FakeMarket;
pub(super) use service::FakeService;
pub(super) use state::DEPOSITS;

use super::{Event, Observer, Sealing, SealingStore};
use crate::keys::Keypair;
use crate::ports::Home;
use std::sync::{Arc, Mutex};
use wonbon_model::DatasetId;
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::{Commitment, OsRng};

pub(super) fn seller() -> Keypair {
    Keypair::from_secret(&[11; 32])
}

pub(super) fn buyer() -> Keypair {
    Keypair::from_secret(&[12; 32])
}

/// What chain and service were told, in order.
pub(super) type Log = Arc<Mutex<Vec<String>>>;

/// Keeps the events that it is told of.
#[derive(Clone, Default)]
pub(super) struct Events(Arc<Mutex<Vec<Event>>>);

impl Observer for Events {
    fn event(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

impl Events {
    pub(super) fn observer(&self) -> Arc<dyn Observer> {
        Arc::new(self.clone())
    }

    pub(super) fn count(&self, wanted: impl Fn(&Event) -> bool) -> usize {
        self.0.lock().unwrap().iter().filter(|event| wanted(event)).count()
    }
}

/// A sealing store with a fresh key.
pub(super) async fn sealing(home: &dyn Home) -> (ContentKey, SealingStore<'_>) {
    let key = ContentKey::generate(&mut OsRng);
    let store = sealing_of(home, &key).await;
    (key, store)
}

pub(super) async fn sealing_of<'h>(home: &'h dyn Home, key: &ContentKey) -> SealingStore<'h> {
    let store = SealingStore::new(home, &seller());
    let sealing = Sealing {
        account: seller().account(),
        dataset: DatasetId([1; 32]),
        sealed: Commitment { root: [2; 32], length: 10_000 },
        key_commitment: key.commitment(),
        file_name: "data.csv".to_owned(),
    };
    store.add(sealing, key).await.unwrap();
    store
}
