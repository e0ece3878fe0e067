//! More than one attempt: the last outcome counts.

use super::{KEPT, Prelude, Stage};
use crate::client::Ask;
use crate::upstream::{self, Behaviour, Ending, response};

impl Stage {
    pub(super) fn retries(&mut self) {
        let answer = || Behaviour::Answers(response("200 OK", "", "an order\n"), Ending::Fin);
        let dead = upstream::closed_port();
        let server = |port: u16| format!("server 127.0.0.1:{port} max_fails=0;");
        // The weight makes it the first choice, so that the retry always happens.
        let first = |port: u16| format!("server 127.0.0.1:{port} weight=100 max_fails=0;");

        let pool = self.group(&(first(dead) + &server(upstream::listen(answer()))));
        self.add(
            "retry-after-refusal",
            "the first server refuses, the second answers",
            &format!("proxy_pass http://{pool};"),
            "none",
            &[],
        );
        let silent = upstream::listen(Behaviour::Stalls(Vec::new()));
        let pool = self.group(&(first(silent) + &server(upstream::listen(answer()))));
        self.add(
            "retry-after-timeout",
            "the first server times out, the second answers",
            &format!("proxy_pass http://{pool};"),
            "none",
            &[],
        );
        let closing = upstream::listen(Behaviour::Answers(Vec::new(), Ending::Fin));
        let pool = self.group(
            &(first(closing) + &format!("server 127.0.0.1:{} backup;", upstream::listen(answer()))),
        );
        self.add(
            "retry-at-backup",
            "the server closes, the backup answers",
            &format!("proxy_pass http://{pool};"),
            "none",
            &[],
        );
        let busy = upstream::listen(Behaviour::Answers(response("503 Busy", "", ""), Ending::Fin));
        let pool = self.group(&(first(busy) + &server(upstream::listen(answer()))));
        self.add(
            "retry-after-503",
            "the first server answers 503, the second 200",
            &format!("proxy_pass http://{pool}; proxy_next_upstream error timeout http_503;"),
            "none",
            &[],
        );
        let closing = upstream::listen(Behaviour::Answers(Vec::new(), Ending::Fin));
        let pool = self.group(&(first(dead) + &server(closing)));
        self.add(
            "retry-then-closed",
            "the first server refuses, the second closes",
            &format!("proxy_pass http://{pool};"),
            "response-closed",
            &["response-terminated"],
        );
        let silent = upstream::listen(Behaviour::Stalls(Vec::new()));
        let pool = self.group(&(first(dead) + &server(silent)));
        self.add(
            "retry-then-timeout",
            "the first server refuses, the second times out",
            &format!("proxy_pass http://{pool};"),
            "response-timeout",
            &[],
        );
        let missing =
            upstream::listen(Behaviour::Answers(response("404 Not Found", "", ""), Ending::Fin));
        let pool = self.group(&(first(dead) + &server(missing)));
        self.add(
            "retry-then-404",
            "the first server refuses, the second answers 404",
            &format!("proxy_pass http://{pool};"),
            "none",
            &[],
        );
        self.parts.locations.push_str(&format!(
            "location @fallback {{ proxy_pass http://127.0.0.1:{}; }}\n",
            upstream::listen(answer())
        ));
        self.add(
            "fallback-after-refusal",
            "error_page sends a refused request to another upstream",
            &format!("proxy_pass http://127.0.0.1:{dead}; error_page 502 = @fallback;"),
            "none",
            &[],
        );
        self.add(
            "refused-own-page",
            "a refused request gets the gateway's own page",
            &format!("proxy_pass http://127.0.0.1:{dead}; error_page 502 /sorry.html;"),
            "connect-refused",
            &["connect-failed"],
        );
        for (name, staged, method, ending) in [
            (
                "idle-get-closed",
                "a GET on an idle connection that is closed, tried again",
                "GET",
                Ending::Fin,
            ),
            (
                "idle-get-reset",
                "a GET on an idle connection that is reset, tried again",
                "GET",
                Ending::Rst,
            ),
        ] {
            let port = upstream::listen(Behaviour::ServesOnce(ending));
            let pool = self.group(&format!("server 127.0.0.1:{port}; keepalive 4;"));
            self.add(
                name,
                staged,
                &format!("proxy_pass http://{pool}; {KEPT}"),
                "none",
                &["response-closed", "response-reset"],
            )
            .asks(Ask { method, ..Ask::default() })
            .after(Prelude::Asked);
        }
    }
}
