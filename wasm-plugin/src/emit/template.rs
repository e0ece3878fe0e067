//! Bodies that the operator words: text with places in braces.

use alloc::string::String;
use alloc::vec::Vec;

/// A body with places for what is known, parsed once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Place(Place),
}

/// What stands in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Status,
    Title,
    Detail,
    Advice,
    RequestId,
    Fault,
    Cause,
}

impl Place {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "status" => Self::Status,
            "title" => Self::Title,
            "detail" => Self::Detail,
            "advice" => Self::Advice,
            "request_id" => Self::RequestId,
            "fault" => Self::Fault,
            "cause" => Self::Cause,
            _ => return None,
        })
    }
}

impl Template {
    /// Parses a template. Braces around anything but letters and `_` are text, as in JSON and CSS.
    ///
    /// # Errors
    /// With the place that is not known, in its braces.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut kept = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            kept.push_str(before);
            let name = behind.split_once('}').filter(|(name, _)| {
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
            });
            match name {
                Some((name, after)) => {
                    let Some(place) = Place::named(name) else {
                        return Err(alloc::format!("{{{name}}}"));
                    };
                    if !kept.is_empty() {
                        parts.push(Part::Text(core::mem::take(&mut kept)));
                    }
                    parts.push(Part::Place(place));
                    rest = after;
                }
                None => {
                    kept.push('{');
                    rest = behind;
                }
            }
        }
        kept.push_str(rest);
        if !kept.is_empty() {
            parts.push(Part::Text(kept));
        }
        Ok(Self(parts))
    }

    /// With each place filled in by `write`, which escapes what it writes.
    pub(crate) fn fill(&self, mut write: impl FnMut(&mut String, Place)) -> String {
        let mut filled = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Place(place) => write(&mut filled, *place),
            }
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_other_braces_stay() {
        let text = r#"{"status": {status}, "css": "p{color:red}", "{": "{{title}}"#;
        let template = Template::read(text).unwrap();
        let filled = template.fill(|to, place| to.push_str(&alloc::format!("<{place:?}>")));
        assert_eq!(filled, r#"{"status": <Status>, "css": "p{color:red}", "{": "{<Title>}"#);
        assert_eq!(Template::read("a {tilte}"), Err("{tilte}".into()));
        assert_eq!(Template::read("").unwrap().fill(|_, _| ()), "");
    }
}
