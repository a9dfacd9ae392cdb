//! What something locks and costs, said before it is done, and the person's yes or no: the same for every command that
//! takes money.
//!
//! Promises: nothing is written or sent before the answer; where nobody can be asked only `--yes` is one, and
//! `--dry-run` stops after what was said.

use clap::Args;
use serde::Serialize;
use serde_json::{json, Value};
use wonbon_client::chain::View;
use wonbon_client::exchange::cost::{Cost, Held, Hold, Means, Shortage};
use wonbon_client::home::SystemClock;
use wonbon_client::ports::Clock;
use wonbon_client::Keypair;
use wonbon_model::words::duration::BLOCK_SECONDS;
use wonbon_model::words::{amount, time::Time};
use wonbon_model::{Balance, BlockNumber};

use crate::context::Context;
use crate::exit::{Failure, Result};
use crate::lines::Line;
use crate::output::object::With;
use crate::output::table::fields;

/// How the question is answered beforehand.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Consent {
    /// Do it without being asked
    #[arg(long)]
    pub(super) yes: bool,
    /// Say what would be locked and what it costs, and stop: nothing is written or sent
    #[arg(long, conflicts_with = "yes")]
    pub(super) dry_run: bool,
}

/// Whether a command goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// It was agreed to.
    Go,
    /// Only what would be done was wanted, and was said.
    Stop,
}

/// What somebody is to agree to.
pub(super) struct Proposal<'a> {
    /// What it locks and costs.
    pub(super) cost: &'a Cost,
    /// What there is to pay it with.
    pub(super) means: &'a Means,
    /// What is to be known besides, before the money.
    pub(super) about: Vec<Line>,
    /// What is asked.
    pub(super) question: &'a str,
}

/// What is locked and what it costs, as programs read it.
#[derive(Debug, Serialize)]
pub(super) struct CostObject {
    dry_run: bool,
    holds: Vec<HoldObject>,
    locked: Balance,
    transactions: u32,
    most_fees: Balance,
    records_fee: Balance,
    free: Balance,
    /// What is left of the day's limit of a member.
    day_left: Option<Balance>,
}

#[derive(Debug, Serialize)]
struct HoldObject {
    what: &'static str,
    amount: Balance,
    most_blocks: Option<BlockNumber>,
    until_ms: Option<u64>,
}

/// When something is over that lasts so many blocks at most.
fn after(now_ms: u64, blocks: BlockNumber) -> Option<Time> {
    let millis = u64::from(blocks).saturating_mul(u64::from(BLOCK_SECONDS) * 1_000);
    Time::from_millis(now_ms.saturating_add(millis))
}

/// How what is held comes back.
fn comes_back(hold: &Hold, now_ms: u64) -> String {
    let until = hold.most_blocks.and_then(|blocks| after(now_ms, blocks));
    let by = until.map_or_else(|| "the end of its time".to_owned(), Time::korean_minute);
    match hold.what {
        Held::Price => format!(
            "goes to the seller when you accept, or by {by}; comes back if the key does not come in time or you prove \
             that the data are bad"
        ),
        Held::DisputeReserve => format!("pays a dispute; what is left comes back with the end of the order, by {by}"),
        Held::Bond => "comes back when you have withdrawn the offer and its last order is final; a missed or wrong \
                       delivery is paid from it"
            .to_owned(),
        Held::Offer => "stays, as the offer's record does".to_owned(),
        Held::Dataset => "from the announcement on, as long as the dataset is yours; whoever takes it over holds it then".to_owned(),
        Held::Attestation => "stays, as the attestation's record does".to_owned(),
        Held::Registration => {
            "stays as long as the company's record; comes back if you withdraw before it is verified".to_owned()
        }
        Held::Member => "stays, as the account's record does, also when they leave".to_owned(),
        Held::Redemption => format!("is paid out to your bank account, or comes back: it lapses about {by}"),
    }
}

/// What a person calls it.
fn label(what: Held) -> &'static str {
    match what {
        Held::Price => "price",
        Held::DisputeReserve => "for a dispute",
        Held::Bond => "bond",
        Held::Offer => "offer deposit",
        Held::Dataset => "dataset deposit",
        Held::Attestation => "attestation deposit",
        Held::Registration => "registration deposit",
        Held::Member => "member deposit",
        Held::Redemption => "payout",
    }
}

/// What a person reads of a cost, by the clock of now.
pub(super) fn lines(cost: &Cost, means: &Means, now_ms: u64) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for hold in &cost.holds {
        let text = format!("{} on hold\n{}", amount::krw(hold.amount), comes_back(hold, now_ms));
        lines.push((label(hold.what), text));
    }
    if cost.holds.len() > 1 {
        lines.push(("on hold in all", amount::krw(cost.locked())));
    }
    let fees = amount::krw(cost.most_fees());
    lines.push(match cost.transactions {
        0 | 1 => ("fee", format!("at most {fees}; it does not come back")),
        several => ("fees", format!("at most {fees}, of {several} transactions; they do not come back")),
    });
    if cost.records_fee > 0 {
        lines
            .push(("for the records", format!("{} of the trade, which stay", amount::krw(cost.records_fee))));
    }
    let left = means.free.saturating_sub(cost.locked()).saturating_sub(cost.records_fee);
    lines.push(("left", format!("{} of {}", amount::krw(left), amount::krw(means.free))));
    if let Some(day) = means.day {
        let text = format!("{} are left of your {} a day", amount::krw(day.left), amount::krw(day.limit));
        lines.push(("your limit", text));
    }
    lines
}

impl CostObject {
    fn new(cost: &Cost, means: &Means, now_ms: u64) -> Self {
        let hold = |hold: &Hold| HoldObject {
            what: hold.what.word(),
            amount: hold.amount,
            most_blocks: hold.most_blocks,
            until_ms: hold.most_blocks.and_then(|blocks| after(now_ms, blocks)).map(Time::millis),
        };
        Self {
            dry_run: true,
            holds: cost.holds.iter().map(hold).collect(),
            locked: cost.locked(),
            transactions: cost.transactions,
            most_fees: cost.most_fees(),
            records_fee: cost.records_fee,
            free: means.free,
            day_left: means.day.map(|day| day.left),
        }
    }
}

/// Prints, for a dry run, what would be locked.
pub(super) fn stopped(context: &Context, cost: &Cost, means: &Means, record: Value) -> Result<Answer> {
    let value = With { record, more: CostObject::new(cost, means, SystemClock.now_ms()) };
    context.out.result(&value, || "Nothing was written or sent (--dry-run).".into())?;
    Ok(Answer::Stop)
}

/// Says what something locks and costs, refuses what cannot be paid, and asks. `record` is what programs read of a dry
/// run beside that.
pub(super) fn ask(
    context: &Context,
    proposal: Proposal<'_>,
    consent: Consent,
    record: Value,
) -> Result<Answer> {
    let Proposal { cost, means, about, question } = proposal;
    let mut shown = about;
    shown.extend(lines(cost, means, SystemClock.now_ms()));
    context.out.note(fields(&shown).trim_end());
    if let Some(shortage) = cost.shortage(means) {
        return Err(short(&shortage));
    }
    if consent.dry_run {
        return stopped(context, cost, means, record);
    }
    context.confirm(question, consent.yes)?;
    Ok(Answer::Go)
}

/// The same for one step of a key, by the state of a view.
pub(super) async fn ask_for(
    context: &Context,
    (view, key): (&View, &Keypair),
    cost: &Cost,
    (about, question): (Vec<Line>, &str),
    consent: Consent,
) -> Result<Answer> {
    let means = Means::at(view, &key.account(), &key.signer()).await?;
    ask(context, Proposal { cost, means: &means, about, question }, consent, json!({}))
}

/// What is missing, and how to get it.
pub(super) fn short(shortage: &Shortage) -> Failure {
    match shortage {
        Shortage::Funds { needed, free } => {
            let missing = amount::krw(needed.saturating_sub(*free));
            let [needed, free] = [*needed, *free].map(amount::krw);
            let text =
                format!("{needed} are needed, fees included, and {free} are free: {missing} are missing");
            Failure::refused(text).named("FundsUnavailable").advise(
                "have credit issued against a bank transfer; withdraw offers, or cancel announcements and redemptions, \
                 whose money is on hold (`wonbon balance`)",
            )
        }
        Shortage::DayLimit { needed, day } => {
            let [needed, left, limit] = [*needed, day.left, day.limit].map(amount::krw);
            let text =
                format!("{needed} count against your limit of {limit} a day, of which {left} are left");
            Failure::refused(text).named("OverDayLimit").advise(
                "wait for the next day in Korea, or have an admin raise it with `wonbon company change MEMBER --limit KRW`",
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wonbon_client::chain::DayLimit;

    /// 2026-01-02 03:04 in Korea.
    const NOW: u64 = 1_767_290_640_000;

    fn cost() -> Cost {
        Cost::of(2, [Hold::timed(Held::Price, 1_500_000, 43_200), Hold::open(Held::Bond, 30_000)])
    }

    #[test]
    fn what_is_held_is_said_with_its_end_and_its_sum() {
        let means = Means { free: 2_000_000, day: None };
        let text = fields(&lines(&cost(), &means, NOW));
        for part in [
            "1,500,000 KRW on hold",
            "by 2026-01-03 03:04 KST",
            "1,530,000 KRW",
            "470,000 KRW of 2,000,000 KRW",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        assert!(text.contains("at most 1,000 KRW, of 2 transactions") && !text.contains("limit"), "{text}");
        let day = Some(DayLimit { limit: 5_000_000, left: 1_600_000 });
        let text = fields(&lines(&cost(), &Means { day, ..means }, NOW));
        assert!(text.contains("1,600,000 KRW are left of your 5,000,000 KRW a day"), "{text}");
    }

    #[test]
    fn every_hold_says_how_it_comes_back() {
        for what in Held::ALL {
            let timed = comes_back(&Hold::timed(what, 1, 30), NOW);
            let open = comes_back(&Hold::open(what, 1), NOW);
            assert!(!timed.is_empty() && !open.is_empty() && !label(what).is_empty());
            // No time is made up.
            assert!(!open.contains("KST"), "{open}");
        }
    }

    #[test]
    fn programs_read_the_same() {
        let means = Means { free: 2_000_000, day: Some(DayLimit { limit: 9, left: 8 }) };
        let value = serde_json::to_value(CostObject::new(&cost(), &means, NOW)).unwrap();
        assert_eq!(value["holds"][0]["what"], "price");
        assert_eq!(value["holds"][0]["until_ms"], NOW + 86_400_000);
        assert_eq!(value["holds"][1]["until_ms"], Value::Null);
        assert_eq!((&value["locked"], &value["most_fees"]), (&1_530_000.into(), &1_000.into()));
        assert_eq!((&value["free"], &value["day_left"]), (&2_000_000.into(), &8.into()));
    }

    #[test]
    fn what_is_missing_is_named() {
        let failure = short(&Shortage::Funds { needed: 31_500, free: 30_000 });
        assert!(failure.message.contains("1,500 KRW are missing"), "{failure}");
        let failure = short(&Shortage::DayLimit { needed: 5, day: DayLimit { limit: 4, left: 3 } });
        assert_eq!(failure.name.as_deref(), Some("OverDayLimit"));
    }
}
