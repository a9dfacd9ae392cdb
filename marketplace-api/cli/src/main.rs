//! The `wonbon` command: reads the command line, runs the command, ends with a documented exit code.
//!
//! Promises: Ctrl-C leaves nothing half done. Work on threads is told to stop and waited for (it removes its
//! temporary files); what was in flight to the chain is looked for when the same command runs again.

use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::Parser;
use wonbon_cli::command_line::Cli;
use wonbon_cli::context::Context;
use wonbon_cli::exit::{Code, Failure, Result};

/// How long threads may take to stop before the process ends without them.
const STOPPING_TIME: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    log(cli.global.verbose);
    let context = Context::new(cli.global.clone());
    match run(&context, cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report(&context, &failure);
            ExitCode::from(failure.code.number())
        }
    }
}

/// What clap says: help and version are no failures; anything else is one of usage.
fn usage(error: &clap::Error) -> ExitCode {
    let wants_json = std::env::args_os().any(|argument| argument == "--json");
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return match error.print() {
            // The reader of a pipe went away; that is its choice.
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                ExitCode::from(Code::Failure.number())
            }
            _ => ExitCode::SUCCESS,
        };
    }
    if wants_json {
        let text = error.to_string();
        let what = text.split("\n\n").next().unwrap_or("").trim_start_matches("error: ");
        let what = what.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(std::io::stdout(), "{}", Failure::new(Code::Usage, what).json());
    }
    let _ = error.print();
    ExitCode::from(Code::Usage.number())
}

fn log(verbosity: u8) {
    let default = match verbosity {
        0 => "error",
        1 => "wonbon_client=info,wonbon_cli=info,warn",
        2 => "wonbon_client=debug,wonbon_cli=debug,info",
        _ => "debug",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_env("WONBON_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

fn run(context: &Context, cli: Cli) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Code::Failure, format!("cannot start: {error}")))?;
    let result = runtime.block_on(async {
        // A task of its own: a question that waits for its answer holds this one.
        let stopping = context.clone();
        let stopped = tokio::spawn(async move {
            stopping.interrupts_handled().await;
            interrupted().await;
            stopping.stop.store(true, Ordering::Relaxed);
        });
        tokio::select! {
            result = cli.run(context) => result,
            _ = stopped => {
                Err(Failure::new(Code::Interrupted, "stopped")
                    .advise("nothing is lost; run the same command again to go on"))
            }
        }
    });
    runtime.shutdown_timeout(STOPPING_TIME);
    result
}

/// Waits for Ctrl-C, or for the signal that a supervisor sends.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{signal, SignalKind};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminated.recv() => return,
                result = tokio::signal::ctrl_c() => if result.is_ok() { return },
            }
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn report(context: &Context, failure: &Failure) {
    if context.global.json {
        let _ = writeln!(std::io::stdout(), "{}", failure.json());
    }
    let _ = writeln!(std::io::stderr(), "wonbon: {failure}");
}
