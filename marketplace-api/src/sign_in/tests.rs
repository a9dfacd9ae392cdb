//! Tests of signing in.

use std::sync::Arc;

use ed25519_dalek::{Signer, SigningKey};

use super::{session::SESSIONS_PER_ACCOUNT, *};
use crate::kv::{KvStore, MemoryStore};

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
        crate::testing::register(&*kv, key(seed).1, wonbon_model::Standing::Verified);
    }
    let origins = Origins::new(&[ORIGIN.to_owned()], "127.0.0.1:1".parse().unwrap());
    SignIn::new(
        ReadModel::new(kv).unwrap(),
        State::new(Arc::new(MemoryStore::new())),
        Duration::from_secs(3600),
        origins,
    )
}

async fn answer(service: &SignIn, seed: u8, challenge: Hash, now: u64) -> Result<Token, SignInError> {
    let (key, account) = key(seed);
    let signature = key.sign(&message(GENESIS, account, challenge, ORIGIN)).to_bytes();
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
    service.sign_in(genesis, &Answer { account, challenge, origin, signature }, now).await
}

#[tokio::test]
async fn a_signed_challenge_gives_a_token_that_expires() {
    let service = service().await;
    let challenge = service.challenge(key(1).1, NOW);
    let token = answer(&service, 1, challenge.bytes, NOW + 1).await.unwrap();
    assert_eq!(service.account_of(&token.expose(), NOW + 2).await.unwrap(), Some(key(1).1));
    assert_eq!(service.account_of(&token.expose(), token.expires_at_ms).await.unwrap(), None);
    for wrong in ["", "x", &"0".repeat(64), &token.expose().to_uppercase()] {
        assert_eq!(service.account_of(wrong, NOW).await.unwrap(), None);
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
        message(Hash([8; 32]), account, challenge.bytes, ORIGIN),
        message(GENESIS, key(2).1, challenge.bytes, ORIGIN),
        // Signed for another service, which passes it on here.
        message(GENESIS, account, challenge.bytes, other),
    ] {
        let signature = signer.sign(&signed).to_bytes();
        let refused = give(&service, Some(GENESIS), account, challenge.bytes, ORIGIN, signature, NOW).await;
        assert!(matches!(refused, Err(SignInError::Signature)));
    }
    let signature = signer.sign(&message(GENESIS, account, challenge.bytes, other)).to_bytes();
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
        let account = service.account_of(&token.expose(), NOW + 4 * CHALLENGE_MS).await.unwrap();
        valid += usize::from(account.is_some());
    }
    assert_eq!(valid, SESSIONS_PER_ACCOUNT);
    assert!(service.account_of(&tokens.last().unwrap().expose(), NOW).await.unwrap().is_some());
}

#[tokio::test]
async fn nothing_printed_holds_a_secret() {
    let service = service().await;
    let challenge = service.challenge(key(1).1, NOW);
    let token = answer(&service, 1, challenge.bytes, NOW).await.unwrap();
    assert!(!format!("{token:?} {service:?}").contains(&token.expose()[..8]));
}
