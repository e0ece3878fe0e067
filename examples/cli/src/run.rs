//! Reading logs: one input as fast as it comes, several merged by time.

use crate::arguments::{Format, Kind, Read};
use crate::input::{Filled, Input, SILENT};
use crate::{Ending, complain, print};
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use why502::evidence::{Millis, Timestamp};
use why502::incident::{Exchange, Progress, Session, Single};
use why502::reader::Reader;
use why502::report::{DiagnosisView, FileView, Look, SummaryView};
use why502::{Fault, Outcome, diagnose, dialects};

/// From this size on, reading shows its progress.
const LONG: u64 = 64 << 20;
/// How much of a line that is not understood is shown.
const LONGEST_SHOWN: usize = 400;
/// How long, in the log's time, an error record waits for its access record: longer than any usual
/// timeout, since a retry may take as long.
const PATIENT: Millis = Millis::from_secs(90);
/// The same for a pipe whose exchanges are printed one by one: somebody waits for them.
const PROMPT: Millis = Millis::from_secs(2);
/// How long one of several silent pipes is listened to before the next.
const SLICE: Duration = Duration::from_millis(20);

/// Reads what was asked for and prints the report.
pub(crate) fn run(arguments: &Read, look: Look) -> io::Result<Ending> {
    let paths = paths(&arguments.files);
    let mut trouble = !kinds_make_sense(arguments, &paths);
    let mut inputs: Vec<(Input, Kind)> = Vec::new();
    for path in paths {
        let kind = kind_of(arguments, &path);
        let read = match kind {
            Kind::GatewayLog | Kind::Har => true,
            Kind::Headers | Kind::Body => arguments.single,
            _ => false,
        };
        if !read {
            trouble = true;
            complain(&unsupported(&path, kind));
            continue;
        }
        let number = u16::try_from(inputs.len()).unwrap_or(u16::MAX);
        match Input::open(&path, reader(arguments, kind, number)) {
            Ok(input) => inputs.push((input, kind)),
            Err(error) => {
                trouble = true;
                complain(&error);
            }
        }
    }
    if inputs.is_empty() {
        return Ok(Ending::Trouble);
    }
    if arguments.single {
        return single(arguments, look, inputs, trouble);
    }
    let inputs = inputs.into_iter().map(|(input, _)| input).collect();
    Run::new(arguments, look, inputs, trouble).run()
}

/// The inputs of a run: standard input where no file is named, and each file once.
fn paths(files: &[PathBuf]) -> Vec<PathBuf> {
    if files.is_empty() {
        if io::stdin().is_terminal() {
            complain(&"no file is named: reading from the terminal until Ctrl-D (see --help)");
        }
        return vec!["-".into()];
    }
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut known: Vec<PathBuf> = Vec::new();
    for path in files {
        // One file may have several names.
        let file = path.canonicalize().unwrap_or_else(|_| path.clone());
        if known.contains(&file) {
            complain(&format!("{}: it is named twice, and read once", path.display()));
            continue;
        }
        known.push(file);
        paths.push(path.clone());
    }
    paths
}

/// Whether each `--kind` names one of the inputs, and none twice.
fn kinds_make_sense(arguments: &Read, paths: &[PathBuf]) -> bool {
    let mut sense = true;
    for (at, (file, kind)) in arguments.kinds.iter().enumerate() {
        let before = arguments.kinds.iter().take(at).find(|(other, _)| other == file);
        if !paths.contains(file) {
            sense = false;
            complain(&format!(
                "--kind {}={}: no such input; expected one of the files as it is named: {}",
                file.display(),
                named(*kind),
                paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
            ));
        } else if before.is_some_and(|(_, other)| other != kind) {
            sense = false;
            complain(&format!(
                "--kind {}={}: another kind was given",
                file.display(),
                named(*kind)
            ));
        }
    }
    sense
}

fn reader(arguments: &Read, kind: Kind, number: u16) -> Reader {
    let dialect = match kind {
        Kind::Har => "har",
        _ => &arguments.dialect,
    };
    Reader::new(number)
        .dialect(dialects::by_name(dialect))
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

fn named(kind: Kind) -> String {
    clap::ValueEnum::to_possible_value(&kind)
        .map_or_else(String::new, |value| value.get_name().to_owned())
}

fn unsupported(path: &Path, kind: Kind) -> String {
    format!(
        "{}: {} is not read here; this version reads gateway-log and har, and with --single also \
         headers and body",
        path.display(),
        named(kind)
    )
}

/// Everything is about one exchange.
fn single(
    arguments: &Read,
    look: Look,
    inputs: Vec<(Input, Kind)>,
    mut trouble: bool,
) -> io::Result<Ending> {
    let mut paste = Single::new();
    let mut names = Vec::new();
    let mut empty = true;
    for (mut input, kind) in inputs {
        let number = u16::try_from(names.len()).unwrap_or(u16::MAX);
        names.push(input.name.clone());
        let (text, error) = input.read_whole(why502::incident::LONGEST_PASTE);
        if let Some(error) = error {
            trouble = true;
            complain(&error);
        }
        let nothing = text.trim_ascii().is_empty();
        if nothing && is_error_log(&input.name) {
            paste.error_log_given();
        }
        empty &= nothing;
        let unread = match kind {
            Kind::Headers => paste.add_response(&text, number),
            Kind::Body => paste.add_body(&text, number),
            _ => paste.add(&mut input.reader, &text, number),
        };
        if unread > 0 || !input.ended {
            complain(&format!(
                "{}: only the first {} bytes were read as evidence about one exchange",
                input.name,
                text.len() - unread
            ));
        }
    }
    if empty {
        complain(&"there is no evidence: nothing could be read, or every input is empty");
        return Ok(Ending::Trouble);
    }
    let evidence = paste.evidence();
    let diagnosis = diagnose(&evidence);
    let view = DiagnosisView::new(&evidence, &diagnosis, &names);
    let mut out = io::stdout().lock();
    let printed = print::single(&mut out, &view, arguments.format, look);
    still_wanted(printed.and_then(|()| out.flush()))?;
    Ok(ending(trouble, diagnosis.outcome() == Outcome::Failed))
}

const fn ending(trouble: bool, failed: bool) -> Ending {
    match (trouble, failed) {
        (true, _) => Ending::Trouble,
        (false, true) => Ending::Failures,
        (false, false) => Ending::Clean,
    }
}

/// Whoever reads our output may have seen enough: that is no error.
fn still_wanted(printed: io::Result<()>) -> io::Result<()> {
    match printed {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// A run over logs.
struct Run<'a> {
    arguments: &'a Read,
    look: Look,
    inputs: Vec<Input>,
    names: Vec<String>,
    session: Session,
    progress: ProgressBar,
    /// Whether exchanges are printed as they come from a pipe.
    prompt: bool,
    trouble: bool,
    /// What could not be printed: the reader of our output is gone.
    unprinted: Option<io::Error>,
}

/// Where an input stands: the earliest is read first.
type Place = (Option<Timestamp>, usize);

impl<'a> Run<'a> {
    fn new(arguments: &'a Read, look: Look, inputs: Vec<Input>, trouble: bool) -> Self {
        let prompt = arguments.each && inputs.iter().any(Input::is_pipe);
        let size: u64 = inputs.iter().filter_map(|input| input.size).sum();
        let printing = arguments.each && io::stdout().is_terminal();
        let shown = size >= LONG && io::stderr().is_terminal() && !printing;
        let progress = if shown { ProgressBar::new(size) } else { ProgressBar::hidden() };
        let style = "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(style) {
            progress.set_style(style);
        }
        Self {
            arguments,
            look,
            names: inputs.iter().map(|input| input.name.clone()).collect(),
            inputs,
            session: if prompt {
                Session::new(PROMPT)
            } else {
                Session::new(PATIENT).concatenated()
            },
            progress,
            prompt,
            trouble,
            unprinted: None,
        }
    }

    fn run(mut self) -> io::Result<Ending> {
        self.begin();
        while self.unprinted.is_none() {
            let Some((at, next)) = self.choose() else { break };
            match at {
                Some(at) => self.advance(at, next),
                None => self.listen(),
            }
        }
        self.flush();
        self.progress.finish_and_clear();
        let exchanges = self.session.summary().exchanges();
        let failed = exchanges.failed + exchanges.events > 0;
        match self.unprinted.take() {
            Some(error) => still_wanted(Err(error))?,
            None => still_wanted(self.finish())?,
        }
        Ok(ending(self.trouble, failed))
    }

    /// Looks into each input: what it is, and when it begins.
    fn begin(&mut self) {
        let count = self.inputs.len();
        let mut order = Vec::new();
        for at in 0..count {
            if let Some(input) = self.inputs.get_mut(at) {
                input.one_of(count);
            }
            self.fill(at);
            let Some(input) = self.inputs.get_mut(at) else { continue };
            input.peek();
            let ended = input.ended;
            let (reader, waiting) = input.waiting();
            let whose = reader.error_log(waiting, ended);
            self.session.beside(whose);
            let mut errors = whose.is_some();
            if ended && input.bytes == 0 && !input.failed {
                errors = is_error_log(&input.name);
                complain(&format!("{}: it is empty", input.name));
            }
            order.push((!errors, input.name.clone(), at));
            if count > 1 {
                input.close();
            }
        }
        // In a tie error logs go first, since an error record is written before the access record
        // of its exchange; and then the name decides, so that the order of naming does not.
        order.sort();
        for (rank, (_, _, at)) in order.into_iter().enumerate() {
            if let Some(input) = self.inputs.get_mut(at) {
                input.rank = rank;
            }
        }
    }

    /// The input to go on with, and where the next one stands. The first is `None` where all that
    /// are left are silent; all is `None` where none is left.
    fn choose(&mut self) -> Option<(Option<usize>, Option<Place>)> {
        let mut best: Option<(usize, Place)> = None;
        let mut next: Option<Place> = None;
        let mut left = false;
        for at in 0..self.inputs.len() {
            let Some(input) = self.inputs.get(at).filter(|input| !input.is_done()) else {
                continue;
            };
            if input.silent {
                self.fill_within(at, Duration::ZERO);
            }
            let Some(input) = self.inputs.get_mut(at).filter(|input| !input.is_done()) else {
                continue;
            };
            left = true;
            if input.silent {
                continue;
            }
            input.peek();
            let place = (input.time, input.rank);
            match best {
                Some((_, first)) if place > first => {
                    next = Some(next.map_or(place, |other| other.min(place)));
                }
                _ => {
                    next = best.map(|(_, first)| first);
                    best = Some((at, place));
                }
            }
        }
        left.then_some((best.map(|(at, _)| at), next))
    }

    /// All pipes are silent: tells what waits, and listens until something comes.
    fn listen(&mut self) {
        if self.prompt {
            self.flush();
        }
        let pipes: Vec<usize> = (0..self.inputs.len())
            .filter(|at| self.inputs.get(*at).is_some_and(|input| !input.is_done()))
            .collect();
        let slice = if pipes.len() > 1 { SLICE } else { SILENT };
        let begun = Instant::now();
        while begun.elapsed() < SILENT {
            for at in &pipes {
                if self.fill_within(*at, slice) != Filled::Silence {
                    return;
                }
            }
        }
    }

    /// Reads on in one input: a buffer, or until another is earlier.
    fn advance(&mut self, at: usize, next: Option<Place>) {
        let Self { session, inputs, arguments, names, look, progress, unprinted, .. } = self;
        let Some(input) = inputs.get_mut(at) else { return };
        let mut done = printer(arguments, *look, names, unprinted);
        let (ended, rank) = (input.ended, input.rank);
        let name = input.name.clone();
        let mut begun = false;
        loop {
            let (reader, waiting) = input.waiting();
            if let Some(next) = next.filter(|_| begun) {
                let time = reader.peek_time(waiting, ended);
                if time.is_some() && (time, rank) > next {
                    return;
                }
            }
            begun = true;
            let line = reader.lines() + 1;
            match session.step(reader, waiting, ended, &mut done) {
                Progress::Used(used) => input.used(used),
                Progress::NotUnderstood(used) => {
                    if arguments.verbose {
                        let text = waiting.get(..used).unwrap_or_default().trim_ascii_end();
                        let text = text.get(..LONGEST_SHOWN).unwrap_or(text);
                        let text = String::from_utf8_lossy(text);
                        let text = format!("{name}:{line}: not understood: {text}");
                        progress.suspend(|| complain(&text));
                    }
                    input.used(used);
                }
                _ if ended => {
                    let rest = waiting.len();
                    input.used(rest);
                    return;
                }
                _ => break,
            }
        }
        drop(done);
        self.fill(at);
    }

    /// Brings more bytes. A pipe is given a second.
    fn fill(&mut self, at: usize) {
        self.fill_within(at, SILENT);
    }

    fn fill_within(&mut self, at: usize, patience: Duration) -> Filled {
        let filled = match self.inputs.get_mut(at).map(|input| input.fill(patience)) {
            Some(Ok(filled)) => filled,
            Some(Err(error)) => {
                self.trouble(&error);
                Filled::End
            }
            None => Filled::End,
        };
        self.progress.set_position(self.inputs.iter().map(Input::position).sum());
        filled
    }

    fn trouble(&mut self, what: &dyn Display) {
        self.trouble = true;
        self.progress.suspend(|| complain(what));
    }

    fn flush(&mut self) {
        let Self { session, arguments, names, look, unprinted, .. } = self;
        session.flush(&mut printer(arguments, *look, names, unprinted));
    }

    fn finish(&mut self) -> io::Result<()> {
        let files: Vec<FileView> = self
            .inputs
            .iter()
            .map(|input| {
                let dialect = input.reader.speaks().map(|dialect| dialect.name);
                FileView::new(input.name.clone(), dialect, input.reader.lines())
            })
            .collect();
        for file in &files {
            if file.dialect.is_none() && file.lines > 0 {
                let text = format!(
                    "{}: none of its {} lines was understood; expected a log of one of those that \
                     why502 list dialects names (--verbose shows the lines)",
                    file.name, file.lines
                );
                self.trouble(&text);
            }
        }
        let nothing = self.inputs.iter().all(|input| input.failed && input.reader.lines() == 0);
        if self.arguments.each || nothing {
            return Ok(());
        }
        let bytes = self.inputs.iter().map(|input| input.bytes).sum();
        let view = SummaryView::new(&self.session, files, bytes);
        let mut out = io::stdout().lock();
        let summary = self.session.summary();
        print::summary(&mut out, &view, summary, self.arguments.format, self.look)?;
        out.flush()
    }
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
