//! What every command works with: the options, where things are kept and go, and how it is stopped.
//!
//! Promises: nothing is opened before it is needed (`hash` needs no key, `search` no chain). No command is known here.

pub mod colleagues;
mod companies;
pub mod connection;
pub mod keys;
pub mod options;
mod passes;
mod passphrase;
mod pinned_chain;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{mpsc, Arc, Mutex};
use std::time::Duration;

use options::GlobalOptions;
use tokio::sync::Notify;
use wonbon_client::chain::Chain;
use wonbon_client::home::FileHome;

use crate::exit::{Code, Failure, Result};
use crate::output::Output;

/// How often a question that waits for its answer looks whether the command was stopped.
const LOOK_FOR_STOP: Duration = Duration::from_millis(100);

/// The work of one run of the command.
#[derive(Clone, Debug)]
pub struct Context {
    /// What was said for every command.
    pub global: GlobalOptions,
    /// Where results and notes go.
    pub out: Output,
    /// Set by Ctrl-C; work on threads looks at it.
    pub stop: Arc<AtomicBool>,
    /// Told once Ctrl-C may be handled, see [`Context::handle_interrupts`].
    interruptible: Arc<Notify>,
    /// The connections, which end with the process: whoever ends one earlier tells the node so for each subscription.
    connections: Arc<Mutex<Vec<Chain>>>,
}

impl Context {
    /// A context for these options.
    pub fn new(global: GlobalOptions) -> Context {
        let out = Output { json: global.json, quiet: global.quiet };
        let connections = Arc::default();
        Context { global, out, stop: Arc::default(), interruptible: Arc::default(), connections }
    }

    /// From here on Ctrl-C is a request to stop in good order. Before, while questions are asked and nothing is
    /// under way, it simply ends the process, which also lets the shell restore the terminal.
    pub fn handle_interrupts(&self) {
        self.interruptible.notify_one();
    }

    /// Returns once [`Context::handle_interrupts`] was called.
    pub async fn interrupts_handled(&self) {
        self.interruptible.notified().await;
    }

    /// The home folder; made when something is first written to it.
    pub fn home(&self) -> Result<PathBuf> {
        if let Some(home) = &self.global.home {
            return Ok(home.clone());
        }
        let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        set("XDG_DATA_HOME")
            .or_else(|| set("HOME").map(|home| home.join(".local/share")))
            .map(|base| base.join("wonbon"))
            .ok_or_else(|| Failure::new(Code::Usage, "there is no home folder").advise("say --home DIR"))
    }

    /// What the client's procedures keep in the home folder.
    pub fn file_home(&self) -> Result<FileHome> {
        Ok(FileHome::new(self.home()?))
    }

    /// A folder inside the home folder, made if need be, for the owner only.
    pub fn folder(&self, name: &str) -> Result<PathBuf> {
        let path = self.home()?.join(name);
        made_folder(&path)?;
        Ok(path)
    }

    /// Asks a yes-or-no question at the terminal; `None` when there is no one to ask.
    pub fn ask(&self, question: &str) -> Option<bool> {
        if !self.out.interactive() {
            return None;
        }
        let mut err = std::io::stderr().lock();
        write!(err, "{question} [y/N] ").and_then(|()| err.flush()).ok()?;
        drop(err);
        let answer = self.typed_line()?;
        Some(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "예" | "네"))
    }

    /// A line from standard input; what was typed is dropped when Ctrl-C stops the command, which a read alone would not
    /// notice.
    fn typed_line(&self) -> Option<String> {
        let (sender, line) = mpsc::channel();
        std::thread::spawn(move || {
            let mut text = String::new();
            let read = std::io::stdin().read_line(&mut text);
            // Nobody waits for it any more after Ctrl-C.
            let _ = sender.send(read.is_ok().then_some(text));
        });
        loop {
            match line.recv_timeout(LOOK_FOR_STOP) {
                Ok(text) => return text,
                Err(mpsc::RecvTimeoutError::Timeout) if self.is_stopped() => return Some(String::new()),
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Asks before something that cannot be undone, unless the options say that it is meant.
    pub fn confirm(&self, question: &str, yes: bool) -> Result<()> {
        let refused = |text| Failure::refused(text).named("NotAgreed");
        if yes {
            return Ok(());
        }
        match self.ask(question) {
            Some(true) => Ok(()),
            Some(false) if self.is_stopped() => {
                Err(Failure::new(Code::Interrupted, "stopped; nothing was written or sent"))
            }
            Some(false) => Err(refused("not agreed; nothing was written or sent")),
            None => Err(refused("nobody is here to be asked; nothing was written or sent")
                .advise("say --yes if it is meant")),
        }
    }

    /// Goes on only if the person says so.
    pub fn agree(&self, question: &str) -> Result<()> {
        let refused = |text| Failure::refused(text).named("NotAgreed");
        match self.ask(question) {
            Some(true) => Ok(()),
            Some(false) => Err(refused("not agreed; nothing was written or sent")),
            None => Err(refused("this needs a yes, and there is nobody to ask; nothing was done")
                .advise("say --yes if that is meant")),
        }
    }
}

/// Makes a folder for the owner only, if it is not there.
pub fn made_folder(path: &Path) -> Result<()> {
    wonbon_client::files::private_folder(path).map_err(|error| {
        Failure::new(Code::Failure, format!("cannot make the folder {}: {error}", path.display()))
    })
}

/// A path as the client's procedures name files.
pub fn name_of(path: &Path) -> Result<&str> {
    path.to_str().ok_or_else(|| Failure::refused(format!("the path {} is not UTF-8", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        global: GlobalOptions,
    }

    impl Context {
        /// A context for a line of options, with the home folder `/h`.
        pub(super) fn of(options: &[&str]) -> Context {
            let line = ["wonbon", "--home", "/h"].iter().chain(options);
            Context::new(Line::try_parse_from(line).unwrap().global)
        }
    }
}
