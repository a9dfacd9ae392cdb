//! What the operator decides: flags and environment, checked once.

use std::{net::SocketAddr, num::NonZeroUsize, path::PathBuf, time::Duration};

use clap::Parser;
use wonbon_model::{words::size::parse_bytes, AccountId, Hash};

use crate::storage::Bucket;

/// The Wonbon marketplace service: catalogue, sealed payloads, chain follower.
#[derive(Clone, Debug, Parser)]
#[command(name = "marketplace-api", version)]
pub struct Config {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "WONBON_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The chain's node.
    #[arg(long, env = "WONBON_CHAIN", default_value = "ws://127.0.0.1:9944", value_name = "URL", value_parser = node_url)]
    pub chain: String,
    /// Folder of everything that the service keeps.
    #[arg(long, env = "WONBON_DATA", value_name = "DIR")]
    pub data: PathBuf,
    /// Where payloads and documents are kept, if not in the data folder: s3://BUCKET/PREFIX of an S3-compatible
    /// store that several services may share. Endpoint and credentials come from the usual variables, such as
    /// AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
    #[arg(long, env = "WONBON_STORE", value_name = "URL")]
    pub store: Option<Bucket>,
    /// The genesis hash that the chain must have.
    #[arg(long, env = "WONBON_GENESIS", value_name = "HEX")]
    pub genesis: Option<Hash>,
    /// Bytes that an account may keep here, e.g. 100GiB.
    #[arg(long, env = "WONBON_QUOTA", default_value = "100GiB", value_parser = some_bytes)]
    pub quota: u64,
    /// Bytes of the largest upload, e.g. 16GiB.
    #[arg(long, env = "WONBON_MAX_UPLOAD", default_value = "64GiB", value_parser = some_bytes)]
    pub max_upload: u64,
    /// Seconds after which an upload that stands still is removed.
    #[arg(long, env = "WONBON_UPLOAD_LIFETIME", default_value = "86400", value_parser = seconds, value_name = "SECONDS")]
    pub upload_lifetime: Duration,
    /// Where clients reach the service; several with commas between them, the first is the one it names to
    /// others. Clients sign in for one of these addresses. Without any, they sign in for the address that the
    /// service listens on, or for any address of this machine's loopback.
    #[arg(long, env = "WONBON_PUBLIC_URL", value_name = "URL", value_delimiter = ',', value_parser = public_url)]
    pub public_url: Vec<String>,
    /// Accounts of the registrar that see applications for companies, with commas between them. The clerks whom the
    /// chain has appointed see them in any case.
    #[arg(long, env = "WONBON_REGISTRAR", value_name = "ACCOUNT", value_delimiter = ',')]
    pub registrar: Vec<AccountId>,
    /// Address to serve figures for Prometheus at, under /metrics. They tell how the service is used: an address
    /// of the loopback or of an inner network.
    #[arg(long, env = "WONBON_METRICS", value_name = "ADDRESS")]
    pub metrics: Option<SocketAddr>,
    /// Most connections at once from one address. Behind a reverse proxy all clients have the proxy's address: raise it
    /// there, and let the proxy bound each client.
    #[arg(long, env = "WONBON_CONNECTIONS_PER_ADDRESS", default_value = "256", value_name = "N")]
    pub connections_per_address: NonZeroUsize,
    /// Write the log as JSON.
    #[arg(long, env = "WONBON_LOG_JSON")]
    pub log_json: bool,
}

fn some_bytes(text: &str) -> Result<u64, String> {
    match parse_bytes(text)? {
        0 => Err("0 bytes hold nothing".to_owned()),
        bytes => Ok(bytes),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: u32 = text.parse().map_err(|_| "expected a number of seconds".to_owned())?;
    Ok(Duration::from_secs(seconds.into()))
}

fn node_url(text: &str) -> Result<String, String> {
    let address = text.strip_prefix("ws://").or_else(|| text.strip_prefix("wss://"));
    match address
        .is_some_and(|address| !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_graphic()))
    {
        true => Ok(text.to_owned()),
        false => Err("expected the address of a node with ws:// or wss://".to_owned()),
    }
}

fn public_url(text: &str) -> Result<String, String> {
    let url = text.trim_end_matches('/');
    let visible = url.bytes().all(|byte| byte.is_ascii_graphic());
    match wonbon_client::service::origin(url).is_ok() && visible {
        true => Ok(url.to_owned()),
        false => Err("expected an address with http:// or https://".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_may_be_several_public_addresses_and_a_bucket() {
        let arguments = [
            "marketplace-api",
            "--data",
            "d",
            "--store",
            "s3://wonbon/market",
            "--public-url",
            "https://wonbon.example/,http://10.0.0.1:8080",
            "--metrics",
            "127.0.0.1:9464",
            "--connections-per-address",
            "1000",
            "--quota",
            "2GiB",
            "--registrar",
            "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY,5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty",
        ];
        let config = Config::try_parse_from(arguments).unwrap();
        assert_eq!(config.public_url, ["https://wonbon.example", "http://10.0.0.1:8080"]);
        assert!(config.store.is_some() && config.metrics.is_some());
        assert_eq!(config.registrar.len(), 2);
        assert_eq!((config.connections_per_address.get(), config.quota), (1000, 2 << 30));
        for bad in [
            ["--store", "/some/folder"],
            ["--public-url", "ftp://x"],
            ["--metrics", "9464"],
            ["--connections-per-address", "0"],
            ["--quota", "0"],
            ["--registrar", "nobody"],
        ] {
            assert!(Config::try_parse_from([&["marketplace-api", "--data", "d"], &bad[..]].concat()).is_err());
        }
    }
}
