//! Complete trades with the command: every step of a person, files of every awkward size, bad downloads.

use std::{fs, path::Path, time::Duration};

use serde_json::Value;
use wonbon_client::{
    chain::{Call, Until},
    exchange::sell::preflight::bond_for_orders,
};
use wonbon_model::{DatasetId, OrderState, Outcome};
use wonbon_tests::{
    cli::{code, Cli},
    company::registration_number,
    data::{write_bytes, write_csv},
    listing,
    listing::Announced,
    market::{Company, Market},
    package::Package,
    wait::{within, TRADE},
};

/// Everything that a person types, from a new key to a bought file.
pub(crate) async fn by_the_command_alone() {
    let market = Market::shared().await;
    let (chain, service) = (market.node.url(), market.service.url());
    let authority = Cli::new(market.folder().path()).with("--chain", &chain).with("--key", "dev:Alice");
    let seller = Company::with_key_file("seller", &chain, &service).await;
    let buyer = Company::with_key_file("buyer", &chain, &service).await;
    for (company, name) in [(&seller, "대한정밀 주식회사"), (&buyer, "부산데이터 주식회사")]
    {
        let address = company.address();
        market
            .governed(authority.run(["authority", "credit", &address, "50000000", "--reference", &address]))
            .await
            .ok();
        let number = registration_number();
        let registered = company
            .cli
            .run([
                "company", "register", "--name", name, "--number", &number, "--ksic", "C29223", "--size",
                "small", "--region", "KR-26", "--yes",
            ])
            .await
            .ok();
        assert_eq!(registered["standing"], "pending");
        market.governed(authority.run(["authority", "verify", &address])).await.ok();
        let shown = company.cli.run(["company", "show"]).await.ok();
        assert_eq!(shown["standing"], "verified");
        assert_eq!(shown["name"], name);
    }

    let file = seller.path("milling.csv");
    write_csv(&file, 2, 5_000);
    let published = seller.publish(&file, 2_000_000).await;
    let offer = published.offer.to_string();
    let shown = buyer.cli.run(["show", &offer]).await.ok();
    assert_eq!(shown["price"], 2_000_000);
    assert_eq!(shown["dataset"], published.dataset);
    market.has_caught_up().await;
    let found = buyer.cli.run(["search", "--dataset", &published.dataset]).await.ok();
    assert_eq!(found["offers"].as_array().map(Vec::len), Some(1), "{found}");

    let deliver = seller.deliver().await;
    let target = buyer.path("bought.csv");
    let before = balance(&seller).await;
    let bought = buyer.buy(published.offer, &target).await.ok();
    assert_eq!(fs::read(&target).unwrap(), fs::read(&file).unwrap());
    assert_eq!(bought["dataset"], published.dataset, "{bought}");
    deliver.kill();

    // One per cent goes to the platform; the delivery cost the seller a fee of some won.
    let earned = balance(&seller).await - before;
    assert!((1_979_000..=1_980_000).contains(&earned), "the seller earned {earned}");
    let history = buyer.cli.run(["history", &published.dataset]).await.ok();
    assert_eq!(history["trades"].as_array().map(Vec::len), Some(1), "{history}");
    assert_eq!(history["trades"][0]["outcome"], "accepted");
    assert_eq!(history["trades"][0]["buyer"], buyer.address());
    let provenance = buyer.cli.run(["provenance", &published.dataset]).await.ok();
    assert_eq!(provenance["dataset"], published.dataset);
}

/// One byte, a whole block, a block and a byte; and nothing, which cannot be sold.
pub(crate) async fn of_files_of_awkward_sizes() {
    let market = Market::shared().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let empty = seller.path("empty.bin");
    fs::write(&empty, "").unwrap();
    seller.start_publishing(&empty, 1_000).answer(TRADE).await.failed(code::REFUSED);

    let _deliver = seller.deliver().await;
    for length in [1, 4096, 4097] {
        let file = seller.path(&format!("{length}.bin"));
        write_bytes(&file, length, length);
        let published = seller.publish(&file, 1_000_000).await;
        let target = buyer.path(&format!("{length}.bin"));
        buyer.buy(published.offer, &target).await.ok();
        assert_eq!(fs::metadata(&target).unwrap().len(), length);
        assert_eq!(fs::read(&target).unwrap(), fs::read(&file).unwrap());
    }
}

/// Orders that are due together are delivered together, each by a transaction of its own.
pub(crate) async fn are_delivered_many_at_a_time() {
    const ORDERS: u32 = 20;
    const PRICE: u128 = 10_000;
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let file = seller.path("rows.csv");
    write_csv(&file, 15, 300);
    let published = seller.publish(&file, PRICE).await;
    let rules = chain.best().await.unwrap().rules().await.unwrap().unwrap();
    let bond = Call::add_bond(published.offer, bond_for_orders(&rules, PRICE, ORDERS));
    chain.submit(&seller.key, &bond, Until::Best).await.unwrap();
    let mut orders = Vec::new();
    for _ in 0..ORDERS {
        orders.push(listing::order(&chain, &buyer.key, published.offer).await.unwrap().order);
    }

    seller.cli.run(["deliver", "--once"]).await.ok();
    let view = chain.finalized().await.unwrap();
    for order in orders {
        let state = view.order(order).await.unwrap().unwrap().state;
        assert!(matches!(state, OrderState::Delivered { .. }), "{order}");
    }
}

/// Bytes that somebody sells already are refused, saying whose they are and since when.
pub(crate) async fn of_known_bytes_are_refused() {
    let market = Market::shared().await;
    let (first, second) = (market.company("first"), market.company("second"));
    let file = first.path("rows.csv");
    write_csv(&file, 9, 300);
    let published = first.publish(&file, 1_000_000).await;
    let copy = second.path("rows.csv");
    fs::copy(&file, &copy).unwrap();
    let refused = second.start_publishing(&copy, 500_000).answer(TRADE).await;
    let error = refused.failed_as(code::FAILURE, "AlreadyRegistered");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(&first.address()) && message.contains(&published.dataset), "{message}");
    let offers = market.chain().await.best().await.unwrap().offers().await.unwrap();
    assert!(offers.iter().all(|(_, offer)| offer.seller != second.account()));
}

/// Whoever announced the same bytes earlier takes a registration over while it is provisional: the seller's command says so,
/// and offers nothing.
pub(crate) async fn of_bytes_announced_earlier_by_another_are_displaced() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (elder, seller) = (market.company("elder"), market.company("seller"));
    let file = seller.path("rows.csv");
    write_csv(&file, 16, 300);
    let sealing = Package::honest(&fs::read(&file).unwrap()).sealing;
    let announced = Announced::new(&chain, &elder.key, sealing.plain).await.unwrap();
    let held = || async { chain.best().await.unwrap().balance(&seller.account()).await.unwrap().held };
    let before = held().await;

    let publishing = seller.start_publishing(&file, 1_000_000);
    let id = DatasetId(sealing.plain.root);
    let registered = async {
        let mut pause = tokio::time::interval(Duration::from_millis(50));
        while chain.best().await.unwrap().dataset(&id).await.unwrap().is_none() {
            pause.tick().await;
        }
    };
    within(TRADE, "the registration", registered).await;
    announced.register(&chain, &elder.key, &sealing.leaves, [6; 32]).await.unwrap();

    let error = publishing.answer(TRADE).await.failed_as(code::FAILURE, "Displaced");
    assert!(error["message"].as_str().unwrap().contains(&elder.address()), "{error}");
    let view = chain.best().await.unwrap();
    let record = view.dataset(&id).await.unwrap().unwrap();
    assert_eq!((record.owner, record.registrant), (elder.account(), elder.account()));
    let offers = view.offers().await.unwrap();
    assert!(offers.iter().all(|(_, offer)| offer.seller != seller.account()));
    assert_eq!(held().await, before, "the deposit is back");
}

/// What a person can do wrong when buying, by exit code and name, and that nothing is paid.
pub(crate) async fn that_cannot_be_are_refused() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let file = seller.path("rows.csv");
    write_csv(&file, 10, 300);
    let published = seller.publish(&file, 1_000_000).await;
    let before = chain.best().await.unwrap().balance(&buyer.account()).await.unwrap();

    let target = buyer.path("bought.csv");
    seller.buy(published.offer, &target).await.failed_as(code::REFUSED, "OwnOffer");
    buyer.buy(999_999, &target).await.failed_as(code::REFUSED, "NoSuchOffer");
    let stranger = market.stranger("stranger");
    stranger.buy(published.offer, &stranger.path("bought.csv")).await.failed_as(code::REFUSED, "NotVerified");
    let poor = market.company("poor");
    let free = chain.best().await.unwrap().balance(&poor.account()).await.unwrap().free;
    let spent = Call::transfer(seller.account(), free - 900_000);
    chain.submit(&poor.key, &spent, Until::Finalized).await.unwrap();
    poor.buy(published.offer, &poor.path("bought.csv")).await.failed_as(code::REFUSED, "FundsUnavailable");
    seller.cli.run(["offer", "withdraw", &published.offer.to_string()]).await.ok();
    buyer.buy(published.offer, &target).await.failed_as(code::REFUSED, "OfferNotOpen");
    assert!(!target.exists());
    let after = chain.best().await.unwrap().balance(&buyer.account()).await.unwrap();
    assert_eq!(after, before, "what is refused costs nothing");
}

/// A payload that is corrupt at the service is found before anything is paid.
pub(crate) async fn of_a_corrupted_download_are_not_paid() {
    let market = Market::start(2, &[]).await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let file = seller.path("data.bin");
    write_bytes(&file, 11, 30_000);
    let published = seller.publish(&file, 1_000_000).await;
    let stored = largest_file(market.service.data());
    let whole = fs::read(&stored).unwrap();
    let mut corrupt = whole.clone();
    corrupt[20_000] ^= 1;
    fs::write(&stored, &corrupt).unwrap();

    let before = chain.best().await.unwrap().balance(&buyer.account()).await.unwrap();
    let target = buyer.path("bought.bin");
    buyer.buy(published.offer, &target).await.failed(code::VERIFICATION);
    assert!(!target.exists());
    let after = chain.best().await.unwrap().balance(&buyer.account()).await.unwrap();
    assert_eq!(after, before, "nothing is paid for corrupt data");
    let trades = chain.best().await.unwrap().trades(&published.dataset.parse().unwrap()).await.unwrap();
    assert!(trades.is_empty());

    // Whole again, it is bought by the same command.
    fs::write(&stored, &whole).unwrap();
    let _deliver = seller.deliver().await;
    buyer.buy(published.offer, &target).await.ok();
    assert_eq!(fs::read(&target).unwrap(), fs::read(&file).unwrap());
    let trades = chain.finalized().await.unwrap().trades(&published.dataset.parse().unwrap()).await.unwrap();
    assert_eq!(trades.iter().map(|trade| trade.record.outcome).collect::<Vec<_>>(), [Outcome::Accepted]);
}

async fn balance(company: &Company) -> i64 {
    let answer: Value = company.cli.run(["balance"]).await.ok();
    let amount = |name: &str| answer[name].as_i64().unwrap();
    amount("free") + amount("held")
}

/// The file of the only payload.
fn largest_file(folder: &Path) -> std::path::PathBuf {
    let mut largest = (0, None);
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let about = entry.metadata().unwrap();
            if about.is_dir() {
                folders.push(entry.path());
            } else if entry.path().to_string_lossy().contains("payloads") && about.len() > largest.0 {
                largest = (about.len(), Some(entry.path()));
            }
        }
    }
    largest.1.expect("the service keeps a payload")
}
