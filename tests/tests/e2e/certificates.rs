//! Certificates: made by the command and by the service, checked by somebody who has nothing but the file, an
//! anchor and the program.

use std::{fs, path::PathBuf, time::Duration};

use reqwest::Method;
use serde_json::Value;
use wonbon_client::chain::Chain;
use wonbon_tests::{
    auditor::{code as verdict, Auditor},
    cli::{code, Cli},
    data::write_csv,
    governance::{dev_key, Governance},
    http::{Http, Reply},
    market::{Company, Market, Published},
    network::Network,
    scratch::Scratch,
    service::Service,
    specification,
    wait::{within, TRADE},
};

/// The media type of the compact form.
const BINARY: &str = "application/vnd.wonbon.certificate";

/// A dataset that was traded once, by the command alone.
struct Traded {
    seller: Company,
    buyer: Company,
    file: PathBuf,
    published: Published,
}

impl Traded {
    async fn on(market: &Market, seed: u64) -> Self {
        let (seller, buyer) = (market.company("seller"), market.company("buyer"));
        let file = seller.path("rows.csv");
        write_csv(&file, seed, 2_000);
        let published = seller.publish(&file, 1_500_000).await;
        let _deliver = seller.deliver().await;
        buyer.buy(published.offer, &buyer.path("bought.csv")).await.ok();
        Self { seller, buyer, file, published }
    }
}

/// Has the command write a trust anchor.
async fn anchor(cli: &Cli, folder: &Scratch, name: &str, options: &[&str]) -> PathBuf {
    let path = folder.join(name);
    let arguments = ["trust-anchor", "-o", path.to_str().unwrap()];
    cli.run(arguments.iter().chain(options)).await.ok();
    path
}

/// Has the command make a certificate; returns its path and what was said about it.
async fn certificate(cli: &Cli, folder: &Scratch, name: &str, options: &[&str]) -> (PathBuf, Value) {
    let path = folder.join(name);
    let arguments = ["certificate", "-o", path.to_str().unwrap()];
    let made = cli.run(arguments.iter().chain(options)).await.ok();
    (path, made)
}

/// The whole point: a certificate convinces somebody with no network, and nothing that was changed does.
pub(crate) async fn convince_somebody_who_has_no_network() {
    let market = Market::shared().await;
    let traded = Traded::on(market, 21).await;
    let dataset = traded.published.dataset.as_str();
    // Whoever asks needs no account.
    let (folder, auditor) = (Scratch::new("certificates"), Auditor::new());
    let anyone = Cli::new(folder.path()).with("--chain", market.node.url()).with("--key", "nobody");
    let (binary, made) = certificate(&anyone, &folder, "certificate", &[dataset]).await;
    assert_eq!((&made["dataset"], &made["trades"]), (&dataset.into(), &1.into()), "{made}");
    let at = made["block"].to_string();
    let (json, again) =
        certificate(&anyone, &folder, "certificate.json", &[dataset, "--format", "json", "--at", &at]).await;
    assert_eq!(again["certificate"], made["certificate"], "both forms have one content");
    auditor.takes(&binary, "certificate");
    auditor.takes(&json, "certificate.json");
    auditor.takes(&anchor(&anyone, &folder, "anchor.json", &[]).await, "anchor.json");
    auditor.takes(&traded.file, "data");

    let trust = ["--trust", "anchor.json"];
    let with_data = ["--trust", "anchor.json", "--file", "data"];
    let report = auditor.checks("certificate", &with_data).valid();
    assert_eq!(report, auditor.checks("certificate.json", &with_data).valid());
    let claims = &report["claims"];
    assert_eq!(claims["dataset"]["id"], dataset);
    assert_eq!(claims["owner"]["account"], traded.seller.address());
    assert_eq!(claims["chain"]["block"]["number"].to_string(), at);
    let trade = &claims["trades"][0];
    assert_eq!(trade["seller"], traded.seller.address(), "{claims}");
    assert_eq!(trade["buyer"], traded.buyer.address());
    assert_eq!((&trade["price"], &trade["outcome"]), (&"1500000".into(), &"accepted".into()), "{trade}");
    let shown = market.chain().await.genesis();
    assert_eq!(claims["chain"]["genesis"], wonbon_primitives::id::to_hex(&shown));

    let data = auditor.reads("data");
    let mut changed = data.clone();
    changed[data.len() / 2] ^= 1;
    auditor.writes("changed", &changed);
    auditor.checks("certificate", &["--trust", "anchor.json", "--file", "changed"]).refused(1, "file_root");
    auditor.writes("short", &data[1..]);
    auditor.checks("certificate", &["--trust", "anchor.json", "--file", "short"]).refused(1, "file_length");

    // The certificate, changed: in every tenth of it.
    let whole = auditor.reads("certificate");
    for tenth in 0..10 {
        let mut bytes = whole.clone();
        bytes[whole.len() * tenth / 10 + 7] ^= 1;
        auditor.writes("forged", &bytes);
        let found = auditor.checks("forged", &trust);
        assert!(
            matches!(found.code, Some(verdict::INVALID | verdict::UNREADABLE)),
            "{tenth}: {}",
            found.json
        );
    }
    let text = String::from_utf8(auditor.reads("certificate.json")).unwrap();
    let cheaper = text.replace("\"1500000\"", "\"1000000\"");
    assert_ne!(cheaper, text);
    auditor.writes("cheaper.json", cheaper.as_bytes());
    let found = auditor.checks("cheaper.json", &trust);
    assert!(matches!(found.code, Some(verdict::INVALID | verdict::UNREADABLE)), "{}", found.json);

    // No certificate, and an anchor of another chain.
    auditor.writes("garbage", b"This is to certify that everything is fine.");
    auditor.checks("garbage", &trust).refused(verdict::UNREADABLE, "not_a_certificate");
    let genesis = claims["chain"]["genesis"].as_str().unwrap();
    let other = String::from_utf8(auditor.reads("anchor.json")).unwrap().replace(genesis, &"07".repeat(32));
    auditor.writes("other.json", other.as_bytes());
    auditor.checks("certificate", &["--trust", "other.json"]).refused(verdict::INVALID, "other_chain");
}

/// What can be wrong with the command line and with what it asks for.
pub(crate) async fn that_cannot_be_are_refused() {
    let market = Market::shared().await;
    let company = market.company("company");
    let file = company.path("rows.csv");
    write_csv(&file, 22, 100);
    let dataset = company.publish(&file, 1_000_000).await.dataset;
    let folder = Scratch::new("certificates");
    let path = folder.join("certificate");
    let output = path.to_str().unwrap();
    let make = ["certificate", &dataset, "-o", output];
    let run = |options: &'static [&'static str]| {
        let cli = company.cli.clone();
        let arguments: Vec<String> =
            make.iter().chain(options).map(|argument| (*argument).to_owned()).collect();
        async move { cli.run(arguments).await }
    };

    run(&["--at", "4000000000"]).await.failed_as(code::REFUSED, "NotFinalized");
    run(&["--at", "0"]).await.failed_as(code::FAILURE, "NoJustification");
    run(&["--trust", "/nowhere/anchor.json"]).await.failed(code::REFUSED);
    run(&["--format", "pdf"]).await.failed(code::USAGE);
    let unknown = "00".repeat(32);
    let asked = company.cli.run(["certificate", &unknown, "-o", output]).await;
    asked.failed_as(code::REFUSED, "NotRegistered");
    assert!(!path.exists(), "what failed wrote nothing");

    run(&[]).await.ok();
    let first = fs::read(&path).unwrap();
    run(&[]).await.failed_as(code::REFUSED, "Occupied");
    assert_eq!(fs::read(&path).unwrap(), first);
    run(&["--force", "--format", "json"]).await.ok();
    assert_ne!(fs::read(&path).unwrap(), first);
    company.cli.run(["trust-anchor", "-o", output]).await.failed_as(code::REFUSED, "Occupied");
    let anchor = folder.join("anchor.json");
    let late = ["trust-anchor", "-o", anchor.to_str().unwrap(), "--block", "4000000000"];
    company.cli.run(late).await.failed_as(code::REFUSED, "NotFinalized");
    assert!(!anchor.exists());
}

/// The service makes the same certificates, in both encodings, for anybody.
pub(crate) async fn are_made_by_the_service() {
    let market = Market::shared().await;
    let traded = Traded::on(market, 23).await;
    let dataset = traded.published.dataset.as_str();
    market.has_caught_up().await;
    let (folder, auditor) = (Scratch::new("certificates"), Auditor::new());
    let cli = Cli::new(folder.path()).with("--chain", market.node.url());
    auditor.takes(&anchor(&cli, &folder, "anchor.json", &[]).await, "anchor.json");
    auditor.takes(&traded.file, "data");

    let http = Http::new(&market.service.url());
    let path = format!("/v1/datasets/{dataset}/certificate");
    let accept = |types: &'static str| {
        let request = http.request(Method::GET, &path).header("Accept", types);
        async move { Reply::to(request).await }
    };
    let asked = [
        (http.get(&path).await, BINARY),
        (http.get(&format!("{path}?format=binary")).await, BINARY),
        (accept("text/html, */*").await, BINARY),
        (accept("application/json").await, "application/json"),
        (http.get(&format!("{path}?format=json")).await, "application/json"),
    ];
    for (reply, media_type) in asked {
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, media_type));
        assert!(reply.header("content-disposition").contains(dataset));
        auditor.writes("certificate", &reply.body);
        let report = auditor.checks("certificate", &["--trust", "anchor.json", "--file", "data"]).valid();
        assert_eq!(report["claims"]["trades"].as_array().map(Vec::len), Some(1), "{report}");
    }
    // Many at once are all answered.
    let many = (0..24).map(|_| http.get(&path));
    for reply in futures::future::join_all(many).await {
        assert_eq!(reply.status.as_u16(), 200, "{}", reply.text());
    }

    http.get(&format!("{path}?format=pdf")).await.problem(400, "invalid-parameter");
    http.get("/v1/datasets/xyz/certificate").await.problem(400, "invalid-parameter");
    let unknown = "00".repeat(32);
    http.get(&format!("/v1/datasets/{unknown}/certificate")).await.problem(404, "not-found");
    let document = http.get("/openapi.json").await.json();
    let operation = &document["paths"]["/v1/datasets/{id}/certificate"]["get"];
    assert_eq!(operation["operationId"], "get_dataset_certificate");
    assert!(operation["responses"]["200"]["content"][BINARY].is_object(), "{operation}");
}

/// Without a node there is no certificate, and the service says so.
pub(crate) async fn need_a_chain() {
    let market = Market::start(1, &[]).await;
    let company = market.company("company");
    let file = company.path("rows.csv");
    write_csv(&file, 24, 100);
    let dataset = company.publish(&file, 1_000_000).await.dataset;
    market.has_caught_up().await;
    market.node.kill();
    let path = format!("/v1/datasets/{dataset}/certificate");
    let reply = Http::new(&market.service.url()).get(&path).await;
    reply.problem(503, "no-chain");
    assert!(!reply.header("retry-after").is_empty());
    let folder = Scratch::new("certificates");
    let output = folder.join("certificate");
    let asked = company.cli.run(["certificate", &dataset, "-o", output.to_str().unwrap()]).await;
    asked.failed(code::UNREACHABLE);
}

/// A change of the validators lies between the first block and the certificate.
pub(crate) async fn lead_across_a_change_of_the_validators() {
    /// Short sessions, so that a change applies within a minute.
    const SESSION: u32 = 10;
    let folder = Scratch::new("certificates");
    let specification =
        specification::from_form(&specification::form(SESSION, "short-windows = true"), folder.path());
    let network = Network::of(&specification).await;
    let url = network.node(0).url();
    let service = Service::start(folder.path(), &url, &[]).await;
    let chain = Chain::connect(&url, None).await.unwrap();
    let seller = Company::with_key_file("seller", &url, &service.url()).await;
    Governance::Council.make_companies(&chain, std::slice::from_ref(&seller.key)).await.unwrap();
    service.has_applied(chain.best_block().await.unwrap().height).await;
    let file = seller.path("rows.csv");
    write_csv(&file, 25, 500);
    let dataset = seller.publish(&file, 1_000_000).await.dataset;
    let cli = Cli::new(folder.path()).with("--chain", &url);

    // The anchor of the first block, from a node and without one: they are the same but for where they come from.
    let first = anchor(&cli, &folder, "first.json", &[]).await;
    let offline = ["--chain-spec", specification.to_str().unwrap(), "--chain", "ws://127.0.0.1:9"];
    let offline = anchor(&Cli::new(folder.path()), &folder, "offline.json", &offline).await;
    let read = |path: &PathBuf| -> Value {
        let mut anchor: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        anchor.as_object_mut().unwrap().remove("note");
        anchor
    };
    assert_eq!(read(&first), read(&offline));
    let early = anchor(&cli, &folder, "early.json", &["--block", "finalized"]).await;
    assert_eq!(read(&early)["set_id"], 0);
    let (before, made) = certificate(&cli, &folder, "before", &[&dataset]).await;
    assert_eq!((&made["hand_offs"], &made["validators"]), (&0.into(), &4.into()), "{made}");

    // The council dismisses //Dave. It applies two sessions later, at a block that hands over.
    let dismiss = wonbon_client::chain::Call::remove_validator(dev_key("Dave").account());
    Governance::Council.enact(&chain, dismiss).await.unwrap();
    let change = async {
        let mut blocks = chain.finalized_blocks(0);
        loop {
            let block = blocks.next().await.unwrap();
            if chain.hand_offs(chain.genesis()).await.unwrap().list.len() == 1 {
                return block.height;
            }
        }
    };
    within(Duration::from_secs(240), "a change of the validators", change).await;
    let late = anchor(&cli, &folder, "late.json", &["--block", "finalized"]).await;
    assert_eq!(read(&late)["set_id"], 1);
    assert_eq!(read(&late)["authorities"].as_array().map(Vec::len), Some(3));
    let after_anchor = read(&late)["block"]["number"].as_u64().unwrap();
    within(Duration::from_secs(60), "a later block", async {
        chain.finalized_blocks(u32::try_from(after_anchor).unwrap() + 1).next().await.unwrap()
    })
    .await;
    let (across, made) = certificate(&cli, &folder, "across", &[&dataset]).await;
    let wanted = (&1.into(), &3.into(), &1.into());
    assert_eq!((&made["hand_offs"], &made["validators"], &made["set_id"]), wanted, "{made}");
    let short = ["--trust", late.to_str().unwrap(), &dataset];
    let (short, made) = certificate(&cli, &folder, "short", &short).await;
    assert_eq!(made["hand_offs"], 0, "a later anchor needs no hand-off: {made}");

    let auditor = Auditor::new();
    for (path, name) in
        [(&before, "before"), (&across, "across"), (&short, "short"), (&file, "data"), (&first, "first.json")]
    {
        auditor.takes(path, name);
    }
    auditor.takes(&early, "early.json");
    auditor.takes(&late, "late.json");
    for anchors in [
        &["--trust", "first.json"][..],
        &["--trust", "early.json"],
        &["--trust", "late.json"],
        &["--trust", "late.json", "--trust", "first.json", "--trust", "early.json"],
    ] {
        let arguments: Vec<&str> = anchors.iter().copied().chain(["--file", "data"]).collect();
        let report = auditor.checks("across", &arguments).valid();
        assert_eq!(report["finality"]["set_id"], 1, "{report}");
    }
    auditor.checks("short", &["--trust", "late.json"]).valid();
    // Nothing leads from the first block over the change.
    let refused = auditor.checks("short", &["--trust", "first.json"]);
    assert_eq!(refused.code, Some(verdict::INVALID), "{}", refused.json);
    // What was certified before still is, but not by an anchor of later.
    auditor.checks("before", &["--trust", "first.json"]).valid();
    let report = auditor.checks("before", &["--trust", "first.json", "--trust", "late.json"]).warned();
    assert_eq!(report["warnings"][0]["warning"], "validators_replaced", "{report}");
    auditor.checks("before", &["--trust", "late.json"]).refused(verdict::INVALID, "before_anchors");
    // An anchor that says the change did not happen.
    let mut denied = read(&early);
    denied["block"] = read(&late)["block"].clone();
    auditor.writes("denied.json", denied.to_string().as_bytes());
    let refused = auditor.checks("across", &["--trust", "denied.json"]);
    assert_eq!(refused.code, Some(verdict::INVALID), "{}", refused.json);
}

/// Lineage: each sale pays the owners behind the dataset, and the certificate shows them all.
pub(crate) async fn show_lineage_and_what_it_paid() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let [source, maker, trader, buyer] =
        ["source", "maker", "trader", "buyer"].map(|what| market.company(what));
    let file = |company: &Company, seed| {
        let path = company.path("rows.csv");
        write_csv(&path, seed, 600);
        path
    };
    let bought = |company: &Company| company.path("bought.csv");

    let raw_file = file(&source, 31);
    let raw = source.publish_with(&raw_file, 1_000_000, &["--derivation", "10%"]).await;
    let parent = format!("{}:cleaned_from", raw.dataset);
    // Who bought nothing may not sell what they made from it.
    let stolen = trader.start_publishing_with(&file(&trader, 32), 500_000, &["--parent", &parent]);
    stolen.answer(TRADE).await.failed_as(code::REFUSED, "NoRightToDerive");

    let _selling = source.deliver().await;
    maker.buy(raw.offer, &bought(&maker)).await.ok();
    let options = ["--parent", &parent, "--derivation", "5%", "--method", "cleaned"];
    let clean = maker.publish_with(&file(&maker, 33), 1_000_000, &options).await;
    let _selling_too = maker.deliver().await;
    trader.buy(clean.offer, &bought(&trader)).await.ok();
    let parent = format!("{}:labelled_from", clean.dataset);
    let labelled = trader.publish_with(&file(&trader, 34), 2_000_000, &["--parent", &parent]).await;

    // The platform takes one per cent. Of the rest the first owner gets a tenth and the second a twentieth.
    let _selling_as_well = trader.deliver().await;
    let before = money_of(&chain, &[&source, &maker]).await;
    buyer.buy(labelled.offer, &bought(&buyer)).await.ok();
    let after = money_of(&chain, &[&source, &maker]).await;
    let paid: Vec<u128> = after.iter().zip(&before).map(|(after, before)| after - before).collect();
    assert_eq!(paid, [198_000, 99_000]);

    let (folder, auditor) = (Scratch::new("certificates"), Auditor::new());
    let cli = Cli::new(folder.path()).with("--chain", market.node.url());
    auditor.takes(&anchor(&cli, &folder, "anchor.json", &[]).await, "anchor.json");
    let (path, made) = certificate(&cli, &folder, "labelled", &[&labelled.dataset]).await;
    assert_eq!((&made["ancestors"], &made["trades"]), (&2.into(), &1.into()), "{made}");
    auditor.takes(&path, "labelled");
    let report = auditor.checks("labelled", &["--trust", "anchor.json"]).valid();
    let claims = &report["claims"];
    let ancestors: Vec<&Value> =
        claims["ancestors"].as_array().unwrap().iter().map(|ancestor| &ancestor["id"]).collect();
    assert_eq!(ancestors, [&clean.dataset, &raw.dataset]);
    let mut royalties: Vec<(String, String)> = claims["trades"][0]["royalties"]
        .as_array()
        .unwrap()
        .iter()
        .map(|royalty| {
            [&royalty["account"], &royalty["amount"]].map(|value| value.as_str().unwrap().to_owned())
        })
        .map(|[account, amount]| (account, amount))
        .collect();
    royalties.sort_by(|(_, one), (_, other)| one.cmp(other));
    let expected = [(source.address(), "198000".to_owned()), (maker.address(), "99000".to_owned())];
    assert_eq!(royalties, expected);

    // The first file grows: its certificate shows the series.
    let grown = source.path("grown.csv");
    let mut rows = fs::read(&raw_file).unwrap();
    rows.extend_from_slice(&fs::read(file(&buyer, 35)).unwrap());
    fs::write(&grown, rows).unwrap();
    let longer = source.publish_with(&grown, 1_500_000, &["--append-to", &raw.dataset]).await;
    let (path, made) = certificate(&cli, &folder, "raw", &[&raw.dataset]).await;
    assert_eq!(made["versions"], 1, "{made}");
    auditor.takes(&path, "raw");
    auditor.takes(&raw_file, "raw.csv");
    let report = auditor.checks("raw", &["--trust", "anchor.json", "--file", "raw.csv"]).valid();
    assert_eq!(report["claims"]["versions"][0]["dataset"], longer.dataset);
    let (path, _) = certificate(&cli, &folder, "longer", &[&longer.dataset]).await;
    auditor.takes(&path, "longer");
    let report = auditor.checks("longer", &["--trust", "anchor.json"]).valid();
    let parents = &report["claims"]["dataset"]["parents"];
    assert_eq!(
        (&parents[0]["dataset"], &parents[0]["relation"]),
        (&raw.dataset.into(), &"new_version_of".into())
    );
}

/// What each of these companies has, in any form.
async fn money_of(chain: &Chain, companies: &[&Company]) -> Vec<u128> {
    let view = chain.finalized().await.unwrap();
    let mut sums = Vec::new();
    for company in companies {
        let balance = view.balance(&company.account()).await.unwrap();
        sums.push(balance.free + balance.held);
    }
    sums
}
