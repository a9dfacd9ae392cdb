//! Trades, attestations and handovers: each list is complete, an empty one too.

use super::{
    super::{
        markup::{Markup, Tag},
        words::{self, joined, label, sentence, short_account},
    },
    from_to, moment, none, section, table, who,
};
use crate::claims::{Claims, Outcome, Trade};
use wonbon_model::words::{
    amount::{number, won},
    short,
};

pub(super) fn trades(claims: &Claims) -> Markup {
    if claims.trades.is_empty() {
        return section(label::TRADES, [none(label::NO_TRADES)]);
    }
    let paid = number(claims.trades.iter().filter(|trade| trade.outcome.is_paid()).count() as u64);
    let turnover = won(claims.turnover());
    let count = number(claims.trades.len() as u64);
    let columns = [
        (label::NUMBER, "n"),
        (label::ENDED, "when"),
        (label::SELLER_AND_BUYER, "who"),
        (label::PRICE, "n"),
        (label::OUTCOME, ""),
        (label::LICENCE_AND_NDA, "hash"),
    ];
    section(
        label::TRADES,
        [
            Tag::new("p").class("note").both(sentence::trades(&count, &paid, &turnover)),
            table(&columns, claims.trades.iter().map(|trade| row(claims, trade)), "trades"),
        ],
    )
}

fn row(claims: &Claims, trade: &Trade) -> Vec<Markup> {
    let part = |text: &str| Tag::new("small").class("part").text(text);
    let named = |label: words::Words, value: String| part(&format!("{} {value}", joined(label)));
    let mut outcome = vec![Markup::both(words::outcome(&trade.outcome))];
    if let Outcome::BadBlock { block } = &trade.outcome {
        outcome.push(named(label::BLOCK, block.to_string()));
    }
    let class = if trade.outcome.is_paid() { "good" } else { "bad" };
    let mut price = vec![Markup::text(&won(trade.price.into()))];
    if trade.outcome.is_paid() {
        for royalty in &trade.royalties {
            price.push(named(label::ROYALTY, won(royalty.amount.into())));
            price.push(part(&format!("→ {}", short_account(&royalty.account))));
        }
        price.push(named(label::FEE, won(trade.platform_fee.into())));
    } else {
        price.push(part(&joined(label::NOT_PAID)));
    }
    let (korean, english) = words::derivation(trade.derivation);
    vec![
        Markup::text(&(u64::from(trade.index) + 1).to_string()),
        Markup::all([moment(&trade.ended), named(label::ORDER, trade.order.to_string())]),
        from_to(claims, &trade.seller, &trade.buyer),
        Markup::all(price),
        Tag::new("span").class(class).holding(outcome),
        Markup::all([
            Markup::code(short(trade.licence)),
            Markup::literal("<br/>"),
            Markup::code(short(trade.nda)),
            part(&korean),
            part(&english),
            named(label::TERMS, trade.terms.to_string()),
        ]),
    ]
}

pub(super) fn statements(claims: &Claims) -> Markup {
    let mut pieces = Vec::new();
    if claims.attestations.is_empty() {
        pieces.push(none(label::NO_ATTESTATIONS));
    } else {
        let columns = [
            (label::ATTESTATION, ""),
            (label::WHEN, "when"),
            (label::INSPECTOR, "who"),
            (label::DOCUMENT, "hash"),
        ];
        let rows = claims.attestations.iter().map(|attestation| {
            let mut kind = vec![Markup::both(words::both(&attestation.kind))];
            if let Some(revocation) = &attestation.revoked {
                let (revoked, by) = (joined(label::REVOKED), joined(words::both(&revocation.by)));
                let text = format!("{revoked} · {by} · {}", revocation.reason);
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
        pieces.push(none(label::NO_HANDOVERS));
    } else {
        let columns = [(label::HANDOVER, "when"), (label::FROM_AND_TO, "who")];
        let rows = claims
            .handovers
            .iter()
            .map(|handover| vec![moment(&handover.at), from_to(claims, &handover.from, &handover.to)]);
        pieces.push(table(&columns, rows, "handovers"));
    }
    section(label::ATTESTATIONS_AND_HANDOVERS, pieces)
}
