//! Views as a part of the data dictionary.

use std::fmt::Write;

use super::markdown::push_columns;
use crate::model::view::{self, View};

/// Adds every view.
pub(super) fn push(page: &mut String) {
    page.push_str(
        "\n# Views that answer questions\n\nEach is a statement in [views/](views/). A Parquet extraction has them as \
         tables. \"Now\" is when the extraction started.\n\n| View | Question |\n| --- | --- |\n",
    );
    for view in view::all() {
        // Writing to a `String` cannot fail.
        let _ = writeln!(page, "| [{0}](#{0}) | {1} |", view.name, view.question);
    }
    view::all().iter().for_each(|view| push_view(page, view));
}

fn push_view(page: &mut String, view: &View) {
    let _ = writeln!(page, "\n## {}\n\n{} {}\n", view.name, view.question, view.definition);
    let _ = writeln!(page, "* Assumptions: {}", view.assumptions);
    let _ = writeln!(page, "* Source: {}", view.source);
    let _ = writeln!(page, "* One row per `{}`.", view.key.join("`, `"));
    let needs: Vec<_> = view.needs.iter().map(|need| need.text()).collect();
    if !needs.is_empty() {
        let _ = writeln!(page, "* Needs: {}.", needs.join(", "));
    }
    let _ = writeln!(page, "* Example: `{}`", view.example);
    push_columns(page, &view.columns);
}
