//! The top of the page: whether the certificate is valid, in one line; what it is about; as of when; what to know.

use super::super::{
    as_of,
    markup::{Markup, Tag},
    qr,
    words::{self, joined, label, sentence},
    Extras,
};
use crate::{verdict::Verdict, verify::Report};

/// The first line: one word.
pub(super) fn verdict(verdict: Verdict) -> Markup {
    let class = match verdict {
        Verdict::Valid => "verdict",
        Verdict::ValidWithWarnings => "verdict warned",
        Verdict::Invalid | Verdict::Unreadable => "verdict refused",
    };
    Tag::new("p").class(class).both(words::verdict(verdict))
}

/// That the registration may still change hands, for whoever reads nothing else.
pub(super) fn provisional(report: &Report) -> Markup {
    let claims = &report.claims;
    let Some(until) = claims.dataset.provisional_until.filter(|_| claims.is_provisional()) else {
        return Markup::none();
    };
    Tag::new("p").class("banner").holding([
        Tag::new("b").text(&joined(label::PROVISIONAL)),
        Markup::text(" · "),
        Markup::text(&joined(sentence::provisional(until))),
    ])
}

/// That the dataset was withdrawn, for whoever reads nothing else.
pub(super) fn withdrawal(report: &Report) -> Markup {
    let Some(withdrawal) = &report.claims.dataset.withdrawn else { return Markup::none() };
    let said = format!("{} · {}", withdrawal.at.time.korean(), withdrawal.reason);
    Tag::new("p").class("banner").holding([
        Tag::new("b").text(&joined(label::WITHDRAWN)),
        Markup::text(" · "),
        Markup::text(&said),
    ])
}

pub(super) fn masthead(report: &Report, extras: &Extras) -> Markup {
    let title = match extras.title(&report.claims.dataset) {
        Some(title) => Tag::new("h1").text(title),
        None => Tag::new("h1").both(label::UNTITLED),
    };
    let kind = Tag::new("p").class("kind").both(label::CERTIFICATE_OF);
    Tag::new("header").holding([
        seal(),
        Tag::new("div").class("title").holding([kind, title]),
        Tag::new("figure")
            .holding([qr::svg(&report.certificate.to_string()), Tag::new("figcaption").both(label::QR)]),
    ])
}

fn seal() -> Markup {
    let word = label::SEAL.0;
    Tag::new("svg")
        .class("seal")
        .with("viewBox", "0 0 64 64")
        .with("role", "img")
        .with("aria-label", word)
        .holding([
            Markup::literal("<rect x=\"2\" y=\"2\" width=\"60\" height=\"60\" rx=\"7\"/>"),
            Markup::literal("<rect class=\"inner\" x=\"6\" y=\"6\" width=\"52\" height=\"52\" rx=\"4\"/>"),
            Tag::new("text").with("x", 32).with("y", 41).text(word),
        ])
}

/// What the page states, and as of when.
pub(super) fn statement(report: &Report, extras: &Extras) -> Markup {
    let (block, time) = as_of(report);
    let (lead, lead_en) = sentence::as_of(block, time);
    let (proved, proved_en) = sentence::proved(&report.finality);
    let mut korean = vec![
        Tag::new("p").class("lead").text(&lead),
        Tag::new("p").text(&format!("{proved} {}", label::OPEN_ORDERS.0)),
    ];
    let mut english = vec![
        Tag::new("p").class("lead").holding([
            Markup::text(&format!("{lead_en}, ")),
            Tag::new("span").class("time").text(&format!("at {time}")),
        ]),
        Tag::new("p").text(&format!("{proved_en} {}", label::OPEN_ORDERS.1)),
    ];
    if extras.file_matches {
        korean.push(Tag::new("p").class("file").text(label::FILE_IS_DATASET.0));
        english.push(Tag::new("p").class("file").text(label::FILE_IS_DATASET.1));
    }
    in_columns(korean, english)
}

/// What is said of a file that is refused.
pub(super) fn refusal(reason: &str) -> Markup {
    let column = |said: &str| vec![Tag::new("p").class("lead").text(said)];
    Markup::all([
        in_columns(column(label::NOTHING_PROVED.0), column(label::NOTHING_PROVED.1)),
        super::list([(label::REASON, Markup::text(reason))]),
    ])
}

fn in_columns(korean: Vec<Markup>, english: Vec<Markup>) -> Markup {
    Tag::new("section").class("statement").holding([
        Tag::new("div").with("lang", "ko").holding(korean),
        Tag::new("div").with("lang", "en").holding(english),
    ])
}

/// What to know before relying on it.
pub(super) fn warnings(report: &Report) -> Markup {
    let (warning, warning_en) = label::WARNING;
    Markup::all(report.warnings.iter().map(|found| {
        let (korean, english) = sentence::warning(found);
        let both = (format!("{warning}: {korean}"), format!("{warning_en}: {english}"));
        Tag::new("p").class("warning").both(both)
    }))
}

/// What a certificate can say, and how to check it again.
pub(super) fn foot() -> Markup {
    let lines = [label::NOT_MADE_BY, label::CHECK_AGAIN, label::TIMES_AND_BLOCKS];
    let korean = lines.map(|(korean, _)| korean).join(" ");
    let english = lines.map(|(_, english)| english).join(" ");
    Tag::new("footer").holding([
        Tag::new("p").with("lang", "ko").text(&korean),
        Tag::new("p").with("lang", "en").text(&english),
    ])
}
