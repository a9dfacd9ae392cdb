//! Connections: the service over a real socket, where bytes are cut off and what comes may be no request.

use std::{net::SocketAddr, num::NonZeroUsize, time::Duration};

use marketplace_api::server;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_util::sync::CancellationToken;

use crate::common::{Package, Service};

/// The service on a real socket.
async fn listen(
    service: &Service,
) -> (SocketAddr, CancellationToken, tokio::task::JoinHandle<std::io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let cancel = CancellationToken::new();
    let task =
        tokio::spawn(server::serve(listener, service.router.clone(), NonZeroUsize::MAX, cancel.clone()));
    (address, cancel, task)
}

async fn read_answer(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await.unwrap().unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn an_upload_that_was_cut_off_goes_on_where_it_stopped() {
    let service = Service::new().await;
    let (_, token) = service.signed_in(1).await;
    let (address, cancel, task) = listen(&service).await;
    let package = Package::new(5_000_000, 1);
    let path = service.begin(&token, &package).await.header("location");
    let length = package.bytes.len();

    let mut offset = 0;
    for part in [1, 70_000, 2_000_000] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "PATCH {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ntus-resumable: 1.0.0\r\n\
             content-type: application/offset+octet-stream\r\nupload-offset: {offset}\r\ncontent-length: {}\r\n\r\n",
            length - offset
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&package.bytes[offset..offset + part]).await.unwrap();
        stream.flush().await.unwrap();
        drop(stream);
        // What arrived is kept. The service needs a moment to see that the connection is gone.
        let wanted = offset + part;
        for _ in 0..200 {
            offset = service.upload_head(&token, &path).await.header("upload-offset").parse().unwrap();
            if offset == wanted {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(offset, wanted);
    }
    // A connection that hangs gives way to the next one.
    let mut hanging = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ntus-resumable: 1.0.0\r\n\
         content-type: application/offset+octet-stream\r\nupload-offset: {offset}\r\ncontent-length: {}\r\n\r\nab",
        length - offset
    );
    hanging.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let taken_over = service.patch(&token, &path, offset, &package.bytes[offset..]).await;
    let again = match taken_over.status {
        409 => taken_over.header("upload-offset").parse().unwrap(),
        other => panic!("{other}: {}", taken_over.text()),
    };
    // The hanging one had sent two wrong bytes: the whole is refused and nothing is published.
    service.patch(&token, &path, again, &package.bytes[again..]).await.is_problem(422, "root-mismatch");
    drop(hanging);
    service.upload(&token, &package).await;
    assert_eq!(service.download(&token, &package, &[]).await.body, package.bytes);
    cancel.cancel();
    task.await.unwrap().unwrap();
}

#[tokio::test]
async fn downloads_over_a_socket_have_their_length_and_stop_with_the_reader() {
    let service = Service::new().await;
    let (_, token) = service.signed_in(1).await;
    let (address, cancel, task) = listen(&service).await;
    let package = Package::new(9_000_000, 1);
    service.upload(&token, &package).await;
    let ask = |range: &str| {
        format!(
            "GET /v1/payloads/{} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n{range}connection: close\r\n\r\n",
            package.sealed_root
        )
    };
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(ask("").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let split = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    let head = String::from_utf8_lossy(&answer[..split]).to_lowercase();
    assert!(head.contains(&format!("content-length: {}", package.bytes.len())), "{head}");
    assert!(!head.contains("transfer-encoding"), "{head}");
    assert_eq!(&answer[split..], package.bytes);

    // A reader that goes away in the middle, many times over.
    for _ in 0..20 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(ask("range: bytes=1-\r\n").as_bytes()).await.unwrap();
        let mut some = [0; 1000];
        stream.read_exact(&mut some).await.unwrap();
    }
    cancel.cancel();
    tokio::time::timeout(Duration::from_secs(15), task).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn malformed_requests_do_no_harm() {
    let service = Service::new().await;
    let (address, cancel, task) = listen(&service).await;
    let long = format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "a".repeat(300_000));
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "a: b\r\n".repeat(100));
    for bad in ["\0\0\0\0\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "PUT\r\n\r\n", &long, &many] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let _ = stream.write_all(bad.as_bytes()).await;
        let mut some = [0; 64];
        let read = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut some)).await.unwrap();
        if let Ok(read) = read {
            let answer = String::from_utf8_lossy(&some[..read]).into_owned();
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
        }
    }
    // What is no request is answered with a problem too.
    for (bad, status, slug) in [
        ("PUT\r\n\r\n", 400, "malformed-request"),
        ("GET / HTTP/1.1\r\nho st: x\r\n\r\n", 400, "malformed-request"),
        (many.as_str(), 431, "headers-too-large"),
    ] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(bad.as_bytes()).await.unwrap();
        let answer = read_answer(&mut stream).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("application/problem+json"), "{answer}");
        let problem: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(problem["type"], format!("urn:wonbon:problem:{slug}"));
    }
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /v1/offers HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    assert!(read_answer(&mut stream).await.starts_with("HTTP/1.1 200"));
    cancel.cancel();
    task.await.unwrap().unwrap();
}
