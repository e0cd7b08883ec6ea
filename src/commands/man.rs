//! `flaglake man`: the manual, one page for each command.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::schema::print;
use crate::Result;
use crate::cli::{Cli, ManArguments};
use crate::destinations::NewFile;
use crate::system::files;

/// The mode of a page. All users may read it, unlike the data.
const SHARED: u32 = 0o644;

/// Prints the page of `flaglake`, or writes the pages of all commands to a folder.
///
/// # Errors
/// When standard output or the folder cannot be written; a closed pipe is no error.
pub fn run(arguments: &ManArguments) -> Result<()> {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    match &arguments.output {
        Some(folder) => write_all(program, folder),
        None => {
            let (_, text) = page(program).map_err(|error| files::failed(Path::new("-"), &error))?;
            print(&text)
        }
    }
}

/// Writes the page of a command, and those of the commands that it has.
fn write_all(command: Command, folder: &Path) -> Result<()> {
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        write_all(inner.clone(), folder)?;
    }
    let (name, text) = page(command).map_err(|error| files::failed(folder, &error))?;
    let path = folder.join(name);
    write(&path, &text).map_err(|error| files::failed(&path, &error))
}

/// The name of a page's file, and the page.
fn page(command: Command) -> io::Result<(String, String)> {
    let page = Man::new(command).source(concat!("flaglake ", env!("CARGO_PKG_VERSION")));
    let mut text = Vec::new();
    page.render(&mut text)?;
    let text = String::from_utf8_lossy(&text).chars().map(ascii).collect();
    Ok((page.get_filename(), text))
}

/// A character as every version of troff reads it, whatever encoding it expects.
fn ascii(character: char) -> String {
    if character.is_ascii() {
        return character.to_string();
    }
    format!("\\[u{:04X}]", u32::from(character))
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let new = NewFile::beside(path)?;
    fs::write(&new.path, text)?;
    fs::set_permissions(&new.path, Permissions::from_mode(SHARED))?;
    new.take_place(path)
}
