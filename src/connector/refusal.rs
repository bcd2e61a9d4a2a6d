//! Why a request is not from Teams (A2 to A12): a closed list, for the log and for the tests.

use crate::protocol::body::BodyError;

/// The first check that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// No `Authorization` header (A2).
    #[error("A2 no authorization")]
    NoAuthorization,
    /// More than one `Authorization` header (A2).
    #[error("A2 two authorizations")]
    TwoAuthorizations,
    /// Longer than 16 KiB (A2).
    #[error("A2 too long")]
    TooLong,
    /// Not `Bearer`, one space, a token (A2).
    #[error("A2 scheme")]
    Scheme,
    /// Not three parts of base64url without padding (A2).
    #[error("A2 shape")]
    Shape,
    /// The JOSE header is no JSON object, or has a member twice (A3).
    #[error("A3 header")]
    Header,
    /// Signed otherwise than with RS256 (A3).
    #[error("A3 algorithm")]
    Algorithm,
    /// Demands that we understand an extension (A3).
    #[error("A3 critical")]
    Critical,
    /// The header names no key (A4).
    #[error("A4 no key id")]
    NoKeyId,
    /// The channel has published no usable key of that name (A4).
    #[error("A4 unknown key")]
    UnknownKey,
    /// We hold no keys, or only such as are too old (A13).
    #[error("A13 no keys")]
    NoKeys,
    /// The signature is not that of these bytes (A5).
    #[error("A5 signature")]
    Signature,
    /// The claims are no JSON object, or have a member twice (A6).
    #[error("A6 claims")]
    Claims,
    /// Another issuer, or none, or no string (A6).
    #[error("A6 issuer")]
    Issuer,
    /// For another app, or for none, or no string (A6).
    #[error("A6 audience")]
    Audience,
    /// `exp` is absent, or `exp` or `nbf` is no time, or they are in the wrong order (A7).
    #[error("A7 times")]
    Times,
    /// No longer valid (A7).
    #[error("A7 expired")]
    Expired,
    /// Not yet valid (A7).
    #[error("A7 not yet valid")]
    NotYetValid,
    /// The body is no activity (A8, L1).
    #[error("A8 body: {0}")]
    Body(#[from] BodyError),
    /// From a channel that is not configured (A8).
    #[error("A8 channel")]
    Channel,
    /// The signing key may not speak for that channel (A9).
    #[error("A9 endorsement")]
    Endorsement,
    /// The token or the body names no service address (A10).
    #[error("A10 no service address")]
    NoServiceUrl,
    /// Token and body name different service addresses (A10).
    #[error("A10 two service addresses")]
    TwoServiceUrls,
    /// The service address is not on the allow-list (A10, N1).
    #[error("A10 service address")]
    ServiceUrl,
}

impl Refusal {
    /// The HTTP status (A12): 401 "who are you", 403 "you may not say this", 400, or 503 without keys.
    pub fn status(self) -> u16 {
        match self {
            Self::NoKeys => 503,
            Self::Body(_) => 400,
            Self::Channel
            | Self::Endorsement
            | Self::NoServiceUrl
            | Self::TwoServiceUrls
            | Self::ServiceUrl => 403,
            _ => 401,
        }
    }
}
