//! HAProxy 1.4 to 3.4: its traffic log, what it says of servers and of itself, its pages.
//!
//! Formats: <https://docs.haproxy.org/2.6/configuration.html#8.2>, termination states: section 8.5
//! of the same, both with src/log.c. Servers: src/server.c and src/check.c. Connection errors:
//! include/haproxy/connection-t.h with src/connection.c.

mod checks;
mod errors;
mod events;
mod fields;
mod line;
mod pages;
mod settings;
mod shapes;
mod states;
mod status;
mod traffic;

use super::Dialect;
use crate::evidence::{Evidence, Origin, Source};
use crate::vocabulary::Gateway;

/// HAProxy's dialect.
pub(crate) static DIALECT: Dialect = Dialect {
    name: "haproxy",
    gateway: Some(Gateway::Haproxy),
    document: None,
    about: "traffic log: httplog, tcplog, httpslog, CLF, formats with fields added, key=value, \
            JSON; error format; server and proxy states; alerts; show stat (HAProxy 1.4 to 3.4)",
    glance: |line, _| line::glance(line),
    read,
    is_likely: |_| true,
    read_shared: |_, _, _| false,
    read_message,
    read_response: |_, _| None,
    is_message: |text| events::is_message(text) || pages::is_page(text),
    is_unfinished: fields::is_unfinished,
    // HAProxy has no time limit that is not configured.
    settings: settings::SETTINGS,
    setting_name: settings::name_for,
};

/// A record of any kind.
fn read<'a>(record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    traffic::read(record, Origin { source: Source::AccessLog, ..origin }, evidence)
        || events::read(record, Origin { source: Source::ErrorLog, ..origin }, evidence)
        || status::read(record, Origin { source: Source::ErrorLog, ..origin }, evidence)
}

/// A message without its head, or a page, in the middle of other words.
fn read_message(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    events::read_message(text, Origin { source: Source::ErrorLog, ..origin })
        .or_else(|| traffic::read_message(text, Origin { source: Source::AccessLog, ..origin }))
        .or_else(|| pages::read(text, Origin { source: Source::Body, ..origin }))
}

/// Begins evidence of a record.
fn begin<'a>(record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) {
    evidence.gateway = Some(Gateway::Haproxy);
    evidence.sources.add(origin.source);
    evidence.records.push((origin, record));
}
