//! The client of LaunchDarkly's REST API: everything about HTTP, nothing about tables.
//!
//! * [`token`] and [`identity`]: the access token, and the account that it belongs to.
//! * [`instance`]: the address of the API.
//! * [`request`]: a request and its retry safety; [`reply`]: a whole answer.
//! * [`client`]: sends requests, with retries; `attempt` makes one attempt.
//! * [`headers`]: what an answer's headers say about rate limits.
//! * [`limiter`]: decides when a request may be sent.
//! * [`retry`]: decides which failures are followed by another attempt; `error_response` reads the
//!   answers that report a failure.
//! * [`trouble`]: the failures that a command gives advice on.
//! * [`writes`]: requests that change something.
//! * [`json_stream`]: the items of a list while it arrives; `links` checks the link to the next
//!   page.
//! * [`pages`]: a list of several pages, for all who read one without walking it twice.
//! * [`lenient`]: fields that may be of another type than documented.

mod attempt;
pub mod client;
mod error_response;
pub mod headers;
pub mod identity;
pub mod instance;
pub mod json_stream;
pub mod lenient;
pub mod limiter;
mod links;
pub mod pages;
pub mod reply;
pub mod request;
pub mod retry;
pub mod token;
pub mod trouble;
pub mod writes;

pub use client::{Client, ClientOptions};
pub use json_stream::Receive;
pub use pages::Pages;
pub use reply::Reply;
pub use request::{Endpoint, Request};
pub use token::Token;
pub use trouble::Trouble;
