//! Signing in: a challenge, and a token for its signature.

use axum::{extract::State, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wonbon_model::{AccountId, Hash};

use super::{refusals, Found, Service};
use crate::{
    clock::now_ms,
    protocol::{extract, Problem},
    sign_in::{self, Challenge},
};

/// Who wants to sign in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewChallenge {
    /// The account whose key will sign.
    account: AccountId,
}

/// A challenge for an account
#[utoipa::path(post, path = "/v1/sign-in/challenge", tag = "sign-in", request_body = NewChallenge, responses(
    (status = 200, description = "What to sign", body = Challenge),
    refusals::Invalid, refusals::BadBody, refusals::Other))]
pub(super) async fn create_challenge(
    State(app): Service,
    extract::Json(new): extract::Json<NewChallenge>,
) -> Found<Challenge> {
    Ok(Json(app.sign_in.challenge(new.account, now_ms())))
}

/// An answer to a challenge. Not `Debug`: a signature is nothing to print.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewToken {
    /// The account that the challenge was made for.
    account: AccountId,
    /// The company to sign in for, of which the account is a member; left out, or `null`, if it signs in for itself.
    #[serde(default)]
    company: Option<AccountId>,
    /// The challenge, which is answered once.
    challenge: Hash,
    /// Where the client reached the service: scheme, host and, if it is not the scheme's own, port, such as
    /// `https://market.example` or `http://127.0.0.1:8080`.
    #[schema(max_length = 300)]
    origin: String,
    /// ed25519 signature over SHA-256 of label `wonbon/sign-in/3`, genesis hash, account, company (nothing if there is
    /// none), challenge and origin, each with its length; 128 lower-case hexadecimal digits.
    #[schema(pattern = "^[0-9a-f]{128}$")]
    signature: String,
}

/// A token, which stands for the company, or for the account itself, until it expires or the membership ends.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenView {
    /// What to send as bearer token.
    token: String,
    /// Until when, in milliseconds since 1970.
    expires_at: u64,
}

/// A token for a signed challenge
#[utoipa::path(post, path = "/v1/sign-in", tag = "sign-in", request_body = NewToken, responses(
    (status = 200, description = "A token, valid for an hour", body = TokenView),
    refusals::Invalid, refusals::NotSignedIn, refusals::NotAllowed, refusals::BadBody, refusals::TooMany,
    refusals::Unavailable, refusals::Other))]
pub(super) async fn create_token(
    State(app): Service,
    extract::Json(new): extract::Json<NewToken>,
) -> Found<TokenView> {
    let mut signature = [0; 64];
    hex::decode_to_slice(&new.signature, &mut signature)
        .map_err(|_| Problem::invalid("signature", "expected 128 hexadecimal digits"))?;
    let NewToken { account, company, challenge, origin, .. } = &new;
    let (account, company, challenge) = (*account, *company, *challenge);
    let answer = sign_in::Answer { account, company, challenge, origin, signature };
    let token = app.sign_in.sign_in(app.status.genesis(), &answer, now_ms()).await?;
    Ok(Json(TokenView { token: token.expose(), expires_at: token.expires_at_ms }))
}
