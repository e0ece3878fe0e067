//! Text in, facts out: one folder per gateway, and one line in [`DIALECTS`].

mod apache;
pub mod envoy;
pub(crate) mod haproxy;
mod har;
mod nel;
pub(crate) mod nginx;
pub mod setting;
pub(crate) mod standard;

pub use setting::{Setting, Suggestion};

use crate::evidence::{Evidence, Millis, Origin, Protocol, Source};
use crate::scan::document::Shape;
use crate::vocabulary::{Cause, Fault, Gateway, Phase};
use alloc::string::String;

/// What one gateway writes, and how it is read.
#[derive(Debug)]
#[non_exhaustive]
pub struct Dialect {
    /// Its name on the command line and in JSON.
    pub name: &'static str,
    /// Which gateway writes it; `None` where it is none, but a client.
    pub gateway: Option<Gateway>,
    /// How its records lie in a JSON document; `None` where they are lines.
    pub(crate) document: Option<Form>,
    /// What is read of it, and which versions were looked at.
    pub about: &'static str,
    /// Reads what the usual record shows, which is a healthy exchange; `None` for other records.
    pub(crate) glance: for<'a> fn(&'a [u8], Told) -> Option<Glance<'a>>,
    /// Reads one record into evidence that holds nothing yet, and says whether it is this gateway's;
    /// where it is not, the evidence is as it was.
    pub(crate) read: for<'a> fn(&'a [u8], Origin, &mut Evidence<'a>) -> bool,
    /// Whether a record is this gateway's by its shape, in an input in which it spoke last: then it is
    /// tried before those that read only what is surely theirs.
    pub(crate) is_likely: fn(&[u8]) -> bool,
    /// Reads a record that other gateways write alike, where it is known from elsewhere that this one
    /// wrote it: the rest of the input is its, or another input of the run.
    pub(crate) read_shared: for<'a> fn(&'a [u8], Origin, &mut Evidence<'a>) -> bool,
    /// Reads what people paste: a message without its head, in the middle of other words.
    pub(crate) read_message: for<'a> fn(&'a [u8], Origin) -> Option<Evidence<'a>>,
    /// Reads a response, or its body alone (the origin's source says which), for what this gateway
    /// writes into its own.
    pub(crate) read_response: for<'a> fn(&'a [u8], Origin) -> Option<Evidence<'a>>,
    /// Whether a text that stands alone in a log is such a message, and not other words.
    pub(crate) is_message: fn(&[u8]) -> bool,
    /// Whether a record goes on in the next line.
    pub(crate) is_unfinished: fn(&[u8]) -> bool,
    /// The settings that cure causes.
    pub settings: &'static [Setting],
    /// The name that a setting has for what is spoken to the upstream; `None` where it has none.
    pub(crate) setting_name: fn(&'static str, Option<Protocol>) -> Option<String>,
}

impl Dialect {
    /// One whose records lie in JSON documents, are a client's, and stand nowhere else.
    const fn of_documents(
        name: &'static str,
        about: &'static str,
        form: Form,
        read: for<'a> fn(&'a [u8], Origin, &mut Evidence<'a>) -> bool,
    ) -> Self {
        Self {
            name,
            gateway: None,
            document: Some(form),
            about,
            glance: |_, _| None,
            read,
            is_likely: |_| false,
            read_shared: |_, _, _| false,
            read_message: |_, _| None,
            read_response: |_, _| None,
            is_message: |_| false,
            is_unfinished: |_| false,
            settings: &[],
            setting_name: |_, _| None,
        }
    }
}

/// A kind of JSON document that holds records.
#[derive(Debug)]
pub(crate) struct Form {
    /// How they lie in it.
    pub(crate) shape: Shape,
    /// Whether a text, which begins with a brace or a bracket, is the beginning of one; `None` where
    /// more of it is needed to tell.
    pub(crate) begins: fn(&[u8]) -> Option<bool>,
}

/// What the records of a format tell of a healthy exchange, beside its status: what they do not
/// tell need not be looked for in each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    /// How long it took.
    pub(crate) times: bool,
    /// Whether the response was sent whole.
    pub(crate) whole: bool,
}

impl Dialect {
    /// The evidence of a record, or of a message that stands alone, read once more.
    pub(crate) fn again<'a>(&self, text: &'a [u8], origin: Origin) -> Option<Evidence<'a>> {
        let mut evidence = Evidence::default();
        if (self.read)(text, origin, &mut evidence)
            || (self.read_shared)(text, origin, &mut evidence)
        {
            return Some(evidence);
        }
        (self.read_message)(text, origin)
    }
}

/// Every dialect, in the order in which they are tried: those first that read only what is surely
/// theirs.
pub static DIALECTS: &[&Dialect] = &[
    &envoy::DIALECT,
    &haproxy::DIALECT,
    &apache::DIALECT,
    &nginx::DIALECT,
    &har::DIALECT,
    &nel::DIALECT,
];

/// The dialect of that name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Dialect> {
    DIALECTS.iter().copied().find(|dialect| dialect.name == name)
}

/// The dialect of a gateway.
#[must_use]
pub fn of_gateway(gateway: Gateway) -> Option<&'static Dialect> {
    DIALECTS.iter().copied().find(|dialect| dialect.gateway == Some(gateway))
}

/// The dialect that a record was read in, by where it stood and whose it was.
pub(crate) fn of_record(origin: Origin, gateway: Option<Gateway>) -> Option<&'static Dialect> {
    match origin.source {
        Source::Archive => Some(&har::DIALECT),
        Source::Report => Some(&nel::DIALECT),
        Source::Caller | Source::ErrorLog | Source::AccessLog | Source::Headers | Source::Body => {
            of_gateway(gateway?)
        }
    }
}

/// The gateway's default time limit for a phase; `None` where it has none.
pub(crate) fn default_limit(
    gateway: Gateway,
    phase: Phase,
    protocol: Option<Protocol>,
) -> Option<Millis> {
    // Named one by one: through the list, a filter in one gateway would carry the readers of all.
    match gateway {
        Gateway::Nginx => nginx::default_limit(phase, protocol),
        Gateway::Envoy => envoy::default_limit(phase, protocol),
        Gateway::Apache => apache::default_limit(phase, protocol),
        // It has no time limits of its own.
        Gateway::Haproxy => None,
    }
}

/// The settings of a gateway that cure a cause of a fault.
pub fn settings_for(
    gateway: Gateway,
    cause: Cause,
    fault: Fault,
    evidence: &Evidence<'_>,
) -> impl Iterator<Item = &'static Setting> {
    let settings = of_gateway(gateway).map_or(&[][..], |dialect| dialect.settings);
    settings.iter().filter(move |setting| {
        setting.cures.contains(&cause)
            && (setting.faults.is_empty() || setting.faults.contains(&fault))
            && setting.when.is_none_or(|fits| fits(evidence))
    })
}

/// What a gateway writes into responses of its own, in the dialect that knows it. The origin's source
/// says whether the text is a whole response or a body.
pub(crate) fn read_response(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    DIALECTS.iter().find_map(|dialect| (dialect.read_response)(text, origin))
}

/// What the body of a response with this status says that a gateway writes, or whoever stands in for
/// one. The words of an application about its own affairs are not read.
pub(crate) fn read_body(body: &[u8], status: Option<u16>, origin: Origin) -> Option<Evidence<'_>> {
    let origin = Origin { source: Source::Body, ..origin };
    let own = read_response(body, origin);
    match status {
        _ if own.is_some() => own,
        None | Some(502..=504) => standard::text::read(body, origin),
        Some(_) => None,
    }
}

/// What a record shows at a glance: enough for the usual one, which is healthy.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Glance<'a> {
    /// The client's address.
    pub(crate) client: &'a [u8],
    /// The time as it stands there, in any notation that [`crate::scan::time::any`] reads; to the
    /// second is enough.
    pub(crate) time: &'a [u8],
    /// The request line; empty where the record has its parts apart.
    pub(crate) request: &'a [u8],
    /// The path, where the record has it apart.
    pub(crate) path: &'a [u8],
    /// The status sent to the client.
    pub(crate) status: u16,
    /// Bytes of body sent.
    pub(crate) body_sent: Option<u64>,
    /// How long it took, where the format says.
    pub(crate) total: Option<Millis>,
    /// Whether an element says that the response was not sent whole.
    pub(crate) cut_short: bool,
    /// Whether the record says that the status is the upstream's own, and not the gateway's.
    pub(crate) answered: bool,
}
