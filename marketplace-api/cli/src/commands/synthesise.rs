//! `wonbon synthesise`: synthetic sensor rows to try things with.

use std::io::BufWriter;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use wonbon_model::words::{amount, size};

use clap::Args;
use serde_json::json;
use wonbon_profile::synthetic::{generate, Size};
use wonbon_profile::Progress;

use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::files::{cannot_write, NewFile};

#[derive(Debug, Args)]
pub(crate) struct Synthesise {
    /// Write this many rows [default: 10000]
    #[arg(long, conflicts_with = "bytes")]
    rows: Option<u64>,
    /// Write exactly this many bytes, for example 4097, 100M or 1G
    #[arg(long, value_parser = size::parse_bytes)]
    bytes: Option<u64>,
    /// The same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where to write them [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) async fn run(context: &Context, args: Synthesise) -> Result<()> {
    let size = match (args.rows, args.bytes) {
        (_, Some(bytes)) => Size::Bytes(bytes),
        (rows, None) => Size::Rows(rows.unwrap_or(10_000)),
    };
    let Some(path) = &args.output else {
        if context.global.json {
            let text = "--json needs -o FILE: the rows would go to the same place";
            return Err(Failure::new(Code::Usage, text));
        }
        // To a pipe Ctrl-C simply ends the process.
        let mut out = BufWriter::new(std::io::stdout().lock());
        return match generate(args.seed, size, &mut out, &mut |_| ControlFlow::Continue(())) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(Failure::new(Code::Failure, format!("cannot write: {error}"))),
            Ok(_) => Ok(()),
        };
    };
    context.handle_interrupts();
    let (stop, target) = (context.stop.clone(), path.clone());
    let write = move |progress: &mut Progress<'_>| {
        let mut file = NewFile::create(&target, true)?;
        let written = generate(args.seed, size, file.writer(), progress);
        let written = written.map_err(|error| match stop.load(Ordering::Relaxed) {
            true => Failure::new(Code::Interrupted, "stopped; nothing was written"),
            false => cannot_write(&target, &error),
        })?;
        file.keep_undurable()?;
        Ok(written)
    };
    let bytes = args.bytes.unwrap_or(args.rows.unwrap_or(10_000) * 96);
    let written = context.steps("generating", bytes, write).await?;
    context.out.note("These rows are synthetic: no machine ever measured them.");
    let value = json!({
        "file": path, "rows": written.rows, "bytes": written.bytes, "seed": args.seed, "synthetic": true,
    });
    context.out.result(&value, || {
        format!(
            "{}: {} synthetic rows, {} (seed {})",
            path.display(),
            amount::number(written.rows),
            size::bytes_exact(written.bytes),
            args.seed
        )
    })
}
