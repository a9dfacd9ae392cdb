//! On whose word the page stands, and every digest and account in full.

use super::{
    super::{
        markup::{Markup, Tag},
        words::Words,
    },
    digest, list, section, table,
};
use crate::{claims::Claims, finality::AnchorRole, value::Hex, verify::Report, AccountId};
use std::collections::BTreeSet;
use wonbon_model::words::amount::number;

pub(super) fn finality(report: &Report) -> Markup {
    let finality = &report.finality;
    let weight = format!(
        "{} / {} (필요 wanted {})",
        number(finality.weight),
        number(finality.total_weight),
        number(finality.threshold)
    );
    let rows = [
        (("검증인단", "Validator set"), format!("{} · 라운드 round {}", finality.set_id, finality.round)),
        (("서명한 검증인", "Signed by"), format!("{} / {}", finality.signers.len(), finality.validators)),
        (("서명 가중치", "Weight"), weight),
        (("따라간 교체", "Hand-offs followed"), finality.hand_offs.to_string()),
    ];
    let anchors = finality.anchors.iter().map(|anchor| {
        let role = match anchor.role {
            AnchorRole::Start => ("신뢰의 시작점", "trust begins here"),
            AnchorRole::Passed => ("이 기준점에서 같은 검증인단", "the same validators were in force at it"),
            AnchorRole::TooEarly => ("쓰이지 않음 (앞선 기준점)", "not used: earlier than the hand-offs"),
            AnchorRole::Later => ("쓰이지 않음 (뒤의 기준점)", "not used: later than the certificate"),
        };
        vec![
            Markup::text(&anchor.block.number.to_string()),
            Markup::code(anchor.block.hash),
            Markup::both(role),
        ]
    });
    let columns =
        [(("기준 블록", "Trust anchor"), "n"), (("블록 해시", "Block hash"), "hash"), (("역할", "Role"), "")];
    section(
        ("확정", "Finality"),
        [list(rows.map(|(name, value)| (name, Markup::text(&value)))), table(&columns, anchors, "anchors")],
    )
}

pub(super) fn digests(report: &Report) -> Markup {
    let claims = &report.claims;
    let mut rows: Vec<(Words, &Hex)> = vec![
        (("증명서", "Certificate"), &report.certificate),
        (("증명 내용", "Claims"), &report.claims_digest),
        (("데이터셋 (해시 트리의 뿌리)", "Dataset (root of its tree)"), &claims.dataset.id),
        (("메타데이터 문서", "Metadata document"), &claims.dataset.metadata),
        (("기록 사슬의 끝", "Head of its records"), &claims.dataset.head),
        (("체인 (첫 블록)", "Chain (first block)"), &claims.chain.genesis),
        (("기준 블록", "Block"), &claims.chain.block.hash),
    ];
    if let Some(answer) = &claims.dataset.fair_sample {
        rows.push((("공정 표본 파일", "Fair sample file"), &answer.digest));
    }
    let texts = |of: fn(&crate::claims::Trade) -> &Hex| claims.trades.iter().map(of).collect::<BTreeSet<_>>();
    rows.extend(
        texts(|trade| &trade.licence).into_iter().map(|hash| (("이용허락 문서", "Licence text"), hash)),
    );
    rows.extend(texts(|trade| &trade.nda).into_iter().map(|hash| (("비밀유지협약 문서", "NDA text"), hash)));
    let digests = list(rows.into_iter().map(|(name, hash)| (name, digest(hash))));
    section(
        ("지문과 계정", "Digests and accounts"),
        [Tag::new("div").class("digests").holding([digests]), accounts(claims)],
    )
}

/// Every account that the page names, in full, and whose it is.
fn accounts(claims: &Claims) -> Markup {
    let block = claims.chain.block.number;
    let mut texts: Vec<_> =
        claims.accounts().into_iter().map(|account| (account.to_string(), account)).collect();
    texts.sort_unstable();
    let item = |(text, account): &(String, AccountId)| {
        let company = match claims.company(account) {
            Some(company) => {
                Tag::new("small").text(&format!("{} · {}", company.name, company.registration_number))
            }
            None => Tag::new("small").text("등록된 기업 없음 no registered company"),
        };
        Tag::new("li").holding([
            Tag::new("code").class("account").text(text),
            Markup::literal("<br/>"),
            company,
        ])
    };
    Markup::all([
        Tag::new("p").class("note").both((
            &format!("블록 {block} 기준 계정별 기업"),
            &format!("Whose account it is, as of block {block}"),
        )),
        Tag::new("ul").class("accounts").holding(texts.iter().map(item)),
    ])
}
