//! Elements that have no key: what they are is told by their shape and place.

use super::elements::{Element, Elements};
use super::fields::{Fields, role};
use super::list::List;
use crate::scan::{self, number, time};

/// How many elements without a key are looked at.
const MOST_NAMELESS: usize = 32;

/// Reads elements; `combined` says that they stand behind its number of bytes, where it has the
/// client's words.
pub(super) fn read_elements<'a>(tail: &'a [u8], combined: bool, fields: &mut Fields<'a>) {
    let mut nameless = [Element::default(); MOST_NAMELESS];
    let mut count = 0;
    for element in Elements::of(tail) {
        if let Some(role) = role(element.key) {
            fields.set(role, element.value);
        } else if element.key.is_empty() {
            if let Some(slot) = nameless.get_mut(count) {
                *slot = element;
                count += 1;
            }
        }
    }
    let nameless = nameless.get(..count).unwrap_or_default();
    read_nameless(if combined { without_client_words(nameless) } else { nameless }, fields);
}

/// The elements without Referer and User-Agent, which are the first two in quotes: a client may
/// write an address and a status into them. A format that has upstreams in their place loses those,
/// unless it names them.
const fn without_client_words<'s, 'a>(elements: &'s [Element<'a>]) -> &'s [Element<'a>] {
    match elements {
        [first, second, rest @ ..] if first.quoted && second.quoted => rest,
        _ => elements,
    }
}

/// Elements that have no key, by shape and place.
fn read_nameless<'a>(elements: &[Element<'a>], fields: &mut Fields<'a>) {
    let headless = fields.status.is_none();
    let mut request_seen = !headless;
    let mut address_at = None;
    for (at, element) in elements.iter().enumerate() {
        let value = element.value;
        if !request_seen {
            if scan::request_line(value).is_some() && (element.quoted || value.contains(&b' ')) {
                fields.request_line.get_or_insert(value);
                request_seen = true;
            } else if let Some(read) = time::any(value) {
                fields.time.get_or_insert(read);
            } else if fields.client.is_none() && scan::looks_like_ip(value) {
                fields.client = Some(value);
            }
            continue;
        }
        if fields.status.is_none() && !element.quoted {
            fields.status = number::status(value).filter(|status| (100..600).contains(status));
        } else if element.bracketed {
            match time::any(value) {
                Some(read) => fields.time = fields.time.or(Some(read)),
                None if !value.is_empty() => fields.cluster = fields.cluster.or(Some(value)),
                None => {}
            }
        } else if address_at.is_none() && is_address_list(value) {
            fields.upstream_address.get_or_insert(value);
            address_at = Some(at);
        } else if fields.request_id.is_none() && is_id(value) {
            fields.request_id = Some(value);
        }
    }
    read_times(elements, address_at, fields);
}

/// The times, and behind the address the upstream's status. One time in front of the address is
/// that of the request; behind it stand the upstream's, in the order connect, header, response as
/// far as there are so many.
fn read_times<'a>(elements: &[Element<'a>], address_at: Option<usize>, fields: &mut Fields<'a>) {
    let mut times = [&b""[..]; 3];
    let mut count = 0;
    let mut told = |value: &'a [u8]| {
        if let Some(slot) = times.get_mut(count) {
            *slot = value;
            count += 1;
        }
    };
    let around = |from: usize, count| elements.get(from..)?.get(..count);
    // ingress-nginx: `[name] [alternative] address length time status`.
    if let Some([name, alternative, _, _, response, status]) =
        address_at.and_then(|address| around(address.checked_sub(2)?, 6))
    {
        if name.bracketed && alternative.bracketed {
            let before = around(0, address_at.unwrap_or(0)).unwrap_or_default();
            let total =
                before.iter().map(|element| element.value).find(|value| is_time_list(value));
            fields.request_time = fields.request_time.or(total);
            fields.response_time.get_or_insert(response.value);
            fields.upstream_status.get_or_insert(status.value);
            return;
        }
    }
    for (at, element) in elements.iter().enumerate() {
        let value = element.value;
        let behind = address_at.is_some_and(|address| at > address);
        if is_time_list(value) {
            if !behind && fields.request_time.is_none() {
                fields.request_time = Some(value);
            } else {
                told(value);
            }
        } else if behind && is_status_list(value) && fields.upstream_status.is_none() {
            fields.upstream_status = Some(value);
        } else if value == b"-" && !element.quoted && behind && fields.upstream_status.is_none() {
            told(value);
        }
    }
    match times.get(..count) {
        Some([response]) => {
            fields.response_time.get_or_insert(response);
        }
        // A status that was not told stands behind it.
        Some([response, b"-"]) if fields.upstream_status.is_none() => {
            fields.response_time.get_or_insert(response);
        }
        Some([connect, response]) => {
            fields.connect_time.get_or_insert(connect);
            fields.response_time.get_or_insert(response);
        }
        Some([connect, header, response]) => {
            fields.connect_time.get_or_insert(connect);
            fields.header_time.get_or_insert(header);
            fields.response_time.get_or_insert(response);
        }
        _ => {}
    }
}

fn is_address_list(value: &[u8]) -> bool {
    List::of(value).all(|item| scan::looks_like_address(item) || item.is_empty())
        && List::of(value).any(scan::looks_like_address)
}

fn is_time_list(value: &[u8]) -> bool {
    let time = |item: &[u8]| item.contains(&b'.') && number::seconds(item).is_some();
    List::of(value).all(|item| item == b"-" || time(item)) && List::of(value).any(time)
}

pub(super) fn is_status_list(value: &[u8]) -> bool {
    let status = |item: &[u8]| number::status(item).is_some_and(|at| (100..600).contains(&at));
    List::of(value).all(|item| item == b"-" || status(item)) && List::of(value).any(status)
}

/// A request id: a UUID, or 16 and more hexadecimal digits.
fn is_id(value: &[u8]) -> bool {
    (16..=64).contains(&value.len())
        && value.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
        && value.iter().any(u8::is_ascii_digit)
}
