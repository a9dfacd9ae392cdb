//! Samples shown by one side and looked at by the other, over a market and a service in memory.

use super::*;
use crate::exchange::buy::{samples, FairSample};
use crate::exchange::fake::{buyer, seller, Events, FakeMarket, FakeService, MemoryHome};
use crate::ports::Home;
use wonbon_primitives::content::tree::{leaf_hash, root_of};

struct Setting {
    home: MemoryHome,
    market: FakeMarket,
    service: FakeService,
    key: Keypair,
    events: Events,
    dataset: DatasetId,
}

impl Setting {
    /// A registered dataset of this many bytes, and its file.
    fn new(length: usize) -> Self {
        let home = MemoryHome::default();
        let bytes: Vec<u8> = (0..length).map(|at| (at / 7 % 251) as u8).collect();
        home.write("data", &bytes);
        let dataset = DatasetId(root_of(bytes.chunks(4096).map(leaf_hash)).unwrap());
        let market = FakeMarket::new();
        market.register(dataset, length as u64, seller().account());
        let (service, events) = (FakeService::default(), Events::default());
        Self { home, market, service, key: seller(), events, dataset }
    }

    fn file(&self) -> Box<dyn Source> {
        self.home.source("data")
    }

    fn sampler(&self) -> Sampler<'_> {
        Sampler {
            market: &self.market,
            service: &self.service,
            key: &self.key,
            observer: self.events.observer(),
        }
    }

    async fn fair(&self) -> Result<FairSample, ExchangeError> {
        Ok(samples(&self.market, &self.service, &self.dataset).await?.fair)
    }

    fn swap(&self, kind: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut stored = self.service.samples.lock().unwrap();
        change(stored.get_mut(&(self.dataset, kind.to_owned())).unwrap());
    }
}

#[tokio::test]
async fn chosen_blocks_are_shown_and_checked() {
    let setting = Setting::new(50_000);
    let found = samples(&setting.market, &setting.service, &setting.dataset).await.unwrap();
    assert_eq!((found.chosen, found.fair), (None, FairSample::NotDrawn));
    let shown = setting.sampler().show(setting.dataset, &*setting.file(), vec![0, 1, 12]).await.unwrap();
    assert_eq!(shown.indices().collect::<Vec<_>>(), [0, 1, 12]);
    let found = samples(&setting.market, &setting.service, &setting.dataset).await.unwrap();
    assert_eq!(found.chosen, Some(shown));
    setting.swap("chosen", |file| file[100] ^= 1);
    let found = samples(&setting.market, &setting.service, &setting.dataset).await;
    assert!(matches!(found, Err(ExchangeError::Corrupt { .. })), "{found:?}");
}

#[tokio::test]
async fn the_draw_is_awaited_and_answered_once() {
    let setting = Setting::new(50_000);
    let answered = setting.sampler().answer(setting.dataset, &*setting.file(), 4).await.unwrap();
    assert_eq!(setting.events.count(|event| matches!(event, Event::DrawAwaited { .. })), 1);
    assert_eq!(answered.blocks(), 4);
    let FairSample::Answered { answer, sample, .. } = setting.fair().await.unwrap() else { panic!() };
    assert_eq!((answer.blocks, sample), (4, Some(answered.clone())));
    // Again, as after a crash: the same file, and no second answer.
    let again = setting.sampler().answer(setting.dataset, &*setting.file(), 4).await.unwrap();
    assert_eq!(again, answered);
    assert_eq!(setting.market.submitted(), ["Provenance.answer_draw"]);
    // Another number of blocks is another answer.
    let other = setting.sampler().answer(setting.dataset, &*setting.file(), 5).await;
    assert!(matches!(other, Err(ExchangeError::AlreadyAnswered(_))));
}

#[tokio::test]
async fn a_draw_that_is_not_answered_is_seen() {
    let setting = Setting::new(50_000);
    setting.market.grow(20);
    assert!(matches!(setting.fair().await.unwrap(), FairSample::Unanswered { .. }));
    // A file that was uploaded and not answered for is no answer.
    setting.sampler().answer(setting.dataset, &*setting.file(), 4).await.unwrap();
    setting.service.samples.lock().unwrap().clear();
    assert!(matches!(setting.fair().await.unwrap(), FairSample::Answered { sample: None, .. }));
}

#[tokio::test]
async fn another_sample_than_the_answered_one_is_told() {
    let setting = Setting::new(50_000);
    setting.sampler().answer(setting.dataset, &*setting.file(), 4).await.unwrap();
    let chosen = setting.sampler().show(setting.dataset, &*setting.file(), vec![1, 2, 3, 4]).await.unwrap();
    setting.swap("fair", |file| *file = chosen.to_file());
    assert!(matches!(setting.fair().await, Err(ExchangeError::Corrupt { .. })));
}

#[tokio::test]
async fn only_the_owner_shows_and_only_the_dataset() {
    let setting = Setting::new(50_000);
    let other = buyer();
    let sampler = Sampler { key: &other, ..setting.sampler() };
    let refused = sampler.show(setting.dataset, &*setting.file(), vec![0]).await;
    assert!(matches!(refused, Err(ExchangeError::NotOwner { .. })));
    let refused = setting.sampler().show(DatasetId([5; 32]), &*setting.file(), vec![0]).await;
    assert!(matches!(refused, Err(ExchangeError::NoSuchDataset(_))));
    for bytes in [&b"short"[..], &[7; 50_000]] {
        setting.home.write("data", bytes);
        let refused = setting.sampler().show(setting.dataset, &*setting.file(), vec![0]).await;
        assert!(matches!(refused, Err(ExchangeError::OtherFile { .. })), "{refused:?}");
    }
    let beyond = setting.sampler().show(setting.dataset, &*setting.file(), vec![13]).await;
    assert!(matches!(beyond, Err(ExchangeError::OtherFile { .. })));
    assert!(setting.service.samples.lock().unwrap().is_empty());
}
