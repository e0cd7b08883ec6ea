//! What a terminal shows of a command.

use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::process::Command;

use nix::pty::Winsize;

use super::ended;

/// What a terminal with this many columns shows of a command that succeeds. `attach` gives the
/// terminal to one of the command's streams.
pub fn shown(
    mut command: Command,
    columns: u16,
    attach: impl FnOnce(&mut Command, OwnedFd),
) -> String {
    let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    let terminal = nix::pty::openpty(Some(&size), None).unwrap();
    attach(&mut command, terminal.slave);
    let child = command.spawn().unwrap();
    // Its own handle of the terminal would keep the terminal open.
    drop(command);
    let mut bytes = Vec::new();
    // The end of a terminal is an error.
    let _ = File::from(terminal.master).read_to_end(&mut bytes);
    ended(child.wait_with_output().unwrap()).succeeded();
    String::from_utf8(bytes).unwrap()
}
