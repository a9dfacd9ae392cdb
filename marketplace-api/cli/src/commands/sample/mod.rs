//! `wonbon sample`: what of a dataset everyone may see, before buying.
//!
//! The buyer's command checks everything itself, against the chain: that the blocks are the dataset's, that the
//! fair ones are those that the chain drew, with the ends of their rows, and that the file is the one that the owner
//! answered for. The owner's says what would be given away before it is.

mod owner;
mod view;

use clap::{Args, Subcommand};

use crate::arguments::{subject, Subject};
use crate::context::Context;
use crate::exit::{Code, Failure, Result};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct SampleCommand {
    /// The owner's side
    #[command(subcommand)]
    owner: Option<Owner>,
    /// An offer (its number, or offer:N) or a dataset id
    #[arg(required = true, value_parser = subject)]
    of: Option<Subject>,
    /// Print at most this many rows of each sample; 0 prints all
    #[arg(long, value_name = "N", default_value_t = 10)]
    lines: usize,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Owner {
    /// Show blocks of your choice to everyone
    Publish(owner::Publish),
    /// Show the blocks that the chain drew to everyone, and record it on the chain; once for each dataset
    Answer(owner::Answer),
}

pub(crate) async fn run(context: &Context, command: SampleCommand) -> Result<()> {
    match (command.owner, command.of) {
        (Some(Owner::Publish(args)), _) => owner::publish(context, args).await,
        (Some(Owner::Answer(args)), _) => owner::answer(context, args).await,
        (None, Some(of)) => view::show(context, of, command.lines).await,
        (None, None) => Err(Failure::new(Code::Usage, "say of which offer or dataset")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use wonbon_model::DatasetId;

    #[derive(Debug, Parser)]
    enum Line {
        Sample(SampleCommand),
    }

    fn parsed(arguments: &[&str]) -> Result<SampleCommand, clap::Error> {
        let Line::Sample(sample) = Line::try_parse_from(["wonbon", "sample"].iter().chain(arguments))?;
        Ok(sample)
    }

    #[test]
    fn buyers_and_owners_use_one_word() {
        let id = "ab".repeat(32);
        assert_eq!(parsed(&["3"]).unwrap().of, Some(Subject::Offer(3)));
        assert_eq!(parsed(&[&id]).unwrap().of, Some(Subject::Dataset(DatasetId([0xab; 32]))));
        assert!(matches!(
            parsed(&["publish", &id, "f", "--blocks", "1"]).unwrap().owner,
            Some(Owner::Publish(_))
        ));
        assert!(matches!(
            parsed(&["answer", &id, "f", "--share", "5%"]).unwrap().owner,
            Some(Owner::Answer(_))
        ));
        for wrong in [
            &[][..],
            &["publish", &id, "f"],
            &["publish", &id, "f", "--blocks", "1", "--rows", "1"],
            &["publish", &id, "f", "--groups", "1", "--rows", "1"],
            &["publish", &id, "f", "--groups", "1", "--blocks", "1"],
            &["publish", &id, "f", "--groups", "1", "--most", "3"],
            &["answer", &id, "f", "--share", "5%", "--blocks", "3"],
            &["answer", &id, "f", "--blocks", "0"],
            &["publish", "3", "f", "--blocks", "1"],
        ] {
            assert!(parsed(wrong).is_err(), "{wrong:?}");
        }
    }
}
