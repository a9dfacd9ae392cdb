//! The recovery sheet as a page for A4, in Korean and English.
//!
//! It fetches nothing and runs nothing, as the certificate's page: what it holds is nobody's business.

use super::words::{self, WORDS_IN_ROW};
use super::Sheet;
use crate::company::CompanySecret;
use wonbon_primitives::id::to_hex;
use wonbon_verifier::report::markup::{Markup, Tag};
use wonbon_verifier::report::qr;

const STYLE: &str = include_str!("page/style.css");

pub(super) fn html(sheet: &Sheet) -> String {
    let head = Tag::new("head").holding([
        Markup::literal("<meta charset=\"utf-8\">"),
        Markup::literal(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        ),
        Markup::literal("<meta name=\"referrer\" content=\"no-referrer\">"),
        Tag::new("title").text(&format!("복구 용지 Recovery sheet · {}", sheet.name)),
        Tag::new("style").holding([Markup::literal(STYLE)]),
    ]);
    let epochs = sheet.secrets.iter().map(|secret| epoch(sheet, secret));
    let pieces = [masthead(sheet), about(sheet), keeping()].into_iter().chain(epochs);
    let main = Tag::new("main").holding(pieces);
    let page = Tag::new("html").with("lang", "ko").holding([head, Tag::new("body").holding([main])]);
    format!("<!doctype html>\n{}\n", page.into_string())
}

fn masthead(sheet: &Sheet) -> Markup {
    Tag::new("header").holding([
        Tag::new("p").class("kind").both(("복구 용지 · 대외비", "Recovery sheet · secret")),
        Tag::new("h1").text(&sheet.name),
    ])
}

fn about(sheet: &Sheet) -> Markup {
    let line =
        |words, value| Tag::new("div").holding([Tag::new("dt").both(words), Tag::new("dd").holding([value])]);
    let mut epochs: Vec<String> = sheet.secrets.iter().map(|secret| secret.id().epoch.to_string()).collect();
    epochs.dedup();
    Tag::new("dl").holding([
        line(("회사 계정", "Company account"), Markup::code(sheet.company.account)),
        line(("체인", "Chain"), Markup::code(to_hex(&sheet.company.genesis))),
        line(("인쇄한 날", "Printed"), Markup::text(&sheet.printed.korean_day())),
        line(("비밀의 차수", "Epochs"), Markup::text(&epochs.join(", "))),
    ])
}

/// What the sheet is, and how to keep and use it.
fn keeping() -> Markup {
    let items = [
        (
            "이 종이만 있으면 컴퓨터를 모두 잃어도 회사가 산 데이터를 열고 판 데이터를 전달할 수 있습니다. \
             이 종이를 본 사람도 그럴 수 있습니다.",
            "With this paper alone, even if every machine is lost, what the company bought can be opened and what it \
             sold delivered. Whoever sees it can do the same.",
        ),
        (
            "이 종이로 돈을 옮기거나 회사 이름으로 서명할 수는 없습니다. 구성원의 키 파일은 따로 보관하십시오.",
            "It moves no money and signs nothing in the company's name. Members keep their key files apart from it.",
        ),
        (
            "인감처럼 금고에 두십시오. 두 장을 인쇄해 서로 다른 곳에 보관하십시오.",
            "Keep it in a safe, like the company's seal. Print two, and keep them in two places.",
        ),
        (
            "사진을 찍거나 메일로 보내거나 파일로 남기지 마십시오. 인쇄한 뒤에는 이 화면의 파일을 지우십시오.",
            "Leave no photograph, mail or file of it. Remove the file of this page once it is printed.",
        ),
        (
            "비밀을 알던 구성원이 나가면 다음 차수의 비밀이 만들어집니다. 새로 인쇄하고 옛 종이는 파쇄하십시오. \
             새 종이에는 이전 차수도 모두 들어 있습니다.",
            "When a member who knew the secret leaves, the next epoch begins. Print a new sheet and shred this one: the \
             new one has all epochs.",
        ),
        (
            "입력할 때는 단어마다 처음 네 글자면 됩니다. 줄마다 네 번째 단어가 그 줄을 검사하므로, 틀린 곳을 알려 줍니다.",
            "To type it in, four letters of each word are enough. The fourth word of each row checks the row, so that a \
             slip is found and named.",
        ),
    ];
    Tag::new("ul").holding(items.map(|words| Tag::new("li").both(words)))
}

fn epoch(sheet: &Sheet, secret: &CompanySecret) -> Markup {
    let id = secret.id();
    let (korean, english) = (format!("{}차 비밀", id.epoch), format!("Secret of epoch {}", id.epoch));
    let rows = words::encode(secret);
    let rows = rows.iter().enumerate().map(|(row, words)| {
        let cells = words.iter().enumerate().map(|(at, word)| {
            let number = Tag::new("small").text(&(row * WORDS_IN_ROW + at + 1).to_string());
            let word = Tag::new("b").text(word);
            let cell = Tag::new("td");
            let cell = if at + 1 == WORDS_IN_ROW { cell.class("check") } else { cell };
            cell.holding([number, word])
        });
        Tag::new("tr").holding(cells)
    });
    let words = Tag::new("table").holding([Tag::new("tbody").holding(rows)]);
    let code = Tag::new("figure").holding([
        qr::svg(&sheet.code(secret)),
        Tag::new("figcaption").both(("이 차수를 읽어 들이는 부호", "The same, to be scanned")),
    ]);
    Tag::new("section").holding([
        Tag::new("h2").both((korean.as_str(), english.as_str())),
        Tag::new("div").class("secret").holding([words, code]),
        Tag::new("p").class("mark").holding([
            Markup::both(("비밀의 지문(비밀 아님)", "Fingerprint, no secret")),
            Markup::text(" "),
            Markup::code(to_hex(&id.commitment)),
        ]),
    ])
}
