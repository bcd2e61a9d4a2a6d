//! Who is calling: the channel, by its token, or in the local demo anybody on this machine (A2 to A11).

use std::io;
use std::net::SocketAddr;

use chrono::{DateTime, Utc};
use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;

use super::error::Error;
use crate::connector::refusal::Refusal;
use crate::connector::service_url::ServiceOrigins;
use crate::connector::token::{Token, VerifiedToken, bearer};
use crate::connector::trust::{ChannelIdentity, Trust};
use crate::protocol::activity::Activity;

/// The one way in.
#[derive(Debug)]
pub enum Gate {
    /// Activities with a token of the channel.
    Verified(Trust),
    /// Activities without a token, on this machine only. See [`Gate::demo`].
    Demo(Demo),
}

/// A gate without a lock; only [`Gate::demo`] makes one.
#[derive(Debug)]
pub struct Demo {
    origins: ServiceOrigins,
}

/// The demo was asked to be reachable from elsewhere, or to send elsewhere (A11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the demo listens and answers on this machine only")]
pub struct NotLocal;

/// What the headers of a request have shown.
#[derive(Debug)]
pub(super) enum Shown {
    Token(VerifiedToken),
    Nothing,
}

impl Gate {
    /// The gate of the local demo, whose channel sends no token (A11).
    ///
    /// # Errors
    /// [`NotLocal`]: `listen` or one of `origins` is not on this machine.
    pub fn demo(listen: SocketAddr, origins: ServiceOrigins) -> Result<Self, NotLocal> {
        let local = listen.ip().is_loopback() && origins.are_local();
        if local { Ok(Self::Demo(Demo { origins })) } else { Err(NotLocal) }
    }

    /// Whether this gate may stand open at `address` (A11): asked again for the address that was really bound.
    pub(super) fn may_stand_at(&self, address: SocketAddr) -> io::Result<()> {
        match self {
            Self::Demo(_) if !address.ip().is_loopback() => Err(io::Error::other(NotLocal)),
            Self::Demo(_) | Self::Verified(_) => Ok(()),
        }
    }

    /// Looks at the headers alone (A2 to A7).
    pub(super) async fn look(&self, headers: &HeaderMap, now: DateTime<Utc>) -> Result<Shown, Error> {
        let Self::Verified(trust) = self else { return Ok(Shown::Nothing) };
        let values = headers.get_all(AUTHORIZATION).iter().map(hyper::header::HeaderValue::as_bytes);
        let token = bearer(values).and_then(Token::parse).map_err(Error::from)?;
        let verified = trust.verify(&token, now).await;
        verified.map(Shown::Token).map_err(|reason| Error::refused(reason, token.key_id()))
    }

    /// Looks at the body (A8 to A10).
    pub(super) fn pass(&self, shown: &Shown, activity: &Activity) -> Result<ChannelIdentity, Error> {
        match (self, shown) {
            (Self::Verified(trust), Shown::Token(token)) => Ok(trust.vouch(token, activity)?),
            (Self::Demo(demo), _) => {
                let url = activity.service_url.as_deref().ok_or(Refusal::NoServiceUrl)?;
                let url = demo.origins.check(url).map_err(|_| Refusal::ServiceUrl)?;
                Ok(ChannelIdentity::of_demo(url, activity.base_channel()))
            }
            (Self::Verified(_), Shown::Nothing) => Err(Refusal::NoAuthorization.into()),
        }
    }
}
