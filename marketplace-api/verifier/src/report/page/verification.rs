//! On whose word the page stands, and every digest and account in full.

use super::{
    super::{
        markup::{Markup, Tag},
        words::{self, joined, label, sentence, Words},
    },
    digest, list, section, table,
};
use crate::{
    claims::{Claims, Trade},
    value::Hex,
    verify::Report,
    AccountId,
};
use std::collections::BTreeSet;
use wonbon_model::words::amount::number;

pub(super) fn finality(report: &Report) -> Markup {
    let finality = &report.finality;
    let weight = format!(
        "{} / {} ({} {})",
        number(finality.weight),
        number(finality.total_weight),
        joined(label::WANTED),
        number(finality.threshold)
    );
    let rows = [
        (label::VALIDATOR_SET, format!("{} · {} {}", finality.set_id, joined(label::ROUND), finality.round)),
        (label::SIGNED_BY, format!("{} / {}", finality.signers.len(), finality.validators)),
        (label::WEIGHT, weight),
        (label::HAND_OFFS, finality.hand_offs.to_string()),
    ];
    let anchors = finality.anchors.iter().map(|anchor| {
        vec![
            Markup::text(&anchor.block.number.to_string()),
            Markup::text(&anchor.time.map(|time| time.korean()).unwrap_or_default()),
            Markup::both(words::anchor_role(anchor.role)),
            Markup::code(anchor.block.hash),
        ]
    });
    let columns = [
        (label::ANCHOR, "n"),
        (label::ANCHOR_TIME, "when"),
        (label::ANCHOR_ROLE, ""),
        (label::BLOCK_HASH, "hash"),
    ];
    section(
        label::FINALITY,
        [list(rows.map(|(name, value)| (name, Markup::text(&value)))), table(&columns, anchors, "anchors")],
    )
}

pub(super) fn digests(report: &Report) -> Markup {
    let claims = &report.claims;
    let mut rows: Vec<(Words, &Hex)> = vec![
        (label::CERTIFICATE_DIGEST, &report.certificate),
        (label::CLAIMS_DIGEST, &report.claims_digest),
        (label::ROOT, &claims.dataset.id),
        (label::METADATA, &claims.dataset.metadata),
        (label::HEAD, &claims.dataset.head),
        (label::CHAIN, &claims.chain.genesis),
        (label::AS_OF_BLOCK, &claims.chain.block.hash),
    ];
    rows.extend(claims.dataset.fair_sample.iter().map(|answer| (label::FAIR_SAMPLE_FILE, &answer.digest)));
    let texts = |of: fn(&Trade) -> &Hex| claims.trades.iter().map(of).collect::<BTreeSet<_>>();
    rows.extend(texts(|trade| &trade.licence).into_iter().map(|hash| (label::LICENCE, hash)));
    rows.extend(texts(|trade| &trade.nda).into_iter().map(|hash| (label::NDA, hash)));
    let digests = list(rows.into_iter().map(|(name, hash)| (name, digest(hash))));
    section(
        label::DIGESTS_AND_ACCOUNTS,
        [Tag::new("div").class("digests").holding([digests]), accounts(claims)],
    )
}

/// Every account that the page names, in full, and whose it is.
fn accounts(claims: &Claims) -> Markup {
    let mut texts: Vec<_> =
        claims.accounts().into_iter().map(|account| (account.to_string(), account)).collect();
    texts.sort_unstable();
    let item = |(text, account): &(String, AccountId)| {
        let company = match claims.company(account) {
            Some(company) => {
                let mut text = format!("{} · {}", company.name, company.registration_number);
                if let Some(recovered) = &company.recovered {
                    text.push_str(&format!(" · {}", joined(sentence::recovered(recovered))));
                }
                Tag::new("small").text(&text)
            }
            None => Tag::new("small").text(&joined(label::NO_COMPANY)),
        };
        Tag::new("li").holding([
            Tag::new("code").class("account").text(text),
            Markup::literal("<br/>"),
            company,
        ])
    };
    Markup::all([
        Tag::new("p").class("note").both(sentence::whose_accounts(claims.chain.block.number)),
        Tag::new("ul").class("accounts").holding(texts.iter().map(item)),
    ])
}
