//! Trades, attestations and handovers: each list is complete, an empty one too.

use super::{
    super::{
        markup::{Markup, Tag},
        words::{self, short_account},
    },
    moment, none, section, table,
};
use crate::{
    claims::{Claims, Outcome, Trade},
    AccountId,
};
use wonbon_model::words::{
    amount::{number, won},
    short,
};

pub(super) fn trades(claims: &Claims) -> Markup {
    let heading = ("거래이력", "Trade history");
    if claims.trades.is_empty() {
        return section(heading, [none(("종결된 거래가 없습니다.", "No trade of it has ended."))]);
    }
    let paid = number(claims.trades.iter().filter(|trade| trade.outcome.is_paid()).count() as u64);
    let turnover = won(super::super::turnover(claims));
    let count = number(claims.trades.len() as u64);
    let korean = format!("종결된 거래 {count}건 전부 · 대금 지급 {paid}건 · 합계 {turnover} ");
    let english = format!("All {count} trades that have ended; {paid} paid, {turnover} in all");
    let summary = [Markup::text(&korean), Tag::new("span").class("en").text(&english)];
    let columns = [
        (("번호", "No."), "n"),
        (("종결", "Ended"), "when"),
        (("판매자 → 구매자", "Seller → buyer"), "who"),
        (("가격", "Price"), "n"),
        (("결과", "Outcome"), ""),
        (("이용허락 · 비밀유지", "Licence, NDA"), "hash"),
    ];
    section(
        heading,
        [
            Tag::new("p").class("note").holding(summary),
            table(&columns, claims.trades.iter().map(|trade| row(claims, trade)), "trades"),
        ],
    )
}

/// An account in short, with its company's name. In full both stand at the end of the page.
fn who(claims: &Claims, account: &AccountId) -> Markup {
    let code = Markup::code(short_account(account));
    match claims.company(account) {
        Some(company) => Markup::all([Tag::new("b").text(&company.name), Markup::literal(" "), code]),
        None => code,
    }
}

fn row(claims: &Claims, trade: &Trade) -> Vec<Markup> {
    let part = |text: &str| Tag::new("small").class("part").text(text);
    let mut outcome = vec![Markup::both(words::outcome(&trade.outcome))];
    if let Outcome::BadBlock { block } = &trade.outcome {
        outcome.push(part(&format!("블록 block {block}")));
    }
    let class = if trade.outcome.is_paid() { "good" } else { "bad" };
    let mut price = vec![Markup::text(&won(trade.price.into()))];
    if trade.outcome.is_paid() {
        for royalty in &trade.royalties {
            price.push(part(&format!("로열티 royalty {}", won(royalty.amount.into()))));
            price.push(part(&format!("→ {}", short_account(&royalty.account))));
        }
        price.push(part(&format!("수수료 fee {}", won(trade.platform_fee.into()))));
    } else {
        price.push(part("지급되지 않음 not paid"));
    }
    let parties = [who(claims, &trade.seller), Markup::literal("<br/>→ "), who(claims, &trade.buyer)];
    let (korean, english) = words::derivation(trade.derivation);
    vec![
        Markup::text(&(u64::from(trade.index) + 1).to_string()),
        Markup::all([moment(&trade.ended), part(&format!("주문 order {}", trade.order))]),
        Markup::all(parties),
        Markup::all(price),
        Tag::new("span").class(class).holding(outcome),
        Markup::all([
            Markup::code(short(trade.licence)),
            Markup::literal("<br/>"),
            Markup::code(short(trade.nda)),
            part(&korean),
            part(&english),
            part(&format!("약정 terms {}", trade.terms)),
        ]),
    ]
}

pub(super) fn statements(claims: &Claims) -> Markup {
    let mut pieces = Vec::new();
    if claims.attestations.is_empty() {
        pieces.push(none(("확인서가 없습니다.", "There is no attestation.")));
    } else {
        let columns = [
            (("확인 내용", "Attestation"), ""),
            (("일시", "When"), "when"),
            (("검증기관", "Inspector"), "who"),
            (("문서", "Document (SHA-256)"), "hash"),
        ];
        let rows = claims.attestations.iter().map(|attestation| {
            let mut kind = vec![Markup::both(words::both(&attestation.kind))];
            if let Some(revocation) = &attestation.revoked {
                let (korean, english) = words::both(&revocation.by);
                let text = format!("취소됨 revoked · {korean} {english} · {}", revocation.reason);
                kind.push(Tag::new("small").class("part bad").text(&text));
            }
            vec![
                Markup::all(kind),
                moment(&attestation.at),
                who(claims, &attestation.inspector),
                Markup::code(attestation.document),
            ]
        });
        pieces.push(table(&columns, rows, "attestations"));
    }
    if claims.handovers.is_empty() {
        pieces.push(none(("양도된 적이 없습니다.", "It was never handed over.")));
    } else {
        let columns = [(("양도", "Handover"), "when"), (("양도인 → 양수인", "From → to"), "hash")];
        let rows = claims.handovers.iter().map(|handover| {
            let arrow = [Markup::code(handover.from), Markup::literal(" → "), Markup::code(handover.to)];
            vec![moment(&handover.at), Markup::all(arrow)]
        });
        pieces.push(table(&columns, rows, "handovers"));
    }
    section(("확인과 양도", "Attestations and handovers"), pieces)
}
