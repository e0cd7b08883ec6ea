//! Checks commands of `docker` on a page. They are not run: most machines that run the tests have no
//! Docker daemon, and an image takes minutes to build.

use crate::support::page::Block;
use crate::support::schedule::understand;

/// The image's name on the pages.
const IMAGE: &str = " flaglake ";

/// Whether a block runs Docker; flaglake understands what each container runs.
pub fn check(block: &Block) -> bool {
    if !block.body.starts_with("docker ") {
        return false;
    }
    for command in block.body.replace("\\\n", " ").lines() {
        if command.starts_with("docker run ") {
            let (_, arguments) = command.split_once(IMAGE).unwrap_or_else(|| {
                panic!("{block}: `{command}` runs no image called{IMAGE}with arguments")
            });
            understand(arguments, block);
        }
    }
    true
}
