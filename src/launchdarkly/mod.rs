//! LaunchDarkly's REST API: everything about HTTP, nothing about tables.
//!
//! * [`token`]: the access token, and how it stays secret.
//! * [`instance`]: where the API is.
//! * [`request`]: what is asked.
//! * [`client`]: asking, with retries.
//! * [`limiter`] and [`headers`]: when not to ask.
//! * [`failure`]: which failures are worth another attempt.
//! * [`page`] and [`receive`]: lists as they arrive.
//! * [`identity`]: who is asking.

pub mod client;
pub mod failure;
pub mod headers;
pub mod identity;
pub mod instance;
pub mod limiter;
pub mod page;
pub mod receive;
pub mod request;
mod scanner;
pub mod token;

pub use client::{Client, ClientOptions};
pub use receive::Receive;
pub use request::Request;
pub use token::Token;
