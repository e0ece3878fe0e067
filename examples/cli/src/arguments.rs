//! What can be typed: the definitions that parse, and that completions and the manual are made of.

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::PathBuf;

/// Reads gateway logs and says what failed, why, and what to do.
///
/// Without a subcommand it reads FILEs (or standard input) and prints a summary: how much was
/// read, what failed, the most likely cause first with its evidence, what to check, what to change.
///
/// Exit status: 0 read and no gateway failure found, 1 failures found, 2 usage or unreadable input.
#[derive(Debug, Parser)]
#[command(name = "why502", version, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) read: Read,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Reading logs.
#[derive(Debug, Args)]
pub(crate) struct Read {
    /// Logs, HTTP archives (HAR) and reports of browsers, plain or packed with gzip or zstd; `-` or
    /// nothing is standard input. Several are merged by time, in whichever order they are named
    pub(crate) files: Vec<PathBuf>,

    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    /// One diagnosis for each exchange that did not end well, instead of the summary: failures, and
    /// those that the client or a policy ended
    #[arg(long, conflicts_with = "single")]
    pub(crate) each: bool,

    /// All input is evidence about one exchange: exactly one diagnosis
    #[arg(long)]
    pub(crate) single: bool,

    /// Whose words to read; `auto` finds out
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = dialects())]
    pub(crate) dialect: String,

    /// What a file is, where its content does not tell: gateway-log, har, or with --single also
    /// headers (or a whole raw response) and body
    #[arg(long = "kind", value_name = "FILE=KIND", value_parser = kind, allow_hyphen_values = true)]
    pub(crate) kinds: Vec<(PathBuf, Kind)>,

    /// The time zone of logs that name none: `Europe/Paris`, `+02:00`
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    pub(crate) zone: Option<why502::reader::Zone>,

    /// Print every cause, check and remedy, and on stderr each line that is not understood
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

/// Everything that does not read logs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Tell all about a fault or a cause
    Explain(Explain),
    /// Name the dialects, faults or causes
    List(List),
    /// Print a completion script
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// `why502 explain`.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The id of a fault or cause
    #[arg(required_unless_present = "all", value_parser = Id, hide_possible_values = true)]
    pub(crate) id: Option<String>,
    /// Every fault and cause
    #[arg(long, conflicts_with = "id")]
    pub(crate) all: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = PageFormat::Text)]
    pub(crate) format: PageFormat,
}

/// `why502 list`.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// What to name
    #[arg(value_enum)]
    pub(crate) what: Listed,
}

/// What `why502 list` names.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Listed {
    /// What can be read
    Dialects,
    /// What can fail
    Faults,
    /// Why it can
    Causes,
}

/// The shape of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, at a terminal
    Text,
    /// For programs, indented
    Json,
    /// For programs, one object a line
    Ndjson,
    /// For tickets
    Markdown,
    /// For pages
    Html,
}

/// The shape of an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    /// For people, at a terminal
    Text,
    /// For pages and tickets
    Markdown,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Log of the gateway
    GatewayLog,
    /// Log of an upstream
    BackendLog,
    /// Response headers, or a whole raw response
    Headers,
    /// Response body
    Body,
    /// HTTP archive
    Har,
    /// Metrics
    Metrics,
    /// Events of a platform
    Events,
    /// Status page of a provider
    StatusPage,
}

/// The dialects as clap checks them: a mistyped one is answered with the nearest.
fn dialects() -> clap::builder::PossibleValuesParser {
    let known = why502::dialects::DIALECTS.iter().map(|dialect| dialect.name);
    std::iter::once("auto").chain(known).collect::<Vec<_>>().into()
}

/// Takes any id, so that a wrong one is answered in our words, and names the known ones to shells.
#[derive(Clone)]
struct Id;

impl TypedValueParser for Id {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let ids = why502::Fault::ALL.iter().map(|fault| fault.id());
        let ids: BTreeSet<_> =
            ids.chain(why502::Cause::ALL.iter().map(|cause| cause.id())).collect();
        Some(Box::new(ids.into_iter().map(PossibleValue::new)))
    }
}

fn kind(text: &str) -> Result<(PathBuf, Kind), String> {
    let (file, kind) =
        text.rsplit_once('=').ok_or_else(|| format!("expected FILE=KIND, found \"{text}\""))?;
    let kind = Kind::from_str(kind, false).map_err(|_| {
        let known: Vec<String> = Kind::value_variants()
            .iter()
            .filter_map(|kind| kind.to_possible_value())
            .map(|value| value.get_name().to_owned())
            .collect();
        format!("there is no kind \"{kind}\"; expected one of {}", known.join(", "))
    })?;
    Ok((file.into(), kind))
}

/// An IANA name, or an offset such as `+02:00`.
fn zone(text: &str) -> Result<why502::reader::Zone, String> {
    let expected =
        || format!("there is no zone \"{text}\"; expected a name such as Europe/Paris, or +02:00");
    let zone = match jiff::fmt::strtime::parse("%:z", text) {
        Ok(parsed) => parsed.offset().map(jiff::tz::TimeZone::fixed),
        Err(_) => jiff::tz::TimeZone::get(text).ok(),
    };
    let zone = zone.ok_or_else(expected)?;
    Ok(why502::reader::Zone::new(move |at| {
        let civil = jiff::Timestamp::from_millisecond(at.local_millis())
            .map(|moment| jiff::tz::TimeZone::UTC.to_datetime(moment));
        let offset = civil.and_then(|civil| zone.to_ambiguous_zoned(civil).compatible());
        let minutes = offset.map(|zoned| zoned.offset().seconds() / 60).unwrap_or(0);
        i16::try_from(minutes).unwrap_or(0)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_hold_together() {
        <Arguments as clap::CommandFactory>::command().debug_assert();
    }

    #[test]
    fn kinds_and_zones_are_read() {
        assert_eq!(kind("a=b.log=headers"), Ok(("a=b.log".into(), Kind::Headers)));
        assert!(kind("a.log").is_err());
        assert!(kind("a.log=tea").is_err_and(|error| error.contains("gateway-log")));
        assert!(zone("+02:00").is_ok());
        assert!(zone("Europe/Paris").is_ok());
        assert!(zone("Middle/Earth").is_err());
    }
}
