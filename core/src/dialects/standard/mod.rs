//! What several gateways share: the words of operating systems, TLS libraries and standards.
//!
//! A gateway's dialect asks [`text::sign_of`] what the words mean that a system or library gave it
//! as the reason of a failure, and [`errno`], [`tls`], [`http2`] and [`grpc`] what a number means.

mod browser;
pub(crate) mod calm;
mod curl;
pub(crate) mod curl_json;
mod dotnet;
mod erlang;
pub(crate) mod errno;
pub(crate) mod fastcgi;
pub(crate) mod fields;
mod go;
pub(crate) mod grpc;
pub(crate) mod http2;
pub(crate) mod http_message;
mod java;
pub(crate) mod level;
mod mod_jk;
mod node;
mod pingora;
mod proxy_status;
mod python;
mod resolver;
mod ruby;
mod rust;
mod structured;
pub(crate) mod text;
pub(crate) mod thrown;
pub(crate) mod tls;
mod translated;
mod words;

use words::{Name, Phrase};

/// The tables that [`words`] asks: phrases and names, each sorted.
const TABLES: &[(&[Phrase], &[Name])] = &[
    (errno::TEXTS, errno::NAMES),
    (resolver::TEXTS, resolver::NAMES),
    (http2::TEXTS, http2::NAMES),
    (grpc::TEXTS, grpc::NAMES),
    (tls::openssl::TEXTS, tls::openssl::NAMES),
    (tls::gnutls::TEXTS, tls::gnutls::NAMES),
    (tls::rustls::TEXTS, tls::rustls::NAMES),
    (curl::TEXTS, curl::NAMES),
    (go::TEXTS, &[]),
    (java::TEXTS, java::NAMES),
    (mod_jk::TEXTS, &[]),
    (node::TEXTS, node::NAMES),
    (python::TEXTS, python::NAMES),
    (rust::TEXTS, rust::NAMES),
    (pingora::TEXTS, &[]),
    (dotnet::TEXTS, dotnet::NAMES),
    (ruby::TEXTS, ruby::NAMES),
    (erlang::TEXTS, &[]),
    (browser::TEXTS, browser::NAMES),
    (text::TEXTS, text::NAMES),
    (translated::TEXTS, &[]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_hold_each_phrase_once() {
        for (phrases, names) in TABLES {
            for pair in phrases.windows(2) {
                let key = |phrase: &Phrase| (phrase.begins, phrase.goes_on);
                assert!(key(&pair[0]) < key(&pair[1]), "{:?}", pair[1].begins);
            }
            for pair in names.windows(2) {
                assert!(pair[0].0 < pair[1].0, "{}", pair[1].0);
            }
        }
    }

    #[test]
    fn phrases_are_folded_and_short_enough() {
        for (phrases, _) in TABLES {
            for phrase in *phrases {
                let begins = phrase.begins;
                assert!(begins.len() <= words::LONGEST, "{begins}");
                let folded = |text: &str| {
                    !text.contains("  ") && !text.contains('_') && text == text.to_ascii_lowercase()
                };
                assert!(folded(begins) && folded(phrase.goes_on), "{begins}");
                let first = begins.as_bytes().first().copied().unwrap_or(0);
                let word = first.is_ascii_alphanumeric() || first >= 0x80;
                assert!(word, "{begins} begins with no word");
            }
        }
    }
}
