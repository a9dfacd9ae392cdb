//! The report of a certificate that has everything, hostile text included: on the terminal and as a page.

mod sample;

use super::{html, text, Description, Extras};
use crate::{
    credential::summary,
    refusal::{Invalid, Refusal, Unreadable},
    value::{Decimal, Hex},
    Report,
};
use sample::NASTY;
use sha2::{Digest as _, Sha256};

fn extras() -> Extras {
    Extras {
        file_matches: true,
        description: Some(Description {
            title: format!("CNC 밀링 스핀들 진동 데이터 2025 {NASTY}")
        }),
    }
}

fn all() -> [Report; 4] {
    [sample::full(), sample::bare(), sample::hostile(), sample::long()]
}

#[test]
fn both_lead_with_when_and_say_what_is_no_part_of_it() {
    let report = sample::full();
    let lines = text(&report, &Extras::default());
    assert!(
        lines.starts_with("As of block 4321, at 2025-11-21T07:04:02.000Z (2025-11-21 16:04:02 in Korea).\n")
    );
    assert!(lines.lines().nth(1).unwrap().contains("open orders are not part"));
    let page = html(&report, &Extras::default());
    let lead = page.find("As of block 4321, <span class=\"time\">at 2025-11-21T07:04:02.000Z").unwrap();
    assert!(lead < page.find("<h2>").unwrap());
    assert!(page.contains("블록 4321, 2025-11-21 16:04:02 (한국 시각) 기준"));
    assert!(page.contains("open orders are not part of it"));
}

/// The chain has the owner's word and a digest; whether a file shows the drawn blocks it does not know.
#[test]
fn an_answer_to_the_draw_is_told_as_the_owners_word() {
    let report = sample::full();
    let answer = report.claims.dataset.fair_sample.as_ref().unwrap();
    let lines = text(&report, &Extras::default());
    assert!(lines.contains(&format!("the owner answered for {} blocks", answer.blocks)), "{lines}");
    assert!(lines.contains(&format!("file SHA-256 {}", answer.digest)));
    let page = html(&report, &Extras::default());
    assert!(page.contains(&format!("the owner answered for {} blocks", answer.blocks)));
    assert!(page.contains("check the file with wonbon sample") && !page.contains("of the draw shown"));
}

#[test]
fn nothing_proved_is_left_out() {
    for report in all() {
        let claims = &report.claims;
        let mut hashes = vec![
            claims.dataset.id,
            claims.dataset.metadata,
            claims.dataset.head,
            claims.chain.genesis,
            claims.chain.block.hash,
            report.certificate,
            report.claims_digest,
        ];
        hashes.extend(claims.ancestors.iter().map(|ancestor| ancestor.id));
        hashes.extend(claims.versions.iter().map(|version| version.dataset));
        hashes.extend(claims.attestations.iter().map(|attestation| attestation.document));
        hashes.extend(claims.trades.iter().flat_map(|trade| [trade.licence, trade.nda, trade.terms]));
        hashes.extend(claims.dataset.fair_sample.iter().map(|answer| answer.digest));
        let mut accounts = vec![claims.registrant.account, claims.owner.account];
        accounts.extend(claims.ancestors.iter().flat_map(|ancestor| [ancestor.registrant, ancestor.owner]));
        accounts.extend(claims.handovers.iter().flat_map(|handover| [handover.from, handover.to]));
        let paid = claims.trades.iter().filter(|trade| trade.outcome.is_paid());
        accounts.extend(paid.flat_map(|trade| &trade.royalties).map(|royalty| royalty.account));
        accounts.extend(claims.trades.iter().flat_map(|trade| [trade.seller, trade.buyer]));
        accounts.extend(claims.attestations.iter().map(|attestation| attestation.inspector));
        let page = html(&report, &Extras::default());
        // Digests in groups have markup between their digits.
        let flat = page.replace("</span><span>", "");
        let lines = text(&report, &Extras::default());
        for hash in hashes {
            assert!(flat.contains(&hash.to_string()) && lines.contains(&hash.to_string()), "{hash}");
        }
        for account in accounts {
            assert!(page.contains(&account.to_string()) && lines.contains(&account.to_string()));
        }
        let withdrawn =
            claims.ancestors.iter().chain([&claims.dataset]).filter_map(|it| it.withdrawn.as_ref());
        for reason in withdrawn.map(|withdrawal| super::plain(&withdrawal.reason)) {
            let escaped = super::markup::Markup::text(&reason).into_string();
            assert!(page.contains(&escaped) && lines.contains(&reason), "{reason}");
        }
        for warning in &report.warnings {
            assert!(page.contains(&warning.to_string()) && lines.contains(&format!("WARNING: {warning}.")));
        }
        for trade in &claims.trades {
            let order = format!("주문 order {}<", trade.order);
            assert!(page.contains(&order) && lines.contains(&format!("(order {})", trade.order)));
        }
    }
}

#[test]
fn a_page_fetches_nothing_and_runs_nothing() {
    for report in all() {
        let page = html(&report, &extras());
        let lower = page.to_lowercase();
        for forbidden in
            ["<script", "http:", "https:", "url(", "@import", " src=", "href", "javascript:", "onload"]
        {
            assert!(!lower.contains(forbidden), "{forbidden}");
        }
        assert!(page.chars().all(|c| c == '\n' || super::words::is_shown(&c)));
        assert!(page.contains("default-src 'none'"));
        assert_balanced(&page);
    }
}

/// Every element is closed where it was opened.
fn assert_balanced(page: &str) {
    let mut open = Vec::new();
    let body = &page[page.find("<body>").unwrap()..page.find("</html>").unwrap()];
    for piece in body.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').unwrap();
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{piece}");
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap());
        }
    }
    assert_eq!(open, [""; 0]);
}

#[test]
fn a_terminal_gets_no_control_characters() {
    for report in all() {
        let lines = text(&report, &extras());
        assert!(lines.chars().all(|c| c == '\n' || super::words::is_shown(&c)));
    }
    assert!(text(&sample::hostile(), &Extras::default()).contains("<script>alert(\"x\")</script>'&[31m"));
}

#[test]
fn a_matching_file_is_said_and_another_is_not() {
    let report = sample::full();
    assert!(text(&report, &extras()).contains("The file given is this dataset"));
    assert!(html(&report, &extras()).contains("모든 바이트가 같습니다"));
    assert!(!text(&report, &Extras::default()).contains("The file given"));
    assert!(!html(&report, &Extras::default()).contains("모든 바이트가 같습니다"));
}

#[test]
fn an_ancestor_that_was_withdrawn_is_marked() {
    let report = sample::full();
    let (page, lines) = (html(&report, &Extras::default()), text(&report, &Extras::default()));
    // In its box and in its row.
    assert_eq!(page.matches("class=\"box withdrawn\"").count(), 1);
    assert_eq!(page.matches("철회됨 WITHDRAWN").count(), 2);
    assert_eq!(lines.matches("WITHDRAWN").count(), 1);
}

#[test]
fn companies_are_named_as_of_the_block() {
    let report = sample::full();
    let (page, lines) = (html(&report, &Extras::default()), text(&report, &Extras::default()));
    assert_eq!(page.matches("company as of block 4321").count(), 2);
    assert_eq!(lines.matches("company as of block 4321").count(), 2);
    assert!(page.contains("Whose account it is, as of block 4321"));
    // Who bought, by name and registration number; and an account without a company.
    let buyer = report.claims.trades[0].buyer;
    let name = report.claims.company(&buyer).unwrap().name.clone();
    assert!(page.contains(&format!("{buyer}</code><br/><small>{name} · 124-81-00998</small>")), "{page}");
    assert!(page.matches(&format!("<b>{name}</b>")).count() > 0);
    assert!(lines.contains(&format!("  {buyer}  {name}, 124-81-00998, verified\n")), "{lines}");
    assert!(page.contains("no registered company") && lines.contains("no registered company"));
}

#[test]
fn a_title_comes_from_the_document_on_the_chain_only() {
    let document = r#"{"title":"밀링","schema":"wonbon/metadata/1"}"#.as_bytes();
    let mut claims = sample::full().claims;
    assert!(matches!(
        Description::read(document, &claims),
        Err(Refusal::Invalid(Invalid::OtherMetadata { .. }))
    ));
    claims.dataset.metadata = Hex(Sha256::digest(document).into());
    assert_eq!(Description::read(document, &claims).unwrap().title, "밀링");
    for bad in [&b"{"[..], b"{\"title\":1}", b"[]", b"\xff"] {
        claims.dataset.metadata = Hex(Sha256::digest(bad).into());
        assert!(matches!(
            Description::read(bad, &claims),
            Err(Refusal::Unreadable(Unreadable::Metadata { .. }))
        ));
    }
}

#[test]
fn a_long_lineage_is_drawn_in_part_and_listed_whole() {
    let page = html(&sample::long(), &Extras::default());
    assert!(page.contains("94 more are in the table"));
    let boxes = page.matches("class=\"box").count();
    assert_eq!(boxes, 8, "six ancestors, the dataset and its new version");
}

#[test]
fn the_summary_names_the_certificate_and_keeps_to_the_claims() {
    let report = sample::full();
    let summary = summary(&report.claims, report.certificate);
    assert_eq!(summary["certificateDigest"], report.certificate.to_string());
    assert_eq!(summary["tradeCount"], 5);
    assert_eq!(summary["paidTradeCount"], 3);
    assert_eq!(summary["turnoverInWon"], (3 * 1_500_000 + 1 + 4).to_string());
    assert_eq!(summary["standingAttestationCount"], 1);
    assert_eq!(summary["firstRegisteredBy"]["name"], "한빛정밀 주식회사");
    assert!(wonbon_model::canonical::integers_to_vec(&summary).is_ok());
}

#[test]
fn the_greatest_amounts_do_not_overflow() {
    let mut report = sample::full();
    for trade in &mut report.claims.trades {
        trade.price = Decimal(u128::MAX);
    }
    let most = "340,282,366,920,938,463,463,374,607,431,768,211,455";
    assert!(text(&report, &Extras::default()).contains(most));
    assert!(html(&report, &Extras::default()).contains(most));
}

/// What a person reads of each certificate, against `tests/golden/report`.
#[test]
fn golden_reports() {
    let golden = wonbon_golden::Golden::at(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/report"));
    for (name, report) in ["full", "bare", "hostile", "long"].into_iter().zip(all()) {
        golden.text(&format!("{name}.txt"), &text(&report, &Extras::default()));
        golden.text(&format!("{name}.html"), &html(&report, &Extras::default()));
        golden.json(&format!("{name}-summary.json"), &summary(&report.claims, report.certificate));
        golden.json(&format!("{name}-claims.json"), &report.claims);
    }
    golden.text("full-with-file.txt", &text(&sample::full(), &extras()));
    golden.text("full-with-file.html", &html(&sample::full(), &extras()));
}
