//! How much and how long (L1, L2, L6, R9), over real sockets, with limits small enough to wait for.

use std::io::Write as _;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tenantry::http::{Gate, Handler, Limits};
use tenantry::protocol::answer::Answer;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::sleep;

use crate::support::tokens::{Authority, KEY_ID, SERVICE_URL, SIGNER};
use crate::support::wire::{self, Running};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_785_585_600, 0).unwrap()
}

fn activity(text: &str) -> Vec<u8> {
    let activity = json!({
        "type": "message", "id": "1", "channelId": "msteams", "serviceUrl": SERVICE_URL, "text": text,
        "conversation": { "id": "a:1" },
    });
    activity.to_string().into_bytes()
}

fn bearer() -> &'static [u8] {
    static HEADER: LazyLock<String> =
        LazyLock::new(|| format!("authorization: Bearer {}", SIGNER.token(SERVICE_URL, now())));
    HEADER.as_bytes()
}

/// Short limits; every one that a test is not about is long enough not to meddle.
fn limits() -> Limits {
    Limits { connections: 64, in_work: 4, lull: Duration::ZERO, ..Limits::default() }
}

const SHORT: Duration = Duration::from_millis(200);

async fn start(handler: Handler, limits: Limits) -> Running {
    let authority = Authority::start(vec![SIGNER.jwk(KEY_ID)]).await;
    let trust = authority.trust();
    trust.refresh_if_due(now()).await;
    wire::start(Gate::Verified(trust), handler, limits, now()).await
}

/// Waits until released, or panics, or answers, as the text says.
fn obedient(release: Arc<Notify>) -> Handler {
    Arc::new(move |received| {
        let release = Arc::clone(&release);
        Box::pin(async move {
            match received.activity.text.as_deref() {
                Some("wait") => release.notified().await,
                Some("panic") => panic!("as told"),
                _ => {}
            }
            Answer::message("done")
        })
    })
}

/// How long it took until the server closed, and what it said.
async fn closed(mut stream: TcpStream) -> (Duration, wire::Heard) {
    let begun = Instant::now();
    let heard = wire::hear(&mut stream).await;
    (begun.elapsed(), heard)
}

#[tokio::test]
async fn sr_l1_bodies_have_a_size() {
    let (handler, reached) = wire::counting();
    let server = start(handler, Limits::default()).await;
    let sized = |bytes: usize| {
        let fill = activity("");
        let parts = ["a".repeat(60_000), "a".repeat(60_000), "a".repeat(60_000), "a".repeat(60_000)];
        let mut value: Value = serde_json::from_slice(&fill).unwrap();
        value["x"] = json!(parts);
        let mut body = value.to_string().into_bytes();
        assert!(body.len() < bytes);
        body.resize(bytes, b' ');
        body
    };
    let most = 256 * 1024;
    assert_eq!(wire::send(server.address, &wire::post(&[bearer()], &sized(most))).await.status, 200);
    assert_eq!(wire::send(server.address, &wire::post(&[bearer()], &sized(most + 1))).await.status, 413);

    // Announced only: refused before a byte of it is sent, or without any token before it is looked at.
    let announced = |token: &[u8]| {
        [b"POST /api/messages HTTP/1.1\r\nhost: bot\r\n", token, b"\r\ncontent-length: 99999999999\r\n\r\n"]
            .concat()
    };
    assert_eq!(wire::send(server.address, &announced(bearer())).await.status, 413);
    assert_eq!(wire::send(server.address, &announced(b"x: y")).await.status, 401);
    assert_eq!(reached.load(SeqCst), 1);
}

#[tokio::test]
async fn sr_l1_chunks_without_end_end() {
    let (handler, reached) = wire::counting();
    let server = start(handler, Limits::default()).await;
    let head = [
        b"POST /api/messages HTTP/1.1\r\nhost: bot\r\ntransfer-encoding: chunked\r\n",
        bearer(),
        b"\r\n\r\n",
    ];
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(&head.concat()).await.unwrap();
    let chunk = [b"1000\r\n".as_slice(), &[b' '; 0x1000], b"\r\n"].concat();
    let mut sent = 0;
    // The server stops reading after 256 KiB; the sockets hold some more.
    while sent < 64 * 1024 * 1024 {
        match tokio::time::timeout(Duration::from_secs(2), stream.write_all(&chunk)).await {
            Ok(Ok(())) => sent += chunk.len(),
            _ => break,
        }
    }
    assert!(sent < 16 * 1024 * 1024, "took {sent} bytes");
    assert_eq!(reached.load(SeqCst), 0);
    assert_eq!(server.counts.refused.load(SeqCst), 1);
}

#[tokio::test]
async fn sr_l1_only_plain_bodies() {
    let (handler, reached) = wire::counting();
    let server = start(handler, Limits::default()).await;
    for (encoding, status) in
        [("gzip", 415), ("br", 415), ("identity, gzip", 415), ("", 415), ("Identity", 200)]
    {
        let encoding = format!("content-encoding: {encoding}");
        let request = wire::post(&[bearer(), encoding.as_bytes()], &activity("help"));
        assert_eq!(wire::send(server.address, &request).await.status, status, "{encoding}");
    }
    let two =
        wire::post(&[bearer(), b"content-encoding: identity", b"content-encoding: gzip"], &activity("help"));
    assert_eq!(wire::send(server.address, &two).await.status, 415);
    assert_eq!(reached.load(SeqCst), 1);
}

#[tokio::test]
async fn sr_l1_bombs_of_json_are_refused_at_once() {
    let (handler, reached) = wire::counting();
    let server = start(handler, Limits::default()).await;
    let good = String::from_utf8(activity("help")).unwrap();
    let inner = &good[1..];
    let members: Vec<_> = (0..10_000).map(|i| format!("\"k{i}\":0")).collect();
    let members = members.join(",");
    for (name, body) in [
        ("10 000 deep", format!("{{\"x\":{}{},{inner}", "[".repeat(10_000), "]".repeat(10_000))),
        ("10 000 deep, open", format!("{{\"x\":{}", "{\"x\":".repeat(10_000))),
        ("long string", format!("{{\"x\":\"{}\",{inner}", "a".repeat(200_000))),
        ("many members", format!("{{\"x\":{{{members}}},{inner}")),
        ("twice the same key", format!("{{\"type\":\"invoke\",{inner}")),
        ("NUL", good.replace("help", "he\u{0}lp")),
        ("NUL in an id", good.replace("\"1\"", "\"\\u0000\"")),
        ("lone surrogate", good.replace("help", "\\udc00")),
    ] {
        let begun = Instant::now();
        let heard = wire::send(server.address, &wire::post(&[bearer()], body.as_bytes())).await;
        assert_eq!(heard.status, 400, "{name}");
        assert!(begun.elapsed() < Duration::from_secs(1), "{name}");
    }
    assert_eq!(reached.load(SeqCst), 0);
}

#[tokio::test]
async fn sr_l2_headers_have_a_time() {
    let (handler, _) = wire::counting();
    let server = start(handler, Limits { first_byte: SHORT, headers: SHORT * 2, ..limits() }).await;

    let silent = TcpStream::connect(server.address).await.unwrap();
    let (time, heard) = closed(silent).await;
    assert_eq!(heard.status, 0);
    assert!(time > SHORT / 10 * 9 && time < SHORT * 5, "no first byte: {time:?}");

    // A byte now and then does not buy more time.
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    let begun = Instant::now();
    while slow.write_all(b"P").await.is_ok() && begun.elapsed() < SHORT * 20 {
        sleep(SHORT / 8).await;
    }
    let time = begun.elapsed();
    assert!(time > SHORT / 10 * 19 && time < SHORT * 8, "slow headers: {time:?}");
}

#[tokio::test]
async fn sr_l2_bodies_have_a_time() {
    let (handler, reached) = wire::counting();
    let server = start(handler, Limits { body: SHORT, ..limits() }).await;
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    let request = wire::post(&[bearer()], &activity("help"));
    slow.write_all(&request[..request.len() - 1]).await.unwrap();
    let (time, heard) = closed(slow).await;
    assert_eq!(heard.status, 408);
    assert!(time > SHORT / 10 * 9 && time < SHORT * 5, "{time:?}");
    assert_eq!(reached.load(SeqCst), 0);

    // Without a token nobody waits for a body at all.
    let mut forger = TcpStream::connect(server.address).await.unwrap();
    let request = wire::post(&[b"authorization: Bearer a.b.c"], &activity("help"));
    forger.write_all(&request[..request.len() - 1]).await.unwrap();
    let (time, heard) = closed(forger).await;
    assert_eq!(heard.status, 401);
    assert!(time < SHORT / 2, "{time:?}");
}

#[tokio::test]
async fn sr_l2_idle_connections_end_and_used_ones_stay() {
    let (handler, reached) = wire::counting();
    let server =
        start(handler, Limits { first_byte: SHORT, headers: SHORT, idle: SHORT * 3, ..limits() }).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    for _ in 0..4 {
        stream.write_all(&wire::post(&[bearer()], &activity("help"))).await.unwrap();
        assert_eq!(wire::hear(&mut stream).await.status, 200);
        sleep(SHORT * 2).await;
    }
    assert_eq!(reached.load(SeqCst), 4, "idle longer than headers may take, on one connection");
    let (time, heard) = closed(stream).await;
    assert_eq!(heard.status, 0);
    assert!(time < SHORT * 5, "{time:?}");
}

#[tokio::test]
async fn sr_l2_connections_and_requests_have_a_number() {
    let release = Arc::new(Notify::new());
    let server =
        start(obedient(Arc::clone(&release)), Limits { connections: 8, in_work: 2, ..limits() }).await;
    let mut idle = Vec::new();
    for _ in 0..6 {
        idle.push(TcpStream::connect(server.address).await.unwrap());
    }
    let wait = wire::post(&[bearer()], &activity("wait"));
    let mut at_work = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(&wait).await.unwrap();
        at_work.push(stream);
    }
    while server.counts.received.load(SeqCst) < 2 {
        sleep(Duration::from_millis(5)).await;
    }
    let mut third = idle.pop().unwrap();
    third.write_all(&wait).await.unwrap();
    let heard = wire::hear(&mut third).await;
    assert_eq!(heard.status, 503, "too many requests");
    assert!(heard.head.contains("retry-after: 2"));

    let heard = wire::send(server.address, &wait).await;
    assert_eq!(heard.status, 503, "too many connections");
    assert!(heard.head.contains("retry-after: 2"));
    assert_eq!(server.counts.busy.load(SeqCst), 2);

    release.notify_waiters();
    for stream in &mut at_work {
        assert_eq!(wire::hear(stream).await.status, 200);
    }
    third.write_all(&wire::post(&[bearer()], &activity("help"))).await.unwrap();
    assert_eq!(wire::hear(&mut third).await.status, 200, "room again, on the same connection");
}

#[tokio::test]
async fn sr_l2_idle_sockets_keep_nobody_out() {
    let (handler, _) = wire::counting();
    let server = start(handler, Limits { connections: 200, first_byte: SHORT, ..limits() }).await;
    let mut idle = Vec::new();
    for _ in 0..400 {
        idle.push(TcpStream::connect(server.address).await.unwrap());
    }
    sleep(SHORT * 2).await;
    let begun = Instant::now();
    assert_eq!(wire::send(server.address, &wire::post(&[bearer()], &activity("help"))).await.status, 200);
    assert!(begun.elapsed() < SHORT, "{:?}", begun.elapsed());
    drop(idle);
}

#[tokio::test]
async fn sr_l2_a_slow_handler_is_not_waited_for_but_ends_its_work() {
    let release = Arc::new(Notify::new());
    let server =
        start(obedient(Arc::clone(&release)), Limits { request: SHORT, in_work: 1, ..limits() }).await;
    let heard = wire::send(server.address, &wire::post(&[bearer()], &activity("wait"))).await;
    assert_eq!(heard.status, 503);
    assert_eq!(server.counts.late.load(SeqCst), 1);
    let busy = wire::send(server.address, &wire::post(&[bearer()], &activity("help"))).await;
    assert_eq!(busy.status, 503, "its place is still taken");
    release.notify_one();
    sleep(SHORT / 4).await;
    assert_eq!(wire::send(server.address, &wire::post(&[bearer()], &activity("help"))).await.status, 200);
}

#[tokio::test]
async fn sr_l6_a_panic_is_caught_counted_and_answered() {
    let server = start(obedient(Arc::default()), limits()).await;
    let heard = wire::send(server.address, &wire::post(&[bearer()], &activity("panic"))).await;
    assert_eq!((heard.status, heard.body.as_slice()), (500, b"".as_slice()));
    assert_eq!(server.counts.panics.load(SeqCst), 1);
    let heard = wire::send(server.address, &wire::post(&[bearer()], &activity("help"))).await;
    assert_eq!(heard.status, 200);
    assert!(heard.head.contains("content-type: application/json"));
}

#[tokio::test]
async fn sr_r9_what_is_under_way_is_finished() {
    let release = Arc::new(Notify::new());
    let server = start(obedient(Arc::clone(&release)), Limits { finish: SHORT * 5, ..limits() }).await;
    let mut at_work = TcpStream::connect(server.address).await.unwrap();
    at_work.write_all(&wire::post(&[bearer()], &activity("wait"))).await.unwrap();
    let idle = TcpStream::connect(server.address).await.unwrap();
    while server.counts.received.load(SeqCst) < 1 {
        sleep(Duration::from_millis(5)).await;
    }
    server.stop.cancel();
    assert!(closed(idle).await.0 < SHORT, "idle connections end at once");
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody comes in any more");
    release.notify_one();
    assert_eq!(wire::hear(&mut at_work).await.status, 200);
    server.ended.await.unwrap().unwrap();
}

#[tokio::test]
async fn sr_r9_whoever_was_connected_before_the_stop_is_answered() {
    let (handler, _) = wire::counting();
    let server = start(handler, Limits { lull: Duration::ZERO, ..Limits::default() }).await;
    let request = wire::post(&[bearer()], &activity("help"));
    // Nothing is awaited here, so the server has no turn: the system shakes hands for it.
    let connect = |_| {
        let mut stream = std::net::TcpStream::connect(server.address).unwrap();
        stream.write_all(&request).unwrap();
        stream.set_nonblocking(true).unwrap();
        TcpStream::from_std(stream).unwrap()
    };
    let waiting: Vec<TcpStream> = (0..20).map(connect).collect();
    server.stop.cancel();
    for mut stream in waiting {
        assert_eq!(wire::hear(&mut stream).await.status, 200);
    }
    server.ended.await.unwrap().unwrap();
}

#[tokio::test]
async fn sr_r9_whoever_keeps_a_connection_is_told_before_it_is_closed() {
    let (handler, _) = wire::counting();
    let server = start(handler, Limits { lull: SHORT * 10, ..limits() }).await;
    let request = wire::post(&[bearer()], &activity("help"));
    let mut kept = TcpStream::connect(server.address).await.unwrap();
    kept.write_all(&request).await.unwrap();
    let before = wire::hear(&mut kept).await;
    assert!(before.status == 200 && !before.head.contains("connection: close"), "{before:?}");

    server.stop.cancel();
    let ready = wire::send(server.address, b"GET /readyz HTTP/1.1\r\nhost: bot\r\n\r\n").await;
    assert_eq!(ready.status, 503);
    kept.write_all(&request).await.unwrap();
    let last = wire::hear(&mut kept).await;
    assert!(last.status == 200 && last.head.contains("connection: close"), "{last:?}");
    assert_eq!(closed(kept).await.1.status, 0, "and nothing follows");
}

#[tokio::test]
async fn sr_r9_nobody_holds_the_end_up() {
    let server = start(obedient(Arc::default()), Limits { finish: SHORT, ..limits() }).await;
    let mut at_work = TcpStream::connect(server.address).await.unwrap();
    at_work.write_all(&wire::post(&[bearer()], &activity("wait"))).await.unwrap();
    while server.counts.received.load(SeqCst) < 1 {
        sleep(Duration::from_millis(5)).await;
    }
    let begun = Instant::now();
    server.stop.cancel();
    server.ended.await.unwrap().unwrap();
    assert!(begun.elapsed() >= SHORT && begun.elapsed() < SHORT * 4);
    assert_eq!(closed(at_work).await.1.status, 0);
}
