//! Downloading a sealed payload from the service, over nginx serving the same bytes; curl for both.

use std::{fs, path::PathBuf, process::Command};

use wonbon_client::home::WholeFile;
use wonbon_client::ports::no_progress;
use wonbon_client::service::{Service, Unlogged, UploadRequest};
use wonbon_primitives::id::to_hex;

use super::{
    nginx::Nginx,
    report::{median, Figure, Target},
    say, Bench, Stage, TURNS,
};
use crate::{http::Http, package::Sealing};

/// Uploads the package, then downloads it in turns.
pub async fn measure(bench: &Bench, stage: &Stage, package: &(PathBuf, Sealing)) -> Figure {
    let (path, sealing) = package;
    say("Uploading the sealed file to the service");
    let genesis = stage.chain.genesis();
    let url = stage.market.service.url();
    let service =
        Service::new(&url, genesis, Some(stage.seller_key().clone())).expect("the address is right");
    let what = UploadRequest { sealed: sealing.sealed, dataset_root: sealing.plain.root };
    let uploaded = service.upload(&WholeFile::new(path), &what, None, &mut Unlogged, no_progress()).await;
    uploaded.expect("the package is what it says");

    let files = bench.folder.join("nginx-files");
    let logs = bench.folder.join("nginx");
    for folder in [&files, &logs] {
        fs::create_dir_all(folder).expect("a folder can be made");
    }
    fs::hard_link(path, files.join("package")).expect("both names are on one file system");
    let nginx = Nginx::start(&files, &logs).await;
    let buyer = Http::signed_in(&url, &genesis, stage.buyer_key()).await;
    let token = buyer.token();
    let address = format!("{url}/v1/payloads/{}", to_hex(&sealing.sealed.root));
    let expected = fs::metadata(path).expect("the package is there").len();

    say("Downloading it from nginx and from the service, in turns");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    // The first turn warms the cache and is not counted.
    for turn in 0..=TURNS {
        let nginx_speed = download(&nginx.url("package"), None, expected);
        let service_speed = download(&address, Some(token), expected);
        say(&format!("  nginx {:.0} MB/s, service {:.0} MB/s", nginx_speed / 1e6, service_speed / 1e6));
        if turn > 0 {
            theirs.push(nginx_speed);
            ours.push(service_speed);
        }
    }
    let (ours, theirs) = (median(ours), median(theirs));
    Figure {
        name: "download of a sealed payload, service over nginx",
        value: ours / theirs,
        unit: "ratio",
        target: Target::AtLeast(0.7),
        detail: format!("{:.0} and {:.0} MB/s", ours / 1e6, theirs / 1e6),
    }
}

/// How fast it goes, in bytes a second.
fn download(url: &str, token: Option<&str>, expected: u64) -> f64 {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--fail", "--output", "/dev/null"]);
    curl.args(["--write-out", "%{size_download} %{time_total}"]);
    if let Some(token) = token {
        curl.args(["--header", &format!("Authorization: Bearer {token}")]);
    }
    let done = curl.arg(url).output().expect("curl is installed");
    assert!(done.status.success(), "curl: {}", String::from_utf8_lossy(&done.stderr));
    let text = String::from_utf8_lossy(&done.stdout);
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let [bytes, seconds] = numbers[..] else { panic!("curl writes two numbers, not {text}") };
    assert_eq!(bytes, expected as f64, "{url} has another length");
    bytes / seconds
}
