//! A node that lies to the command: no key leaves, nothing is paid twice, and the reason is said.

use std::{
    fs,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
};

use serde_json::json;
use wonbon_model::OrderState;
use wonbon_tests::{
    cli::code,
    data::write_csv,
    hostile::{Answer, HostileNode},
    market::{Company, Market},
    wait::{SOON, TRADE},
};

use super::cheats::finalized_order;

const PRICE: u128 = 50_000;
/// Most requests of a purchase; `marketplace-api/ARCHITECTURE.md` lists them.
const MAX_REQUESTS: usize = 12;

/// The same company over another node.
fn through(company: &Company, node: &HostileNode) -> wonbon_tests::cli::Cli {
    company.cli.clone().with("--chain", node.url())
}

/// A proof with one byte of its last node changed shows nothing: neither side goes on.
pub(crate) async fn with_changed_proofs_is_believed_by_nobody() {
    let market = Market::shared().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let file = seller.path("a.csv");
    write_csv(&file, 8, 401);
    let offer = seller.publish(&file, PRICE).await.offer;
    let liar = HostileNode::before(&market.node.url(), |method, _, mut answer| {
        if ["state_getReadProof", "wonbon_finalizedState"].contains(&method) {
            if let Some(last) = answer["result"]["proof"].as_array_mut().and_then(|nodes| nodes.last_mut()) {
                let text = last.as_str().unwrap_or_default().to_owned();
                let flipped = if text.ends_with('0') { '1' } else { '0' };
                *last = format!("{}{flipped}", &text[..text.len() - 1]).into();
            }
        }
        Answer::Pass(answer)
    })
    .await;
    let target = buyer.path("bought.csv");
    let words = ["buy", &offer.to_string(), "-o", target.to_str().unwrap(), "--yes"];
    let answer = through(&buyer, &liar).run(words).await;
    answer.clone().failed(code::VERIFICATION);
    assert!(answer.notes.contains("does not prove"), "{}", answer.notes);
    let answer = through(&seller, &liar).run(["deliver", "--once"]).await;
    answer.clone().failed(code::VERIFICATION);
    assert_eq!(liar.asked("author_submitAndWatchExtrinsic"), 0);
    assert!(!target.exists());
}

/// An order that only the node has is not delivered: its key would go to whoever made it up.
pub(crate) async fn cannot_make_up_an_order() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let file = seller.path("a.csv");
    write_csv(&file, 8, 402);
    let offer = seller.publish(&file, PRICE).await.offer;
    let target = buyer.path("bought.csv");
    let buying = buyer.start_buying(offer, &target);
    let (order, record) = finalized_order(&chain, &buyer).await;
    // Wherever the order key stands in an answer, another one does.
    let (ours, theirs) = (hex::encode(record.order_key.0), "42".repeat(32));
    let liar = HostileNode::before(&market.node.url(), move |_, _, answer| {
        let text = answer.to_string().replace(&ours, &theirs);
        Answer::Pass(serde_json::from_str(&text).unwrap())
    })
    .await;
    through(&seller, &liar).run(["deliver", "--once"]).await.failed(code::VERIFICATION);
    assert_eq!(liar.asked("author_submitAndWatchExtrinsic"), 0, "no key left");
    assert_eq!(chain.best().await.unwrap().order(order).await.unwrap().unwrap().state, OrderState::Placed);
    seller.cli.run(["deliver", "--once"]).await.ok();
    buying.answer(TRADE).await.ok();
}

/// Orders that a node leaves out of its lists and its events are found by their numbers.
pub(crate) async fn cannot_withhold_an_order() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let file = seller.path("a.csv");
    write_csv(&file, 8, 403);
    let offer = seller.publish(&file, PRICE).await.offer;
    let target = buyer.path("bought.csv");
    let buying = buyer.start_buying(offer, &target);
    finalized_order(&chain, &buyer).await;
    let liar = HostileNode::before(&market.node.url(), |method, _, mut answer| {
        if method == "state_getKeysPaged" {
            answer["result"] = json!([]);
        }
        Answer::Pass(answer)
    })
    .await;
    through(&seller, &liar).run(["deliver", "--once"]).await.ok();
    buying.answer(TRADE).await.ok();
    assert_eq!(fs::read(target).unwrap(), fs::read(file).unwrap());
}

/// A justification of other validators, or none, makes nothing final.
pub(crate) async fn needs_the_validators_signatures() {
    let market = Market::shared().await;
    let company = market.company("seller");
    company.cli.run(["balance"]).await.ok();
    for remove in [false, true] {
        let liar = HostileNode::before(&market.node.url(), move |method, _, mut answer| {
            if method == "wonbon_finalizedState" {
                let justification = &mut answer["result"]["justification"];
                let mut text = justification.as_str().unwrap_or_default().to_owned();
                // In the middle of the only signature.
                let middle = text.len() - 2 * 80;
                let flipped = if &text[middle..=middle] == "0" { "1" } else { "0" };
                text.replace_range(middle..=middle, flipped);
                *justification = if remove { json!("0x") } else { text.into() };
            }
            Answer::Pass(answer)
        })
        .await;
        let answer = through(&company, &liar).run(["balance"]).await;
        answer.failed(code::VERIFICATION);
    }
}

/// "Already imported" is no refusal, and a watch that falls silent no reason to wait for ever: one order is placed.
pub(crate) async fn that_misleads_about_a_transaction_costs_no_second_order() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let file = seller.path("a.csv");
    write_csv(&file, 8, 404);
    let offer = seller.publish(&file, PRICE).await.offer;
    let deliver = seller.deliver().await;
    let lied = Arc::new(AtomicBool::new(false));
    let misled = lied.clone();
    let liar = HostileNode::before(&market.node.url(), move |method, _, mut answer| {
        if method == "author_submitAndWatchExtrinsic" && !misled.swap(true, Ordering::Relaxed) {
            answer = json!({
                "jsonrpc": "2.0", "id": answer["id"],
                "error": { "code": 1013, "message": "Transaction Already Imported", "data": null },
            });
        }
        // What comes of the later ones is never said.
        match method {
            "author_extrinsicUpdate" => Answer::Swallow,
            _ => Answer::Pass(answer),
        }
    })
    .await;
    let target = buyer.path("bought.csv");
    let words = ["buy", &offer.to_string(), "-o", target.to_str().unwrap(), "--yes"];
    through(&buyer, &liar).run(words).await.ok();
    assert!(lied.load(Ordering::Relaxed));
    deliver.kill();
    let trades = chain.finalized().await.unwrap().company_trades(&buyer.account()).await.unwrap();
    assert_eq!(trades.len(), 1, "one order, paid once");
    assert_eq!(liar.asked("state_getMetadata"), 0, "what calls mean is not asked of a node");
}

/// A node that takes connections and says nothing is given up.
pub(crate) async fn that_is_silent_is_given_up() {
    let market = Market::shared().await;
    let company = market.company("seller");
    let liar = HostileNode::before(&market.node.url(), |_, _, _| Answer::Swallow).await;
    let answer = through(&company, &liar).run_within(SOON, ["balance"]).await;
    answer.failed(code::UNREACHABLE);
}

/// With several nodes, one that proves nothing and one that says nothing are left for the next, and every node gets what
/// is sent.
pub(crate) async fn beside_an_honest_one_is_left() {
    let market = Market::shared().await;
    let mut company = market.company("seller");
    let file = company.path("a.csv");
    write_csv(&file, 8, 406);
    let silent = HostileNode::before(&market.node.url(), |_, _, _| Answer::Swallow).await;
    let liar = HostileNode::before(&market.node.url(), |method, _, mut answer| {
        if method == "wonbon_finalizedState" {
            answer["result"]["proof"] = json!([]);
        }
        Answer::Pass(answer)
    })
    .await;
    let nodes = [silent.url(), liar.url(), market.node.url()].join(",");
    company.cli = company.cli.clone().with("--chain", nodes);
    company.publish(&file, PRICE).await;
    assert!(liar.asked("wonbon_finalizedState") > 0);
    assert!(liar.asked("author_submitExtrinsic") > 0, "it gets transactions too");
}

/// What proved views cost: the requests of a whole purchase, subscriptions counted once; from a home that is new, and from
/// one that knows the chain and has bought before.
pub(crate) async fn is_not_asked_more_than_needed() {
    let market = Market::shared().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    for (purchase, rows) in [("first", 405), ("second", 408)] {
        let file = seller.path(&format!("{purchase}.csv"));
        write_csv(&file, 8, rows);
        let offer = seller.publish(&file, PRICE).await.offer;
        let deliver = seller.deliver().await;
        let node = HostileNode::before(&market.node.url(), |_, _, answer| Answer::Pass(answer)).await;
        let target = buyer.path(&format!("{purchase}.bought.csv"));
        let words = ["buy", &offer.to_string(), "-o", target.to_str().unwrap(), "--yes"];
        through(&buyer, &node).run(words).await.ok();
        deliver.kill();
        let requests = node.requests();
        let count = requests.len();
        assert!((1..=MAX_REQUESTS).contains(&count), "{purchase}: {count} requests: {requests:?}");
    }
}
