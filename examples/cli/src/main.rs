//! The command-line program: it opens inputs, feeds them to the library and prints its reports.

mod arguments;
mod catalogue;
mod input;
mod print;
mod run;
mod unpack;

use arguments::{Arguments, Command};
use clap::Parser as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

/// How a run ended, as an exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ending {
    /// Read, and no gateway failure found.
    Clean = 0,
    /// Failures found.
    Failures = 1,
    /// Usage, or input that could not be read.
    Trouble = 2,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ended = match &arguments.command {
        Some(Command::Explain(explain)) => catalogue::explain(explain, look(&arguments)),
        Some(Command::List(list)) => catalogue::list(list),
        Some(Command::Completions { shell }) => catalogue::completions(*shell),
        Some(Command::Man) => catalogue::man(),
        None => run::run(&arguments.read, look(&arguments)),
    };
    match ended {
        Ok(ending) => ExitCode::from(ending as u8),
        // Whoever read our output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("the output cannot be written: {error}"));
            ExitCode::from(Ending::Trouble as u8)
        }
    }
}

/// Says on stderr what went wrong. What strangers wrote into a name or a line is escaped.
fn complain(what: &dyn std::fmt::Display) {
    let text = what.to_string();
    let _ = writeln!(io::stderr(), "why502: {}", why502::report::escape::terminal(&text));
}

/// Colours on a terminal only, and not where `NO_COLOR` says so (<https://no-color.org>).
fn look(arguments: &Arguments) -> why502::report::Look {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let colour = io::stdout().is_terminal() && !refused;
    let width = terminal_size::terminal_size().map_or(100, |(width, _)| width.0.clamp(40, 120));
    why502::report::Look::default().colour(colour).all(arguments.read.verbose).width(width.into())
}
