//! Folders for one run. Each run has a root of its own, named after its process; a test's folder goes when the
//! test has passed and stays when it failed. Roots of runs that are over are removed by the next run.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
    sync::{
        atomic::{AtomicU32, Ordering},
        LazyLock,
    },
};

const PREFIX: &str = "wonbon-tests-";

static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
    let parent = env::temp_dir();
    remove_finished(&parent);
    let root = parent.join(format!("{PREFIX}{}", process::id()));
    fs::create_dir_all(&root).expect("the temporary folder can be written");
    root
});

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A folder of its own, removed on drop unless the thread is panicking.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// Makes a folder whose name begins with `name`.
    pub fn new(name: &str) -> Self {
        let path = ROOT.join(format!("{name}-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir_all(&path).expect("the temporary folder can be written");
        Self { path }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // Leaving a folder behind fails nothing; the next run removes it.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Removes every folder of this run, those of things that live as long as the run among them.
pub fn remove_all() {
    // What is left the next run removes.
    let _ = fs::remove_dir_all(&*ROOT);
}

fn remove_finished(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else { continue };
        if pid.parse::<u32>().is_ok() && !Path::new("/proc").join(pid).exists() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
