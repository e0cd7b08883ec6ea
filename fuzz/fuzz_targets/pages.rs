//! Any bytes as a page of every resource: no panic, and no more rows than the bytes account for.
//!
//! A fixture is an input as it is: `cargo +nightly fuzz run pages fuzz/corpus/pages fixtures`.
#![no_main]

#[path = "../../tests/support/feed.rs"]
mod feed;

use std::cell::RefCell;

use flaglake::resources;
use libfuzzer_sys::fuzz_target;

thread_local! {
    static WRITER: RefCell<feed::LakeWriter<'static>> =
        RefCell::new(Box::leak(Box::new(feed::Lake::new())).writer());
}

fuzz_target!(|body: &[u8]| {
    // Small pieces or large ones: the same input gives the same always.
    let piece = 1 + body.len() % 97;
    for resource in resources::ALL {
        feed::count(*resource, body, piece);
        WRITER.with_borrow_mut(|writer| writer.take(*resource, body, piece));
    }
});
