//! Samples shown by one side and looked at by the other, over a market and a service in memory.

use super::*;
use crate::exchange::buy::{samples, FairSample};
use crate::exchange::fake::{buyer, seller, Events, FakeMarket, FakeService, MemoryHome};
use crate::exchange::sell::giving::{LARGEST_SHARE, USUAL_SHARE};
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

/// A dataset of which a fair sample is given, and its rows.
const LARGE: usize = 2_100_000;

fn share(millionths: u32) -> Share {
    Share::from_millionths(millionths).unwrap()
}

fn tenth() -> Share {
    share(LARGEST_SHARE)
}

impl Setting {
    /// A registered dataset of about so many bytes in lines, which are rows, and its file.
    fn new(length: usize) -> Self {
        Self::with(length, true)
    }

    fn with(length: usize, rows_are_lines: bool) -> Self {
        let mut bytes = Vec::new();
        while bytes.len() < length {
            bytes.extend_from_slice(format!("{:>40},{}\n", bytes.len(), bytes.len() % 251).as_bytes());
        }
        let home = MemoryHome::default();
        home.write("data", &bytes);
        let dataset = DatasetId(root_of(bytes.chunks(4096).map(leaf_hash)).unwrap());
        let market = FakeMarket::new();
        market.register(dataset, bytes.len() as u64, seller().account());
        let (service, events) = (FakeService::default(), Events::default());
        let document = serde_json::json!({
            "schema": wonbon_model::metadata::SCHEMA,
            "profile": { "format": "csv", "rows_are_lines": rows_are_lines },
        });
        service.documents.lock().unwrap().insert([0; 32], document.to_string());
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

    async fn show(&self, indices: Vec<u64>) -> Result<Sample> {
        self.sampler().show(self.dataset, &*self.file(), indices, tenth()).await
    }

    async fn answer_with(&self, size: SampleSize, most: Share) -> Result<Sample> {
        let (sampler, file) = (self.sampler(), self.file());
        let draft = sampler.draft(self.dataset, &*file, size, most).await?;
        let sample = sampler.answer(&draft, &*file).await?;
        assert_eq!(draft.exposure.shown, sample.blocks());
        Ok(sample)
    }

    async fn answer(&self, blocks: u32) -> Result<Sample> {
        self.answer_with(SampleSize::Blocks(blocks), tenth()).await
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
    let setting = Setting::new(200_000);
    let found = samples(&setting.market, &setting.service, &setting.dataset).await.unwrap();
    assert_eq!((found.chosen, found.fair), (None, FairSample::NotDrawn));
    let (sampler, file) = (setting.sampler(), setting.file());
    let given = sampler.exposure(setting.dataset, &*file, vec![0, 1, 12], tenth()).await.unwrap();
    assert_eq!((given.shown, given.blocks, given.bytes), (3, 49, 3 * 4096));
    assert!((200..300).contains(&given.rows.unwrap()), "{given:?}");
    let shown = setting.show(vec![0, 1, 12]).await.unwrap();
    assert_eq!(shown.indices().collect::<Vec<_>>(), [0, 1, 12]);
    let found = samples(&setting.market, &setting.service, &setting.dataset).await.unwrap();
    assert_eq!(found.chosen, Some(shown));
    setting.swap("chosen", |file| file[100] ^= 1);
    let found = samples(&setting.market, &setting.service, &setting.dataset).await;
    assert!(matches!(found, Err(ExchangeError::Corrupt { .. })), "{found:?}");
}

#[tokio::test]
async fn no_more_is_shown_than_was_allowed() {
    let setting = Setting::new(200_000);
    for (indices, most) in
        [(vec![0, 1, 2, 3, 4], tenth()), (vec![7], share(1)), ((0..49).collect(), Share::WHOLE)]
    {
        let (sampler, file) = (setting.sampler(), setting.file());
        let exposure = sampler.exposure(setting.dataset, &*file, indices.clone(), most).await;
        assert!(matches!(exposure, Err(ExchangeError::Sample(_))), "{exposure:?}");
        let shown = sampler.show(setting.dataset, &*file, indices, most).await;
        assert!(matches!(shown, Err(ExchangeError::Sample(_))), "{shown:?}");
    }
    // Of a dataset as small as this no fair sample is given, however little is asked for.
    let refused = setting.answer(1).await;
    assert!(matches!(refused, Err(ExchangeError::Sample(SampleRefusal::TooSmall { .. }))), "{refused:?}");
    assert!(setting.service.samples.lock().unwrap().is_empty() && setting.market.submitted().is_empty());
    let setting = Setting::new(LARGE);
    let refused = setting.answer(40).await;
    assert!(
        matches!(refused, Err(ExchangeError::Sample(SampleRefusal::TooManyBlocks { .. }))),
        "{refused:?}"
    );
    // As much as may be shown by default: a hundredth, ends of rows and all.
    let shown = setting.answer_with(SampleSize::AsMuchAsMay, share(USUAL_SHARE)).await.unwrap();
    assert!((4..=5).contains(&shown.blocks()), "{}", shown.blocks());
}

#[tokio::test]
async fn the_draw_is_awaited_and_answered_once() {
    let setting = Setting::new(LARGE);
    let answered = setting.answer(4).await.unwrap();
    assert_eq!(setting.events.count(|event| matches!(event, Event::DrawAwaited { .. })), 1);
    let genesis = setting.market.genesis();
    assert_eq!(answered.drawn(&genesis).len(), 4);
    assert!(answered.blocks() > 4, "the ends of rows");
    assert!(answered.rows_of(answered.drawn(&genesis)).all(|row| row.whole));
    let FairSample::Answered { answer, sample, .. } = setting.fair().await.unwrap() else { panic!() };
    assert_eq!((answer.blocks, sample), (4, Some(answered.clone())));
    // Again, as after a crash: the same file, and no second answer; also without saying how many.
    assert_eq!(setting.answer(4).await.unwrap(), answered);
    let again = setting.answer_with(SampleSize::AsMuchAsMay, share(USUAL_SHARE)).await.unwrap();
    assert_eq!(again, answered);
    assert_eq!(setting.market.submitted(), ["Provenance.answer_draw"]);
    // Another number of blocks is another answer.
    assert!(matches!(setting.answer(5).await, Err(ExchangeError::AlreadyAnswered(_))));
}

#[tokio::test]
async fn what_rows_are_was_fixed_before_the_draw() {
    // Cells with line breaks: blocks are shown, and no rows are claimed.
    let setting = Setting::with(LARGE, false);
    let answered = setting.answer(4).await.unwrap();
    assert_eq!(answered.blocks(), 4);
    assert!(matches!(answered.kind, Kind::Fair { rows: false, .. }));
    // Who changes their mind afterwards, or leaves the ends of rows away, is found out.
    for promised in [true, false] {
        let setting = Setting::with(LARGE, promised);
        setting.answer(4).await.unwrap();
        let other = serde_json::json!({
            "schema": wonbon_model::metadata::SCHEMA, "profile": { "format": "csv", "rows_are_lines": !promised },
        });
        setting.service.documents.lock().unwrap().insert([0; 32], other.to_string());
        assert!(matches!(setting.fair().await, Err(ExchangeError::Corrupt { .. })));
        // The seller's tool does not answer again in another way either.
        assert!(matches!(setting.answer(4).await, Err(ExchangeError::AlreadyAnswered(_))));
        // Without the document it is not known, and the blocks are right.
        setting.service.documents.lock().unwrap().clear();
        assert!(matches!(setting.fair().await, Ok(FairSample::Answered { sample: Some(_), .. })));
        assert!(matches!(setting.answer(4).await, Err(ExchangeError::NoDescription(_))));
    }
}

#[tokio::test]
async fn a_draw_that_is_not_answered_is_seen() {
    let setting = Setting::new(LARGE);
    setting.market.grow(20);
    assert!(matches!(setting.fair().await.unwrap(), FairSample::Unanswered { .. }));
    // A file that was uploaded and not answered for is no answer.
    setting.answer(4).await.unwrap();
    setting.service.samples.lock().unwrap().clear();
    assert!(matches!(setting.fair().await.unwrap(), FairSample::Answered { sample: None, .. }));
}

#[tokio::test]
async fn another_sample_than_the_answered_one_is_told() {
    let setting = Setting::new(LARGE);
    setting.answer(4).await.unwrap();
    let chosen = setting.show(vec![1, 2, 3, 4]).await.unwrap();
    setting.swap("fair", |file| *file = chosen.to_file());
    assert!(matches!(setting.fair().await, Err(ExchangeError::Corrupt { .. })));
}

#[tokio::test]
async fn only_the_owner_shows_and_only_the_dataset() {
    let setting = Setting::new(200_000);
    let other = buyer();
    let sampler = Sampler { key: &other, ..setting.sampler() };
    let refused = sampler.show(setting.dataset, &*setting.file(), vec![0], tenth()).await;
    assert!(matches!(refused, Err(ExchangeError::NotOwner { .. })));
    let refused = setting.sampler().show(DatasetId([5; 32]), &*setting.file(), vec![0], tenth()).await;
    assert!(matches!(refused, Err(ExchangeError::NoSuchDataset(_))));
    for bytes in [&b"short"[..], &[7; 200_000]] {
        setting.home.write("data", bytes);
        let refused = setting.show(vec![0]).await;
        assert!(matches!(refused, Err(ExchangeError::OtherFile { .. })), "{refused:?}");
    }
    let beyond = setting.show(vec![49]).await;
    assert!(matches!(beyond, Err(ExchangeError::OtherFile { .. })));
    assert!(setting.service.samples.lock().unwrap().is_empty());
    // The file of a drawn sample is looked at before it is read as if it were the dataset's.
    let setting = Setting::new(LARGE);
    setting.home.write("data", &[b'\n'; 3_000_000]);
    assert!(matches!(setting.answer(1).await, Err(ExchangeError::OtherFile { .. })));
    assert!(setting.market.submitted().is_empty());
}
