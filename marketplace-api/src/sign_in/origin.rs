//! The addresses at which a service takes sign-ins.

use std::{fmt, net::SocketAddr};

use wonbon_client::service::{is_loopback, origin};

/// The origins at which clients reach a service: the configured ones. Without any it is the address that the
/// service listens on, and whatever leads to a port of its own machine: a tunnel has a port that the service cannot
/// know, and who can listen there is on that machine already.
#[derive(Clone, Debug)]
pub struct Origins {
    named: Vec<String>,
    loopback: bool,
}

impl Origins {
    /// Those of public addresses, each with `http` or `https`, or if there are none those of a service that
    /// listens here.
    pub fn new(public: &[String], listen: SocketAddr) -> Self {
        // One that has no origin can be no client's address, so leaving it out refuses nobody.
        let named: Vec<_> = public.iter().filter_map(|address| origin(address).ok()).collect();
        if !public.is_empty() {
            return Self { named, loopback: false };
        }
        let ip = listen.ip();
        let reachable = !ip.is_unspecified() && !ip.is_loopback();
        let named = reachable.then(|| origin(&format!("http://{listen}")).ok()).flatten();
        Self { named: named.into_iter().collect(), loopback: true }
    }

    /// Whether a client that reached this origin reached this service.
    pub fn has(&self, text: &str) -> bool {
        // As a client writes it and not otherwise: what is compared is what was signed.
        self.named.iter().any(|named| named == text)
            || self.loopback && is_loopback(text) && origin(text).is_ok_and(|own| own == text)
    }
}

impl fmt::Display for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let loopback = self.loopback.then_some("addresses of its own machine");
        let all: Vec<&str> = self.named.iter().map(String::as_str).chain(loopback).collect();
        f.write_str(&all.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configured_addresses_are_the_only_ones() {
        let public = ["https://Market.example/api".to_owned(), "http://10.0.0.1:8080".to_owned()];
        let origins = Origins::new(&public, "127.0.0.1:8080".parse().unwrap());
        assert!(origins.has("https://market.example") && origins.has("http://10.0.0.1:8080"));
        for other in ["http://market.example", "https://market.example/", "http://127.0.0.1:8080", ""] {
            assert!(!origins.has(other), "{other}");
        }
        assert_eq!(origins.to_string(), "https://market.example, http://10.0.0.1:8080");
    }

    #[test]
    fn without_any_it_is_this_machine() {
        let origins = Origins::new(&[], "0.0.0.0:8080".parse().unwrap());
        assert!(origins.has("http://127.0.0.1:9999") && origins.has("http://localhost:8080"));
        assert!(!origins.has("http://10.0.0.1:8080") && !origins.has("http://LOCALHOST:8080"));
        let origins = Origins::new(&[], "10.0.0.1:80".parse().unwrap());
        assert!(origins.has("http://10.0.0.1") && origins.has("http://[::1]:1"));
        assert!(!origins.has("http://10.0.0.2"));
    }
}
