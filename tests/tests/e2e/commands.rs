//! What the command says to wrong input, keys and addresses: exit code, error name, and nothing left behind.

use std::{fs, net::TcpListener, path::Path, process::Command};

use wonbon_client::chain::{Call, Until};
use wonbon_tests::{
    cli::{code, Cli},
    company::{registration_number, wrong_registration_number},
    market::Market,
    programs,
    scratch::Scratch,
};

pub(crate) async fn refuse_a_wrong_check_digit() {
    let market = Market::shared().await;
    let stranger = market.stranger("stranger");
    let wrong = wrong_registration_number();
    stranger.cli.run(register(&wrong)).await.failed_as(code::REFUSED, "BadCheckDigit");
    stranger.cli.run(register("12345")).await.failed_as(code::REFUSED, "BadForm");
    let account = stranger.account();
    let chain = market.chain().await;
    assert_eq!(chain.best().await.unwrap().participant(&account).await.unwrap(), None);
}

pub(crate) async fn refuse_a_wrong_passphrase() {
    let market = Market::shared().await;
    let folder = Scratch::new("passphrase");
    let (right, wrong) = (folder.join("right"), folder.join("wrong"));
    fs::write(&right, "a long passphrase of several words\n").unwrap();
    fs::write(&wrong, "another passphrase\n").unwrap();
    let key = folder.join("key.json");
    let cli = Cli::new(folder.path()).with("--chain", market.node.url());
    let path = key.to_str().unwrap();
    let made = cli.clone().with("--passphrase-file", &right).run(["key", "new", path]).await.ok();
    let before = fs::read(&key).unwrap();

    let refused = cli
        .clone()
        .with("--passphrase-file", &wrong)
        .with("--key", &key)
        .run(register(&registration_number()))
        .await;
    refused.failed(code::KEY);
    assert_eq!(fs::read(&key).unwrap(), before, "a key file is not touched by a wrong passphrase");
    let shown = cli.clone().run(["key", "show", path]).await.ok();
    assert_eq!(shown["account"], made["account"]);
    let again = cli.with("--passphrase-file", &right).run(["key", "new", path]).await;
    again.failed(code::KEY);
    assert_eq!(fs::read(&key).unwrap(), before, "a key file is not overwritten");
}

pub(crate) async fn refuse_a_chain_that_is_not_there_or_another() {
    let market = Market::shared().await;
    let company = market.company("company");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let unreachable = company.cli.clone().with("--chain", format!("ws://{closed}"));
    unreachable.run(["company", "show"]).await.failed(code::UNREACHABLE);
    let other = company.cli.clone().with("--genesis", "00".repeat(32));
    let error = other.run(["company", "show"]).await.failed(code::UNREACHABLE);
    assert!(error["message"].as_str().unwrap().contains("genesis"), "{error}");
    let genesis = wonbon_primitives::id::to_hex(&market.chain().await.genesis());
    company.cli.clone().with("--genesis", genesis).run(["company", "show"]).await.ok();
    let no_service = company.cli.clone().with("--service", format!("http://{closed}"));
    no_service.run(["search"]).await.failed(code::UNREACHABLE);
}

pub(crate) async fn take_no_other_chain_than_the_first_unless_told() {
    let market = Market::shared().await;
    let company = market.company("company");
    company.cli.run(["company", "show"]).await.ok();
    let remembered = company.cli.home().join("chain");
    let genesis = fs::read_to_string(&remembered).unwrap().trim().to_owned();
    assert_eq!(genesis, wonbon_primitives::id::to_hex(&market.chain().await.genesis()));

    let other = "ab".repeat(32);
    fs::write(&remembered, &other).unwrap();
    for command in [&["company", "show"][..], &["deliver", "--once"]] {
        let error = company.cli.run(command).await.failed_as(code::UNREACHABLE, "OtherChain");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(&other) && message.contains(&genesis), "{message}");
    }
    company.cli.run(["company", "show", "--any-chain"]).await.ok();
    company.cli.run(["company", "show", "--genesis", &genesis]).await.ok();
    assert_eq!(fs::read_to_string(&remembered).unwrap(), other, "it is still the first");
}

/// A service on another chain, or on another one's data, ends before it says that it listens.
pub(crate) async fn start_no_service_that_could_not_work() {
    let market = Market::shared().await;
    let folder = Scratch::new("service");
    let refused = |data: &Path, genesis: &str| {
        let mut command = Command::new(programs::path(programs::SERVICE));
        command.args(["--listen", "127.0.0.1:0", "--chain", &market.node.url(), "--genesis", genesis]);
        let output = command.arg("--data").arg(data).output().unwrap();
        assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let genesis = wonbon_primitives::id::to_hex(&market.chain().await.genesis());
    let other = "ab".repeat(32);
    let said = refused(&folder.join("data"), &other);
    assert!(said.contains("another chain") && said.contains(&other) && said.contains(&genesis), "{said}");
    let said = refused(market.service.data(), &genesis);
    let data = market.service.data().display().to_string();
    assert!(said.contains("another marketplace-api is using") && said.contains(&data), "{said}");
}

pub(crate) async fn take_announcements_back() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let company = market.company("company");
    let held = || async { chain.best().await.unwrap().balance(&company.account()).await.unwrap().held };
    let before = held().await;
    for number in [1, 2, 3] {
        chain.submit(&company.key, &Call::announce([number; 32]), Until::Finalized).await.unwrap();
    }
    let listed = company.cli.run(["announcement", "list"]).await.ok();
    assert_eq!(listed["announcements"].as_array().map(Vec::len), Some(3), "{listed}");
    assert!(held().await > before);
    let one = "02".repeat(32);
    company.cli.run(["announcement", "cancel", &one]).await.ok();
    company.cli.run(["announcement", "cancel", &one]).await.failed_as(code::REFUSED, "NotAnnounced");
    let cancelled = company.cli.run(["announcement", "cancel", "--all"]).await.ok();
    assert_eq!(cancelled["cancelled"].as_array().map(Vec::len), Some(2), "{cancelled}");
    assert_eq!(held().await, before);
    company.cli.run(["announcement", "cancel"]).await.failed(code::USAGE);
}

pub(crate) async fn describe_csv_files_as_they_are() {
    let folder = Scratch::new("csv");
    let cli = Cli::new(folder.path());
    let file = folder.join("data.csv");
    let path = file.to_str().unwrap();

    fs::write(&file, "시각,진동(mm/s),온도\n2026-01-01T00:00:00Z,0.5,21\n2026-01-01T00:00:01Z,,22\n")
        .unwrap();
    let profile = cli.run(["profile", path]).await.ok();
    assert_eq!(profile["rows"], 2);
    let names: Vec<&str> =
        profile["columns"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["시각", "진동(mm/s)", "온도"]);
    assert_eq!(profile["columns"][1]["missing"], 1);

    // "온도,압력" in CP949, which is not UTF-8.
    fs::write(&file, b"\xbf\xc2\xb5\xb5,\xbe\xd0\xb7\xc2\n21,3\n").unwrap();
    let error = cli.run(["profile", path]).await.failed(code::REFUSED);
    assert!(error["advice"].as_str().unwrap().contains("cp949"), "{error}");
    let profile = cli.run(["profile", path, "--encoding", "cp949"]).await.ok();
    assert_eq!(profile["columns"][1]["name"], "압력");

    fs::write(&file, "a,b,c\n1,2,3\n4,5\n6,7,8,9\n").unwrap();
    let profile = cli.run(["profile", path]).await.ok();
    assert_eq!(profile["rows"], 3);
    assert!(profile["warnings"][0].as_str().unwrap().contains("lines 3, 4"), "{profile}");
    cli.run(["profile", path, "--strict"]).await.failed(code::REFUSED);

    fs::write(&file, "").unwrap();
    cli.run(["profile", path]).await.failed(code::REFUSED);
    cli.run(["profile", folder.join("none.csv").to_str().unwrap()]).await.failed(code::REFUSED);
    cli.run(["profile"]).await.failed(code::USAGE);
}

fn register(number: &str) -> [&str; 13] {
    [
        "company",
        "register",
        "--name",
        "주식회사 시험",
        "--number",
        number,
        "--ksic",
        "C29",
        "--size",
        "small",
        "--region",
        "KR-26",
        "--yes",
    ]
}
