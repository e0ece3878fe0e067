//! mod_jk, Apache's old way to Tomcat, which writes a log of its own. From jk_ajp_common.c, jk_connect.c and
//! jk_lb_worker.c of Tomcat Connectors 1.2.

use super::words::Says::{At, Errno, Is, Perhaps};
use super::words::{Phrase, around, words};
use crate::evidence::Sign::{Closed, Ended, Failed, NoneHealthy, TimedOut};
use crate::vocabulary::Phase::{Connect, Request, ResponseHeaders};

/// What it says of a worker.
pub(super) const TEXTS: &[Phrase] = &[
    words("all tomcat instances are busy or in error state", Is(NoneHealthy)),
    words("all tomcat instances failed", Perhaps(Failed, Connect)),
    words("can't receive the response header message from tomcat", Perhaps(Ended, ResponseHeaders)),
    around("connect to ", "{.} failed (errno=", Errno),
    words("connecting to backend failed", Perhaps(Failed, Connect)),
    words("connecting to tomcat failed", Perhaps(Failed, Connect)),
    words("has forced a connection close for socket", At(Closed, ResponseHeaders)),
    words("is listening on the wrong port (errno=", Errno),
    words("receiving from tomcat failed", Perhaps(Ended, ResponseHeaders)),
    words("receiving reply from tomcat failed", Perhaps(Ended, ResponseHeaders)),
    words("sending request to tomcat failed", Perhaps(Ended, Request)),
    words("tomcat is down or refused connection", Perhaps(Failed, Connect)),
    words("waiting reply from tomcat. tomcat is down", At(TimedOut, ResponseHeaders)),
];
