//! Who takes a list's items while the rest is still on its way.

use crate::error::Kind;
use crate::{Error, Result};

/// No page has more items; statuses, which come unpaged, are not kept in a `Vec`.
const MOST_ITEMS: usize = 100_000;

/// Takes a list's items as they arrive.
pub trait Receive<T>: Send {
    /// Takes the next items.
    fn receive(&mut self, items: Vec<T>) -> impl Future<Output = Result<()>> + Send;
    /// Forgets what was received: the request starts over.
    fn restart(&mut self);
}

impl<T: Send> Receive<T> for Vec<T> {
    async fn receive(&mut self, items: Vec<T>) -> Result<()> {
        self.extend(items);
        match self.len() > MOST_ITEMS {
            true => Err(too_many()),
            false => Ok(()),
        }
    }

    fn restart(&mut self) {
        self.clear();
    }
}

fn too_many() -> Error {
    let message = format!("unexpected response: a page of more than {MOST_ITEMS} items");
    Error::new(Kind::UnexpectedResponse, message)
        .hint("is `--base-uri` the address of LaunchDarkly's API?")
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn a_page_without_end_is_refused() {
        let mut items = vec![0u8; MOST_ITEMS - 1];
        assert!(items.receive(vec![0]).now_or_never().unwrap().is_ok());
        let error = items.receive(vec![0]).now_or_never().unwrap().unwrap_err();
        assert_eq!(error.kind(), Kind::UnexpectedResponse);
    }
}
