//! The gateway speaks another protocol than the port: http and https, HTTP/1 and HTTP/2, gRPC, FastCGI, uwsgi, PROXY protocol.

use crate::causes::{Advice, Why};

pub(in crate::causes) const WHY: Why = Why { faults: &[], tells: &[] };

pub(in crate::causes) const ADVICE: Advice =
    Advice { title: "", meaning: "", checks: &[], remedies: &[], prevention: &[], sources: &[] };
