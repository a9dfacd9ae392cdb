//! `chain-spec new FORM`: the specification of a consortium's own chain.

use super::{
    code,
    form::{Checked, Form},
    properties, ChainSpec,
};
use sc_service::ChainSpec as _;
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The largest form that is read, in bytes: one with as much in it as there may be has a tenth of it.
const MAX_FORM: u64 = 1 << 20;

/// What is done with specifications.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Make the specification of a chain of your own from a form (TOML; see OPERATING.md)
    New(New),
}

/// How a form becomes a specification.
#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// The form
    form: PathBuf,

    /// Where to write the specification; standard output if it is left out
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Write the first block's state as values that a person can read, from which every node computes it anew. Give out
    /// the specification without this: only then every node has the same state, whatever was built into it
    #[arg(long)]
    readable: bool,
}

impl Command {
    /// Does it.
    pub(crate) fn run(&self) -> Result<(), String> {
        let Self::New(New { form, output, readable }) = self;
        let specification = specification(&read(form)?, *readable)
            .map_err(|error| format!("{}: {error}", form.display()))?
            .as_json(!readable)?;
        match output {
            Some(path) => write(path, &specification),
            None => writeln!(io::stdout(), "{specification}").map_err(|error| error.to_string()),
        }
    }
}

fn read(path: &Path) -> Result<String, String> {
    let name = path.display();
    let length = fs::metadata(path).map_err(|error| format!("{name}: {error}"))?.len();
    if length > MAX_FORM {
        return Err(format!("{name}: a form has at most {MAX_FORM} bytes, not {length}"));
    }
    fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))
}

/// Never over another file: the specification of a running chain is nothing to lose.
fn write(path: &Path, specification: &str) -> Result<(), String> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    writeln!(file, "{specification}").map_err(|error| format!("{}: {error}", path.display()))
}

/// The chain that a form describes.
fn specification(form: &str, readable: bool) -> Result<ChainSpec, String> {
    let Checked { name, id, chain_type, boot_nodes, launch } = Form::parse(form)?.check()?;
    let code = code()?;
    let mut spec = ChainSpec::builder(code, None)
        .with_name(&name)
        .with_id(&id)
        .with_chain_type(chain_type)
        .with_protocol_id(&id)
        .with_boot_nodes(boot_nodes)
        .with_properties(properties())
        .with_genesis_config_patch(launch.patch())
        .build();
    if !readable {
        spec.set_storage(launch.storage(code)?);
    }
    Ok(spec)
}
