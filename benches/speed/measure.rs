//! Processor time, memory and bytes written, as the system counts them.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

use crate::Result;

/// The first argument of a process that only runs another one and measures it.
///
/// The peak of a process that was just started counts what its parent held then, and the parent
/// is a server with a large account. A relay uses almost no memory.
pub const FLAG: &str = "--measure";

/// The resources that a process used.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    pub processor: Duration,
    pub wall: Duration,
    /// Peak memory, in bytes.
    pub peak: u64,
    /// Bytes given to `write` and its like: to files on disk and in memory, and to sockets.
    pub written: u64,
}

/// Runs `command` through a relay.
pub fn run(command: &Command) -> Result<Usage> {
    let mut relay = Command::new(std::env::current_exe()?);
    relay.env_clear().arg(FLAG).arg(command.get_program()).args(command.get_args());
    relay.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = relay.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{command:?} failed").into());
    }
    let text = String::from_utf8(output.stdout)?;
    let figures: Vec<u64> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let [processor, wall, peak, written] = figures[..] else { return Err(text.into()) };
    let time = Duration::from_micros;
    Ok(Usage { processor: time(processor), wall: time(wall), peak: peak * 1024, written })
}

/// The relay itself: prints processor and elapsed time in microseconds, peak memory in KiB, and
/// bytes written.
pub fn relay(command: &[String]) -> Result {
    let [program, arguments @ ..] = command else { return Err("nothing to measure".into()) };
    let before = written()?;
    let started = Instant::now();
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).status()?;
    let wall = started.elapsed();
    let processor = processor_time(UsageWho::RUSAGE_CHILDREN)?;
    let peak = getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss();
    // The system adds the figures of a child that has ended to those of its parent.
    let written = written()? - before;
    println!("{} {} {peak} {written}", processor.as_micros(), wall.as_micros());
    if status.success() { Ok(()) } else { Err(status.to_string().into()) }
}

/// The bytes that this process and its ended children have written.
fn written() -> Result<u64> {
    let figures = std::fs::read_to_string("/proc/self/io")?;
    let figure = figures.lines().find_map(|line| line.strip_prefix("wchar: "));
    Ok(figure.ok_or("/proc/self/io has no wchar")?.parse()?)
}

/// The processor time that `work` takes on this thread.
pub fn on_this_thread<T>(work: impl FnOnce() -> Result<T>) -> Result<(Duration, T)> {
    let before = processor_time(UsageWho::RUSAGE_THREAD)?;
    let outcome = work()?;
    Ok((processor_time(UsageWho::RUSAGE_THREAD)? - before, outcome))
}

fn processor_time(who: UsageWho) -> Result<Duration> {
    let usage = getrusage(who)?;
    let (user, system) = (usage.user_time(), usage.system_time());
    let seconds = u64::try_from(user.tv_sec() + system.tv_sec())?;
    let microseconds = u64::try_from(user.tv_usec() + system.tv_usec())?;
    Ok(Duration::from_secs(seconds) + Duration::from_micros(microseconds))
}

/// The least of several measurements: other processes disturbed it least.
pub fn least(runs: usize, mut measure: impl FnMut() -> Result<Duration>) -> Result<Duration> {
    let measured: Vec<_> = (0..runs).map(|_| measure()).collect::<Result<_>>()?;
    measured.into_iter().min().ok_or_else(|| "no runs".into())
}
