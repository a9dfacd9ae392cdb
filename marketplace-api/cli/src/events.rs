//! What the client's procedures tell while they run: for a person a line on standard error and a progress bar,
//! for a program (`deliver --json`) one object a line.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{json, Value};
use wonbon_client::exchange::{Event, NotDelivered, Observer, Work};
use wonbon_model::words::duration::duration;
use wonbon_model::words::time::Time;
use wonbon_model::words::{amount, size, trade::outcome_sentence};
use wonbon_model::OrderId;

use crate::output::progress::Bar;
use crate::output::Output;
use crate::upgrade_words::warning;

/// Tells a person or a program.
#[derive(Debug)]
pub struct Reporter {
    out: Output,
    /// Print events as JSON lines on standard output.
    lines: bool,
    begun: Instant,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    bar: Option<(Work, Bar)>,
    behind: bool,
    delivered: BTreeSet<OrderId>,
    refused: BTreeSet<OrderId>,
}

impl Reporter {
    /// A reporter; with `lines` each event but progress is a JSON line on standard output.
    pub fn new(out: Output, lines: bool) -> Reporter {
        Reporter { out, lines, begun: Instant::now(), state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes a bar that is still on the screen.
    pub fn clear(&self) {
        self.state().bar = None;
    }

    /// Orders delivered so far.
    pub fn delivered(&self) -> Vec<OrderId> {
        self.state().delivered.iter().copied().collect()
    }

    /// Orders that will not be delivered.
    pub fn refused(&self) -> Vec<OrderId> {
        self.state().refused.iter().copied().collect()
    }

    fn progress(&self, work: Work, done: u64, total: u64) {
        let mut state = self.state();
        let current = matches!(&state.bar, Some((other, _)) if *other == work);
        if !current {
            state.bar = None;
            state.bar = Some((work, self.out.bar(&work_word(work), total)));
        }
        if let Some((_, bar)) = &state.bar {
            bar.set(done);
        }
        if done >= total {
            state.bar = None;
        }
    }

    /// Keeps what matters; false when the same was said before.
    fn remember(&self, event: &Event) -> bool {
        let mut state = self.state();
        state.bar = None;
        match event {
            Event::Delivered { order } => state.delivered.insert(*order),
            Event::NotDelivered { order, .. } => state.refused.insert(*order),
            Event::FinalityBehind { .. } => !std::mem::replace(&mut state.behind, true),
            Event::FinalityBack => std::mem::replace(&mut state.behind, false),
            _ => true,
        }
    }
}

impl Observer for Reporter {
    fn event(&self, event: Event) {
        if let Event::Progress { work, done, total } = event {
            return self.progress(work, done, total);
        }
        if !self.remember(&event) {
            return;
        }
        let text = text(&event);
        if is_warning(&event) {
            self.out.warn(&text);
        } else {
            self.out.note(format!("[{:>6.1} s] {text}", self.begun.elapsed().as_secs_f64()));
        }
        if self.lines {
            // A reader that went away does not stop the work.
            let _ = self.out.result(&value(&event), String::new);
        }
    }
}

fn work_word(work: Work) -> String {
    json!(work).as_str().unwrap_or_default().to_owned()
}

fn is_warning(event: &Event) -> bool {
    matches!(
        event,
        Event::NotDelivered { .. }
            | Event::DeliveryFailed { .. }
            | Event::FinalityBehind { .. }
            | Event::ChainLost { .. }
            | Event::DeliveringFailed { .. }
            | Event::OrdersWithheld { .. }
            | Event::UpgradeAnnounced { .. }
            | Event::JournalSkipped { .. }
            | Event::WrongKey
            | Event::BadBlock { .. }
    )
}

fn text(event: &Event) -> String {
    match event {
        Event::Progress { work, done, total } => format!("{} {done} of {total}", work_word(*work)),
        Event::Sealed { dataset, length, .. } => {
            format!("sealed {}; dataset {dataset}", size::bytes(*length))
        }
        Event::Uploaded => "uploaded; the service checked it and published it".into(),
        Event::DocumentsStored => "description, licence and NDA are at the service".into(),
        Event::Announced { seconds, .. } => {
            let wait = duration(Duration::from_secs(u64::from(*seconds)));
            format!("announced; it is registered in about {wait}, once the chain has drawn what to show of it")
        }
        Event::AnnouncementExpired => {
            "the announcement ran out before it was used; it is taken back and made anew".into()
        }
        Event::AnnouncementCancelled => {
            "the announcement is cancelled, and its deposit is back".into()
        }
        Event::Registered { dataset } => format!("registered as dataset {dataset}"),
        Event::RegisteredBefore { dataset, at } => {
            format!("dataset {dataset} has been yours since block {at}: going on with its upload and offer; its description stays as it is")
        }
        Event::Provisional { until_ms, .. } => {
            let until = match Time::of_block(*until_ms) {
                Some(time) => format!("until about {} (Korea)", time.korean()),
                None => "for some minutes".into(),
            };
            format!(
                "the registration is provisional {until}: whoever announced the same bytes earlier could still take \
                 it over; the offer follows by itself, and after an interruption with the same command"
            )
        }
        Event::Offered { offer } => format!("offered as offer {offer}"),
        Event::SampleStored { .. } => "the service checked the sample and shows it to everyone".into(),
        Event::DrawAwaited { registered_at } => {
            format!("waiting for the chain to draw blocks of the dataset, which was registered in block {registered_at}")
        }
        Event::DrawAnswered { blocks, .. } => {
            format!("the sample of {blocks} drawn blocks is on the chain, once and for all")
        }
        Event::Watching { waiting } => match waiting {
            0 => "watching for orders; none is waiting".into(),
            1 => "watching for orders; 1 is waiting".into(),
            more => format!("watching for orders; {more} are waiting"),
        },
        Event::OrderSeen { order, offer, deliver_by } => {
            format!("order {order} of offer {offer} is final on the chain; its key must be delivered by block {deliver_by}")
        }
        Event::Delivered { order } => format!("order {order}: the key is delivered"),
        Event::NotDelivered { order, reason } => match reason {
            NotDelivered::TooLate { left, needed } => format!(
                "order {order} is NOT delivered: {left} blocks are left and {needed} are needed, because a key \
                 on its way could be held back until it is too late; `wonbon order expire {order}` refunds the buyer"
            ),
            NotDelivered::NoKey => format!(
                "order {order} is NOT delivered: its content key is not in the home folder; deliver from the \
                 machine that published, or copy its folder `sealings` here"
            ),
            NotDelivered::Refused { message } => format!("order {order} is NOT delivered: {message}"),
        },
        Event::DeliveryFailed { order, message } => {
            format!("order {order}: the delivery failed and will be tried again: {message}")
        }
        Event::DeliveringFailed { message, seconds } => format!(
            "NOTHING can be delivered now, and orders may be missed: {message}; trying again in {seconds} s"
        ),
        Event::OrdersWithheld { offer, orders } => format!(
            "the chain counts {orders} more open orders of offer {offer} than the node shows: name another node with \
             --chain, or their bond may be lost"
        ),
        Event::UpgradeAnnounced { due, orders } => warning(&format!("from block {due} on"), orders),
        Event::FinalityBehind { blocks } => format!(
            "the chain's finality is {blocks} blocks behind: nothing is delivered until it has caught up"
        ),
        Event::FinalityBack => "the chain's finality has caught up; delivering again".into(),
        Event::ChainLost { message } => format!("the chain cannot be reached, trying again: {message}"),
        Event::JournalSkipped { message, .. } => format!("{message}; it is skipped"),
        Event::PackageVerified => "the sealed file is the one that was offered".into(),
        Event::OrderPlaced { order, deliver_by, escrow } => {
            format!("order {order} is placed: {} in escrow, to be delivered by block {deliver_by}", amount::krw(*escrow))
        }
        Event::OrderFound { order } => format!("order {order} was placed already; going on with it"),
        Event::KeyReceived { order, dispute_until } => {
            format!("order {order}: the key is here; it can be disputed until block {dispute_until}")
        }
        Event::Opened => "opened; every block was checked".into(),
        Event::WrongKey => "the delivered key is NOT the promised one; opening a dispute".into(),
        Event::BadBlock { block } => format!("block {block} is NOT what was promised; opening a dispute"),
        Event::Disputed { order } => format!("order {order} is disputed, with a proof that was checked here first"),
        Event::Final { order, outcome } => format!("order {order} is final: {}", outcome_sentence(*outcome)),
    }
}

/// What programs read: an event that is not delivered has all of its fields, and says it as people read it.
fn value(event: &Event) -> Value {
    // Only an escrow of 2^64 won or more would be no value, and only buyers are told of one, as text.
    let mut value = serde_json::to_value(event).unwrap_or_default();
    if let Event::NotDelivered { reason, .. } = event {
        if !matches!(reason, NotDelivered::TooLate { .. }) {
            (value["left"], value["needed"]) = (Value::Null, Value::Null);
        }
        value["message"] = json!(text(event));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reporter() -> Reporter {
        Reporter::new(Output { json: false, quiet: true }, false)
    }

    #[test]
    fn what_became_of_orders_is_kept() {
        let reporter = reporter();
        let refused = Event::NotDelivered { order: 7, reason: NotDelivered::NoKey };
        reporter.event(refused.clone());
        reporter.event(refused);
        reporter.event(Event::Delivered { order: 8 });
        assert_eq!((reporter.delivered(), reporter.refused()), (vec![8], vec![7]));
    }

    #[test]
    fn a_refusal_says_why_and_what_to_do() {
        let late = Event::NotDelivered { order: 7, reason: NotDelivered::TooLate { left: 3, needed: 34 } };
        assert!(text(&late).contains("3 blocks are left and 34 are needed"));
        assert_eq!(value(&late)["reason"], "too_late");
        assert!(is_warning(&Event::FinalityBehind { blocks: 9 }));
        assert!(text(&Event::FinalityBehind { blocks: 9 }).contains("9 blocks behind"));
    }

    /// Every event as programs read it, against `tests/golden/events.json`. Messages are for people and may be said better.
    #[test]
    fn golden_events() {
        use wonbon_model::{DatasetId, Hash, Outcome};
        let dataset = DatasetId([1; 32]);
        let message = || "the reason".to_owned();
        let not_delivered = |reason| Event::NotDelivered { order: 7, reason };
        let mut events = vec![
            Event::Sealed { dataset, sealed_root: Hash([2; 32]), length: 5_000_000 },
            Event::Uploaded,
            Event::DocumentsStored,
            Event::Announced { from: 3, seconds: 8 },
            Event::AnnouncementExpired,
            Event::AnnouncementCancelled,
            Event::Registered { dataset },
            Event::RegisteredBefore { dataset, at: 4 },
            Event::Provisional { dataset, until: 9, until_ms: 1_767_225_600_000 },
            Event::Offered { offer: 5 },
            Event::SampleStored { dataset },
            Event::DrawAwaited { registered_at: 6 },
            Event::DrawAnswered { dataset, blocks: 307 },
            Event::Watching { waiting: 0 },
            Event::Watching { waiting: 1 },
            Event::Watching { waiting: 2 },
            Event::OrderSeen { order: 7, offer: 5, deliver_by: 8 },
            Event::Delivered { order: 7 },
            not_delivered(NotDelivered::TooLate { left: 3, needed: 34 }),
            not_delivered(NotDelivered::NoKey),
            not_delivered(NotDelivered::Refused { message: message() }),
            Event::DeliveryFailed { order: 7, message: message() },
            Event::DeliveringFailed { message: message(), seconds: 9 },
            Event::OrdersWithheld { offer: 5, orders: 2 },
            Event::UpgradeAnnounced { due: 900, orders: vec![3, 4] },
            Event::FinalityBehind { blocks: 10 },
            Event::FinalityBack,
            Event::ChainLost { message: message() },
            Event::JournalSkipped { path: "sealings/x".into(), message: message() },
            Event::PackageVerified,
            Event::OrderPlaced { order: 7, deliver_by: 8, escrow: 1_250_300 },
            Event::OrderFound { order: 7 },
            Event::KeyReceived { order: 7, dispute_until: 11 },
            Event::Opened,
            Event::WrongKey,
            Event::BadBlock { block: 12 },
            Event::Disputed { order: 7 },
            Event::Final { order: 7, outcome: Outcome::BadBlock(12) },
        ];
        let works = [
            Work::Sealing,
            Work::Rechecking,
            Work::Uploading,
            Work::Downloading,
            Work::Verifying,
            Work::Opening,
            Work::Proving,
            Work::Sampling,
        ];
        events.extend(works.map(|work| Event::Progress { work, done: 1, total: 2 }));
        let golden = wonbon_golden::Golden::at(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));
        let told = |event| {
            let mut object = value(event);
            if let Some(message) = object.get_mut("message") {
                *message = json!("…");
            }
            json!({ "json": object, "warning": is_warning(event) })
        };
        golden.json("events.json", &events.iter().map(told).collect::<Vec<_>>());
    }
}
