//! The catalogue as data: what there is, and each fault and cause in full. Names and shapes are
//! those of the JSON, as `schema/why502-catalogue-1.schema.json` describes it.

use super::text::{children, usual_causes};
use super::view::{CheckView, RemedyView, SettingView, setting_view, unfilled};
use crate::dialects::DIALECTS;
use crate::evidence::Evidence;
use crate::vocabulary::{Category, Cause, Confidence, Fault, Gateway, Phase};
use alloc::string::ToString;
use alloc::vec::Vec;

/// A fault or a cause in full.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(tag = "kind", rename_all = "lowercase"))]
#[non_exhaustive]
pub enum ExplanationView {
    /// A fault.
    Fault(FaultPageView),
    /// A cause.
    Cause(CausePageView),
}

/// A fault in full.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct FaultPageView {
    /// The fault.
    pub id: Fault,
    /// Where in the exchange.
    pub phase: Phase,
    /// What it means.
    pub meaning: &'static str,
    /// The fault that it is a kind of.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub parent: Option<Fault>,
    /// The faults that are kinds of it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub kinds: Vec<Fault>,
    /// The error type of RFC 9209.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub rfc9209: Option<&'static str>,
    /// The type of Network Error Logging.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub nel: Option<&'static str>,
    /// The causes before any evidence, the likeliest first.
    pub causes: Vec<UsualView>,
}

/// A cause of a fault before any evidence.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct UsualView {
    /// The cause.
    pub id: Cause,
    /// Its title.
    pub title: &'static str,
    /// How often it is the one.
    pub confidence: Confidence,
}

/// A cause in full.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CausePageView {
    /// The cause.
    pub id: Cause,
    /// Its category.
    pub category: Category,
    /// A few words.
    pub title: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// The faults that it can stand behind.
    pub faults: Vec<Fault>,
    /// What speaks for it.
    #[cfg_attr(feature = "serde", serde(rename = "for"))]
    pub supports: Vec<&'static str>,
    /// What speaks against it.
    pub against: Vec<&'static str>,
    /// How to make sure, with names to be filled in.
    pub checks: Vec<CheckView>,
    /// What to change.
    pub remedies: Vec<RemedyView>,
    /// The settings that cure it, of every gateway.
    pub settings: Vec<SettingView>,
    /// How to keep it from coming back.
    pub prevention: &'static [&'static str],
    /// Where this is documented.
    pub sources: &'static [&'static str],
}

/// What there is to read, to find and to explain.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CatalogueView {
    /// What can be read.
    pub dialects: Vec<DialectView>,
    /// What can fail.
    pub faults: Vec<ListedView<Fault>>,
    /// Why it can.
    pub causes: Vec<ListedView<Cause>>,
}

/// A dialect.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct DialectView {
    /// Its name.
    pub name: &'static str,
    /// Whose words it reads; absent where any gateway's exchange may be told of in it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub gateway: Option<Gateway>,
    /// What is read, of which versions.
    pub about: &'static str,
}

/// A fault or a cause in a list.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ListedView<T> {
    /// Its id.
    pub id: T,
    /// A few words.
    pub about: &'static str,
}

impl ExplanationView {
    /// What an id names: one may name both a fault and a cause. Nothing where it names neither.
    #[must_use]
    pub fn of(id: &str) -> Vec<Self> {
        let fault = Fault::from_id(id).map(|fault| Self::Fault(FaultPageView::new(fault)));
        let cause = Cause::from_id(id).map(|cause| Self::Cause(CausePageView::new(cause)));
        fault.into_iter().chain(cause).collect()
    }
}

impl FaultPageView {
    /// Of a fault.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        let usual = |(id, confidence): (Cause, Confidence)| UsualView {
            id,
            title: id.advice().title,
            confidence,
        };
        Self {
            id: fault,
            phase: fault.phase(),
            meaning: fault.meaning(),
            parent: fault.parent(),
            kinds: children(fault).collect(),
            rfc9209: fault.proxy_error(),
            nel: fault.nel(),
            causes: usual_causes(fault).into_iter().map(usual).collect(),
        }
    }
}

impl CausePageView {
    /// Of a cause.
    #[must_use]
    pub fn new(cause: Cause) -> Self {
        let (why, advice) = (cause.why(), cause.advice());
        let says = |supports: bool| {
            let tells = why.tells.iter().filter(|tell| (tell.weight > 0) == supports);
            tells.map(|tell| tell.says()).collect()
        };
        let check = |check: &crate::causes::Check| CheckView {
            run: unfilled(check.run),
            outcome: unfilled(check.outcome),
            tells: check.tells.into(),
        };
        let remedy = |remedy: &crate::causes::Remedy| RemedyView {
            cause,
            does: remedy.does.to_string(),
            stopgap: remedy.stopgap,
            setting: None,
        };
        let settings = DIALECTS.iter().flat_map(|dialect| {
            let cures = dialect.settings.iter().filter(|setting| setting.cures.contains(&cause));
            cures
                .filter_map(|setting| setting_view(dialect.gateway?, setting, &Evidence::default()))
        });
        Self {
            id: cause,
            category: cause.category(),
            title: advice.title,
            meaning: advice.meaning,
            faults: why.faults.iter().map(|(fault, _)| *fault).collect(),
            supports: says(true),
            against: says(false),
            checks: advice.checks.iter().map(check).collect(),
            remedies: advice.remedies.iter().map(remedy).collect(),
            settings: settings.collect(),
            prevention: advice.prevention,
            sources: advice.sources,
        }
    }
}

impl CatalogueView {
    /// All of it.
    #[must_use]
    pub fn new() -> Self {
        let dialects = DIALECTS.iter().map(|dialect| DialectView {
            name: dialect.name,
            gateway: dialect.gateway,
            about: dialect.about,
        });
        let fault = |fault: &Fault| ListedView { id: *fault, about: fault.meaning() };
        let cause = |cause: &Cause| ListedView { id: *cause, about: cause.advice().title };
        Self {
            dialects: dialects.collect(),
            faults: Fault::ALL.iter().map(fault).collect(),
            causes: Cause::ALL.iter().map(cause).collect(),
        }
    }
}

impl Default for CatalogueView {
    fn default() -> Self {
        Self::new()
    }
}
