//! The report as lines for a terminal.

use super::{
    as_of,
    words::{self, in_a_line, label, plain, sentence, short_account, Words},
    Extras,
};
use crate::{
    claims::{Claims, Dataset, Moment, Outcome, Party, Trade},
    finality::Finality,
    shown::ShownSample,
    value::Hex,
    verify::Report,
    AccountId, BlockNumber,
};
use std::fmt::{Display, Write as _};
use wonbon_model::words::{
    amount::{number, share, won},
    short, Term,
};

/// The report as text, with a line break at its end.
pub fn text(report: &Report, extras: &Extras) -> String {
    let mut out = Lines(String::new());
    let claims = &report.claims;
    let (block, time) = as_of(report);
    let lead = sentence::as_of(block, time).1;
    out.line(format_args!("{lead}, at {time} ({} in Korea).", time.korean()));
    out.line(format_args!("{} Times below are those in Korea.", label::OPEN_ORDERS.1));
    out.line("");
    let verdict = words::verdict(report.verdict()).1.to_uppercase();
    out.line(format_args!(
        "{verdict}: everything below stood in the chain's state in that block, and nothing is left out."
    ));
    if let Some(until) = claims.dataset.provisional_until.filter(|_| claims.is_provisional()) {
        let ((korean, english), (said, said_en)) = (label::PROVISIONAL, sentence::provisional(until));
        out.line(format_args!("{english}: {said_en}"));
        out.line(format_args!("{korean}: {said}"));
    }
    if let Some(withdrawal) = &claims.dataset.withdrawn {
        let (at, reason) = (moment(&withdrawal.at), plain(&withdrawal.reason));
        out.line(format_args!("{} {at}: {reason}", label::WITHDRAWN.1));
    }
    for warning in &report.warnings {
        let warned = label::WARNING.1.to_uppercase();
        out.line(format_args!("{warned}: {}", sentence::warning(warning).1));
    }
    finality(report, &mut out);
    if extras.file_matches {
        out.line(label::FILE_IS_DATASET.1);
    }
    out.line("");
    if let Some(title) = extras.title(&claims.dataset) {
        out.field(label::TITLE, plain(title));
    }
    dataset(&claims.dataset, &mut out);
    if let Some(shown) = &extras.sample {
        sample(shown, &mut out);
    }
    party(label::REGISTRANT, &claims.registrant, block, &mut out);
    party(label::OWNER, &claims.owner, block, &mut out);
    lineage(claims, extras, &mut out);
    statements(claims, &mut out);
    trades(claims, &mut out);
    companies(claims, &mut out);
    out.line("");
    out.field(label::CHAIN, claims.chain.genesis);
    out.field(label::AS_OF_BLOCK, claims.chain.block.hash);
    out.field(label::CLAIMS_DIGEST, report.claims_digest);
    out.field(label::CERTIFICATE_DIGEST, report.certificate);
    out.0
}

struct Lines(String);

impl Lines {
    fn line(&mut self, line: impl Display) {
        writeln!(self.0, "{line}").expect("writing to a string does not fail");
    }

    fn field(&mut self, label: Words, value: impl Display) {
        self.line(format_args!("{:<20} {value}", in_a_line(label.1)));
    }

    /// More of the field above.
    fn more(&mut self, value: impl Display) {
        self.line(format_args!("{:<20} {value}", ""));
    }

    /// The heading of a list of so many, with what else is to say of it.
    fn heading(&mut self, label: Words, count: usize, more: impl Display) {
        self.line(format_args!("{} ({count}{more}):", label.1));
    }
}

fn moment(moment: &Moment) -> String {
    format!("{} (block {})", moment.time.korean(), moment.block)
}

/// A company with its account in short, or an account without one. Accounts stand in full elsewhere.
fn whom(claims: &Claims, account: &AccountId) -> String {
    match claims.company(account) {
        Some(company) => format!("{} ({})", plain(&company.name), short_account(account)),
        None => account.to_string(),
    }
}

fn finality(report: &Report, out: &mut Lines) {
    let finality = &report.finality;
    let Finality { set_id, round, validators, weight, threshold, total_weight, .. } = finality;
    let signers = finality.signers.len();
    out.line(format_args!(
        "{signers} of {validators} validators finalized it (weight {weight} of {total_weight}, {threshold} wanted; \
         set {set_id}, round {round})."
    ));
    for anchor in &finality.anchors {
        let role = words::anchor_role(anchor.role).1;
        let time = anchor.time.map(|time| format!(" of {time}")).unwrap_or_default();
        let (name, block, set) = (label::ANCHOR.1, anchor.block.number, anchor.set_id);
        out.line(format_args!("{name} at block {block}{time}, set {set}: {role}."));
    }
    if finality.hand_offs > 0 {
        out.line(format_args!("{}: {}.", label::HAND_OFFS.1, finality.hand_offs));
    }
}

fn dataset(dataset: &Dataset, out: &mut Lines) {
    out.field(label::LENGTH, format_args!("{} bytes", number(dataset.length)));
    out.field(label::METHOD, dataset.method.words().english);
    out.field(label::REGISTERED, moment(&dataset.registered));
    match &dataset.fair_sample {
        Some(answer) => {
            let answered = sentence::draw_answered(&number(u64::from(answer.blocks))).1;
            out.field(label::FAIR_SAMPLE, format_args!("{answered}, {}", moment(&answer.at)));
            out.more(format_args!("file SHA-256 {}; {}", answer.digest, label::FAIR_SAMPLE_CHECK.1));
        }
        None => out.field(label::FAIR_SAMPLE, label::DRAW_UNANSWERED.1),
    }
    out.field(label::RECORDS, format_args!("{}, head {}", dataset.records, dataset.head));
    out.field(label::METADATA, format_args!("SHA-256 {}", dataset.metadata));
    out.field(label::DATASET, dataset.id);
}

/// A sample that was found right, and its rows.
fn sample(sample: &ShownSample, out: &mut Lines) {
    out.field(label::SAMPLE, words::shown_kind(sample.kind).1);
    out.more(sentence::sample_shows(sample).1);
    for said in words::shown_more(sample) {
        out.more(said.1);
    }
    out.more(format_args!("file SHA-256 {}", sample.digest));
    let all = number(sample.row_count);
    out.line(format_args!("{} ({} of {all}):", label::ROWS_SHOWN.1, sample.rows.len()));
    for row in &sample.rows {
        let more = if row.cut { format!(" … {}", label::CUT.1) } else { String::new() };
        out.line(format_args!("  {:>12}  {}{more}", row.offset, plain(&row.text)));
    }
}

fn party(name: Words, party: &Party, block: BlockNumber, out: &mut Lines) {
    match &party.company {
        Some(company) => {
            out.field(name, plain(&company.name));
            let (number, region) = (plain(&company.registration_number), company.region);
            let (size, standing) = (company.size.words().english, company.standing.words().english);
            out.more(format_args!("{number}, {region}, {size}, {standing}"));
            out.more(format_args!("(the account's {})", sentence::company_as_of(block).1));
            if let Some(recovered) = &company.recovered {
                out.more(sentence::recovered(recovered).1);
            }
        }
        None => out.field(name, label::NO_COMPANY.1),
    }
    out.more(party.account);
}

/// Ancestors have numbers, by which those are named that they were made from. Their hashes come last.
fn lineage(claims: &Claims, extras: &Extras, out: &mut Lines) {
    out.line("");
    out.line(format_args!(
        "Made from ({} datasets in all, each with its own record):",
        claims.ancestors.len()
    ));
    let number_of = |id: &Hex| {
        let place = claims.ancestors.iter().position(|ancestor| ancestor.id == *id);
        place.map_or_else(|| id.to_string(), |place| format!("no. {}", place + 1))
    };
    let parents = |dataset: &Dataset, of: &str, out: &mut Lines| {
        for parent in &dataset.parents {
            let royalty = match parent.royalty_millionths {
                0 => String::new(),
                millionths => format!(", for {} of each sale", share(millionths)),
            };
            let relation = parent.relation.words().english;
            out.line(format_args!("{of}{relation} {}{royalty}", number_of(&parent.dataset)));
        }
    };
    parents(&claims.dataset, "  this dataset is ", out);
    for (index, ancestor) in claims.ancestors.iter().enumerate() {
        let method = ancestor.method.words().english;
        let title = extras.title(ancestor).map(|title| format!("{}, ", plain(title))).unwrap_or_default();
        let length = number(ancestor.length);
        out.line(format_args!("  no. {}: {title}{method}, {length} bytes", index + 1));
        let (at, by) = (moment(&ancestor.registered), whom(claims, &ancestor.registrant));
        out.line(format_args!("     {} {at} by {by}", in_a_line(label::REGISTERED.1)));
        out.line(format_args!("     {} {}", in_a_line(label::OWNER.1), whom(claims, &ancestor.owner)));
        if let Some(withdrawal) = &ancestor.withdrawn {
            let (at, reason) = (moment(&withdrawal.at), plain(&withdrawal.reason));
            out.line(format_args!("     {} {at}: {reason}", label::WITHDRAWN.1));
        }
        parents(ancestor, "     ", out);
        out.line(format_args!("     {}", ancestor.id));
    }
    out.heading(label::NEW_VERSIONS, claims.versions.len(), "");
    for version in &claims.versions {
        out.line(format_args!("  {}", version.dataset));
    }
}

fn statements(claims: &Claims, out: &mut Lines) {
    out.heading(label::ATTESTATIONS, claims.attestations.len(), "");
    for attestation in &claims.attestations {
        let kind = attestation.kind.words().english;
        let (at, by) = (moment(&attestation.at), whom(claims, &attestation.inspector));
        out.line(format_args!("  {kind}, {at}, by {by}: SHA-256 {}", attestation.document));
        if let Some(revocation) = &attestation.revoked {
            let (by, at) = (revocation.by.words().english, moment(&revocation.at));
            let (revoked, reason) = (label::REVOKED.1, plain(&revocation.reason));
            out.line(format_args!("    {revoked} {by}, {at}: {reason}"));
        }
    }
    out.heading(label::HANDOVERS, claims.handovers.len(), "");
    for handover in &claims.handovers {
        let (from, to) = (whom(claims, &handover.from), whom(claims, &handover.to));
        out.line(format_args!("  {}, from {from} to {to}", moment(&handover.at)));
    }
}

fn trades(claims: &Claims, out: &mut Lines) {
    let paid = claims.trades.iter().filter(|trade| trade.outcome.is_paid()).count();
    let turnover = won(claims.turnover());
    out.heading(label::TRADES, claims.trades.len(), format_args!("; {paid} paid, {turnover} in all"));
    claims.trades.iter().for_each(|trade| one(claims, trade, out));
}

fn companies(claims: &Claims, out: &mut Lines) {
    out.line(format_args!("Companies of the other accounts, as of block {}:", claims.chain.block.number));
    for party in &claims.parties {
        let company = match &party.company {
            Some(company) => {
                let standing = company.standing.words().english;
                let recovered = company.recovered.as_ref().map(|recovered| sentence::recovered(recovered).1);
                let recovered = recovered.map(|text| format!("; {text}")).unwrap_or_default();
                let (name, number) = (plain(&company.name), plain(&company.registration_number));
                format!("{name}, {number}, {standing}{recovered}")
            }
            None => label::NO_COMPANY.1.into(),
        };
        out.line(format_args!("  {}  {company}", party.account));
    }
}

fn one(claims: &Claims, trade: &Trade, out: &mut Lines) {
    let block = match &trade.outcome {
        Outcome::BadBlock { block } => format!(", {} {block}", label::BLOCK.1),
        _ => String::new(),
    };
    let (at, price, outcome) =
        (moment(&trade.ended), won(trade.price.into()), words::outcome(&trade.outcome).1);
    let order = format!("{} {}", label::ORDER.1, trade.order);
    out.line(format_args!("  {}. {at}: {price}, {outcome}{block} ({order})", trade.index + 1));
    let (seller, buyer) = (whom(claims, &trade.seller), whom(claims, &trade.buyer));
    out.line(format_args!("     {} {seller}, {} {buyer}", label::SELLER.1, label::BUYER.1));
    let derivation = words::derivation(trade.derivation).1;
    out.line(format_args!("     {} {}, {derivation}", in_a_line(label::LICENCE.1), trade.licence));
    out.line(format_args!("     {} {}", in_a_line(label::NDA.1), trade.nda));
    out.line(format_args!("     {} {}", label::TERMS.1, trade.terms));
    if !trade.outcome.is_paid() {
        return;
    }
    out.line(format_args!("     {} {}", label::FEE.1, won(trade.platform_fee.into())));
    for royalty in &trade.royalties {
        let (amount, to) = (won(royalty.amount.into()), whom(claims, &royalty.account));
        out.line(format_args!("     {} {amount} to {to} for {}", label::ROYALTY.1, short(royalty.dataset)));
    }
}
