//! The report of a certificate that has everything, hostile text included: on the terminal and as a page.

mod contrast;
mod sample;

use super::{html, html_of_refused, text, Extras};
use crate::{
    claims::Recovered,
    credential::summary,
    refusal::{Invalid, Refusal, Unreadable},
    value::{Decimal, Hex},
    Description, Report, Verdict,
};
use sample::NASTY;
use sha2::{Digest as _, Sha256};

fn extras() -> Extras {
    let titles =
        [(1, format!("CNC 밀링 스핀들 진동 데이터 2025 {NASTY}")), (4, "밀링 3호기 원시 진동".to_owned())];
    let description =
        |(id, title)| Description { metadata: sample::metadata(id), title, rows_are_lines: false };
    Extras { file_matches: true, descriptions: titles.map(description).into(), sample: None }
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

/// A company that lost its keys says so wherever its name stands, in both languages; of the others nothing is said.
#[test]
fn a_recovery_is_told_on_both() {
    let mut report = sample::full();
    let told = |report: &Report| (text(report, &Extras::default()), html(report, &Extras::default()));
    let (lines, page) = told(&report);
    assert!(!lines.contains("keys were lost") && !page.contains("keys were lost"));
    report.claims.owner.company.as_mut().unwrap().recovered = Some(Recovered { times: 2, last: 77 });
    let (lines, page) = told(&report);
    let english = "its keys were lost and it was given another admin 2 times, last in block 77";
    assert!(lines.contains(english), "{lines}");
    assert!(page.contains(english) && page.contains("열쇠를 잃어 관리자가 2회 새로 정해짐 · 마지막 블록 77"));
    report.claims.owner.company.as_mut().unwrap().recovered = None;
    let other = report.claims.parties.iter_mut().find_map(|party| party.company.as_mut());
    other.unwrap().recovered = Some(Recovered { times: 1, last: 78 });
    let (lines, page) = told(&report);
    assert!(
        lines.contains("another admin once, last in block 78") && page.contains("once, last in block 78")
    );
}

/// What stands first in the body of a page.
fn first_line(page: &str) -> &str {
    let body = page.split_once("<body><main>").unwrap().1;
    body.split_once("</p>").unwrap().0
}

#[test]
fn the_first_line_says_whether_it_is_valid() {
    let mut report = sample::full();
    let line = |class: &str, korean: &str, english: &str| {
        format!(
            "<p class=\"{class}\"><span class=\"ko\" lang=\"ko\">{korean}</span> <span class=\"en\" \
             lang=\"en\">{english}</span>"
        )
    };
    let warned = line("verdict warned", "유효 · 경고 있음", "Valid with warnings");
    assert_eq!(first_line(&html(&report, &Extras::default())), warned);
    assert!(text(&report, &Extras::default()).contains("\n\nVALID WITH WARNINGS: everything below"));
    report.warnings.clear();
    assert_eq!(first_line(&html(&report, &Extras::default())), line("verdict", "유효", "Valid"));
    assert!(text(&report, &Extras::default()).contains("\n\nVALID: everything below"));

    for (verdict, korean, english) in
        [(Verdict::Invalid, "무효", "Invalid"), (Verdict::Unreadable, "판독 불가", "Unreadable")]
    {
        let page = html_of_refused(verdict, &format!("the reason {NASTY}"));
        assert_eq!(first_line(&page), line("verdict refused", korean, english));
        assert!(page.contains("the reason &lt;script&gt;") && page.contains("Nothing is proved"));
        assert!(!page.contains("유효") && !page.contains("<script"));
        assert!(page.chars().all(|c| c == '\n' || super::is_shown(&c)));
        assert_balanced(&page);
    }
}

#[test]
fn a_withdrawal_is_a_banner() {
    let report = sample::hostile();
    let (page, lines) = (html(&report, &Extras::default()), text(&report, &Extras::default()));
    let banner = page.find("<p class=\"banner\"><b>철회됨 WITHDRAWN</b> · 2025-").unwrap();
    assert!(banner < page.find("<header>").unwrap());
    assert!(
        page[banner..].starts_with("<p class")
            && page[banner..page.find("<header>").unwrap()].contains("&lt;script")
    );
    let line = lines.lines().nth(4).unwrap();
    assert!(line.starts_with("WITHDRAWN 2025-"), "{line}");
    assert!(!html(&sample::full(), &Extras::default()).contains("<p class=\"banner\""));
}

#[test]
fn a_provisional_registration_is_a_banner() {
    let mut report = sample::full();
    let block = report.claims.chain.block.number;
    for (until, provisional) in [(Some(block + 1), true), (Some(block), false), (None, false)] {
        report.claims.dataset.provisional_until = until;
        assert_eq!(report.claims.is_provisional(), provisional);
        let (page, lines) = (html(&report, &Extras::default()), text(&report, &Extras::default()));
        assert_eq!(page.contains("<p class=\"banner\"><b>잠정 등록 PROVISIONAL</b> · "), provisional);
        assert_eq!(lines.contains("\nPROVISIONAL: Until block "), provisional);
        assert_eq!(lines.contains("\n잠정 등록: "), provisional);
    }
}

#[test]
fn the_lineage_names_companies_and_titles_before_hashes() {
    let report = sample::full();
    let claims = &report.claims;
    let (page, lines) = (html(&report, &extras()), text(&report, &extras()));
    let ancestors = &page[page.find("<table class=\"ancestors\">").unwrap()..];
    let rows = &ancestors[..ancestors.find("</table>").unwrap()];
    for (number, ancestor) in (1..).zip(&claims.ancestors) {
        let row = rows.split("<tr>").nth(number + 1).unwrap();
        for account in [&ancestor.registrant, &ancestor.owner] {
            let company = &claims.company(account).unwrap().name;
            assert!(row.contains(&format!("<b>{company}</b>")), "{row}");
            assert!(lines.contains(&format!("by {company} (")), "{lines}");
        }
        assert!(row.contains(&format!("<td class=\"hash\"><code>{}</code></td></tr>", ancestor.id)), "{row}");
        assert!(lines.contains(&format!("\n     {}\n", ancestor.id)), "{lines}");
    }
    assert!(rows.contains("<b>밀링 3호기 원시 진동</b>"));
    assert!(lines.contains("no. 3: 밀링 3호기 원시 진동, collected, "), "{lines}");
    assert!(lines.contains("  this dataset is labelled from no. 1, for 10 % of each sale\n"), "{lines}");

    // Title, companies, day and hash, in a box for each; a long name is cut.
    let graph =
        &page[page.find("<svg class=\"lineage\"").unwrap()..page.find("<table class=\"ancestors\"").unwrap()];
    let boxes: Vec<_> = graph.split("<g>").skip(1).collect();
    assert_eq!(boxes.len(), 7, "five ancestors, the dataset and its new version");
    for drawn in &boxes {
        let last = drawn.rsplit("<text class=\"").next().unwrap();
        assert!(last.starts_with("id\""), "{drawn}");
    }
    assert!(
        graph.contains(">밀링 3호기 원시 진동</text>") && graph.contains(">CNC 밀링 스핀들 진동 데…</text>")
    );
    assert!(
        graph.contains(">등록 by 한빛정밀 주식회사</text>")
            && graph.contains(">보유 held by 대성데이터(주)</text>")
    );
}

/// A word that is put right is right everywhere: what is Korean, and its English beside it, is in `words` alone.
#[test]
fn labels_stand_in_one_place() {
    for (name, source) in [
        ("terminal.rs", include_str!("terminal.rs")),
        ("lineage.rs", include_str!("lineage.rs")),
        ("page.rs", include_str!("page.rs")),
        ("page/lead.rs", include_str!("page/lead.rs")),
        ("page/subject.rs", include_str!("page/subject.rs")),
        ("page/history.rs", include_str!("page/history.rs")),
        ("page/verification.rs", include_str!("page/verification.rs")),
    ] {
        let korean = |line: &&str| line.chars().any(|c| ('\u{ac00}'..='\u{d7a3}').contains(&c));
        assert_eq!(source.lines().find(korean), None, "{name}");
    }
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
    // An ancestor's has its own.
    claims.ancestors[2].metadata = claims.dataset.metadata;
    claims.dataset.metadata = sample::metadata(1);
    let descriptions = vec![Description::read(document, &claims).unwrap()];
    let extras = Extras { descriptions, ..Extras::default() };
    assert_eq!(extras.title(&claims.ancestors[2]), Some("밀링"));
    assert_eq!(extras.title(&claims.dataset), None);
    // Of a title that stands twice, readers would show either.
    for bad in [
        &b"{"[..],
        b"{\"title\":1}",
        b"[]",
        b"\xff",
        b"{\"title\":\"a\",\"title\":\"b\"}",
        b"{\"title\":\"a\",\"other\":{\"b\":1,\"b\":2}}",
    ] {
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
