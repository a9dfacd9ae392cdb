//! `wonbon help`: what a command does, and what the exit codes mean.

use clap::error::ErrorKind;
use clap::Args;
use serde_json::json;

use crate::context::Context;
use crate::exit::{self, Code, Failure, Result};

#[derive(Debug, Args)]
pub(crate) struct Help {
    /// A command, such as `publish` or `order list`, or `exit-codes`
    topic: Vec<String>,
}

/// `commands` is what the command line knows.
pub(crate) fn run(context: &Context, args: Help, mut commands: clap::Command) -> Result<()> {
    if args.topic == ["exit-codes"] {
        return context.out.result(&exit::json(), exit::help);
    }
    let line = ["wonbon".to_owned()].into_iter().chain(args.topic).chain(["--help".to_owned()]);
    let text = match commands.try_get_matches_from_mut(line) {
        Err(error) if error.kind() == ErrorKind::DisplayHelp => error.render().to_string(),
        other => {
            let reason = other.err().map_or_else(String::new, |error| error.to_string());
            let reason = reason.lines().next().unwrap_or_default().trim_start_matches("error: ");
            return Err(Failure::new(Code::Usage, reason).advise("`wonbon help` lists the commands"));
        }
    };
    context.out.result(&json!({ "help": text }), || text.clone())
}
