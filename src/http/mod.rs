//! Bytes to activity and answer to bytes: who is calling, and how much they may send.
