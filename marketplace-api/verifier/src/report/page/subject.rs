//! The dataset, whose it is, and what it was made from.

use super::{
    super::{
        lineage as graph,
        markup::{Markup, Tag},
        words::{self, joined, label, sentence},
        Extras,
    },
    digest, from_to, list, moment, none, section, table, who,
};
use crate::{
    claims::{Claims, Dataset, Parent, Party},
    shown::ShownSample,
    verify::Report,
    BlockNumber,
};
use wonbon_model::words::amount::{number, share};

fn facts(dataset: &Dataset) -> Vec<(words::Words, Markup)> {
    let sample = match &dataset.fair_sample {
        Some(answer) => {
            let (answered, answered_en) = sentence::draw_answered(&number(u64::from(answer.blocks)));
            Markup::all([
                Markup::both((answered, answered_en)),
                Markup::literal(" · "),
                moment(&answer.at),
                Markup::literal(" · "),
                Markup::both(label::FAIR_SAMPLE_CHECK),
                Markup::literal(" "),
                digest(&answer.digest),
            ])
        }
        None => Markup::both(label::DRAW_UNANSWERED),
    };
    vec![
        (label::LENGTH, Markup::text(&format!("{} bytes", number(dataset.length)))),
        (label::METHOD, Markup::both(words::both(&dataset.method))),
        (label::REGISTERED, moment(&dataset.registered)),
        (label::FAIR_SAMPLE, sample),
        (label::RECORDS, Markup::text(&number(u64::from(dataset.records)))),
        (label::DATASET, digest(&dataset.id)),
    ]
}

pub(super) fn about(report: &Report, extras: &Extras) -> Markup {
    let claims = &report.claims;
    let mut rows = facts(&claims.dataset);
    if extras.file_matches {
        rows.push((label::FILE, Markup::both(label::FILE_MATCHES)));
    }
    if let Some(shown) = &extras.sample {
        rows.push((label::SAMPLE, sample(shown)));
        if !shown.rows.is_empty() {
            rows.push((label::ROWS_SHOWN, sample_rows(shown)));
        }
    }
    let same = claims.registrant.account == claims.owner.account;
    let block = report.block();
    let parties = if same {
        vec![party(label::REGISTRANT_AND_OWNER, &claims.owner, block)]
    } else {
        vec![party(label::REGISTRANT, &claims.registrant, block), party(label::OWNER, &claims.owner, block)]
    };
    section(label::THE_DATASET, [list(rows), Tag::new("div").class("parties").holding(parties)])
}

/// What a sample was found to be, and what it is worth.
fn sample(shown: &ShownSample) -> Markup {
    let mut said = vec![Markup::both(words::shown_kind(shown.kind))];
    let more = std::iter::once(sentence::sample_shows(shown)).chain(words::shown_more(shown));
    for more in more {
        said.push(Markup::literal(" · "));
        said.push(Markup::both(more));
    }
    said.push(Markup::literal(" "));
    said.push(digest(&shown.digest));
    Markup::all(said)
}

fn sample_rows(shown: &ShownSample) -> Markup {
    let mut pieces = vec![Markup::text(&format!("{} / {}", shown.rows.len(), number(shown.row_count)))];
    for row in &shown.rows {
        let more = if row.cut { format!(" … {}", joined(label::CUT)) } else { String::new() };
        pieces.push(Markup::literal("<br/>"));
        pieces.push(Markup::code(format!("{}{more}", row.text)));
    }
    Markup::all(pieces)
}

fn party(role: words::Words, party: &Party, block: BlockNumber) -> Markup {
    let mut pieces = vec![Tag::new("h3").both(role)];
    match &party.company {
        Some(company) => {
            pieces.push(Tag::new("p").class("name").text(&company.name));
            pieces.push(Tag::new("small").text(&joined(sentence::company_as_of(block))));
            let facts = [
                (label::REGISTRATION_NUMBER, company.registration_number.clone()),
                (label::REGION_AND_INDUSTRY, format!("{} · {}", company.region.korean(), company.ksic)),
                (label::SIZE, joined(words::both(&company.size))),
                (label::STANDING, joined(words::both(&company.standing))),
            ];
            let mut rows: Vec<_> =
                facts.into_iter().map(|(name, value)| (name, Markup::text(&value))).collect();
            if let Some(recovered) = &company.recovered {
                rows.push((label::RECOVERED, Markup::both(sentence::recovered(recovered))));
            }
            pieces.push(list(rows));
        }
        None => pieces.push(Tag::new("p").class("name").both(label::NO_COMPANY)),
    }
    pieces.push(Tag::new("code").class("account").text(&party.account.to_string()));
    Tag::new("div").holding(pieces)
}

/// What a dataset is called: by its title, if that is known, and by how it was made.
fn called(dataset: &Dataset, extras: &Extras) -> Markup {
    let method = words::both(&dataset.method);
    match extras.title(dataset) {
        Some(title) => {
            Markup::all([Tag::new("b").text(title), Tag::new("small").class("part").text(&joined(method))])
        }
        None => Markup::both(method),
    }
}

fn ancestor(claims: &Claims, extras: &Extras, ancestor: &Dataset) -> Vec<Markup> {
    let mut name = vec![called(ancestor, extras)];
    if let Some(withdrawal) = &ancestor.withdrawn {
        let (at, reason) = (withdrawal.at.time.korean(), &withdrawal.reason);
        let text = format!("{} · {at} · {reason}", joined(label::WITHDRAWN));
        name.push(Tag::new("small").class("part bad").text(&text));
    }
    vec![
        Markup::all(name),
        from_to(claims, &ancestor.registrant, &ancestor.owner),
        moment(&ancestor.registered),
        Markup::text(&number(ancestor.length)),
        Markup::code(ancestor.id),
    ]
}

/// What the owner of a parent gets of each sale. The parent's record is among the ancestors.
fn royalty(claims: &Claims, extras: &Extras, parent: &Parent) -> Vec<Markup> {
    let record = claims.ancestors.iter().find(|ancestor| ancestor.id == parent.dataset);
    let of = record.map(|record| {
        let owner = Tag::new("small").class("part").holding([who(claims, &record.owner)]);
        Markup::all([called(record, extras), owner])
    });
    vec![
        of.unwrap_or_default(),
        Markup::both(words::both(&parent.relation)),
        Markup::text(&share(parent.royalty_millionths)),
        Markup::code(parent.dataset),
    ]
}

pub(super) fn lineage(claims: &Claims, extras: &Extras) -> Markup {
    if claims.ancestors.is_empty() && claims.versions.is_empty() {
        return section(label::LINEAGE, [none(label::NO_LINEAGE)]);
    }
    let (svg, left_out) = graph::svg(claims, extras);
    let mut pieces = vec![svg];
    if left_out > 0 {
        pieces.push(Tag::new("p").class("note").both(sentence::left_out(left_out)));
    }
    if !claims.ancestors.is_empty() {
        let columns = [
            (label::ANCESTOR, ""),
            (label::BY_AND_OWNER, "who"),
            (label::REGISTERED, "when"),
            (label::BYTES, "n"),
            (label::ID, "hash"),
        ];
        let rows = claims.ancestors.iter().map(|its| ancestor(claims, extras, its));
        pieces.push(table(&columns, rows, "ancestors"));
    }
    let mut royalties =
        claims.dataset.parents.iter().filter(|parent| parent.royalty_millionths > 0).peekable();
    if royalties.peek().is_some() {
        let columns =
            [(label::ROYALTY_TO, ""), (label::RELATION, ""), (label::OF_EACH_SALE, "n"), (label::ID, "hash")];
        pieces.push(table(&columns, royalties.map(|parent| royalty(claims, extras, parent)), "royalties"));
    }
    if !claims.versions.is_empty() {
        let columns = [(label::NEW_VERSION, "hash")];
        let rows = claims.versions.iter().map(|version| vec![Markup::code(version.dataset)]);
        pieces.push(table(&columns, rows, "versions"));
    }
    section(label::LINEAGE, pieces)
}
