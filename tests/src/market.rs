//! A development chain, a service, and companies that may trade: what most tests start from.

use std::{
    path::PathBuf,
    sync::{
        atomic::{AtomicUsize, Ordering},
        Mutex, PoisonError,
    },
};

use futures::future::try_join_all;
use tokio::sync::OnceCell;
use wonbon_client::{
    chain::{Call, Chain, ChainError, Until},
    ledger::{AccountId, Balance, Profile, Region, Roles, SizeClass},
    Keypair,
};

use crate::{cli::Cli, company::registration_number, node::Node, scratch::Scratch, service::Service};

/// What each company has to begin with, in won.
pub const CREDIT: Balance = 100_000_000;

/// How many companies the shared market has. A test takes those that it needs and no other gets them.
const SHARED_COMPANIES: usize = 64;

/// A development chain with a service that follows it.
#[derive(Debug)]
pub struct Market {
    /// The chain.
    pub node: Node,
    /// The service.
    pub service: Service,
    companies: Mutex<Vec<String>>,
    folder: Scratch,
}

/// A company with an account, a home for the command and a folder for its files.
#[derive(Debug)]
pub struct Company {
    /// The name of its key among the development keys.
    pub key_name: String,
    /// Its account's key.
    pub key: Keypair,
    /// The command, set up for its account and the market.
    pub cli: Cli,
    folder: Scratch,
}

impl Market {
    /// The market that tests share if they neither crash nor configure anything.
    pub async fn shared() -> &'static Self {
        static SHARED: OnceCell<Market> = OnceCell::const_new();
        SHARED.get_or_init(|| Self::start(SHARED_COMPANIES, &[])).await
    }

    /// Starts a market with so many verified companies, and a service with `options`.
    pub async fn start(companies: usize, options: &[&str]) -> Self {
        let folder = Scratch::new("market");
        let node = Node::development(folder.path()).await;
        let service = Service::start(folder.path(), &node.url(), options).await;
        let names: Vec<String> = (0..companies).map(|_| fresh_name()).collect();
        make_companies(&node.url(), &names).await.expect("companies can be made");
        Self { node, service, companies: Mutex::new(names), folder }
    }

    /// A connection to the chain, for this test's runtime.
    pub async fn chain(&self) -> Chain {
        Chain::connect(&self.node.url(), None).await.expect("the chain of the market can be reached")
    }

    /// A verified company with credit that no other test has.
    ///
    /// # Panics
    /// If they are all taken.
    pub fn company(&self, what: &str) -> Company {
        let name = self.companies.lock().unwrap_or_else(PoisonError::into_inner).pop();
        self.company_of(what, name.expect("enough companies were made at the start"))
    }

    /// A company with an account that the chain does not know.
    pub fn stranger(&self, what: &str) -> Company {
        self.company_of(what, fresh_name())
    }

    fn company_of(&self, what: &str, key_name: String) -> Company {
        let folder = Scratch::new(what);
        let cli = Cli::new(folder.path())
            .with("--chain", self.node.url())
            .with("--service", self.service.url())
            .with("--key", format!("dev:{key_name}"));
        Company { key: dev_key(&key_name), key_name, cli, folder }
    }

    /// Does as root what only the registrar or the issuer may do.
    pub async fn govern(&self, chain: &Chain, call: Call) {
        let _one_at_a_time = GOVERNING.lock().await;
        chain.submit(&dev_key(GOVERNOR), &Call::sudo(call), Until::Best).await.expect("root may do anything");
    }

    /// The folder with the logs of chain and service.
    pub fn folder(&self) -> &Scratch {
        &self.folder
    }

    /// The last lines of both logs.
    pub fn tail(&self) -> String {
        self.node.process().tail() + &self.service.process().tail()
    }
}

impl Company {
    /// Its account.
    pub fn account(&self) -> AccountId {
        self.key.account()
    }

    /// The address of its account.
    pub fn address(&self) -> String {
        self.account().to_string()
    }

    /// A path for a file of this company.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// The development key that is `sudo`.
const GOVERNOR: &str = "Alice";

/// Transactions of one account that are signed at the same time, over several connections, would have the same
/// nonce.
static GOVERNING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// The development key of that name.
pub fn dev_key(name: &str) -> Keypair {
    Keypair::dev(&format!("//{name}")).expect("a name without a slash makes a path")
}

/// A name of a development key that nobody has used.
fn fresh_name() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    format!("e2e-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Credits, registers and verifies companies with these keys, all at once.
async fn make_companies(url: &str, names: &[String]) -> Result<(), ChainError> {
    let chain = Chain::connect(url, None).await?;
    let governor = dev_key(GOVERNOR);
    let keys: Vec<Keypair> = names.iter().map(|name| dev_key(name)).collect();
    let credits = keys
        .iter()
        .zip(names)
        .map(|(key, name)| Call::credit(key.account(), CREDIT, format!("transfer to {name}").into_bytes()));
    let credit = Call::sudo(Call::batch_all(credits.collect()));
    chain.submit(&governor, &credit, Until::Best).await?;
    let registrations = keys.iter().zip(names).map(|(key, name)| {
        let chain = &chain;
        async move { chain.submit(key, &Call::register_company(profile(name)), Until::Best).await }
    });
    try_join_all(registrations).await?;
    let verifications = keys.iter().map(|key| Call::verify(key.account()));
    let verify = Call::sudo(Call::batch_all(verifications.collect()));
    chain.submit(&governor, &verify, Until::Finalized).await?;
    Ok(())
}

/// A profile with a registration number of its own and every role.
pub fn profile(name: &str) -> Profile {
    Profile {
        name: format!("주식회사 {name}").into_bytes().try_into().expect("the name is short"),
        registration_number: registration_number().parse().expect("the check digit is right"),
        ksic: "C29223".parse().expect("a letter and five digits"),
        size: SizeClass::Small,
        region: Region::Busan,
        roles: Roles::ALL,
    }
}
