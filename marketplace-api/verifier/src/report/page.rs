//! The certificate page: one HTML file in Korean and English, to look at, to print and to hang up.
//!
//! It fetches nothing and runs nothing: the style is inside, graph and QR code are inline SVG, and a content
//! security policy forbids the rest.

mod history;
mod lead;
mod subject;
mod verification;

use super::{
    markup::{Markup, Tag},
    words::{joined, label, short_account, Words},
    Extras,
};
use crate::{
    claims::{Claims, Moment},
    value::Hex,
    verdict::Verdict,
    verify::Report,
    AccountId,
};
use wonbon_model::words::short;

pub(super) const STYLE: &str = include_str!("page/style.css");

/// One HTML document in Korean and English that loads nothing from anywhere.
pub fn html(report: &Report, extras: &Extras) -> String {
    let claims = &report.claims;
    let title = format!("{} · {}", joined(label::CERTIFICATE), short(claims.dataset.id));
    document(
        &title,
        [
            lead::verdict(report.verdict()),
            lead::provisional(report),
            lead::withdrawal(report),
            lead::masthead(report, extras),
            lead::statement(report, extras),
            lead::warnings(report),
            subject::about(report, extras),
            subject::lineage(claims, extras),
            history::trades(claims),
            history::statements(claims),
            verification::finality(report),
            verification::digests(report),
            lead::foot(),
        ],
    )
}

/// The same for a certificate, or a file beside it, that is refused: that it proves nothing, and why.
pub fn html_of_refused(verdict: Verdict, reason: &str) -> String {
    document(&joined(label::CERTIFICATE), [lead::verdict(verdict), lead::refusal(reason)])
}

fn document(title: &str, pieces: impl IntoIterator<Item = Markup>) -> String {
    let head = Tag::new("head").holding([
        Markup::literal("<meta charset=\"utf-8\">"),
        Markup::literal(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        ),
        Markup::literal("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"),
        Tag::new("title").text(title),
        Tag::new("style").holding([Markup::literal(STYLE)]),
    ]);
    let body = Tag::new("body").holding([Tag::new("main").holding(pieces)]);
    format!("<!doctype html>\n{}\n", Tag::new("html").with("lang", "ko").holding([head, body]).into_string())
}

/// A part of the page with its heading.
fn section(heading: Words, pieces: impl IntoIterator<Item = Markup>) -> Markup {
    let heading = Tag::new("h2").both(heading);
    Tag::new("section").holding(std::iter::once(heading).chain(pieces))
}

/// Names with their values.
fn list(rows: impl IntoIterator<Item = (Words, Markup)>) -> Markup {
    let row =
        |(name, value)| Tag::new("div").holding([Tag::new("dt").both(name), Tag::new("dd").holding([value])]);
    Tag::new("dl").holding(rows.into_iter().map(row))
}

/// A table; the classes are those of its columns.
fn table(
    columns: &[(Words, &'static str)],
    rows: impl IntoIterator<Item = Vec<Markup>>,
    class: &'static str,
) -> Markup {
    let heads = columns.iter().map(|(words, class)| Tag::new("th").class(class).both(*words));
    let rows = rows.into_iter().map(|cells| {
        let cells = cells.into_iter().zip(columns);
        Tag::new("tr").holding(cells.map(|(cell, (_, class))| Tag::new("td").class(class).holding([cell])))
    });
    Tag::new("table").class(class).holding([
        Tag::new("thead").holding([Tag::new("tr").holding(heads)]),
        Tag::new("tbody").holding(rows),
    ])
}

/// What stands where a list is empty.
fn none(words: Words) -> Markup {
    Tag::new("p").class("none").both(words)
}

/// A digest in groups of eight digits, which eyes can compare.
fn digest(digest: &Hex) -> Markup {
    let digits = digest.to_string();
    let groups = digits
        .as_bytes()
        .chunks(8)
        .map(|group| Tag::new("span").text(std::str::from_utf8(group).unwrap_or_default()));
    Tag::new("code").class("digest").holding(groups)
}

/// A block and its time in Korea.
fn moment(moment: &Moment) -> Markup {
    Markup::all([
        Tag::new("span").class("time").text(&moment.time.korean()),
        Markup::literal(" "),
        Tag::new("small").text(&format!("#{}", moment.block)),
    ])
}

/// An account in short, with its company's name. In full both stand at the end of the page.
fn who(claims: &Claims, account: &AccountId) -> Markup {
    let code = Markup::code(short_account(account));
    match claims.company(account) {
        Some(company) => Markup::all([Tag::new("b").text(&company.name), Markup::literal(" "), code]),
        None => code,
    }
}

/// From whom to whom, one below the other.
fn from_to(claims: &Claims, from: &AccountId, to: &AccountId) -> Markup {
    let side = |pieces: Vec<Markup>| Tag::new("span").class("side").holding(pieces);
    Markup::all([side(vec![who(claims, from)]), side(vec![Markup::text("→ "), who(claims, to)])])
}
