//! A chain that lasts: how it begins, how its rules and its validators' keys change, and who is told.

use std::time::Duration;

use serde_json::json;
use wonbon_client::chain::Chain;
use wonbon_tests::{
    cli::{code, Cli},
    data::write_csv,
    governance::dev_key,
    http::Http,
    key_file::signing_with,
    market::Market,
    network::{Network, NAMES},
    people::authority,
    rpc,
    scratch::Scratch,
    specification,
    wait::within,
};

/// A chain of strangers is made from a form that names its mistakes, and none starts with what everybody knows.
pub(crate) async fn chains_are_made_from_forms_that_are_checked() {
    let folder = Scratch::new("forms");
    let good = specification::form(5, "short-windows = true");
    let path = specification::from_form(&good, folder.path());
    let made: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!((&made["id"], &made["chainType"]), (&json!("wonbon_sessions_of_5"), &json!("Local")));
    assert!(made["genesis"]["raw"]["top"].is_object(), "every node has the same state");
    // Nothing is written over it.
    let (failed, said) = specification::make(&good, folder.path(), &path);
    assert_eq!(failed, Some(1), "{said}");

    let other = folder.join("other.json");
    for (form, field) in [
        (good.replace("\"local\"", "\"live\""), "council[0]"),
        (good.replace("session-blocks = 5", "session-blocks = 1"), "session-blocks"),
        (good.replace("council =", "councl ="), "councl"),
    ] {
        let (failed, said) = specification::make(&form, folder.path(), &other);
        assert_eq!(failed, Some(1), "{said}");
        assert!(said.contains(field), "{field}: {said}");
        assert!(!other.exists());
    }

    // Whoever calls it live by hand gets no further.
    let mut live = made;
    live["chainType"] = "Live".into();
    std::fs::write(&other, live.to_string()).unwrap();
    let said = specification::refusal(&["--tmp", "--chain", other.to_str().unwrap()]);
    assert!(said.contains("//Alice") && said.contains("exemption"), "{said}");
    let said = specification::refusal(&["--tmp"]);
    assert!(said.contains("which chain?") && said.contains("--dev"), "{said}");
}

/// The council stops orders and announces an upgrade: nobody orders into either, and who has an open order is told.
pub(crate) async fn orders_wait_for_what_the_council_announces() {
    let market = Market::start(3, &[]).await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let file = seller.path("rows.csv");
    write_csv(&file, 31, 300);
    let published = seller.publish(&file, 500_000).await;
    let (offer, target) = (published.offer, buyer.path("bought.csv"));
    let other_buyer = market.company("other-buyer");
    let council = authority(&market);

    council.run(["authority", "stop-orders"]).await.failed_as(code::REFUSED, "NotAgreed");
    council.run(["authority", "stop-orders", "--yes"]).await.ok();
    buyer.buy(offer, &target).await.failed_as(code::REFUSED, "NewOrdersStopped");
    market.has_caught_up().await;
    let shown = Http::new(&market.service.url()).get("/v1/notices").await.json();
    assert_eq!((&shown["orders_stopped"], &shown["upgrade"]), (&json!(true), &json!(null)));
    council.run(["authority", "resume-orders", "--yes"]).await.ok();

    // An order that is open when the upgrade is announced.
    let code_file = buyer.path("next.wasm");
    std::fs::write(&code_file, b"the next runtime").unwrap();
    let code_path = code_file.to_str().unwrap();
    let buying = buyer.start_buying(offer, &target);
    let chain = market.chain().await;
    within(Duration::from_secs(60), "an order", async {
        let mut blocks = chain.finalized_blocks(0);
        while chain.finalized().await.unwrap().orders().await.unwrap().is_empty() {
            blocks.next().await.unwrap();
        }
    })
    .await;
    council.run(["authority", "announce-upgrade", code_path, "--yes"]).await.ok();
    let again = council.run(["authority", "announce-upgrade", code_path, "--yes"]).await;
    again.failed_as(code::REFUSED, "AlreadyAnnounced");
    let listed = seller.cli.run(["order", "list"]).await;
    assert!(listed.notes.contains("an upgrade of the chain is announced"), "{}", listed.notes);
    other_buyer
        .buy(offer, &other_buyer.path("second.csv"))
        .await
        .failed_as(code::REFUSED, "ReachesPastUpgrade");
    let deliver = seller.cli.start(["deliver"]);
    deliver.tells("upgrade_announced", Duration::from_secs(60)).await;
    buying.answer(Duration::from_secs(120)).await.ok();

    // It is no runtime, and before it is due no code is taken at all.
    let view = chain.finalized().await.unwrap();
    let upgrade = view.announced_upgrade().await.unwrap().unwrap();
    within(Duration::from_secs(120), "the upgrade is due", async {
        let mut blocks = chain.finalized_blocks(upgrade.due);
        blocks.next().await.unwrap();
    })
    .await;
    let other = buyer.path("other.wasm");
    std::fs::write(&other, b"another runtime").unwrap();
    let applied = council.run(["authority", "apply-upgrade", other.to_str().unwrap()]).await;
    applied.failed_as(code::REFUSED, "OtherCode");
    let applied = council.run(["authority", "apply-upgrade", code_path]).await;
    applied.failed_as(code::FAILURE, "FailedToExtractRuntimeVersion");
    council.run(["authority", "call-off-upgrade", "--yes"]).await.ok();
    let third = buyer.path("third.csv");
    buyer.buy(offer, &third).await.ok();
}

/// A validator changes its keys: one hand-off, and not another before a week is over unless the council says so.
pub(crate) async fn validators_change_their_keys_rarely() {
    let folder = Scratch::new("rotation");
    let path = specification::from_form(&specification::form(5, ""), folder.path());
    let network = Network::of(&path).await;
    let node = network.node(3);
    let chain = Chain::connect(&network.node(0).url(), None).await.unwrap();
    let owner = wonbon_primitives::id::to_hex(&dev_key("Dave").account().0);
    let owner = format!("0x{}", owner.trim_start_matches("0x"));
    let made = || async {
        let made = rpc::call(&node.address(), "author_rotateKeysWithOwner", json!([owner])).await;
        ["keys", "proof"].map(|part| made[part].as_str().unwrap().to_owned())
    };
    let cli = Cli::new(folder.path()).with("--chain", network.node(0).url());
    // Once a validator has keys of its own, keys that everybody knows are not taken by their names any more.
    let of = |name: &str| signing_with(&cli, folder.path(), name, &dev_key(name));
    let dave = of("Dave");
    let [keys, proof] = made().await;
    let rotate = |keys: &str, proof: &str| {
        ["authority", "rotate-keys", "--keys", keys, "--proof", proof, "--yes"].map(str::to_owned)
    };
    dave.run(rotate(&keys, &proof)).await.ok();
    within(Duration::from_secs(120), "a hand-off", async {
        let mut blocks = chain.finalized_blocks(0);
        while chain.hand_offs(chain.genesis()).await.unwrap().list.is_empty() {
            blocks.next().await.unwrap();
        }
    })
    .await;
    let [keys, proof] = made().await;
    dave.run(rotate(&keys, &proof)).await.failed_as(code::FAILURE, "RotatedTooRecently");
    // Three of the council replace them at once.
    let account = dev_key("Dave").account().to_string();
    let proposing = [&rotate(&keys, &proof)[..], &["--validator".to_owned(), account]].concat();
    let alice = of("Alice");
    let proposed = alice.run(proposing).await.ok();
    let motion = proposed["motion"]["hash"].as_str().unwrap().to_owned();
    let index = proposed["motion"]["index"].as_u64().unwrap().to_string();
    let on_it = |verb: &str| ["authority", verb, &motion, "--index", &index, "--yes"].map(str::to_owned);
    // Who proposes has voted.
    for name in ["Bob", "Charlie"] {
        of(name).run(on_it("vote")).await.ok();
    }
    alice.run(on_it("close")).await.ok();
    within(Duration::from_secs(120), "another hand-off", async {
        let mut blocks = chain.finalized_blocks(0);
        while chain.hand_offs(chain.genesis()).await.unwrap().list.len() < 2 {
            blocks.next().await.unwrap();
        }
    })
    .await;
    assert_eq!(NAMES.len(), chain.finalized().await.unwrap().validators().await.unwrap().len());
}
