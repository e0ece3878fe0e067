//! `explain`, `list`, completions and the manual: what needs no log.

use crate::Ending;
use crate::arguments::{Arguments, Explain, List, Listed, PageFormat};
use clap::CommandFactory as _;
use std::io::{self, Write as _};
use why502::report::{self, Look};
use why502::{Cause, Fault};

/// A fault or a cause.
#[derive(Clone, Copy)]
enum Topic {
    Fault(Fault),
    Cause(Cause),
}

impl Topic {
    fn page(self, format: PageFormat, look: Look) -> String {
        match (self, format) {
            (Self::Fault(fault), PageFormat::Text) => report::fault_text(fault, look),
            (Self::Fault(fault), PageFormat::Markdown) => report::fault_markdown(fault),
            (Self::Cause(cause), PageFormat::Text) => report::cause_text(cause, look),
            (Self::Cause(cause), PageFormat::Markdown) => report::cause_markdown(cause),
        }
    }
}

/// Tells all about a fault or a cause; about both where one id names both.
pub(crate) fn explain(what: &Explain, look: Look) -> io::Result<Ending> {
    let faults = Fault::ALL.iter().copied().map(Topic::Fault);
    let causes = Cause::ALL.iter().copied().map(Topic::Cause);
    let topics: Vec<Topic> = match &what.id {
        None => faults.chain(causes).collect(),
        Some(id) => {
            let id = &id.to_ascii_lowercase();
            let fault = Fault::from_id(id).map(Topic::Fault);
            fault.into_iter().chain(Cause::from_id(id).map(Topic::Cause)).collect()
        }
    };
    if topics.is_empty() {
        let id = what.id.as_deref().unwrap_or_default();
        let known = Fault::ALL.iter().map(|fault| fault.id());
        let known: Vec<&str> = known.chain(Cause::ALL.iter().map(|cause| cause.id())).collect();
        let status = id.bytes().all(|byte| byte.is_ascii_digit());
        let such = match status {
            true => "; behind one status are many faults".into(),
            false => format!(", such as \"{}\"", why502::vocabulary::nearest(id, &known)),
        };
        crate::complain(&format!(
            "there is no fault or cause \"{id}\"; expected an id that why502 list faults or \
             why502 list causes names{such}"
        ));
        return Ok(Ending::Trouble);
    }
    let pages: Vec<String> = topics.iter().map(|topic| topic.page(what.format, look)).collect();
    write!(io::stdout(), "{}", pages.join("\n"))?;
    Ok(Ending::Clean)
}

/// Names what there is, one a line, with a few words.
pub(crate) fn list(list: &List) -> io::Result<Ending> {
    let mut out = io::stdout().lock();
    match list.what {
        Listed::Dialects => {
            for dialect in why502::dialects::DIALECTS {
                writeln!(out, "{:<32} {}", dialect.name, dialect.about)?;
            }
        }
        Listed::Faults => {
            for fault in Fault::ALL {
                writeln!(out, "{:<32} {}", fault.id(), fault.meaning())?;
            }
        }
        Listed::Causes => {
            for cause in Cause::ALL {
                writeln!(out, "{:<32} {}", cause.id(), cause.advice().title)?;
            }
        }
    }
    Ok(Ending::Clean)
}

/// A completion script.
pub(crate) fn completions(shell: clap_complete::Shell) -> io::Result<Ending> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "why502", &mut script);
    io::stdout().write_all(&script)?;
    Ok(Ending::Clean)
}

/// The manual page, in roff.
pub(crate) fn man() -> io::Result<Ending> {
    let mut page = Vec::new();
    let all = Arguments::command();
    let man = clap_mangen::Man::new(all.clone());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    // The subcommands have no pages of their own: each is told in full here.
    writeln!(page, ".SH SUBCOMMANDS")?;
    for command in all.get_subcommands() {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let bin = format!("why502 {}", command.get_name());
        writeln!(page, ".SS \"{}\"\n{about}", bin.replace('-', "\\-"))?;
        let man = clap_mangen::Man::new(command.clone().bin_name(bin).disable_help_flag(true));
        let mut options = Vec::new();
        man.render_options_section(&mut options)?;
        let options = String::from_utf8_lossy(&options).replace(".SH OPTIONS\n", "");
        writeln!(page, "{options}")?;
    }
    man.render_version_section(&mut page)?;
    io::stdout().write_all(&page)?;
    Ok(Ending::Clean)
}
