//! What the client's procedures tell while they run: for a person a line on standard error and a progress bar,
//! for a program (`deliver --json`) one object a line.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde_json::{json, Value};
use wonbon_client::exchange::{Event, NotDelivered, Observer, Work};
use wonbon_model::words::{amount, size, trade::outcome_sentence, Term};
use wonbon_model::OrderId;
use wonbon_primitives::id::to_hex;

use crate::output::object::won;
use crate::output::progress::Bar;
use crate::output::Output;

/// Tells a person or a program.
#[derive(Debug)]
pub struct Reporter {
    out: Output,
    /// Print events as JSON lines on standard output.
    lines: bool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    bar: Option<(Work, Bar)>,
    begun: Instant,
    behind: bool,
    delivered: BTreeSet<OrderId>,
    refused: BTreeSet<OrderId>,
}

impl Reporter {
    /// A reporter; with `lines` each event but progress is a JSON line on standard output.
    pub fn new(out: Output, lines: bool) -> Reporter {
        let state = State {
            bar: None,
            begun: Instant::now(),
            behind: false,
            delivered: BTreeSet::new(),
            refused: BTreeSet::new(),
        };
        Reporter { out, lines, state: Mutex::new(state) }
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
            state.bar = Some((work, self.out.bar(work_word(work), total)));
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
            let at = self.state().begun.elapsed();
            self.out.note(format!("[{:>6.1} s] {text}", at.as_secs_f64()));
        }
        if self.lines {
            // A reader that went away does not stop the work.
            let _ = self.out.result(&value(&event), String::new);
        }
    }
}

fn work_word(work: Work) -> &'static str {
    match work {
        Work::Sealing => "sealing",
        Work::Rechecking => "checking",
        Work::Uploading => "uploading",
        Work::Downloading => "downloading",
        Work::Verifying => "verifying",
        Work::Opening => "opening",
        Work::Proving => "proving",
        Work::Sampling => "sampling",
    }
}

fn is_warning(event: &Event) -> bool {
    matches!(
        event,
        Event::NotDelivered { .. }
            | Event::DeliveryFailed { .. }
            | Event::FinalityBehind { .. }
            | Event::ChainLost { .. }
            | Event::DeliveringFailed { .. }
            | Event::JournalSkipped { .. }
            | Event::WrongKey
            | Event::BadBlock { .. }
    )
}

fn text(event: &Event) -> String {
    match event {
        Event::Progress { work, done, total } => format!("{} {done} of {total}", work_word(*work)),
        Event::Sealed { plain, .. } => {
            format!("sealed {}; dataset {}", size::bytes(plain.length), to_hex(&plain.root))
        }
        Event::Uploaded => "uploaded; the service checked it and published it".into(),
        Event::DocumentsStored => "description, licence and NDA are at the service".into(),
        Event::Announced { from } => format!("announced; it can be registered from block {from}"),
        Event::AnnouncementCancelled => {
            "the announcement is cancelled, and its deposit is back".into()
        }
        Event::Registered { dataset } => format!("registered as dataset {dataset}"),
        Event::RegisteredBefore { dataset, at } => {
            format!("dataset {dataset} has been yours since block {at}: going on with its upload and offer; its description stays as it is")
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
            NotDelivered::Refused(reason) => format!("order {order} is NOT delivered: {reason}"),
        },
        Event::DeliveryFailed { order, reason } => {
            format!("order {order}: the delivery failed and will be tried again: {reason}")
        }
        Event::DeliveringFailed { reason, pause } => format!(
            "NOTHING can be delivered now, and orders may be missed: {reason}; trying again in {} s",
            pause.as_secs()
        ),
        Event::FinalityBehind { blocks } => format!(
            "the chain's finality is {blocks} blocks behind: nothing is delivered until it has caught up"
        ),
        Event::FinalityBack => "the chain's finality has caught up; delivering again".into(),
        Event::ChainLost { reason } => format!("the chain cannot be reached, trying again: {reason}"),
        Event::JournalSkipped { reason, .. } => format!("{reason}; it is skipped"),
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
        Event::BadBlock { index } => format!("block {index} is NOT what was promised; opening a dispute"),
        Event::Disputed { order } => format!("order {order} is disputed, with a proof that was checked here first"),
        Event::Final { order, outcome } => format!("order {order} is final: {}", outcome_sentence(*outcome)),
    }
}

fn value(event: &Event) -> Value {
    match event {
        Event::Progress { work, done, total } => {
            json!({ "event": "progress", "work": work_word(*work), "done": done, "total": total })
        }
        Event::Sealed { plain, sealed } => json!({
            "event": "sealed", "dataset": to_hex(&plain.root), "sealed_root": to_hex(&sealed.root),
            "length": plain.length,
        }),
        Event::Uploaded => json!({ "event": "uploaded" }),
        Event::DocumentsStored => json!({ "event": "documents_stored" }),
        Event::Announced { from } => json!({ "event": "announced", "from": from }),
        Event::AnnouncementCancelled => json!({ "event": "announcement_cancelled" }),
        Event::Registered { dataset } => json!({ "event": "registered", "dataset": dataset.to_string() }),
        Event::RegisteredBefore { dataset, at } => {
            json!({ "event": "registered_before", "dataset": dataset.to_string(), "at": at })
        }
        Event::Offered { offer } => json!({ "event": "offered", "offer": offer }),
        Event::SampleStored { dataset } => {
            json!({ "event": "sample_stored", "dataset": dataset.to_string() })
        }
        Event::DrawAwaited { registered_at } => {
            json!({ "event": "draw_awaited", "registered_at": registered_at })
        }
        Event::DrawAnswered { dataset, blocks } => {
            json!({ "event": "draw_answered", "dataset": dataset.to_string(), "blocks": blocks })
        }
        Event::Watching { waiting } => json!({ "event": "watching", "waiting": waiting }),
        Event::OrderSeen { order, offer, deliver_by } => {
            json!({ "event": "order_seen", "order": order, "offer": offer, "deliver_by": deliver_by })
        }
        Event::Delivered { order } => json!({ "event": "delivered", "order": order }),
        Event::NotDelivered { order, reason } => {
            let (word, left, needed) = match reason {
                NotDelivered::TooLate { left, needed } => ("too_late", Some(*left), Some(*needed)),
                NotDelivered::NoKey => ("no_key", None, None),
                NotDelivered::Refused(_) => ("refused", None, None),
            };
            json!({
                "event": "not_delivered", "order": order, "reason": word, "left": left, "needed": needed,
                "message": text(event),
            })
        }
        Event::DeliveryFailed { order, reason } => {
            json!({ "event": "delivery_failed", "order": order, "message": reason })
        }
        Event::DeliveringFailed { reason, pause } => {
            json!({ "event": "delivering_failed", "message": reason, "seconds": pause.as_secs() })
        }
        Event::FinalityBehind { blocks } => json!({ "event": "finality_behind", "blocks": blocks }),
        Event::FinalityBack => json!({ "event": "finality_back" }),
        Event::ChainLost { reason } => json!({ "event": "chain_lost", "message": reason }),
        Event::JournalSkipped { place, reason } => {
            json!({ "event": "journal_skipped", "path": place, "message": reason })
        }
        Event::PackageVerified => json!({ "event": "package_verified" }),
        Event::OrderPlaced { order, deliver_by, escrow } => json!({
            "event": "order_placed", "order": order, "deliver_by": deliver_by, "escrow": won(*escrow),
        }),
        Event::OrderFound { order } => json!({ "event": "order_found", "order": order }),
        Event::KeyReceived { order, dispute_until } => {
            json!({ "event": "key_received", "order": order, "dispute_until": dispute_until })
        }
        Event::Opened => json!({ "event": "opened" }),
        Event::WrongKey => json!({ "event": "wrong_key" }),
        Event::BadBlock { index } => json!({ "event": "bad_block", "block": index }),
        Event::Disputed { order } => json!({ "event": "disputed", "order": order }),
        Event::Final { order, outcome } => {
            json!({ "event": "final", "order": order, "outcome": outcome.word() })
        }
    }
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
        use wonbon_model::{DatasetId, Outcome};
        use wonbon_primitives::Commitment;
        let (plain, sealed) = (
            Commitment { root: [1; 32], length: 5_000_000 },
            Commitment { root: [2; 32], length: 5_000_000 },
        );
        let dataset = DatasetId([1; 32]);
        let reason = || "the reason".to_owned();
        let not_delivered = |reason| Event::NotDelivered { order: 7, reason };
        let mut events = vec![
            Event::Sealed { plain, sealed },
            Event::Uploaded,
            Event::DocumentsStored,
            Event::Announced { from: 3 },
            Event::AnnouncementCancelled,
            Event::Registered { dataset },
            Event::RegisteredBefore { dataset, at: 4 },
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
            not_delivered(NotDelivered::Refused(reason())),
            Event::DeliveryFailed { order: 7, reason: reason() },
            Event::DeliveringFailed { reason: reason(), pause: std::time::Duration::from_secs(9) },
            Event::FinalityBehind { blocks: 10 },
            Event::FinalityBack,
            Event::ChainLost { reason: reason() },
            Event::JournalSkipped { place: "sealings/x".into(), reason: reason() },
            Event::PackageVerified,
            Event::OrderPlaced { order: 7, deliver_by: 8, escrow: 1_250_300 },
            Event::OrderFound { order: 7 },
            Event::KeyReceived { order: 7, dispute_until: 11 },
            Event::Opened,
            Event::WrongKey,
            Event::BadBlock { index: 12 },
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
