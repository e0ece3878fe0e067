//! Envoy's own Proxy-Status beside ours: examples/envoy/proxy-status.md, from what a run really gave.
//!
//! ```text
//! WHY502_WRITE_DOCS=1 cargo test -p why502-filter --test real_envoy each_fault
//! ```

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::check::said;
use crate::gateway::Response;
use crate::stage::{Case, Told};

/// One exchange.
pub(crate) struct Row {
    case: &'static str,
    truth: &'static str,
    ours: String,
    envoys: String,
    flags: String,
    in_header: bool,
}

impl Row {
    pub(crate) fn of(case: &Case, response: &Response, record: &Value) -> Self {
        let (_, envoys) = members(response);
        let ours = said(record["proxy_status"].as_str().unwrap_or("-"));
        Self {
            case: case.path,
            truth: case.truth,
            ours,
            envoys: said(&envoys),
            flags: record["flags"].as_str().unwrap_or("-").to_owned(),
            in_header: case.in_headers && case.told != Told::Unseen,
        }
    }
}

/// The last two members of a response's Proxy-Status: ours, and Envoy's own.
pub(crate) fn members(response: &Response) -> (String, String) {
    let all = response.header("proxy-status");
    let mut members: Vec<_> = all.split(',').map(str::trim).collect();
    let told = members.last().is_some_and(|last| last.starts_with("builtin"));
    let envoys = if told { members.pop().unwrap_or("") } else { "" };
    // Others may stand in front.
    (members.pop().unwrap_or("").to_owned(), envoys.to_owned())
}

/// How an answer stands to the truth.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Is {
    Right,
    Silent,
    Wrong,
}

impl Is {
    fn of(said: &str, truth: &str) -> Self {
        match said {
            said if said == truth => Self::Right,
            "-" => Self::Silent,
            _ => Self::Wrong,
        }
    }

    const fn mark(self) -> &'static str {
        match self {
            Self::Right => "",
            Self::Silent => " (silent)",
            Self::Wrong => " (wrong)",
        }
    }
}

/// Writes the table; an error where the one in the repository is another.
pub(crate) fn write(rows: &[Row]) -> Result<(), String> {
    let text = table(rows);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/envoy/proxy-status.md");
    if std::env::var_os("WHY502_WRITE_DOCS").is_some() {
        fs::write(&file, &text).map_err(|error| error.to_string())?;
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    let differs = text.lines().zip(written.lines()).find(|(new, old)| new != old);
    match differs {
        None if text.len() == written.len() => Ok(()),
        differs => Err(format!("{} is another: {differs:?}", file.display())),
    }
}

fn table(rows: &[Row]) -> String {
    let mut text = String::from(HEAD);
    let mut sums = [[0; 3]; 2];
    for row in rows.iter().filter(|row| (row.truth, &*row.ours, &*row.envoys) != ("-", "-", "-")) {
        let is = [Is::of(&row.ours, row.truth), Is::of(&row.envoys, row.truth)];
        assert!(is[0] == Is::Right || is[1] != Is::Right, "{}: Envoy knows better", row.case);
        for (sums, is) in sums.iter_mut().zip(is) {
            sums[is as usize] += 1;
        }
        let late = if row.ours != "-" && !row.in_header { " *" } else { "" };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {}{}{late} | {}{} |",
            row.case.trim_start_matches('/'),
            row.flags,
            row.truth,
            row.ours,
            is[0].mark(),
            row.envoys,
            is[1].mark(),
        );
    }
    let _ = writeln!(text, "\n| | right | silent | wrong |\n|---|--:|--:|--:|");
    for (who, [right, silent, wrong]) in ["why502", "Envoy"].iter().zip(sums) {
        let _ = writeln!(text, "| {who} | {right} | {silent} | {wrong} |");
    }
    text
}

const HEAD: &str = "\
# Proxy-Status, by why502 and by Envoy itself

Faults are staged in front of a real Envoy 1.40 that has the filter and its own `proxy_status_config`. The first column
says which, the third the error type of [RFC 9209](https://www.rfc-editor.org/rfc/rfc9209) that is true as the stage was
built, or the status that the upstream answered with; then what each of the two says of the same exchange. Where the filter
is silent no filter saw the request; where it is wrong Envoy's evidence does not tell more. `*`: known when the headers
were gone, so that only the access log has it.

```sh
WHY502_WRITE_DOCS=1 cargo test -p why502-filter --test real_envoy each_fault
```

| staged | flags | true | why502 | Envoy |
|---|---|---|---|---|
";
