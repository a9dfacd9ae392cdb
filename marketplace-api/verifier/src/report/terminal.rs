//! The report as lines for a terminal.

use super::{
    as_of,
    words::{self, plain},
    Extras,
};
use crate::{
    claims::{Claims, Dataset, Moment, Outcome, Party, Trade},
    finality::{AnchorRole, Finality},
    verify::Report,
    BlockNumber,
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
    out.line(format_args!("As of block {block}, at {time} ({} in Korea).", time.korean()));
    out.line("Open offers and open orders are not part of it. Times below are those in Korea.");
    out.line("");
    out.line("VALID: everything below stood in the chain's state in that block, and nothing is left out.");
    finality(report, &mut out);
    for warning in &report.warnings {
        out.line(format_args!("WARNING: {warning}."));
    }
    if extras.file_matches {
        out.line("The file given is this dataset, byte for byte.");
    }
    out.line("");
    if let Some(description) = &extras.description {
        out.field("title", plain(&description.title));
    }
    dataset(&claims.dataset, &mut out);
    party("first registered by", &claims.registrant, block, &mut out);
    party("held now by", &claims.owner, block, &mut out);
    lineage(claims, &mut out);
    statements(claims, &mut out);
    trades(claims, &mut out);
    companies(claims, &mut out);
    out.line("");
    out.field("chain", claims.chain.genesis);
    out.field("block", claims.chain.block.hash);
    out.field("claims", report.claims_digest);
    out.field("certificate", report.certificate);
    out.0
}

struct Lines(String);

impl Lines {
    fn line(&mut self, line: impl Display) {
        writeln!(self.0, "{line}").expect("writing to a string does not fail");
    }

    fn field(&mut self, name: &str, value: impl Display) {
        self.line(format_args!("{name:<20} {value}"));
    }
}

fn moment(moment: &Moment) -> String {
    format!("{} (block {})", moment.time.korean(), moment.block)
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
        let role = match anchor.role {
            AnchorRole::Start => "trust begins here",
            AnchorRole::Passed => "the same validators were in force at it",
            AnchorRole::TooEarly => "earlier than the certificate's hand-offs; not used",
            AnchorRole::Later => "later than the certificate; not used",
        };
        let time = anchor.time.map(|time| format!(" of {time}")).unwrap_or_default();
        let set = anchor.set_id;
        out.line(format_args!("Trust anchor at block {}{time}, set {set}: {role}.", anchor.block.number));
    }
    if finality.hand_offs > 0 {
        out.line(format_args!("Hand-offs of the validators followed since: {}.", finality.hand_offs));
    }
}

fn dataset(dataset: &Dataset, out: &mut Lines) {
    out.field("dataset", dataset.id);
    out.field("length", format_args!("{} bytes", number(dataset.length)));
    out.field("metadata", format_args!("SHA-256 {}", dataset.metadata));
    out.field("method", dataset.method.words().english);
    out.field("registered", moment(&dataset.registered));
    if let Some(withdrawal) = &dataset.withdrawn {
        out.field("WITHDRAWN", format_args!("{}: {}", moment(&withdrawal.at), plain(&withdrawal.reason)));
    }
    match &dataset.fair_sample {
        Some(answer) => {
            let (blocks, at) = (number(u64::from(answer.blocks)), moment(&answer.at));
            out.field("fair sample", format_args!("the owner answered for {blocks} blocks, {at}"));
            out.field("", format_args!("file SHA-256 {}; check it with `wonbon sample`", answer.digest));
        }
        None => out.field("fair sample", "the draw is not answered"),
    }
    out.field("records", format_args!("{}, head {}", dataset.records, dataset.head));
}

fn party(name: &str, party: &Party, block: BlockNumber, out: &mut Lines) {
    match &party.company {
        Some(company) => {
            out.field(name, plain(&company.name));
            let (number, region) = (plain(&company.registration_number), company.region);
            let (size, standing) = (company.size.words().english, company.standing.words().english);
            out.field("", format_args!("{number}, {region}, {size}, {standing}"));
            out.field("", format_args!("(the account's company as of block {block})"));
        }
        None => out.field(name, "an account without a registered company"),
    }
    out.field("", party.account);
}

fn lineage(claims: &Claims, out: &mut Lines) {
    out.line("");
    out.line(format_args!(
        "Made from ({} datasets in all, each with its own record):",
        claims.ancestors.len()
    ));
    let mut parents = |dataset: &Dataset| {
        for parent in &dataset.parents {
            let royalty = match parent.royalty_millionths {
                0 => String::new(),
                millionths => format!(", {} of each sale", share(millionths)),
            };
            let relation = parent.relation.words().english;
            out.line(format_args!("  {}: {relation} {}{royalty}", short(dataset.id), parent.dataset));
        }
    };
    parents(&claims.dataset);
    claims.ancestors.iter().for_each(&mut parents);
    for ancestor in &claims.ancestors {
        out.line(format_args!(
            "  {}  {} bytes, {}, first registered {} by {}",
            short(ancestor.id),
            number(ancestor.length),
            ancestor.method.words().english,
            moment(&ancestor.registered),
            ancestor.registrant,
        ));
        out.line(format_args!("              held now by {}", ancestor.owner));
        if let Some(withdrawal) = &ancestor.withdrawn {
            let (at, reason) = (moment(&withdrawal.at), plain(&withdrawal.reason));
            out.line(format_args!("              WITHDRAWN {at}: {reason}"));
        }
    }
    out.line(format_args!("New versions ({}):", claims.versions.len()));
    for version in &claims.versions {
        out.line(format_args!("  {}", version.dataset));
    }
}

fn statements(claims: &Claims, out: &mut Lines) {
    out.line(format_args!("Attestations ({}):", claims.attestations.len()));
    for attestation in &claims.attestations {
        let kind = attestation.kind.words().english;
        let (at, by) = (moment(&attestation.at), attestation.inspector);
        out.line(format_args!("  {kind}, {at}, by {by}: SHA-256 {}", attestation.document));
        if let Some(revocation) = &attestation.revoked {
            let (by, at) = (revocation.by.words().english, moment(&revocation.at));
            out.line(format_args!("    REVOKED {by}, {at}: {}", plain(&revocation.reason)));
        }
    }
    out.line(format_args!("Handovers ({}):", claims.handovers.len()));
    for handover in &claims.handovers {
        out.line(format_args!("  {}, from {} to {}", moment(&handover.at), handover.from, handover.to));
    }
}

fn trades(claims: &Claims, out: &mut Lines) {
    let paid = claims.trades.iter().filter(|trade| trade.outcome.is_paid()).count();
    let turnover = won(super::turnover(claims));
    out.line(format_args!("Trades ({}; {paid} paid, {turnover} in all):", claims.trades.len()));
    claims.trades.iter().for_each(|trade| one(trade, out));
}

fn companies(claims: &Claims, out: &mut Lines) {
    out.line(format_args!("Companies of the other accounts, as of block {}:", claims.chain.block.number));
    for party in &claims.parties {
        let company = match &party.company {
            Some(company) => {
                let standing = company.standing.words().english;
                format!("{}, {}, {standing}", plain(&company.name), plain(&company.registration_number))
            }
            None => "no registered company".into(),
        };
        out.line(format_args!("  {}  {company}", party.account));
    }
}

fn one(trade: &Trade, out: &mut Lines) {
    let outcome = match &trade.outcome {
        Outcome::BadBlock { block } => format!("block {block} proved wrong, refunded"),
        other => words::outcome(other).1.to_owned(),
    };
    let (at, price) = (moment(&trade.ended), won(trade.price.into()));
    out.line(format_args!("  {}. {at}: {price}, {outcome} (order {})", trade.index + 1, trade.order));
    out.line(format_args!("     seller {}, buyer {}", trade.seller, trade.buyer));
    let derivation = words::derivation(trade.derivation).1;
    out.line(format_args!("     licence {}, {derivation}", trade.licence));
    out.line(format_args!("     NDA {}", trade.nda));
    out.line(format_args!("     terms {}", trade.terms));
    if !trade.outcome.is_paid() {
        return;
    }
    out.line(format_args!("     fee {}", won(trade.platform_fee.into())));
    for royalty in &trade.royalties {
        let (amount, to) = (won(royalty.amount.into()), royalty.account);
        out.line(format_args!("     royalty {amount} to {to} for {}", short(royalty.dataset)));
    }
}
