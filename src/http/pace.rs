//! How long one connection may take for what it is at (L2).
//!
//! hyper has one timer, which runs from the end of one request to the end of the next one's headers. Waiting and
//! sending slowly are different things, so they are told apart here, by watching the bytes.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

use super::Limits;

/// What a connection is at, and until when.
#[derive(Debug)]
pub(super) struct Pace {
    at: Mutex<At>,
    headers: Duration,
    idle: Duration,
}

#[derive(Debug, Clone, Copy)]
enum At {
    /// Nothing of a request has come.
    Waiting(Instant),
    /// The headers are coming.
    Headers(Instant),
    /// The request is being answered; other limits hold there.
    Work,
}

/// A connection whose bytes are watched.
#[derive(Debug)]
pub(super) struct Watched {
    pub stream: TcpStream,
    pub pace: Arc<Pace>,
}

impl Pace {
    /// A connection that has just been made.
    pub fn new(limits: &Limits) -> Self {
        let at = Mutex::new(At::Waiting(Instant::now() + limits.first_byte));
        Self { at, headers: limits.headers, idle: limits.idle }
    }

    /// A request is complete up to its headers.
    pub fn begin(&self) {
        self.set(At::Work);
    }

    /// Its answer is ready to be sent.
    pub fn end(&self) {
        self.set(At::Waiting(Instant::now() + self.idle));
    }

    /// Returns when the connection has taken too long.
    pub async fn overdue(&self) {
        loop {
            // The deadline may come nearer while we sleep, so we look again five times in the shortest span.
            let look = Instant::now() + self.headers / 5;
            let deadline = match self.at() {
                At::Waiting(until) | At::Headers(until) if until <= Instant::now() => return,
                At::Waiting(until) | At::Headers(until) => until.min(look),
                At::Work => look,
            };
            sleep_until(deadline).await;
        }
    }

    fn bytes_came(&self) {
        if matches!(self.at(), At::Waiting(_)) {
            self.set(At::Headers(Instant::now() + self.headers));
        }
    }

    fn at(&self) -> At {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, at: At) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        if buf.filled().len() > before {
            self.pace.bytes_came();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
