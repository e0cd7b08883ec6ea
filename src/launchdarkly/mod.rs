//! LaunchDarkly's REST API: everything about HTTP, nothing about tables.
//!
//! * [`token`]: the access token, and how it stays secret.
//! * [`instance`]: where the API is.
//! * [`request`]: what is asked.
//! * [`client`]: asking, with retries.
//! * `attempt` and `refusal`: asking once.
//! * [`limiter`]: when not to ask; it decides by what is in [`headers`], with the help of `clock`
//!   (the server's), `ledger` (what is left of a budget), `stop` (nothing at all) and
//!   `concurrency` (how many at once).
//! * [`failure`]: which failures are worth another attempt.
//! * [`page`] and [`receive`]: lists as they arrive; `links` around them; a body may have a `defect`.
//! * [`identity`]: who is asking.

mod attempt;
pub mod client;
pub mod error_response;
pub mod headers;
pub mod identity;
pub mod instance;
pub mod json_stream;
pub mod lenient;
pub mod limiter;
mod links;
pub mod request;
pub mod retry;
pub mod token;

pub use client::{Client, ClientOptions};
pub use json_stream::Receive;
pub use request::Request;
pub use token::Token;
