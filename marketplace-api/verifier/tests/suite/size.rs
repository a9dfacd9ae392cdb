//! How large certificates are, and how they grow.

use crate::synthetic::{
    digest,
    finality::{hand_off, Log, Validators},
    sample::Sample,
    state::Story,
};
use wonbon_primitives::{record::Outcome, DatasetId};
use wonbon_verifier::keys;

/// A dataset with three ancestors and so many trades, among a hundred others with ten trades each.
fn market(trades: u64, hand_offs: usize) -> Sample {
    let mut sample = Sample::empty(hand_offs);
    for other in 0..100 {
        let mut story = Story::begin(DatasetId(digest(10_000 + other)), digest(500 + other), &[], 0);
        (0..10).for_each(|buyer| story.trade(digest(600 + buyer), Outcome::Accepted));
        story.write(&mut sample.state);
        sample.state.company(digest(500 + other), "한빛정밀 주식회사");
    }
    let [mother, father, grandmother] = [10_000, 10_001, 10_002].map(|number| DatasetId(digest(number)));
    Story::begin(mother, digest(500), &[grandmother], 1).write(&mut sample.state);
    let mut story = Story::begin(sample.dataset, digest(500), &[mother, father], 2);
    (0..trades).for_each(|buyer| story.trade(digest(600 + buyer % 50), Outcome::Accepted));
    story.write(&mut sample.state);
    sample
}

fn size(sample: &Sample) -> usize {
    let certificate = sample.certificate();
    sample.verify(&certificate).unwrap();
    certificate.encode().len()
}

#[test]
fn a_certificate_is_small_and_grows_slowly() {
    let sample = market(10, 3);
    let ten = size(&sample);
    println!("3 ancestors, 10 trades, 4 validators, 3 hand-offs, among 100 datasets: {ten} bytes");
    assert!(ten < 16_000, "{ten}");

    let many = market(1_000, 3);
    let records: usize =
        (10..1_000).map(|index| many.state.0[&keys::trade(&many.dataset, index)].len()).sum();
    let more = (size(&many) - ten) as f64 / 990.0;
    let overhead = more - records as f64 / 990.0;
    println!("each further trade: {more:.1} bytes, {overhead:.1} of them not its record");
    assert!(overhead < 40.0, "{overhead}");

    let step = hand_off(400, 3, &Validators::new(4, 1), &[Log::to(&Validators::new(4, 2))]);
    let hand_off = size(&market(10, 4)) - ten;
    println!(
        "each further hand-off: {hand_off} bytes, {} of them its justification",
        step.justification.len()
    );
    assert!(hand_off < 1_100, "{hand_off}");
}
