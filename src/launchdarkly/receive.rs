//! Who takes a list's items while the rest is still on its way.

use crate::Result;

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
        Ok(())
    }

    fn restart(&mut self) {
        self.clear();
    }
}
