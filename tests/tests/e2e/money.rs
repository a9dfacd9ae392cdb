//! Money in and out: a seller is paid by a bank, and mistakes are taken back.

use wonbon_tests::{
    cli::code,
    market::Market,
    people::{authority, decided, founded},
};

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
