//! Signing in: the account's key signs a challenge of the service, and a token follows.
//!
//! What is signed names the chain and the address at which the client reached the service. So a service that was
//! given a signature cannot use it at another service of the same chain, nor at one of another chain.

use reqwest::Url;
use serde::de::DeserializeOwned;
use serde::Deserialize;
use wonbon_primitives::{
    id::{hex_digest, to_hex},
    label,
};

use super::{json, Result, Service, ServiceError};
use wonbon_model::{AccountId, Digest};

/// The origin of an address: scheme, host and, if it is not the scheme's own, port; without a path.
pub fn origin(address: &str) -> Result<String> {
    let bad = || ServiceError::BadAddress(address.to_owned());
    let url = Url::parse(address).map_err(|_| bad())?;
    match matches!(url.scheme(), "http" | "https") && url.host().is_some() {
        true => Ok(url.origin().ascii_serialization()),
        false => Err(bad()),
    }
}

/// Whether an origin is on the machine that asks for it.
pub fn is_loopback(origin: &str) -> bool {
    let Ok(url) = Url::parse(origin) else { return false };
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

/// The message that an account signs to sign in at an origin, for itself or for a company that it is a member of. Both
/// sides compute it from the challenge's 32 bytes.
pub fn sign_in_message(
    genesis: &Digest,
    account: &AccountId,
    company: Option<&AccountId>,
    challenge: &Digest,
    origin: &str,
) -> Digest {
    let company = company.map_or(&[][..], |company| &company.0[..]);
    label::hash(label::SIGN_IN, &[genesis, &account.0, company, challenge, origin.as_bytes()])
}

#[derive(Deserialize)]
struct Challenge {
    #[serde(with = "hex_digest")]
    challenge: Digest,
}

#[derive(Deserialize)]
struct Session {
    token: String,
}

impl Service {
    /// The token of a session, from signing in if there is none.
    pub(super) async fn token(&self) -> Result<String> {
        let mut held = self.inner.token.lock().await;
        if let Some(token) = held.as_ref() {
            return Ok(token.clone());
        }
        let key = self.inner.key.as_ref().ok_or(ServiceError::NoKey)?;
        let account = key.signer();

        let body = serde_json::json!({ "account": account });
        let asked: Challenge = self.post("v1/sign-in/challenge", &body).await?;

        let origin = origin(self.url())?;
        let company = key.membership().map(|membership| membership.company);
        let message =
            sign_in_message(&self.inner.genesis, &account, company.as_ref(), &asked.challenge, &origin);
        let body = serde_json::json!({
            "account": account,
            "company": company,
            "challenge": to_hex(&asked.challenge),
            "origin": origin,
            "signature": hex::encode(key.sign(&message)),
        });
        let session: Session = self.post("v1/sign-in", &body).await?;
        Ok(held.insert(session.token).clone())
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &serde_json::Value) -> Result<T> {
        let url = self.at(path)?;
        json(self.send(|| self.inner.http.post(url.clone()).json(body)).await?).await
    }

    pub(super) async fn forget_token(&self, token: &str) {
        let mut held = self.inner.token.lock().await;
        if held.as_deref() == Some(token) {
            *held = None;
        }
    }

    /// Signs in now, to find out early whether that works.
    pub async fn sign_in(&self) -> Result<()> {
        self.token().await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_an_address_without_its_path() {
        for (address, expected) in [
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
            ("https://Market.Example:443/api/v1?x#y", "https://market.example"),
            ("http://user:word@market.example:80", "http://market.example"),
            ("http://[::1]:9", "http://[::1]:9"),
            ("https://원본.kr", "https://xn--sn3b13p.kr"),
        ] {
            let found = origin(address).unwrap();
            assert_eq!(found, expected);
            assert_eq!(origin(&found).unwrap(), expected, "it is its own origin");
        }
        for bad in ["", "x", "ftp://a", "file:///a", "data:,a", "http://"] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn loopback_is_told_by_the_host_alone() {
        for ours in ["http://127.0.0.1:1", "http://127.9.9.9", "http://localhost:8", "https://[::1]:2"] {
            assert!(is_loopback(ours), "{ours}");
        }
        for other in
            ["http://10.0.0.1", "http://localhost.example", "http://127.0.0.1.example", "", "http://0.0.0.0"]
        {
            assert!(!is_loopback(other), "{other}");
        }
    }
}
