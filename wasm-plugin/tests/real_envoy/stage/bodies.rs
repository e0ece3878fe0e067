//! Responses that begin well.

use super::{Stage, answers, healthy, late};
use crate::upstream::{Ending, response};

/// Less than it says.
pub(super) const CUT: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes\n";

pub(super) fn add(stage: &mut Stage) {
    // Envoy has one word for a body that is cut and one that cannot be decoded.
    const FAILED: &[&str] = &["body-failed"];
    const INCOMPLETE: &str = "http_response_incomplete";
    for (path, ending) in [("/body-closed", Ending::Fin), ("/body-reset", Ending::Rst)] {
        stage.plain(late(path, FAILED, INCOMPLETE), answers(CUT.to_vec(), ending));
    }
    let chunks = |end: &[u8]| {
        let head = b"HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
        [&head[..], end].concat()
    };
    stage.plain(
        late("/body-malformed", FAILED, INCOMPLETE).truly("http_response_transfer_coding"),
        answers(chunks(b"zz\r\n"), Ending::Fin),
    );
    stage.plain(late("/body-without-end", FAILED, INCOMPLETE), answers(chunks(b""), Ending::Fin));
    let whole = healthy("/chunks").and("its body", |it| it.body == b"hello");
    stage.plain(whole, answers(chunks(b"0\r\n\r\n"), Ending::Fin));
    let trailers = healthy("/trailers").and("its body", |it| it.body == b"hello");
    stage.plain(trailers, answers(chunks(b"0\r\nX-Sum: 5\r\n\r\n"), Ending::Fin));
    // Without a length, the end of the connection is the end of the body.
    let open = b"HTTP/1.0 200 OK\r\n\r\nuntil the end".to_vec();
    let case = healthy("/until-the-end").and("its body", |it| it.body == b"until the end");
    stage.plain(case, answers(open, Ending::Fin));
    let large = "x".repeat(1_000_000);
    let case = healthy("/large").and("all of it", |it| it.body.len() == 1_000_000);
    stage.plain(case, answers(response("200 OK", "", &large), Ending::Fin));
}
