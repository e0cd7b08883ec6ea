//! The receiver of a list's items while the rest is still arriving.

use crate::error::Kind;
use crate::{Error, Result};

/// The most items of a page. Flag statuses, which are not paged, are not collected in a `Vec`.
const MOST_ITEMS: usize = 100_000;

/// Receives a list's items as they arrive.
pub trait Receive<T>: Send {
    /// Takes the next items.
    ///
    /// # Errors
    /// An error ends the request, unless the body turns out not to be JSON.
    fn receive(&mut self, items: Vec<T>) -> impl Future<Output = Result<()>> + Send;
    /// Drops all items: the request is sent again.
    fn restart(&mut self);
}

impl<T: Send> Receive<T> for Vec<T> {
    async fn receive(&mut self, items: Vec<T>) -> Result<()> {
        self.extend(items);
        if self.len() > MOST_ITEMS { Err(too_many()) } else { Ok(()) }
    }

    fn restart(&mut self) {
        self.clear();
    }
}

fn too_many() -> Error {
    let message = format!("unexpected response: a page of more than {MOST_ITEMS} items");
    Error::new(Kind::UnexpectedResponse, message)
        .hint("is LaunchDarkly's API at the configured address?")
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn a_page_with_too_many_items_is_refused() {
        let mut items = vec![0u8; MOST_ITEMS - 1];
        assert!(items.receive(vec![0]).now_or_never().unwrap().is_ok());
        let error = items.receive(vec![0]).now_or_never().unwrap().unwrap_err();
        assert_eq!(error.kind(), Kind::UnexpectedResponse);
    }
}
