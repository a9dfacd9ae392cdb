//! Tests of signing in.

use ed25519_dalek::{Signer, SigningKey};

use wonbon_client::chain::LedgerChange;
use wonbon_model::MemberRole;

use super::{session::SESSIONS_PER_ACCOUNT, *};
use crate::{
    follower::Status,
    kv::{KvStore, MemoryStore},
    storage::S3Storage,
    testing,
};

const NOW: u64 = 1_800_000_000_000;
const GENESIS: Hash = Hash([7; 32]);
const ORIGIN: &str = "https://market.example";

fn key(seed: u8) -> (SigningKey, AccountId) {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let account = AccountId(key.verifying_key().to_bytes());
    (key, account)
}

/// A service that knows the companies with seeds 1 and 2.
async fn service() -> SignIn {
    let kv: Arc<dyn KvStore> = Arc::new(MemoryStore::new());
    for seed in [1, 2] {
        testing::register(&*kv, key(seed).1, wonbon_model::Standing::Verified);
    }
    let origins = Origins::new(&[ORIGIN.to_owned()], "127.0.0.1:1".parse().unwrap());
    let read_model = ReadModel::new(kv).unwrap();
    let storage = Arc::new(S3Storage::in_memory());
    let applications = Applications::new(storage, read_model.clone(), Status::default(), [key(9).1]);
    let state = State::new(Arc::new(MemoryStore::new()));
    SignIn::new((read_model, state), Arc::new(applications), Duration::from_secs(3600), origins)
}

async fn account_of(service: &SignIn, token: &str, now: u64) -> Option<AccountId> {
    service.caller(token, now).await.unwrap().map(|caller| caller.account)
}

async fn answer(service: &SignIn, seed: u8, challenge: Hash, now: u64) -> Result<Token, SignInError> {
    let (key, account) = key(seed);
    let signature = key.sign(&message(GENESIS, account, None, challenge, ORIGIN)).to_bytes();
    give(service, Some(GENESIS), account, challenge, ORIGIN, signature, now).await
}

async fn give(
    service: &SignIn,
    genesis: Option<Hash>,
    account: AccountId,
    challenge: Hash,
    origin: &str,
    signature: [u8; 64],
    now: u64,
) -> Result<Token, SignInError> {
    service.sign_in(genesis, &Answer { account, company: None, challenge, origin, signature }, now).await
}

#[tokio::test]
async fn a_signed_challenge_gives_a_token_that_expires() {
    let service = service().await;
    let challenge = service.challenge(key(1).1, NOW);
    let token = answer(&service, 1, challenge.bytes, NOW + 1).await.unwrap();
    assert_eq!(account_of(&service, &token.expose(), NOW + 2).await, Some(key(1).1));
    assert_eq!(account_of(&service, &token.expose(), token.expires_at_ms).await, None);
    for wrong in ["", "x", &"0".repeat(64), &token.expose().to_uppercase()] {
        assert_eq!(account_of(&service, wrong, NOW).await, None);
    }
}

#[tokio::test]
async fn a_challenge_works_once_for_its_account_and_in_time() {
    let service = service().await;
    let challenge = service.challenge(key(1).1, NOW);
    // Another account's.
    assert!(matches!(answer(&service, 2, challenge.bytes, NOW).await, Err(SignInError::Challenge)));
    // Too late.
    let late = challenge.expires_at_ms;
    assert!(matches!(answer(&service, 1, challenge.bytes, late).await, Err(SignInError::Challenge)));
    // Changed anywhere.
    for position in 0..32 {
        let mut bytes = challenge.bytes;
        bytes.0[position] ^= 1;
        assert!(matches!(answer(&service, 1, bytes, NOW).await, Err(SignInError::Challenge)));
    }
    // Of another service.
    let other = self::service().await.challenge(key(1).1, NOW);
    assert!(matches!(answer(&service, 1, other.bytes, NOW).await, Err(SignInError::Challenge)));
    answer(&service, 1, challenge.bytes, NOW).await.unwrap();
    assert!(matches!(answer(&service, 1, challenge.bytes, NOW).await, Err(SignInError::Used)));
}

#[tokio::test]
async fn a_wrong_signature_uses_nothing_up() {
    let service = service().await;
    let (signer, account) = key(1);
    let challenge = service.challenge(account, NOW);
    let other = "https://other.example";
    for signed in [
        message(Hash([8; 32]), account, None, challenge.bytes, ORIGIN),
        message(GENESIS, key(2).1, None, challenge.bytes, ORIGIN),
        // Signed for another service, which passes it on here.
        message(GENESIS, account, None, challenge.bytes, other),
        // Signed for a company, and given as signed for oneself.
        message(GENESIS, account, Some(key(2).1), challenge.bytes, ORIGIN),
    ] {
        let signature = signer.sign(&signed).to_bytes();
        let refused = give(&service, Some(GENESIS), account, challenge.bytes, ORIGIN, signature, NOW).await;
        assert!(matches!(refused, Err(SignInError::Signature)));
    }
    let signature = signer.sign(&message(GENESIS, account, None, challenge.bytes, other)).to_bytes();
    let refused = give(&service, Some(GENESIS), account, challenge.bytes, other, signature, NOW).await;
    assert!(matches!(refused, Err(SignInError::Origin(own)) if own == ORIGIN));
    // A key of small order, for which lax verification accepts anything.
    let mut weak = [0; 32];
    weak[0] = 1;
    let challenge_of_weak = service.challenge(AccountId(weak), NOW);
    let signature = [&weak[..], &[0; 32]].concat().try_into().unwrap();
    let challenge_of_weak = challenge_of_weak.bytes;
    let refused =
        give(&service, Some(GENESIS), AccountId(weak), challenge_of_weak, ORIGIN, signature, NOW).await;
    assert!(matches!(refused, Err(SignInError::Signature)));
    answer(&service, 1, challenge.bytes, NOW).await.unwrap();
}

#[tokio::test]
async fn who_is_not_registered_gets_no_token() {
    let service = service().await;
    let challenge = service.challenge(key(3).1, NOW);
    assert!(matches!(answer(&service, 3, challenge.bytes, NOW).await, Err(SignInError::Unknown)));
    let refused = give(&service, None, key(1).1, challenge.bytes, ORIGIN, [0; 64], NOW).await;
    assert!(matches!(refused, Err(SignInError::NoChain)));
}

#[tokio::test]
async fn clerks_registrars_and_members_sign_in_for_themselves() {
    let service = service().await;
    let sign_in = |seed: u8| {
        let service = &service;
        async move {
            let challenge = service.challenge(key(seed).1, NOW);
            answer(service, seed, challenge.bytes, NOW).await
        }
    };
    sign_in(9).await.unwrap();
    let clerk = wonbon_model::Clerk { version: 1, daily: 3, day: 0, decided: 0 };
    let member = LedgerChange::Member {
        company: AccountId([0xc0; 32]),
        member: key(4).1,
        record: Some(testing::member(1, 0)),
    };
    let appointed = |record| LedgerChange::Clerk { account: key(3).1, record };
    testing::apply_async(&service.read_model, vec![appointed(Some(clerk)), member]).await;
    sign_in(3).await.unwrap();
    sign_in(4).await.unwrap();
    testing::apply_async(&service.read_model, vec![appointed(None)]).await;
    assert!(matches!(sign_in(3).await, Err(SignInError::Unknown)));
}

#[tokio::test]
async fn sign_ins_and_sessions_are_bounded() {
    let service = service().await;
    let mut tokens = Vec::new();
    for round in 0..3 {
        let now = NOW + round * 2 * CHALLENGE_MS;
        for _ in 0..USED_PER_ACCOUNT {
            let challenge = service.challenge(key(1).1, now);
            tokens.push(answer(&service, 1, challenge.bytes, now).await.unwrap());
        }
        let challenge = service.challenge(key(1).1, now);
        assert!(matches!(answer(&service, 1, challenge.bytes, now).await, Err(SignInError::TooMany)));
        // Another account is not hindered.
        let challenge = service.challenge(key(2).1, now);
        answer(&service, 2, challenge.bytes, now).await.unwrap();
    }
    let mut valid = 0;
    for token in &tokens {
        let account = account_of(&service, &token.expose(), NOW + 4 * CHALLENGE_MS).await;
        valid += usize::from(account.is_some());
    }
    assert_eq!(valid, SESSIONS_PER_ACCOUNT);
    assert!(account_of(&service, &tokens.last().unwrap().expose(), NOW).await.is_some());
}

#[tokio::test]
async fn nothing_printed_holds_a_secret() {
    let service = service().await;
    let challenge = service.challenge(key(1).1, NOW);
    let token = answer(&service, 1, challenge.bytes, NOW).await.unwrap();
    assert!(!format!("{token:?} {service:?}").contains(&token.expose()[..8]));
}

/// Signs in for a company with the key of this seed.
async fn for_company(service: &SignIn, seed: u8, company: AccountId) -> Result<Token, SignInError> {
    let (signer, account) = key(seed);
    let challenge = service.challenge(account, NOW).bytes;
    let signature = signer.sign(&message(GENESIS, account, Some(company), challenge, ORIGIN)).to_bytes();
    let answer = Answer { account, company: Some(company), challenge, origin: ORIGIN, signature };
    service.sign_in(Some(GENESIS), &answer, NOW).await
}

#[tokio::test]
async fn a_member_signs_in_for_their_company_as_long_as_they_are_one() {
    let service = service().await;
    let company = AccountId([0xc0; 32]);
    let (_, account) = key(3);
    let set = |member: Option<(u8, u32)>| {
        let service = &service;
        async move {
            let record = member.map(|(roles, generation)| testing::member(roles, generation));
            let change = LedgerChange::Member { company, member: account, record };
            testing::apply_async(&service.read_model, vec![change]).await;
        }
    };
    assert!(matches!(for_company(&service, 3, company).await, Err(SignInError::NotMember)));
    set(Some((2, 7))).await;
    let token = for_company(&service, 3, company).await.unwrap();
    let caller = || async { service.caller(&token.expose(), NOW).await.unwrap() };
    let with = |role: MemberRole| Caller { account: company, member: Some((account, role.into())) };
    assert_eq!(caller().await, Some(with(MemberRole::Buy)));
    // Roles are asked for at each request.
    set(Some((4, 7))).await;
    assert_eq!(caller().await, Some(with(MemberRole::Sell)));
    // The session ends with the membership, and does not begin again with the next one.
    set(None).await;
    assert_eq!(caller().await, None);
    set(Some((63, 8))).await;
    assert_eq!(caller().await, None);
    for_company(&service, 3, company).await.unwrap();
    // Nobody signs in for another company, nor with somebody else's membership.
    let other = AccountId([0xc1; 32]);
    assert!(matches!(for_company(&service, 3, other).await, Err(SignInError::NotMember)));
    assert!(matches!(for_company(&service, 1, company).await, Err(SignInError::NotMember)));
    // Signed for oneself, and given as signed for the company.
    let (signer, challenge) = (key(3).0, service.challenge(account, NOW).bytes);
    let signature = signer.sign(&message(GENESIS, account, None, challenge, ORIGIN)).to_bytes();
    let answer = Answer { account, company: Some(company), challenge, origin: ORIGIN, signature };
    let refused = service.sign_in(Some(GENESIS), &answer, NOW).await;
    assert!(matches!(refused, Err(SignInError::Signature)));
}
