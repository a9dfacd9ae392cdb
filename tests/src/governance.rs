//! Decisions of the consortium, taken as each preset has it: by `sudo` on a development chain, by a motion of
//! the council on the local network; and what every market needs of it, verified companies with credit.

use std::future::Future;

use futures::future::try_join_all;
use wonbon_client::{
    chain::{Call, Chain, ChainError, ChainEvent, CouncilEvent, Until},
    Keypair,
};
use wonbon_model::{Balance, Profile, Region, Roles, SizeClass};

use crate::company::registration_number;

/// What each company has to begin with, in won.
pub const CREDIT: Balance = 100_000_000;

/// By whom a chain is governed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Governance {
    /// //Alice, with `sudo`.
    Sudo,
    /// //Alice, //Bob and //Charlie, more than two thirds of the council.
    Council,
}

/// Transactions of one account that are signed at the same time, over several connections, would have the same
/// nonce.
static DECIDING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

impl Governance {
    pub async fn enact(self, chain: &Chain, call: Call) -> Result<(), ChainError> {
        let _one_at_a_time = DECIDING.lock().await;
        match self {
            Self::Sudo => chain.submit(&dev_key("Alice"), &Call::sudo(call), Until::Best).await.map(drop),
            Self::Council => motion(chain, call).await,
        }
    }

    /// Runs something that the authority signs; others that sign for it wait meanwhile.
    pub async fn one_at_a_time<T>(action: impl Future<Output = T>) -> T {
        let _turn = DECIDING.lock().await;
        action.await
    }

    /// Credits, registers, verifies and accredits companies with these keys, all at once.
    pub async fn make_companies(self, chain: &Chain, keys: &[Keypair]) -> Result<(), ChainError> {
        let credits = keys.iter().map(|key| {
            let account = key.account();
            Call::credit(account, CREDIT, account.to_string().into_bytes())
        });
        self.enact(chain, Call::batch_all(credits.collect())).await?;
        let registrations = keys.iter().map(|key| async move {
            let (account, profile) = (key.account(), profile(&key.account().to_string()));
            let decisions = [
                Call::verify(account, profile.registration_number),
                Call::accredit(account, profile.roles.needing_accreditation()),
            ];
            chain.submit(key, &Call::register_company(profile), Until::Best).await.map(|_| decisions)
        });
        let decisions = try_join_all(registrations).await?;
        self.enact(chain, Call::batch_all(decisions.into_iter().flatten().collect())).await
    }
}

async fn motion(chain: &Chain, call: Call) -> Result<(), ChainError> {
    /// More than any of these calls weighs, and less than a motion may.
    const REF_TIME: u64 = 100_000_000_000;
    const PROOF_SIZE: u64 = 1_000_000;
    let (alice, bob, charlie) = (dev_key("Alice"), dev_key("Bob"), dev_key("Charlie"));
    let length = u32::try_from(chain.encode_call(&call)?.len()).expect("a call is not that long");
    let proposed = chain.submit(&alice, &Call::council_propose(3, call, length), Until::Best).await?;
    let motion = proposed.events.iter().find_map(|event| match event {
        ChainEvent::Council(CouncilEvent::Proposed { proposal_index, proposal_hash, .. }) => {
            Some((*proposal_hash, *proposal_index))
        }
        _ => None,
    });
    let (hash, index) = motion.expect("a motion that is proposed has a number");
    for member in [&alice, &bob, &charlie] {
        chain.submit(member, &Call::council_vote(hash, index, true), Until::Best).await?;
    }
    let close = Call::council_close(hash, index, REF_TIME, PROOF_SIZE, length);
    chain.submit(&bob, &close, Until::Best).await?;
    Ok(())
}

/// The development key of that name.
pub fn dev_key(name: &str) -> Keypair {
    Keypair::dev(&format!("//{name}")).expect("a name without a slash makes a path")
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
