//! nginx as the yardstick for downloads: it serves one folder on loopback from a configuration of its own.

use std::{fs, net::TcpListener, path::Path, process::Command};

use crate::{process::Process, wait::SOON};

/// An nginx that runs until it is dropped.
#[derive(Debug)]
pub struct Nginx {
    address: String,
    _process: Process,
}

impl Nginx {
    /// Serves the files in `files`; configuration, log and temporary files go to `folder`.
    pub async fn start(files: &Path, folder: &Path) -> Self {
        // nginx cannot be told to take any free port, so one is looked for, and given back just before.
        let free = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = free.local_addr().expect("a listener has an address; qed").to_string();
        let configuration = folder.join("nginx.conf");
        fs::write(&configuration, configure(&address, files, folder)).expect("a file can be written");
        let mut command = Command::new("nginx");
        command.args(["-e", "stderr", "-c"]).arg(configuration).arg("-p").arg(folder);
        drop(free);
        let process = Process::start("nginx", command, folder);
        // It listens before it says how it waits for events.
        process.line("a start", SOON, |line| line.contains("event method").then_some(())).await;
        Self { address, _process: process }
    }

    /// The address of the file `name`.
    pub fn url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.address)
    }
}

fn configure(address: &str, files: &Path, folder: &Path) -> String {
    let (files, folder) = (files.display(), folder.display());
    format!(
        "daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr notice;
events {{ worker_connections 64; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen {address}; root {files}; }}
}}
"
    )
}
