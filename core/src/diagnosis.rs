//! From the evidence of one exchange to its fault and causes.

use crate::causes::Case;
use crate::classify::{Verdict, classify};
use crate::evidence::Evidence;
use crate::infer::{Ranking, infer};
use crate::vocabulary::{Category, Cause, Confidence, Fault, Phase};

/// What was concluded of one exchange: ids, confidences and positions. Small and `Copy`; a report
/// is made of it together with the evidence that it was drawn from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diagnosis {
    verdict: Verdict,
    causes: Ranking,
}

/// Decides the fault and ranks the causes of one exchange.
///
/// ```
/// let evidence = why502::Evidence::builder()
///     .status(502)
///     .connect_error(std::io::Error::from(std::io::ErrorKind::ConnectionRefused))
///     .upstream("10.0.0.3:8080")
///     .build();
/// let diagnosis = why502::diagnose(&evidence);
/// assert_eq!(diagnosis.fault(), why502::Fault::ConnectRefused);
/// assert_eq!(diagnosis.cause(), why502::Cause::UpstreamNotRunning);
/// ```
#[must_use]
pub fn diagnose(evidence: &Evidence<'_>) -> Diagnosis {
    let verdict = classify(evidence);
    let causes = infer(&Case::new(evidence, verdict.fault));
    Diagnosis { verdict, causes }
}

impl Diagnosis {
    /// What failed.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        self.verdict.fault
    }

    /// How sure the evidence makes the fault.
    #[must_use]
    pub const fn certainty(&self) -> Confidence {
        self.verdict.certainty
    }

    /// The fault with all that was decided beside it.
    #[must_use]
    pub const fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// Where in the exchange it failed; `None` for [`Fault::None`] and [`Fault::Unknown`].
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        match self.fault() {
            Fault::None | Fault::Unknown => None,
            fault => Some(fault.phase()),
        }
    }

    /// The causes, the likeliest first.
    #[must_use]
    pub const fn causes(&self) -> &Ranking {
        &self.causes
    }

    /// The likeliest cause; [`Cause::Unknown`] where the evidence does not tell.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.causes.iter().next().map_or(Cause::Unknown, |ranked| ranked.cause)
    }

    /// The category of the likeliest cause.
    #[must_use]
    pub fn category(&self) -> Category {
        self.cause().category()
    }

    /// How the exchange counts.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        Outcome::of(self.fault())
    }
}

/// How an exchange counts in a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Nothing failed.
    Healthy,
    /// The gateway or something behind it failed.
    Failed,
    /// The client's own doing: it left, or its request was bad.
    Client,
    /// A policy did its work.
    Denied,
}

impl Outcome {
    /// How a fault counts.
    #[must_use]
    pub const fn of(fault: Fault) -> Self {
        match fault {
            Fault::None => Self::Healthy,
            Fault::ClientClosed | Fault::ClientInvalid => Self::Client,
            Fault::GatewayDenied => Self::Denied,
            _ => Self::Failed,
        }
    }
}
