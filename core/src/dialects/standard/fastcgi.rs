//! What applications write to their error output, which their gateway passes on.

use crate::evidence::Sign;
use crate::scan;

/// What a FastCGI application wrote to its error output.
pub(crate) fn stderr(message: &[u8]) -> Sign {
    let says = |words: &[u8]| scan::holds(message, words);
    if says(b"Primary script unknown") || says(b"Unable to open primary script") {
        Sign::ScriptMissing
    } else if says(b"Allowed memory size of") || says(b"Out of memory") {
        Sign::ApplicationOutOfMemory
    } else if says(b"Maximum execution time") {
        Sign::ApplicationTimedOut
    } else if says(b"Fatal error") || says(b"Parse error") || says(b"Uncaught ") {
        Sign::ApplicationFailed
    } else if says(b"Access to the script") {
        Sign::ScriptMissing
    } else {
        Sign::ApplicationWrote
    }
}
