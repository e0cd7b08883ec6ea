//! Help and version go to standard output, once.

use tempfile::TempDir;

use crate::support::{binary, ended};

#[test]
fn help_and_version_are_printed_once() {
    let folder = TempDir::new().unwrap();
    let print = |argument: &str, format: &str| {
        let arguments = ["--error-format", format, argument];
        ended(binary(folder.path()).args(arguments).output().unwrap()).succeeded()
    };
    for format in ["text", "json"] {
        let version = print("--version", format);
        assert_eq!(version.stdout, concat!("flaglake ", env!("CARGO_PKG_VERSION"), "\n"));
        let help = print("--help", format);
        assert_eq!(help.stdout.matches("Usage:").count(), 1, "{}", help.stdout);
        assert_eq!((version.stderr, help.stderr), (String::new(), String::new()));
    }
}
