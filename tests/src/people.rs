//! People who act for companies: how a company comes about by the command alone, and who joins it.

use serde_json::Value;
use wonbon_client::{chain::Chain, Keypair};
use wonbon_model::{AccountId, Balance};

use crate::{
    cli::Cli,
    company::registration_number,
    governance::CREDIT,
    market::{Company, Market},
};

/// What the first member of a company may spend a day, in won.
pub const FOUNDERS_LIMIT: Balance = 50_000_000;

/// The command for whoever decides on a development chain.
pub fn authority(market: &Market) -> Cli {
    Cli::new(market.folder().path())
        .with("--chain", market.node.url())
        .with("--service", market.service.url())
        .with("--key", "dev:Alice")
}

/// Runs something that the authority decides.
pub async fn decided<const N: usize>(market: &Market, arguments: [&str; N]) -> Value {
    market.governed(authority(market).run(arguments)).await.ok()
}

/// A verified company with credit, for which somebody without any money applied; its address.
pub async fn founded(market: &Market, founder: &Company, name: &str) -> String {
    let (file, number, limit) =
        (founder.path("application.json"), registration_number(), FOUNDERS_LIMIT.to_string());
    let file = file.to_str().expect("the path of a test's folder is UTF-8");
    let apply = [
        "company", "apply", "--name", name, "--number", &number, "--ksic", "C29223", "--size", "small",
        "--region", "KR-26", "--limit", &limit, "-o", file,
    ];
    let applied = founder.cli.run(apply).await.ok();
    assert_eq!(applied["account"], founder.address());
    let established = decided(market, ["company", "establish", file, "--yes"]).await;
    let company = established["company"].as_str().expect("a company that is established has an account");
    decided(market, ["authority", "verify", company]).await;
    let credit = CREDIT.to_string();
    decided(market, ["authority", "credit", company, &credit, "--reference", company]).await;
    company.to_owned()
}

/// Loses the machine that somebody worked on: the key is all that is left.
pub fn lose_the_home_of(person: &Company) {
    std::fs::remove_dir_all(person.cli.home()).expect("a home that was used can be removed");
}

/// Has an admin invite somebody, who signs, and take them on.
pub async fn joined(admin: &Company, person: &Company, roles: &str, limit: Balance) {
    let (invitation, joining) = (admin.path(&format!("{roles}.json")), person.path("joining.json"));
    let texts =
        [&invitation, &joining].map(|path| path.to_str().expect("the path of a test's folder is UTF-8"));
    let limit = limit.to_string();
    let invite = ["company", "invite", "--roles", roles, "--limit", &limit, "-o", texts[0]];
    admin.cli.run(invite).await.ok();
    person.cli.run(["company", "join", texts[0], "-o", texts[1], "--yes"]).await.ok();
    let added = admin.cli.run(["company", "add", texts[1], "--yes"]).await.ok();
    assert_eq!(added["member"], person.address());
}

/// The account of an address.
pub fn account(address: &str) -> AccountId {
    address.parse().expect("an address that the command told")
}

/// A person's key as it acts for a company now.
pub async fn acting(chain: &Chain, person: &Company, company: &str) -> Keypair {
    let view = chain.finalized().await.expect("the chain can be reached");
    let membership = view.membership(&account(company), &person.key.signer()).await;
    let membership = membership.expect("the chain can be reached").expect("they are a member");
    person.key.clone().acting_by(membership)
}
