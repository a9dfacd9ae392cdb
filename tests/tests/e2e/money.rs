//! Money: what is locked is said and agreed to first, a seller is paid by a bank, royalties come in, and mistakes are
//! taken back.

use std::path::Path;

use serde_json::{json, Value};
use wonbon_client::chain::{Call, Until};
use wonbon_tests::{
    cli::code,
    data::write_csv,
    market::{Company, Market, Published},
    people::{account, authority, decided, founded, joined},
};

/// What of a home folder is there once something was sealed or announced.
fn has_begun(company: &Company) -> bool {
    ["publications", "sealings", "packages", "purchases"].iter().any(|name| {
        let entries = std::fs::read_dir(company.cli.home().join(name));
        entries.is_ok_and(|mut entries| entries.next().is_some())
    })
}

/// The amount that is held for one reason, as a dry run says.
fn held_for(said: &Value, what: &str) -> Option<u64> {
    let holds = said["holds"].as_array().unwrap_or_else(|| panic!("no holds in {said}"));
    holds.iter().find(|hold| hold["what"] == what)?["amount"].as_u64()
}

/// Without a yes nothing is done, and a dry run says what it would lock.
pub(crate) async fn is_locked_only_after_a_yes() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let file = seller.path("a.csv");
    write_csv(&file, 501, 8);
    let price = 1_000_000;
    let publish = ["publish", file.to_str().unwrap(), "--title", "시험", "--price", "1,000,000"];
    let sent = || async { chain.best().await.unwrap().balance(&seller.account()).await.unwrap() };
    let before = sent().await;
    let refused = seller.cli.run(publish).await;
    assert!(refused.notes.contains("bond") && refused.notes.contains("KRW on hold"), "{}", refused.notes);
    let error = refused.failed_as(code::REFUSED, "NotAgreed");
    assert!(error["advice"].as_str().unwrap().contains("--yes"), "{error}");
    let dry = [&publish[..], &["--dry-run"]].concat();
    let said = seller.cli.run(dry).await.ok();
    assert_eq!(said["dry_run"], true);
    let rules = chain.best().await.unwrap().rules().await.unwrap().unwrap();
    assert_eq!(held_for(&said, "bond").map(u128::from), Some(rules.bond_for(price) * 3));
    for what in ["dataset_deposit", "offer_deposit"] {
        assert!(held_for(&said, what).is_some(), "{what} is not in {said}");
    }
    assert!(!has_begun(&seller), "nothing was sealed");
    assert_eq!(sent().await, before, "nothing was sent");

    let offer = seller.publish(&file, price).await.offer;
    let after = sent().await;
    let taken = said["locked"].as_u64().unwrap();
    assert_eq!(after.held - before.held, u128::from(taken), "what was said is what is held");
    let fees = before.free - before.held.abs_diff(after.held) - after.free;
    assert!(fees > 0 && fees <= u128::from(said["most_fees"].as_u64().unwrap()), "{fees} won of fees");

    let number = offer.to_string();
    let bond = ["offer", "bond", &number, "50,000"];
    seller.cli.run(bond).await.failed_as(code::REFUSED, "NotAgreed");
    let dry = seller.cli.run([&bond[..], &["--dry-run"]].concat()).await.ok();
    assert_eq!((&dry["locked"], dry["holds"][0]["what"].as_str()), (&50_000.into(), Some("bond")));
    seller.cli.run([&bond[..], &["--yes"]].concat()).await.ok();
    assert_eq!(sent().await.held - after.held, 50_000);

    let target = buyer.path("bought.csv");
    let buy = ["buy", &number, "-o", target.to_str().unwrap()];
    let free = buyer.cli.run(["balance"]).await.ok()["free"].clone();
    let said = buyer.cli.run([&buy[..], &["--dry-run"]].concat()).await.ok();
    assert_eq!(held_for(&said, "price").map(u128::from), Some(price));
    assert_eq!(held_for(&said, "dispute_reserve").map(u128::from), Some(rules.dispute_reserve));
    assert!(said["holds"][0]["until_ms"].as_u64().is_some(), "{said}");
    assert!(!has_begun(&buyer) && !target.exists());
    assert_eq!(buyer.cli.run(["balance"]).await.ok()["free"], free);
    buyer.cli.run(buy).await.failed_as(code::REFUSED, "NotAccepted");
    assert_eq!(buyer.cli.run(["balance"]).await.ok()["free"], free);
}

/// Who registers, attests and takes over is told what that locks.
pub(crate) async fn of_records_is_said_before_they_are_made() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (owner, other) = (market.company("owner"), market.company("other"));
    let file = owner.path("a.csv");
    write_csv(&file, 502, 8);
    let dataset = owner.publish(&file, 100_000).await.dataset;
    let held = |company: &Company| {
        let (chain, account) = (chain.clone(), company.account());
        async move { chain.best().await.unwrap().balance(&account).await.unwrap().held }
    };

    let document = "07".repeat(32);
    let attest = ["dataset", "attest", &dataset, "--kind", "quality", "--document-hash", &document];
    other.cli.run(attest).await.failed_as(code::REFUSED, "NotAgreed");
    let said = other.cli.run([&attest[..], &["--dry-run"]].concat()).await.ok();
    let before = held(&other).await;
    other.cli.run([&attest[..], &["--yes"]].concat()).await.ok();
    assert_eq!(held(&other).await - before, u128::from(held_for(&said, "attestation_deposit").unwrap()));

    let to = other.address();
    owner.cli.run(["dataset", "handover", "propose", &dataset, "--to", &to]).await.ok();
    let accept = ["dataset", "handover", "accept", &dataset];
    other.cli.run(accept).await.failed_as(code::REFUSED, "NotAgreed");
    let said = other.cli.run([&accept[..], &["--dry-run"]].concat()).await.ok();
    let before = held(&other).await;
    other.cli.run([&accept[..], &["--yes"]].concat()).await.ok();
    assert_eq!(held(&other).await - before, u128::from(held_for(&said, "dataset_deposit").unwrap()));

    // Who has nothing is told how much is missing.
    let stranger = market.stranger("stranger");
    let number = wonbon_tests::company::registration_number();
    let register = [
        "company",
        "register",
        "--name",
        "무일푼",
        "--number",
        &number,
        "--ksic",
        "C29",
        "--size",
        "small",
        "--region",
        "KR-26",
        "--yes",
    ];
    let error = stranger.cli.run(register).await.failed_as(code::REFUSED, "FundsUnavailable");
    assert!(error["message"].as_str().unwrap().contains("10,000 KRW are missing"), "{error}");
}

/// A bond that cannot be paid is noticed before anything is announced or sealed; so is a member's limit.
pub(crate) async fn that_is_missing_stops_a_publication_before_it_begins() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, other) = (market.company("seller"), market.company("other"));
    let file = seller.path("a.csv");
    write_csv(&file, 503, 8);
    let free = chain.best().await.unwrap().balance(&seller.account()).await.unwrap().free;
    // Enough for everything before the bond.
    let spent = Call::transfer(other.account(), free - 20_000);
    chain.submit(&seller.key, &spent, Until::Finalized).await.unwrap();
    let refused = seller.start_publishing(&file, 1_000_000).answer(wonbon_tests::wait::TRADE).await;
    let error = refused.failed_as(code::REFUSED, "FundsUnavailable");
    assert!(error["message"].as_str().unwrap().contains("are missing"), "{error}");
    let view = chain.best().await.unwrap();
    assert!(view.announcements(&seller.account()).await.unwrap().is_empty());
    assert!(!has_begun(&seller), "nothing was sealed");

    let [founder, clerk] = ["founder", "clerk"].map(|what| market.stranger(what));
    let company = founded(market, &founder, "서해정밀").await;
    joined(&founder, &clerk, "sell", 100_000).await;
    let file = clerk.path("b.csv");
    write_csv(&file, 504, 8);
    let refused = clerk.start_publishing(&file, 1_000_000).answer(wonbon_tests::wait::TRADE).await;
    let error = refused.failed_as(code::REFUSED, "OverDayLimit");
    assert!(error["message"].as_str().unwrap().contains("100,000 KRW a day"), "{error}");
    assert!(view.announcements(&account(&company)).await.unwrap().is_empty() && !has_begun(&clerk));
}

/// Buys an offer into a file of the buyer, from a seller who delivers meanwhile.
async fn bought(seller: &Company, buyer: &Company, published: &Published, file: &Path) {
    let deliver = seller.deliver().await;
    buyer.buy(published.offer, file).await.ok();
    deliver.kill();
}

/// Whoever's data something was made from sees what its sales brought them.
pub(crate) async fn comes_in_as_royalties_that_are_shown() {
    let market = Market::shared().await;
    let [source, trader, last] = ["source", "trader", "last"].map(|what| market.company(what));
    let (raw_file, made_file) = (source.path("raw.csv"), trader.path("made.csv"));
    write_csv(&raw_file, 505, 8);
    write_csv(&made_file, 506, 8);
    let raw = source.publish_with(&raw_file, 1_000_000, &["--derivation", "10%"]).await;
    bought(&source, &trader, &raw, &trader.path("raw.csv")).await;
    let nothing = source.cli.run(["balance"]).await.ok();
    assert_eq!(nothing["royalties_received"], 0);
    let parent = format!("{}:cleaned_from", raw.dataset);
    let made = trader.publish_with(&made_file, 500_000, &["--parent", &parent]).await;
    bought(&trader, &last, &made, &last.path("made.csv")).await;
    market.has_caught_up().await;

    // A tenth of what the sale brings after the platform's fee of a hundredth.
    let sum = json!(49_500);
    let address = source.address();
    assert_eq!(source.cli.run(["balance"]).await.ok()["royalties_received"], sum);
    for question in [vec!["history", "--company", &address], vec!["history", &raw.dataset]] {
        let shown = source.cli.run(question).await.ok();
        assert_eq!(shown["royalties_received"], sum, "{shown}");
        let royalty = &shown["royalties"][0];
        assert_eq!((&royalty["amount"], &royalty["sold"]), (&sum, &json!(made.dataset)), "{shown}");
        assert_eq!((&royalty["dataset"], &royalty["account"]), (&json!(raw.dataset), &json!(address)));
    }
    let seller = trader.cli.run(["history", "--company", &trader.address()]).await.ok();
    assert_eq!(seller["royalties_received"], 0, "it paid them, and received none");
    let service = wonbon_tests::http::Http::new(&market.service.url());
    for path in [format!("/v1/participants/{address}"), format!("/v1/datasets/{}", raw.dataset)] {
        let told = service.get(&path).await.ok_json();
        assert_eq!((&told["royalties_received"], &told["royalties_received_count"]), (&sum, &json!(1)));
        let list = service.get(&format!("{path}/royalties")).await.ok_json();
        assert_eq!(list["items"][0]["amount"], sum);
    }
}

/// A seller has credit paid out: named, listed, compared, confirmed; and takes another request back.
pub(crate) async fn goes_out_to_the_bank_account_that_its_holder_named() {
    let market = Market::shared().await;
    let seller = market.company("seller");
    let (payee, other) = (seller.path("payee.json"), seller.path("other.json"));
    let texts = [&payee, &other].map(|path| path.to_str().unwrap().to_owned());
    let before = seller.cli.run(["balance"]).await.ok();
    let described = |file: &str, number: &str| {
        [
            "credit",
            "redeem",
            "250000",
            "--payee",
            file,
            "--bank",
            "국민은행",
            "--number",
            number,
            "--holder",
            "한빛정밀",
            "--yes",
        ]
        .map(str::to_owned)
    };
    // Nothing is sent, and no file written, before somebody says yes.
    let mut tried = described(&texts[0], "123456-04-123456").to_vec();
    tried.pop();
    tried.push("--dry-run".into());
    assert_eq!(seller.cli.run(tried).await.ok()["dry_run"], true);
    assert!(!payee.exists());

    let asked = seller.cli.run(described(&texts[0], "123456-04-123456")).await.ok();
    let number = asked["id"].as_u64().unwrap().to_string();
    let held = seller.cli.run(["balance"]).await.ok();
    let difference = |key: &str| held[key].as_i64().unwrap() - before[key].as_i64().unwrap();
    assert_eq!(difference("held"), 250_000);
    let listed = seller.cli.run(["credit", "list"]).await.ok();
    assert_eq!(listed["redemptions"][0]["id"].as_u64().unwrap().to_string(), number);

    // Another account of the same holder: the operator would pay to the wrong one.
    let again = seller.cli.run(described(&texts[1], "123456-04-999999")).await.ok();
    let confirm = ["authority", "confirm-redemption", &number, "--reference", "KB-OUT-1", "--payee"];
    let with =
        |file: &str| [&confirm[..], &[file]].concat().into_iter().map(str::to_owned).collect::<Vec<_>>();
    let refused = market.governed(authority(market).run(with(&texts[1]))).await;
    refused.failed(code::REFUSED);
    market.governed(authority(market).run(with(&texts[0]))).await.ok();
    let second = again["id"].as_u64().unwrap().to_string();
    seller.cli.run(["credit", "cancel", &second]).await.ok();
    seller.cli.run(["credit", "cancel", &number]).await.failed(code::REFUSED);
    let after = seller.cli.run(["balance"]).await.ok();
    assert_eq!(after["held"], before["held"]);
    assert!(seller.cli.run(["credit", "list"]).await.ok()["redemptions"].as_array().unwrap().is_empty());
}

/// The money of a company goes out by a person who acts for it, and has none of their own.
pub(crate) async fn of_a_company_goes_out_by_its_people() {
    let market = Market::shared().await;
    let founder = market.stranger("founder");
    let company = founded(market, &founder, "동해정밀").await;
    let payee = founder.path("payee.json");
    let file = payee.to_str().unwrap();
    let cli = founder.cli.clone().with("--company", &company);
    let bank = ["--bank", "신한은행", "--number", "110-123-456789", "--holder", "동해정밀"];
    let redeem = [&["credit", "redeem", "30000", "--payee", file, "--yes"][..], &bank].concat();
    let asked = cli.run(redeem).await.ok();
    assert_eq!(asked["account"], company);
    let listed = cli.run(["credit", "list"]).await.ok();
    assert_eq!(listed["redemptions"][0]["id"], asked["id"]);
    cli.run(["credit", "cancel", &asked["id"].to_string()]).await.ok();
}

/// A transfer was credited with a digit too many.
pub(crate) async fn that_was_credited_by_mistake_is_taken_back() {
    let market = Market::shared().await;
    let company = market.company("seller");
    let (address, reference) = (company.address(), format!("MISTAKE-{}", std::process::id()));
    let before = company.cli.run(["balance"]).await.ok();
    decided(market, ["authority", "credit", &address, "100000", "--reference", &reference]).await;
    let reverse = ["authority", "reverse-credit", &reference, "90000", "--reason", "a digit too many"];
    decided(market, reverse).await;
    let after = company.cli.run(["balance"]).await.ok();
    assert_eq!(after["free"].as_i64().unwrap() - before["free"].as_i64().unwrap(), 10_000);
    let more = market.governed(authority(market).run(reverse)).await;
    more.failed(code::FAILURE);
}
