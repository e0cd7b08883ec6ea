//! Reads the items of a list one by one while its body is still arriving.

pub(super) mod defect;
mod envelope;
pub mod page;
pub mod receive;
mod scanner;

pub use defect::Defect;
pub use page::{End, Link, PageReader, decode};
pub use receive::Receive;
