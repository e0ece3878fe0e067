//! Reading logs: one input as fast as it comes, several merged by time.

use crate::arguments::{Format, Kind, Read};
use crate::input::{Filled, Input, paths};
use crate::{Ending, complain, print};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use why502::evidence::{Millis, Timestamp};
use why502::incident::{Exchange, Progress, Session, Single};
use why502::reader::Reader;
use why502::report::{DiagnosisView, FileView, Look, SummaryView};
use why502::{Fault, Outcome, diagnose, dialects};

/// From this size on, reading shows its progress.
const LONG: u64 = 64 << 20;
/// How long, in the log's time, an error record of a file waits for its access record: longer than
/// any usual timeout, since a retry may take as long.
const PATIENT: Millis = Millis::from_secs(90);
/// The same for a pipe, whose reader wants to know now.
const PROMPT: Millis = Millis::from_secs(2);

/// Reads what was asked for and prints the report.
pub(crate) fn run(arguments: &Read, look: Look) -> io::Result<Ending> {
    let mut trouble = false;
    let mut inputs: Vec<(Input, Kind)> = Vec::new();
    for path in paths(&arguments.files) {
        let number = u16::try_from(inputs.len()).unwrap_or(u16::MAX);
        let reader = reader(arguments, number);
        match Input::open(&path, reader) {
            Ok(input) => inputs.push((input, kind_of(arguments, &path))),
            Err(error) => {
                trouble = true;
                complain(&error);
            }
        }
    }
    for (file, _) in &arguments.kinds {
        if !arguments.files.contains(file) {
            trouble = true;
            complain(&format!("--kind names {}, which is not among the files", file.display()));
        }
    }
    let ending = if inputs.is_empty() {
        Ending::Trouble
    } else if arguments.single {
        single(arguments, look, inputs, &mut trouble)?
    } else {
        Run::new(arguments, look, inputs, &mut trouble).run(&mut trouble)?
    };
    Ok(if trouble { Ending::Trouble } else { ending })
}

fn reader(arguments: &Read, number: u16) -> Reader {
    Reader::new(number)
        .dialect(dialects::by_name(&arguments.dialect))
        .year(u16::try_from(jiff::Zoned::now().year()).ok())
        .zone(arguments.zone.clone())
}

fn kind_of(arguments: &Read, path: &Path) -> Kind {
    let said = arguments.kinds.iter().find(|(file, _)| file == path);
    said.map_or(Kind::GatewayLog, |(_, kind)| *kind)
}

/// A file that holds nothing is an error log's usual state; its name says whether it is one.
fn is_error_log(name: &str) -> bool {
    Path::new(name)
        .file_name()
        .is_some_and(|file| file.to_string_lossy().to_ascii_lowercase().contains("err"))
}

fn unsupported(name: &str, kind: Kind) -> String {
    let kind = clap::ValueEnum::to_possible_value(&kind)
        .map_or_else(String::new, |value| value.get_name().to_owned());
    format!(
        "{name}: this version does not read {kind}; it reads gateway-log, and with --single \
         headers and body"
    )
}

/// Everything is about one exchange.
fn single(
    arguments: &Read,
    look: Look,
    inputs: Vec<(Input, Kind)>,
    trouble: &mut bool,
) -> io::Result<Ending> {
    let mut paste = Single::new();
    let mut names = Vec::new();
    let mut empty = true;
    for (mut input, kind) in inputs {
        let number = u16::try_from(names.len()).unwrap_or(u16::MAX);
        names.push(input.name.clone());
        let (text, error) = input.read_whole(why502::incident::LONGEST_PASTE);
        if let Some(error) = error {
            *trouble = true;
            complain(&error);
        }
        let nothing = text.trim_ascii().is_empty();
        if nothing && is_error_log(&input.name) {
            paste.error_log_given();
        }
        empty &= nothing;
        match kind {
            Kind::GatewayLog => {
                if paste.add(&mut input.reader, &text, number) > 0 || !input.ended {
                    complain(&format!(
                        "{}: only the first {} bytes were read as evidence about one exchange",
                        input.name,
                        why502::incident::LONGEST_PASTE
                    ));
                }
            }
            Kind::Headers => paste.add_response(&text),
            Kind::Body => paste.add_body(&text),
            other => {
                *trouble = true;
                complain(&unsupported(&input.name, other));
            }
        }
    }
    if empty {
        complain(&"there is no evidence: every input is empty");
        *trouble = true;
    }
    let evidence = paste.evidence();
    let diagnosis = diagnose(&evidence);
    let view = DiagnosisView::new(&evidence, &diagnosis, &names);
    print::single(&mut io::stdout().lock(), &view, arguments.format, look)?;
    Ok(match diagnosis.outcome() {
        Outcome::Failed => Ending::Failures,
        _ => Ending::Clean,
    })
}

/// A run over logs.
struct Run<'a> {
    arguments: &'a Read,
    look: Look,
    inputs: Vec<Input>,
    names: Vec<String>,
    session: Session,
    progress: ProgressBar,
    /// What could not be printed: the reader of our output is gone.
    unprinted: Option<io::Error>,
}

impl<'a> Run<'a> {
    fn new(
        arguments: &'a Read,
        look: Look,
        inputs: Vec<(Input, Kind)>,
        trouble: &mut bool,
    ) -> Self {
        let mut logs = Vec::new();
        for (input, kind) in inputs {
            if kind == Kind::GatewayLog {
                logs.push(input);
            } else {
                *trouble = true;
                complain(&unsupported(&input.name, kind));
            }
        }
        let pipe = logs.iter().any(|input| input.size.is_none() && input.name == "<stdin>");
        let size: u64 = logs.iter().filter_map(|input| input.size).sum();
        let shown = size >= LONG && io::stderr().is_terminal();
        let progress = if shown { ProgressBar::new(size) } else { ProgressBar::hidden() };
        let style = "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(style) {
            progress.set_style(style);
        }
        Self {
            arguments,
            look,
            names: logs.iter().map(|input| input.name.clone()).collect(),
            inputs: logs,
            session: Session::new(if pipe { PROMPT } else { PATIENT }),
            progress,
            unprinted: None,
        }
    }

    fn run(mut self, trouble: &mut bool) -> io::Result<Ending> {
        if self.inputs.is_empty() {
            return Ok(Ending::Trouble);
        }
        for at in 0..self.inputs.len() {
            self.fill(at, trouble);
        }
        for input in &self.inputs {
            if input.ended && input.bytes == 0 {
                complain(&format!("{}: it is empty", input.name));
            }
            if is_error_log(&input.name) {
                self.session.error_log_given();
            }
        }
        if self.inputs.len() == 1 {
            while self.advance(0, None, trouble) {}
        } else {
            self.merge(trouble);
        }
        self.flush();
        self.progress.finish_and_clear();
        if let Some(error) = self.unprinted.take() {
            return Err(error);
        }
        self.finish(trouble)
    }

    /// Goes on with whichever input is the earliest.
    fn merge(&mut self, trouble: &mut bool) {
        let mut times: Vec<Option<Timestamp>> = vec![None; self.inputs.len()];
        for at in 0..self.inputs.len() {
            self.peek(at, &mut times);
        }
        // An error record is written before the access record of its exchange: first in a tie.
        let rank = |at: usize, input: &Input| (!is_error_log(&input.name), at);
        loop {
            let mut open: Vec<usize> = (0..self.inputs.len())
                .filter(|at| self.inputs.get(*at).is_some_and(|input| !is_done(input)))
                .collect();
            open.sort_by(|a, b| {
                let key = |at: usize| {
                    let input = self.inputs.get(at).map(|input| rank(at, input));
                    (times.get(at).copied().flatten(), input)
                };
                key(*a).cmp(&key(*b))
            });
            let Some(first) = open.first().copied() else { return };
            let until = open.get(1).and_then(|next| times.get(*next).copied().flatten());
            if !self.advance(first, until, trouble) && self.unprinted.is_some() {
                return;
            }
            self.peek(first, &mut times);
        }
    }

    fn peek(&mut self, at: usize, times: &mut [Option<Timestamp>]) {
        let Some((input, time)) = self.inputs.get_mut(at).zip(times.get_mut(at)) else { return };
        let ended = input.ended;
        let (reader, waiting) = input.waiting();
        // A line that names no time is as old as the one before it.
        *time = reader.peek_time(waiting, ended).or(*time);
    }

    /// Reads on in one input: a buffer, or up to a time. Answers whether there may be more.
    fn advance(&mut self, at: usize, until: Option<Timestamp>, trouble: &mut bool) -> bool {
        let Self { session, inputs, arguments, names, look, unprinted, .. } = self;
        let Some(input) = inputs.get_mut(at) else { return false };
        let mut done = printer(arguments, *look, names, unprinted);
        loop {
            let ended = input.ended;
            let (reader, waiting) = input.waiting();
            if until.is_some() && reader.peek_time(waiting, ended) > until {
                return true;
            }
            let line = reader.lines() + 1;
            match session.step(reader, waiting, ended, &mut done) {
                Progress::Used(used) => input.used(used),
                Progress::NotUnderstood(used) => {
                    if arguments.verbose {
                        let text = waiting.get(..used).unwrap_or_default().trim_ascii_end();
                        let text =
                            String::from_utf8_lossy(text.get(..400).unwrap_or(text)).into_owned();
                        complain(&format!("{}:{line}: not understood: {text}", input.name));
                    }
                    input.used(used);
                }
                Progress::More if ended => {
                    let rest = waiting.len();
                    input.used(rest);
                    return false;
                }
                Progress::More => break,
                _ => return false,
            }
            if until.is_some() && input.is_empty() && !input.ended {
                break;
            }
        }
        drop(done);
        self.fill(at, trouble);
        self.unprinted.is_none() && self.inputs.get(at).is_some_and(|input| !is_done(input))
    }

    /// Brings more bytes; while a pipe is silent, what waits is told.
    fn fill(&mut self, at: usize, trouble: &mut bool) {
        loop {
            let Some(input) = self.inputs.get_mut(at) else { return };
            match input.fill() {
                Ok(Filled::Silence) => self.flush(),
                Ok(Filled::More | Filled::End) => break,
                Err(error) => {
                    *trouble = true;
                    complain(&error);
                    break;
                }
            }
            if self.unprinted.is_some() {
                break;
            }
        }
        self.progress.set_position(self.inputs.iter().map(|input| input.bytes).sum());
    }

    fn flush(&mut self) {
        let Self { session, arguments, names, look, unprinted, .. } = self;
        session.flush(&mut printer(arguments, *look, names, unprinted));
    }

    fn finish(self, trouble: &mut bool) -> io::Result<Ending> {
        let files: Vec<FileView> = self
            .inputs
            .iter()
            .map(|input| {
                let dialect = input.reader.speaks().map(|dialect| dialect.name);
                FileView::new(input.name.clone(), dialect, input.reader.lines())
            })
            .collect();
        for (input, file) in self.inputs.iter().zip(&files) {
            if file.dialect.is_none() && input.bytes > 0 && file.lines > 0 {
                *trouble = true;
                complain(&format!(
                    "{}: none of its {} lines was understood; why502 list dialects names what is \
                     read",
                    input.name, file.lines
                ));
            }
        }
        if !self.arguments.each {
            let bytes = self.inputs.iter().map(|input| input.bytes).sum();
            let view = SummaryView::new(&self.session, files, bytes);
            let mut out = io::stdout().lock();
            let summary = self.session.summary();
            print::summary(&mut out, &view, summary, self.arguments.format, self.look)?;
        }
        let failed = self.session.summary().exchanges().failed > 0;
        Ok(if failed { Ending::Failures } else { Ending::Clean })
    }
}

fn is_done(input: &Input) -> bool {
    input.ended && input.is_empty()
}

/// Prints each exchange that did not go well, as soon as it is complete.
fn printer<'p>(
    arguments: &'p Read,
    look: Look,
    names: &'p [String],
    unprinted: &'p mut Option<io::Error>,
) -> impl FnMut(&Exchange<'_>) + 'p {
    move |exchange| {
        let healthy = exchange.diagnosis().fault() == Fault::None;
        if !arguments.each || healthy || unprinted.is_some() {
            return;
        }
        let view = DiagnosisView::new(&exchange.evidence(), exchange.diagnosis(), names);
        let mut out = io::stdout().lock();
        let format = match arguments.format {
            Format::Json => Format::Ndjson,
            other => other,
        };
        let printed = print::each(&mut out, &view, format, look).and_then(|()| out.flush());
        if let Err(error) = printed {
            *unprinted = Some(error);
        }
    }
}
