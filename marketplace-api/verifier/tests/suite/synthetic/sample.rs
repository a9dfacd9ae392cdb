//! A whole chain with a certificate of one of its datasets.

use super::{
    digest,
    finality::{block, hand_off, header, Block, Justification, Log, Validators},
    state::{State, Story, BEGINNING},
};
use wonbon_primitives::{record::Outcome, DatasetId};
use wonbon_verifier::{anchor, claims, Anchors, Certificate, Claims, HandOff, Refusal, Report, TrustAnchor};

/// A chain with hand-offs at blocks 100, 200, … and a certified block 50 blocks after the last.
#[derive(Clone)]
pub struct Sample {
    pub genesis: [u8; 32],
    pub dataset: DatasetId,
    pub state: State,
    /// Set 0, set 1, …
    pub sets: Vec<Validators>,
    pub hand_offs: Vec<HandOff>,
    pub number: u32,
}

impl Sample {
    pub const SUBJECT: u64 = 1;

    /// With a dataset that has a bit of everything: two parents and a grandparent (which both have), attestations, a
    /// handover, a version, trades.
    pub fn full() -> Self {
        let mut sample = Self::empty(3);
        let [seller, buyer, heir] = [digest(500), digest(501), digest(502)];
        let subject = sample.dataset;
        let [mother, father, grandmother] = [digest(2), digest(3), digest(4)].map(DatasetId);
        sample.state.company(seller, "한빛정밀 주식회사");
        sample.state.company(buyer, "부산데이터 주식회사");

        Story::begin(grandmother, digest(503), &[], 0).write(&mut sample.state);
        Story::begin(mother, seller, &[grandmother], 1).write(&mut sample.state);
        let mut other = Story::begin(father, digest(503), &[grandmother], 1);
        other.trade(seller, Outcome::Accepted);
        other.write(&mut sample.state);

        let mut story = Story::begin(subject, seller, &[mother, father], 2);
        story.attest(digest(504));
        story.trade(buyer, Outcome::Accepted);
        story.attest(digest(505));
        story.trade(buyer, Outcome::BadBlock(12));
        story.revoke(0);
        story.answer_draw();
        story.hand_over(heir);
        story.version(DatasetId(digest(6)));
        story.trade(buyer, Outcome::Missed);
        story.withdraw();
        story.write(&mut sample.state);
        sample
    }

    /// With a dataset that has nothing but itself, and no hand-off: the smallest certificate.
    pub fn small() -> Self {
        let mut sample = Self::empty(0);
        let mut story = Story::begin(sample.dataset, digest(500), &[], 0);
        story.trade(digest(501), Outcome::Accepted);
        story.write(&mut sample.state);
        sample
    }

    /// With hand-offs, and nothing in the state: the dataset is still to be written.
    pub fn empty(hand_offs: usize) -> Self {
        let genesis = digest(0);
        let sets: Vec<_> = (0..=hand_offs as u64).map(|set| Validators::new(4, set)).collect();
        let hand_offs: Vec<_> = (0..hand_offs)
            .map(|index| {
                let number = 100 * (index as u32 + 1);
                hand_off(number, index as u64, &sets[index], &[Log::to(&sets[index + 1])])
            })
            .collect();
        let number = 100 * hand_offs.len() as u32 + 50;
        Self {
            genesis,
            dataset: DatasetId(digest(Self::SUBJECT)),
            state: State::new(genesis, BEGINNING + u64::from(number) * 2_000),
            sets,
            hand_offs,
            number,
        }
    }

    /// The set in force at the certified block, and its number.
    pub fn last(&self) -> (&Validators, u64) {
        (self.sets.last().unwrap(), self.sets.len() as u64 - 1)
    }

    /// The certified header, in SCALE.
    pub fn header(&self) -> Vec<u8> {
        header(digest(8_000), self.number, self.state.trie().0, &[])
    }

    pub fn block(&self) -> Block {
        block(&self.header(), self.number)
    }

    /// The justification of the certified header, to be forged.
    pub fn justification(&self) -> Justification {
        let (set, id) = self.last();
        Justification::of(set, 3, id, self.block())
    }

    pub fn make(&self) -> Result<(Certificate, Claims), Refusal> {
        Certificate::make(
            self.dataset,
            self.genesis,
            self.hand_offs.clone(),
            self.header(),
            self.justification().encode(),
            self.state.trie().1,
        )
    }

    pub fn certificate(&self) -> Certificate {
        self.make().unwrap().0
    }

    /// The anchor after the hand-off with this number from 1 on, or of the first block.
    pub fn anchor(&self, set: usize) -> TrustAnchor {
        let number = 100 * set as u32;
        let hash = match set.checked_sub(1) {
            Some(index) => block(&self.hand_offs[index].header, number).0,
            None => self.genesis,
        };
        self.anchor_at(number, hash, set)
    }

    /// An anchor of any block with this set.
    pub fn anchor_at(&self, number: u32, hash: [u8; 32], set: usize) -> TrustAnchor {
        TrustAnchor {
            format: anchor::Format::V1,
            genesis: self.genesis.into(),
            block: claims::Block { number, hash: hash.into() },
            set_id: set as u64,
            authorities: self.sets[set].authorities(),
            time: None,
            note: None,
        }
    }

    /// The anchor of the first block alone.
    pub fn anchors(&self) -> Anchors {
        Anchors::new([self.anchor(0)]).unwrap()
    }

    /// Verifies in the way of who includes this: see `verify` there.
    pub fn verify(&self, certificate: &Certificate) -> Result<Report, Refusal> {
        super::super::verify(certificate, &self.anchors())
    }
}
