//! The dataset, whose it is, and what it was made from.

use super::{
    super::{
        lineage as graph,
        markup::{Markup, Tag},
        words, Extras,
    },
    digest, list, moment, none, section, table,
};
use crate::{
    claims::{Claims, Dataset, Party},
    verify::Report,
    BlockNumber,
};
use wonbon_model::words::amount::{number, share};

fn facts(dataset: &Dataset) -> Vec<(words::Words, Markup)> {
    let mut rows = vec![
        (("데이터셋", "Dataset"), digest(&dataset.id)),
        (("크기", "Length"), Markup::text(&format!("{} bytes", number(dataset.length)))),
        (("생성 방법", "Method"), Markup::both(words::both(&dataset.method))),
        (("최초 등록", "First registered"), moment(&dataset.registered)),
    ];
    if let Some(withdrawal) = &dataset.withdrawn {
        let reason = Tag::new("span").class("bad").text(&withdrawal.reason);
        rows.push((
            ("철회", "Withdrawn"),
            Markup::all([moment(&withdrawal.at), Markup::literal(" "), reason]),
        ));
    }
    let sample = match &dataset.fair_sample {
        Some(answer) => {
            let blocks = number(u64::from(answer.blocks));
            Markup::all([
                Markup::text(&format!("소유자가 {blocks}개 블록을 공개했다고 응답함 ")),
                Tag::new("span").class("en").text(&format!("the owner answered for {blocks} blocks")),
                Markup::literal(" · "),
                moment(&answer.at),
                Markup::literal(" · "),
                digest(&answer.digest),
                Markup::literal(" "),
                Markup::both(("파일은 wonbon sample로 확인", "check the file with wonbon sample")),
            ])
        }
        None => Markup::both(("추첨에 응답하지 않음", "the draw is not answered")),
    };
    rows.push((("공정 표본", "Fair sample"), sample));
    rows
}

pub(super) fn about(report: &Report, extras: &Extras) -> Markup {
    let claims = &report.claims;
    let mut rows = facts(&claims.dataset);
    if extras.file_matches {
        rows.push((("파일 확인", "File"), Markup::both(("일치", "matches, byte for byte"))));
    }
    let same = claims.registrant.account == claims.owner.account;
    let block = report.block();
    let parties = if same {
        vec![party(("최초 등록자 · 현재 보유자", "First registered and held by"), &claims.owner, block)]
    } else {
        vec![
            party(("최초 등록자", "First registered by"), &claims.registrant, block),
            party(("현재 보유자", "Held now by"), &claims.owner, block),
        ]
    };
    section(("데이터셋", "The dataset"), [list(rows), Tag::new("div").class("parties").holding(parties)])
}

fn party(role: words::Words, party: &Party, block: BlockNumber) -> Markup {
    let mut pieces = vec![Tag::new("h3").both(role)];
    match &party.company {
        Some(company) => {
            pieces.push(Tag::new("p").class("name").text(&company.name));
            let as_of = format!("블록 {block} 기준 기업 정보 company as of block {block}");
            pieces.push(Tag::new("small").text(&as_of));
            let (standing, standing_en) = words::both(&company.standing);
            let (size, size_en) = words::both(&company.size);
            let facts = [
                (("사업자등록번호", "Registration"), company.registration_number.clone()),
                (
                    ("지역 · 업종", "Region, industry"),
                    format!("{} · {}", company.region.korean(), company.ksic),
                ),
                (("규모", "Size"), format!("{size} {size_en}")),
                (("등록 상태", "Standing"), format!("{standing} {standing_en}")),
            ];
            pieces.push(list(facts.map(|(name, value)| (name, Markup::text(&value)))));
        }
        None => {
            let unknown = ("등록된 기업 없음", "no company is registered for the account");
            pieces.push(Tag::new("p").class("name").both(unknown));
        }
    }
    pieces.push(Tag::new("code").class("account").text(&party.account.to_string()));
    Tag::new("div").holding(pieces)
}

fn ancestor(ancestor: &Dataset) -> Vec<Markup> {
    let mut id = vec![Markup::code(ancestor.id)];
    if let Some(withdrawal) = &ancestor.withdrawn {
        let (at, reason) = (withdrawal.at.time.korean(), &withdrawal.reason);
        let text = format!("철회됨 WITHDRAWN · {at} · {reason}");
        id.push(Tag::new("small").class("part bad").text(&text));
    }
    vec![
        Markup::all(id),
        Markup::text(&number(ancestor.length)),
        Markup::both(words::both(&ancestor.method)),
        moment(&ancestor.registered),
        Markup::all([
            Markup::code(ancestor.registrant),
            Markup::literal("<br/>→ "),
            Markup::code(ancestor.owner),
        ]),
    ]
}

pub(super) fn lineage(claims: &Claims) -> Markup {
    if claims.ancestors.is_empty() && claims.versions.is_empty() {
        let english = "No dataset is named as its origin, and none as its new version.";
        return section(("계보", "Lineage"), [none(("원천 데이터셋과 새 버전이 없습니다.", english))]);
    }
    let (svg, left_out) = graph::svg(claims);
    let mut pieces = vec![svg];
    if left_out > 0 {
        let korean = format!("그림은 가까운 세대만 보여 주며, 나머지 {left_out}개는 아래 표에 있습니다. ");
        let english = format!("The graph shows the nearest; {left_out} more are in the table.");
        let note = [Markup::text(&korean), Tag::new("span").class("en").text(&english)];
        pieces.push(Tag::new("p").class("note").holding(note));
    }
    if !claims.ancestors.is_empty() {
        let columns = [
            (("원천 데이터셋", "Ancestor"), "hash"),
            (("크기", "Bytes"), "n"),
            (("방법", "Method"), ""),
            (("최초 등록", "First registered"), ""),
            (("등록자 → 현재 보유자", "By → held now by"), "hash"),
        ];
        pieces.push(table(&columns, claims.ancestors.iter().map(ancestor), "ancestors"));
    }
    let royalties: Vec<_> =
        claims.dataset.parents.iter().filter(|parent| parent.royalty_millionths > 0).collect();
    if !royalties.is_empty() {
        let rows = royalties.iter().map(|parent| {
            vec![
                Markup::code(parent.dataset),
                Markup::both(words::both(&parent.relation)),
                Markup::text(&share(parent.royalty_millionths)),
            ]
        });
        let columns = [
            (("로열티를 받는 원천", "Royalty to the owner of"), "hash"),
            (("관계", "Relation"), ""),
            (("매출 대비", "Of each sale"), "n"),
        ];
        pieces.push(table(&columns, rows, "royalties"));
    }
    if !claims.versions.is_empty() {
        let columns = [(("새 버전", "New version"), "hash")];
        let rows = claims.versions.iter().map(|version| vec![Markup::code(version.dataset)]);
        pieces.push(table(&columns, rows, "versions"));
    }
    section(("계보", "Lineage"), pieces)
}
