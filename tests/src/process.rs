//! A child process: what it prints is kept in a log and can be awaited line by line; it ends when it is dropped,
//! and with the process that started it however that one ends.
//!
//! The kernel sends a child its parent-death signal when the *thread* that started it ends, so one thread that
//! lives as long as the process starts them all.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{mpsc, Arc, LazyLock, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use tokio::sync::watch;

use crate::wait::within;

/// How many of the last lines are shown when a test fails.
const SHOWN: usize = 40;

/// Which of its two streams a line was printed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Out,
    Err,
}

#[derive(Debug)]
pub struct Process {
    name: String,
    log: PathBuf,
    child: Arc<Mutex<Child>>,
    output: Arc<Output>,
    exit: watch::Receiver<Option<ExitStatus>>,
}

#[derive(Debug)]
struct Output {
    lines: Mutex<Vec<(Stream, String)>>,
    count: watch::Sender<usize>,
    log: Mutex<File>,
}

impl Process {
    /// Starts `command`; what it prints goes to `folder/name.log` (appended) too.
    ///
    /// # Panics
    /// If it cannot be started.
    pub fn start(name: &str, command: Command, folder: &Path) -> Self {
        let log = folder.join(format!("{name}.log"));
        let file = File::options().create(true).append(true).open(&log).expect("a log can be written");
        let mut command = dying_with_us(command);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let shown = format!("{command:?}");
        let mut child =
            spawn(command).unwrap_or_else(|error| panic!("{name} does not start: {error}: {shown}"));
        let stdout = child.stdout.take().expect("stdout is piped; qed");
        let stderr = child.stderr.take().expect("stderr is piped; qed");
        let output =
            Arc::new(Output { lines: Mutex::default(), count: watch::Sender::new(0), log: Mutex::new(file) });
        let child = Arc::new(Mutex::new(child));
        let exit = reap(child.clone(), [output.read(Stream::Out, stdout), output.read(Stream::Err, stderr)]);
        Self { name: name.to_owned(), log, child, output, exit }
    }

    /// The operating system's number of the process.
    pub fn id(&self) -> u32 {
        locked(&self.child).id()
    }

    /// Kills the process (SIGKILL) and returns when it is gone.
    pub fn kill(&self) {
        let mut child = locked(&self.child);
        // Both say no more than that it has ended already.
        let _ = child.kill();
        let _ = child.wait();
    }

    pub fn is_running(&self) -> bool {
        self.exit.borrow().is_none()
    }

    /// How many lines it has printed: the place from which [`Process::line_after`] looks for newer ones.
    pub fn lines_so_far(&self) -> usize {
        locked(&self.output.lines).len()
    }

    /// The first line, old or new, of which `pick` makes a value.
    ///
    /// # Panics
    /// If none comes within `limit`, or the process ends without one; the message names `what`.
    pub async fn line<T>(&self, what: &str, limit: Duration, pick: impl FnMut(&str) -> Option<T>) -> T {
        self.line_after(0, what, limit, pick).await
    }

    /// The first line from the `start`-th on of which `pick` makes a value; panics as [`Process::line`] does.
    pub async fn line_after<T>(
        &self,
        start: usize,
        what: &str,
        limit: Duration,
        mut pick: impl FnMut(&str) -> Option<T>,
    ) -> T {
        let mut count = self.output.count.subscribe();
        let mut exit = self.exit.clone();
        let mut next = start;
        let search = async {
            loop {
                let ended = exit.borrow_and_update().is_some();
                count.borrow_and_update();
                let found = {
                    let lines = locked(&self.output.lines);
                    let found = lines.iter().skip(next).find_map(|(_, line)| pick(line));
                    next = next.max(lines.len());
                    found
                };
                if let Some(value) = found {
                    return value;
                }
                assert!(!ended, "{} ended before {what}\n{}", self.name, self.tail());
                tokio::select! {
                    _ = count.changed() => {}
                    _ = exit.changed() => {}
                }
            }
        };
        within(limit, &format!("{what} from {} (log: {})", self.name, self.log.display()), search).await
    }

    /// The exit status, once there is one; all it printed has been read by then.
    pub async fn exited(&self, limit: Duration) -> ExitStatus {
        let mut exit = self.exit.clone();
        let ended = async { exit.wait_for(Option::is_some).await.ok().and_then(|status| *status) };
        within(
            limit,
            &format!("the end of {} (log: {})\n{}", self.name, self.log.display(), self.tail()),
            ended,
        )
        .await
        .expect("the status is sent before its sender goes; qed")
    }

    /// All that was printed on one stream so far.
    pub fn printed(&self, stream: Stream) -> String {
        let lines = locked(&self.output.lines);
        lines.iter().filter(|(of, _)| *of == stream).fold(String::new(), |text, (_, line)| text + line + "\n")
    }

    /// The last lines of the log, for a message about a failure.
    pub fn tail(&self) -> String {
        let lines = locked(&self.output.lines);
        let mut text = format!("--- {} ({})\n", self.name, self.log.display());
        for (_, line) in lines.iter().skip(lines.len().saturating_sub(SHOWN)) {
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        if thread::panicking() {
            eprintln!("{}", self.tail());
        }
    }
}

impl Output {
    /// Reads `stream` to its end on a thread of its own.
    fn read(self: &Arc<Self>, kind: Stream, stream: impl Read + Send + 'static) -> thread::JoinHandle<()> {
        let output = self.clone();
        thread::spawn(move || {
            let mut reader = BufReader::new(stream);
            let mut bytes = Vec::new();
            loop {
                bytes.clear();
                match reader.read_until(b'\n', &mut bytes) {
                    Ok(0) | Err(_) => return,
                    Ok(_) => output.add(kind, &bytes),
                }
            }
        })
    }

    fn add(&self, kind: Stream, bytes: &[u8]) {
        // A log that cannot be written fails no test: the lines are kept here as well.
        let _ = locked(&self.log).write_all(bytes);
        let line = String::from_utf8_lossy(bytes).trim_end_matches(['\n', '\r']).to_owned();
        let mut lines = locked(&self.lines);
        lines.push((kind, line));
        self.count.send_replace(lines.len());
    }
}

/// Collects the exit status when both streams have ended, which they do with the process: none of the programs
/// hands them on to a child.
fn reap(
    child: Arc<Mutex<Child>>,
    readers: [thread::JoinHandle<()>; 2],
) -> watch::Receiver<Option<ExitStatus>> {
    let (sender, receiver) = watch::channel(None);
    thread::spawn(move || {
        for reader in readers {
            // A reader that panicked has nothing more to read.
            let _ = reader.join();
        }
        let status = locked(&child).wait();
        sender.send_replace(status.ok());
    });
    receiver
}

/// `command`, run so that the kernel kills it when the thread that started it ends.
fn dying_with_us(command: Command) -> Command {
    let mut wrapped = Command::new("setpriv");
    wrapped.args(["--pdeathsig", "KILL", "--"]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    wrapped
}

type Started = io::Result<Child>;

/// Starts `command` on the thread that starts all of them.
fn spawn(command: Command) -> Started {
    static STARTER: LazyLock<mpsc::Sender<(Command, mpsc::Sender<Started>)>> = LazyLock::new(|| {
        let (sender, receiver) = mpsc::channel::<(Command, mpsc::Sender<Started>)>();
        thread::spawn(move || {
            for (mut command, reply) in receiver {
                // Whoever asked may have given up.
                let _ = reply.send(command.spawn());
            }
        });
        sender
    });
    let (sender, receiver) = mpsc::channel();
    STARTER.send((command, sender)).expect("the starting thread never ends; qed");
    receiver.recv().expect("the starting thread answers each request; qed")
}

/// A poisoned lock means that another test failed while it held it; what it guards is whole at every moment.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{scratch::Scratch, wait::SOON};

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[tokio::test]
    async fn lines_and_status_are_awaited() {
        let folder = Scratch::new("process");
        let process = Process::start("shell", shell("echo one; echo two >&2; exec sleep 0.1"), folder.path());
        let two = process.line("two", SOON, |line| (line == "two").then(|| line.to_owned())).await;
        assert_eq!(two, "two");
        assert!(process.exited(SOON).await.success());
        assert_eq!(process.printed(Stream::Out), "one\n");
    }

    #[tokio::test]
    async fn a_killed_process_is_gone_when_kill_returns() {
        let folder = Scratch::new("process");
        let process = Process::start("shell", shell("echo $$; exec sleep 1000"), folder.path());
        let pid = process.line("the number", SOON, |line| line.parse::<u32>().ok()).await;
        assert_eq!(pid, process.id());
        process.kill();
        assert!(!Path::new("/proc").join(pid.to_string()).exists());
        assert_eq!(process.exited(SOON).await.code(), None);
    }

    #[tokio::test]
    async fn a_process_that_ends_without_the_line_is_not_awaited() {
        let folder = Scratch::new("process");
        let process = Process::start("shell", shell("echo something"), folder.path());
        let waiting = tokio::spawn(async move {
            process.line("a word that it never says", SOON, |line| (line == "else").then_some(())).await;
        });
        assert!(waiting.await.unwrap_err().is_panic());
    }
}
