//! The memory of the process: how much of it the allocator keeps.

/// Settings of the GNU C library's allocator. By default, it keeps an arena for each thread, and
/// learns from large blocks to keep even larger ones, so that a run's memory grows with the account
/// although its data does not. In bytes, but for the number of arenas.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const SETTINGS: [(&str, &str); 3] = [
    ("MALLOC_ARENA_MAX", "2"),
    ("MALLOC_TRIM_THRESHOLD_", "262144"),
    ("MALLOC_MMAP_THRESHOLD_", "131072"),
];

/// Starts the program again in the same process, with settings that keep memory small. The
/// allocator reads them at the start of a process only, and has no safe function to set them.
///
/// Returns where they are set already, also by a user, and where the program cannot be started
/// again: it then runs with more memory.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn restart_with_small_arenas() {
    use std::os::unix::process::CommandExt;

    if SETTINGS.iter().any(|(name, _)| std::env::var_os(name).is_some()) {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let mut arguments = std::env::args_os();
    let mut command = std::process::Command::new(program);
    if let Some(name) = arguments.next() {
        command.arg0(name);
    }
    let error = command.args(arguments).envs(SETTINGS).exec();
    tracing::debug!(%error, "The program cannot be started again.");
}

/// Other allocators need no settings.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub const fn restart_with_small_arenas() {}
