//! Four validators of which one may fail: a trade completes without one, and waits without two.

use std::time::Duration;

use wonbon_client::chain::Chain;
use wonbon_model::{OrderState, Outcome};
use wonbon_tests::{
    data::write_csv, governance::Governance, market::Company, network::Network, scratch::Scratch,
    service::Service, specification,
};

/// With two of four validators every other slot is empty, and finality has to be noticeably behind.
const SLOW: Duration = Duration::from_secs(240);

pub(crate) async fn trade_without_one_validator_and_wait_without_two() {
    let folder = Scratch::new("network-service");
    // Provisional registrations do not last as long there as on a chain of strangers.
    let form = specification::form(50, "short-windows = true");
    let mut network = Network::of(&specification::from_form(&form, folder.path())).await;
    let url = network.node(0).url();
    let service = Service::start(folder.path(), &url, &[]).await;
    let chain = Chain::connect(&url, None).await.unwrap();
    let seller = Company::with_key_file("seller", &url, &service.url()).await;
    let first = Company::with_key_file("buyer", &url, &service.url()).await;
    let second = Company::with_key_file("buyer", &url, &service.url()).await;
    let keys = [&seller, &first, &second].map(|company| company.key.clone());
    Governance::Council.make_companies(&chain, &keys).await.unwrap();
    service.has_applied(chain.best_block().await.unwrap().height).await;
    let file = seller.path("rows.csv");
    write_csv(&file, 4, 500);
    let published = seller.publish(&file, 1_000_000).await;
    let deliver = seller.deliver().await;

    network.kill(3);
    let target = first.path("bought.csv");
    first.buy(published.offer, &target).await.ok();
    assert_eq!(std::fs::read(&target).unwrap(), std::fs::read(&file).unwrap());

    network.kill(2);
    let lines = deliver.process().lines_so_far();
    let target = second.path("bought.csv");
    let buying = second.start_buying(published.offer, &target);
    deliver.tells_after(lines, "finality_behind", SLOW).await;
    assert!(buying.process().is_running(), "nothing is bought without finality");
    assert!(!target.exists());
    let open = chain.best().await.unwrap().orders().await.unwrap();
    let states: Vec<&OrderState> = open.iter().map(|(_, order)| &order.state).collect();
    assert_eq!(states, [&OrderState::Placed], "an order that is not finalized is not delivered");

    network.restart(2).await;
    buying.answer(SLOW).await.ok();
    assert_eq!(std::fs::read(&target).unwrap(), std::fs::read(&file).unwrap());
    let view = chain.finalized().await.unwrap();
    let trades = view.trades(&published.dataset.parse().unwrap()).await.unwrap();
    let outcomes: Vec<Outcome> = trades.iter().map(|trade| trade.record.outcome).collect();
    assert_eq!(outcomes, [Outcome::Accepted, Outcome::Accepted]);
    assert!(deliver.process().is_running());
}
