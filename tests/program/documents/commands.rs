//! Every command on a page has the result that the page shows.

use crate::support::Ended;
use crate::support::page::{self, Block};
use crate::support::place::{self, Place};
use crate::support::schedule;

#[test]
fn every_command_does_what_is_shown() {
    let place = Place::new();
    // `examples::every_example_is_code_of_the_file_that_it_names` compares the others.
    for name in page::names().iter().filter(|name| !page::is_example(name)) {
        run_page(&place, &page::blocks(name, &page::read(name)));
    }
}

/// Runs the blocks of a page in order, and compares what is shown after a command with its output.
fn run_page(place: &Place, blocks: &[Block]) {
    place.configure(None);
    let (mut ran, mut command) = (None, "");
    for (index, block) in blocks.iter().enumerate() {
        let fails = blocks.get(index + 1).is_some_and(|next| next.language == "json");
        match block.language.as_str() {
            "sh" => ran = place.run_commands(block, fails),
            "python" => ran = place.run_python(block),
            shown @ ("text" | "json") => compare(ran.as_ref(), block, command, shown),
            _ => check(place, block),
        }
        if !matches!(block.language.as_str(), "text" | "json") {
            command = &block.language;
        }
    }
}

/// Compares what is shown after a block in the language `command`.
fn compare(ran: Option<&Ended>, block: &Block, command: &str, shown: &str) {
    match (shown, command) {
        // `queries::every_query_is_answered_as_shown` compares it.
        ("text", "sql") => {}
        ("text", "sh" | "python") => place::compare_output(ran, block),
        ("json", "sh") => place::compare_error(ran, block),
        _ => panic!("{block}: `{shown}` follows `{command}`, which has no output"),
    }
}

/// Checks a block that has no output of its own.
fn check(place: &Place, block: &Block) {
    match block.language.as_str() {
        "toml" => place.configure(Some(block.body.clone())),
        "tree" => place.look_for_files(block),
        "crontab" | "ini" | "yaml" => schedule::check(place, block),
        // `queries::every_query_is_answered_as_shown` runs it.
        "sql" => {}
        language => panic!("{block}: this test does not know what to do with `{language}`"),
    }
}
