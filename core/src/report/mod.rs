//! Renderings of a diagnosis or a summary. A report decides nothing: it looks up the prose of what
//! was decided and quotes the evidence.

mod catalogue;
pub mod escape;
mod html;
#[cfg(feature = "serde")]
mod json;
mod markdown;
mod memory;
mod proxy_status;
#[cfg(feature = "serde")]
mod reread;
mod text;
mod view;

pub use catalogue::{
    CatalogueView, CausePageView, DialectView, ExplanationView, FaultPageView, ListedView,
    UsualView,
};
pub use html::{diagnosis_html, summary_html};
#[cfg(feature = "serde")]
pub use json::{
    catalogue_json, diagnosis_from_json, diagnosis_json, explanation_json, summary_json,
};
pub use markdown::{cause_markdown, diagnosis_markdown, fault_markdown, summary_markdown};
pub use memory::catalogue_places;
pub use proxy_status::proxy_status;
pub use text::{Look, cause_text, diagnosis_text, fault_text, summary_text};
pub use view::{
    CandidateView, CauseView, CheckView, DiagnosisView, EvidenceView, ExchangesView, FileView,
    FindingView, ReadView, RemedyView, SettingView, SummaryView, UpstreamCountView,
};
