//! Sheets that are read back, and what is refused; and the page.

use super::super::testing::{company, secret};
use super::*;
use crate::keys::Secret;
use proptest::prelude::*;
use wonbon_model::AccountId;

fn day() -> Time {
    "2026-11-30T15:00:00.000Z".parse().unwrap()
}

fn sheet(secrets: Vec<CompanySecret>) -> Sheet {
    Sheet::new(company(), "대한정밀 <주>\n# & Co.", day(), secrets).unwrap()
}

#[test]
fn a_sheet_has_every_epoch_and_says_whose_it_is() {
    let text = sheet(vec![secret(2, 8), secret(1, 7)]).text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], TITLE);
    assert_eq!(lines[1], "company: 대한정밀 <주># & Co.");
    assert_eq!(lines[2], format!("account: {}", company().account));
    assert_eq!(lines[3], format!("chain: {}", "01".repeat(32)));
    assert_eq!(lines[4], "printed: 2026-12-01");
    let epochs: Vec<_> = lines.iter().filter(|line| line.starts_with("epoch")).collect();
    assert_eq!(epochs, [&"epoch: 1", &"epoch: 2"]);
    let [one, two, three, four] = words::encode(&secret(1, 7))[7];
    assert!(text.contains(&format!("\n29 {one}  30 {two}  31 {three}  32 {four}\n")));
    assert_eq!(read(&text).unwrap(), [secret(1, 7), secret(2, 8)]);
}

#[test]
fn a_sheet_is_of_one_company_and_of_some_secret() {
    let refused = |secrets| Sheet::new(company(), "A", day(), secrets).err();
    assert_eq!(refused(vec![]), Some(SheetError::NoSecrets));
    let other = CompanyId { account: AccountId([9; 32]), ..company() };
    let other = CompanySecret::from_bytes(other, Epoch(1), Secret::new([7; 32]));
    assert_eq!(refused(vec![secret(1, 7), other]), Some(SheetError::OtherCompany));
}

#[test]
fn words_typed_by_hand_are_read_with_or_without_numbers() {
    let rows = words::encode(&secret(1, 7));
    let plain = rows.as_flattened().join("\n");
    let numbered: String = rows
        .as_flattened()
        .iter()
        .enumerate()
        .map(|(at, word)| format!("{}. {} ", at + 1, word.to_uppercase()))
        .collect();
    for text in [&plain, &numbered] {
        assert_eq!(read_words(&company(), Epoch(1), text), Ok(secret(1, 7)));
        let other = read_words(&company(), Epoch(2), text);
        assert_eq!(other, Err(SheetError::Words(Epoch(2), WordsError::Other)));
    }
    let refused = read_words(&company(), Epoch(1), &plain.replacen(rows[2][1], "zzz", 1)).unwrap_err();
    assert!(refused.to_string().starts_with("epoch 1: word 10, \"zzz\", is none of the words"), "{refused}");
}

#[test]
fn what_is_no_sheet_is_refused_by_its_line() {
    let text = sheet(vec![secret(1, 7)]).text();
    assert_eq!(read(""), Err(SheetError::NotASheet));
    assert_eq!(read("company: A"), Err(SheetError::NotASheet));
    assert_eq!(read(&text.replace("SHEET 1", "SHEET 2")), Err(SheetError::NotASheet));
    assert_eq!(read(&text.replace("chain: 01", "chain: 0x")), Err(SheetError::Line(4)));
    assert_eq!(read(&text.replace("account: ", "account: x")), Err(SheetError::Line(3)));
    assert_eq!(read(&text.replace("printed:", "painted:")), Err(SheetError::Line(5)));
    let line = text.lines().position(|line| line == "epoch: 1").unwrap() + 1;
    assert_eq!(read(&text.replace("epoch: 1", "epoch: one")), Err(SheetError::Line(line)));
    let without = |start: &str| {
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with(start)).collect();
        read(&lines.join("\n"))
    };
    assert_eq!(without("account"), Err(SheetError::Missing("account")));
    assert_eq!(without("chain"), Err(SheetError::Missing("chain")));
    assert_eq!(read(TITLE), Err(SheetError::Missing("epoch")));
    assert_eq!(without("29 "), Err(SheetError::Words(Epoch(1), WordsError::Count(28))));
    assert_eq!(read(&"x".repeat(MAX_SHEET_BYTES + 1)), Err(SheetError::TooLong));
    // The words are bound to what stands above them.
    let changed = text.replace("epoch: 1", "epoch: 2");
    assert_eq!(read(&changed), Err(SheetError::Words(Epoch(2), WordsError::Other)));
    let changed = text.replace("chain: 01", "chain: 02");
    assert_eq!(read(&changed), Err(SheetError::Words(Epoch(1), WordsError::Other)));
}

#[test]
fn codes_are_read_one_after_another() {
    let secrets = [secret(1, 7), secret(2, 8), secret(2, 9)];
    let sheet = sheet(secrets.to_vec());
    let codes: String = secrets.iter().map(|secret| sheet.code(secret).to_string()).collect();
    assert_eq!(read(&codes).unwrap(), secrets);
    assert!(sheet.code(&secrets[0]).len() < 600, "a code that can be scanned off paper");
}

#[test]
fn the_page_says_the_same_and_loads_nothing() {
    let page = sheet(vec![secret(1, 7), secret(2, 8)]).html();
    for word in words::encode(&secret(2, 8)).as_flattened() {
        assert!(page.contains(&format!("<b>{word}</b>")), "{word}");
    }
    for shown in ["대한정밀 &lt;주&gt;# &amp; Co.", "2026-12-01", "복구 용지", "Recovery sheet", "size: A4"]
    {
        assert!(page.contains(shown), "{shown}");
    }
    assert!(page.contains(&company().account.to_string()));
    assert_eq!(page.matches("class=\"qr\"").count(), 2);
    for loading in ["src=", "href=", "url(", "@import", "<script", "http://", "https://"] {
        assert!(!page.contains(loading), "{loading}");
    }
    assert!(!page.contains(&hex::encode([7; 32])));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_sheet_comes_back(
        (genesis, account) in any::<([u8; 32], [u8; 32])>(),
        name in "\\PC{0,40}",
        secrets in prop::collection::vec((any::<u32>(), any::<[u8; 32]>()), 1..6),
    ) {
        let company = CompanyId { genesis, account: AccountId(account) };
        let mut secrets: Vec<_> = secrets
            .into_iter()
            .map(|(epoch, bytes)| CompanySecret::from_bytes(company, Epoch(epoch), Secret::new(bytes)))
            .collect();
        let sheet = Sheet::new(company, &name, day(), secrets.clone()).unwrap();
        secrets.sort_by_key(|secret| *secret.id());
        prop_assert_eq!(read(&sheet.text()).unwrap(), secrets);
    }

    #[test]
    fn no_text_is_a_panic(text in "(\\PC|\n){0,200}", at in 0usize..400) {
        let _ = read(&text);
        let sheet = sheet(vec![secret(1, 7)]).text();
        let at = (0..=at.min(sheet.len())).rev().find(|at| sheet.is_char_boundary(*at)).unwrap();
        let _ = read(&format!("{}{text}", &sheet[..at]));
    }
}
