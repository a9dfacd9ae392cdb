//! `marketplace-api`: reads its configuration, runs the service, stops cleanly.

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
};

use anyhow::Context;
use clap::Parser;
use marketplace_api::{config::Config, service};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let config = Config::parse();
    let filter = EnvFilter::try_from_env("WONBON_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,sled=warn,subxt=warn,jsonrpsee=warn"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    if config.log_json {
        log.json().init();
    } else {
        log.init();
    }
    match run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "the service stopped");
            ExitCode::FAILURE
        }
    }
}

fn run(config: Config) -> anyhow::Result<()> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting threads")?;
    let outcome = runtime.block_on(async {
        let cancel = CancellationToken::new();
        stop_on_signals(cancel.clone()).context("listening to signals")?;
        let announce = |address: std::net::SocketAddr| {
            // Whoever started the service reads the address here; a closed pipe is no reason to stop.
            let mut out = std::io::stdout();
            let _ = writeln!(out, "listening on http://{address}").and_then(|()| out.flush());
        };
        service::run(config, announce, cancel).await
    });
    // What still runs on the blocking threads is a file read or an upload's write: both may be cut off.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    outcome
}

/// Cancels at the first SIGINT or SIGTERM.
fn stop_on_signals(cancel: CancellationToken) -> std::io::Result<()> {
    use tokio::signal::unix::{signal, SignalKind};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
        cancel.cancel();
    });
    Ok(())
}
