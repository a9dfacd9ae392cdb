//! The certificate page: one HTML file in Korean and English, to look at, to print and to hang up.
//!
//! It fetches nothing and runs nothing: the style is inside, graph and QR code are inline SVG, and a content
//! security policy forbids the rest.

mod history;
mod subject;
mod verification;

use super::{
    as_of,
    markup::{Markup, Tag},
    words::Words,
    Extras,
};
use crate::{
    claims::Moment,
    value::Hex,
    verify::{Report, Warning},
};
use wonbon_model::words::short;

const STYLE: &str = include_str!("page/style.css");

/// One HTML document in Korean and English that loads nothing from anywhere.
pub fn html(report: &Report, extras: &Extras) -> String {
    let title = format!("원본 증명서 Certificate of origin · {}", short(report.claims.dataset.id));
    let head = Tag::new("head").holding([
        Markup::literal("<meta charset=\"utf-8\">"),
        Markup::literal(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        ),
        Markup::literal("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"),
        Tag::new("title").text(&title),
        Tag::new("style").holding([Markup::literal(STYLE)]),
    ]);
    let sheet = Tag::new("main").holding([
        masthead(report, extras),
        statement(report, extras),
        warnings(report),
        subject::about(report, extras),
        subject::lineage(&report.claims),
        history::trades(&report.claims),
        history::statements(&report.claims),
        verification::finality(report),
        verification::digests(report),
        foot(),
    ]);
    let page = Tag::new("html").with("lang", "ko").holding([head, Tag::new("body").holding([sheet])]);
    format!("<!doctype html>\n{}\n", page.into_string())
}

fn masthead(report: &Report, extras: &Extras) -> Markup {
    let mut title =
        vec![Tag::new("p").class("kind").both(("원본 증명서", "Certificate of origin and trade history"))];
    title.push(match &extras.description {
        Some(description) => Tag::new("h1").text(&description.title),
        None => Tag::new("h1").both(("제조데이터", "Manufacturing data")),
    });
    Tag::new("header").holding([
        Markup::literal(concat!(
            "<svg class=\"seal\" viewBox=\"0 0 64 64\" role=\"img\" aria-label=\"원본\">",
            "<rect x=\"2\" y=\"2\" width=\"60\" height=\"60\" rx=\"7\"/>",
            "<rect class=\"inner\" x=\"6\" y=\"6\" width=\"52\" height=\"52\" rx=\"4\"/>",
            "<text x=\"32\" y=\"41\">원본</text></svg>"
        )),
        Tag::new("div").class("title").holding(title),
        Tag::new("figure").holding([
            super::qr::svg(&report.certificate.to_string()),
            Tag::new("figcaption").both(("증명서 지문", "SHA-256 of the certificate")),
        ]),
    ])
}

/// What the page states, and as of when.
fn statement(report: &Report, extras: &Extras) -> Markup {
    let (block, time) = as_of(report);
    let at = time.korean();
    let finality = &report.finality;
    let (signers, validators) = (finality.signers.len(), finality.validators);
    let mut korean = vec![
        Tag::new("p").class("lead").text(&format!("블록 {block}, {at} (한국 시각) 기준")),
        Tag::new("p").text(&format!(
            "아래 내용은 컨소시엄 검증인 {validators}곳 가운데 {signers}곳이 확정한 위 블록의 기록이며, 빠진 기록이 \
             없음이 함께 증명되었습니다. 진행 중인 판매 제안과 주문은 포함되지 않습니다."
        )),
    ];
    let mut english = vec![
        Tag::new("p").class("lead").holding([
            Markup::text(&format!("As of block {block}, ")),
            Tag::new("span").class("time").text(&format!("at {time}")),
        ]),
        Tag::new("p").text(&format!(
            "What follows stood in the state of that block, which {signers} of {validators} validators of the \
             consortium finalized, and nothing is left out of it. Open offers and open orders are not part of it."
        )),
    ];
    if extras.file_matches {
        korean.push(Tag::new("p").class("file").text("확인한 파일은 이 데이터셋과 모든 바이트가 같습니다."));
        english.push(
            Tag::new("p").class("file").text("The file that was checked is this dataset, byte for byte."),
        );
    }
    Tag::new("section").class("statement").holding([
        Tag::new("div").with("lang", "ko").holding(korean),
        Tag::new("div").with("lang", "en").holding(english),
    ])
}

/// What to know before relying on it.
fn warnings(report: &Report) -> Markup {
    let one = |warning: &Warning| {
        let korean = match warning {
            Warning::ValidatorsReplaced { by_block } => {
                format!("서명한 검증인들은 블록 {by_block}까지는 교체되었습니다. 새 증명서를 요청하십시오.")
            }
        };
        Tag::new("p").class("warning").both((&korean, &format!("Warning: {warning}.")))
    };
    Markup::all(report.warnings.iter().map(one))
}

fn foot() -> Markup {
    let korean = "이 증명서는 누가 데이터를 만들었는지가 아니라, 이 바이트를 누가 이곳에 처음 등록했는지를 말합니다. \
                  wonbon-verify 명령과 컨소시엄의 신뢰 기준점만 있으면 네트워크 없이 누구나 다시 확인할 수 있습니다. \
                  시각은 한국 시각이며, # 뒤의 수는 블록 번호입니다.";
    let english = "This certificate says who first registered these bytes here, not who made them. Anyone can check \
                   it again without a network, with the command wonbon-verify and the consortium's trust anchor. \
                   Times are those in Korea; a number after # is a block.";
    Tag::new("footer").holding([
        Tag::new("p").with("lang", "ko").text(korean),
        Tag::new("p").with("lang", "en").text(english),
    ])
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
