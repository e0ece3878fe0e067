//! The exchanges that are staged, each with what its evidence can tell.
//!
//! A path tells nothing of what is staged behind it, so that no verdict can be read off it.

mod answers;
mod bodies;
mod connections;
mod handshakes;
mod headers;
mod policies;
mod protocols;
mod retries;
mod selection;

use std::path::Path;
use std::time::Duration;

use crate::client::Ask;
use crate::gateway;
use crate::gateway::{Gateway, Parts};
use crate::upstream::{self, Behaviour, Ending};

/// One exchange, its staging and its expected verdict.
pub(crate) struct Exchange {
    pub(crate) name: &'static str,
    /// How it is staged, as the records say it.
    pub(crate) staged: &'static str,
    expected: Expected,
    /// What the combined format and the error log tell, where that is less than the rich format.
    in_combined: Option<Expected>,
    /// What is left to tell where the error log's level keeps its line out.
    unless_logged: Option<Expected>,
    ask: Ask,
    prelude: Prelude,
    path: String,
}

/// The fault and the cause that a judge takes as right.
#[derive(Clone, Copy)]
pub(crate) struct Expected {
    pub(crate) fault: &'static str,
    pub(crate) accept: &'static [&'static str],
    pub(crate) cause: Option<&'static str>,
    pub(crate) accept_causes: &'static [&'static str],
}

/// The format of the access log.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Format {
    /// nginx's own.
    Combined,
    /// With upstream fields.
    Rich,
}

/// What happens before the exchange, and is left out of the access logs.
#[derive(Clone, Copy, Default, PartialEq)]
enum Prelude {
    #[default]
    Nothing,
    /// One request to the same location, finished before.
    Asked,
    /// One request to the same location, still running meanwhile.
    Running,
    /// This folder under nginx's own is taken from the workers.
    Locks(&'static str),
}

/// All exchanges, and the configuration that stages them.
pub(crate) struct Stage {
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) parts: Parts,
}

impl Exchange {
    /// What a judge takes as right of these lines.
    pub(crate) fn expected(&self, format: Format, error: &str) -> Expected {
        match (self.unless_logged, self.in_combined, format) {
            (Some(expected), _, _) if error.is_empty() => expected,
            (_, Some(expected), Format::Combined) => expected,
            _ => self.expected,
        }
    }

    /// Runs the exchange and returns the lines it left.
    pub(crate) fn run(&self, gateway: &Gateway) -> gateway::Lines {
        let before = Ask { headers: "X-Prelude: 1\r\n", ..Ask::default() };
        let mut running = None;
        match self.prelude {
            Prelude::Nothing => {}
            Prelude::Asked => drop(before.run(gateway.port, &self.path)),
            Prelude::Running => {
                running = Some(before.send(gateway.port, &self.path));
                std::thread::sleep(Duration::from_millis(60));
            }
            Prelude::Locks(folder) => gateway::close_to_all(&gateway.path().join(folder)),
        }
        gateway.settle();
        let mark = gateway.mark();
        self.ask.run(gateway.port, &self.path);
        let lines = gateway.lines_since(&mark);
        if let Prelude::Locks(folder) = self.prelude {
            gateway::open_to_all(&gateway.path().join(folder));
        }
        drop(running);
        gateway.settle();
        lines
    }

    fn asks(&mut self, ask: Ask) -> &mut Self {
        self.ask = ask;
        self
    }

    fn after(&mut self, prelude: Prelude) -> &mut Self {
        self.prelude = prelude;
        self
    }

    fn cause(&mut self, cause: &'static str, accept: &'static [&'static str]) -> &mut Self {
        self.expected.cause = Some(cause);
        self.expected.accept_causes = accept;
        self
    }

    fn unless_logged(&mut self, fault: &'static str, accept: &'static [&'static str]) -> &mut Self {
        self.unless_logged = Some(Expected { fault, accept, cause: None, accept_causes: &[] });
        self
    }

    fn in_combined(&mut self, fault: &'static str, accept: &'static [&'static str]) -> &mut Self {
        self.in_combined = Some(Expected { fault, accept, cause: None, accept_causes: &[] });
        self
    }
}

impl Stage {
    /// Stages everything, with files in `folder` (nginx's own).
    pub(crate) fn new(folder: &Path) -> Self {
        let mut stage = Self { exchanges: Vec::new(), parts: Parts::default() };
        stage.answers();
        stage.retries();
        stage.selection();
        stage.names();
        stage.connections(folder);
        stage.handshakes(folder);
        stage.requests();
        stage.headers();
        stage.bodies(folder);
        stage.fastcgi();
        stage.grpc();
        stage.policies();
        stage.clients();
        stage
    }

    /// Adds an exchange with a location of its own.
    fn add(
        &mut self,
        name: &'static str,
        staged: &'static str,
        location: &str,
        fault: &'static str,
        accept: &'static [&'static str],
    ) -> &mut Exchange {
        let number = self.exchanges.len() + 1;
        let prefix = format!("/s{number:02}/");
        self.parts.locations.push_str(&format!("location {prefix} {{ {location} }}\n"));
        self.exchanges.push(Exchange {
            name,
            staged,
            expected: Expected { fault, accept, cause: None, accept_causes: &[] },
            in_combined: None,
            unless_logged: None,
            ask: Ask::default(),
            prelude: Prelude::Nothing,
            path: format!("{prefix}orders/{}", 4100 + number),
        });
        self.exchanges.last_mut().expect("just pushed")
    }

    /// The same with one HTTP upstream.
    fn behind(
        &mut self,
        name: &'static str,
        staged: &'static str,
        behaviour: Behaviour,
        fault: &'static str,
        accept: &'static [&'static str],
    ) -> &mut Exchange {
        let location = format!("proxy_pass http://127.0.0.1:{};", upstream::listen(behaviour));
        self.add(name, staged, &location, fault, accept)
    }

    /// The same with an HTTP upstream that answers so.
    fn answered(
        &mut self,
        name: &'static str,
        staged: &'static str,
        bytes: Vec<u8>,
        fault: &'static str,
        accept: &'static [&'static str],
    ) -> &mut Exchange {
        self.behind(name, staged, Behaviour::Answers(bytes, Ending::Fin), fault, accept)
    }

    /// Adds an upstream group and returns its name.
    fn group(&mut self, servers: &str) -> String {
        let name = format!("pool{}", self.exchanges.len() + 1);
        self.parts.http.push_str(&format!("upstream {name} {{ {servers} }}\n"));
        name
    }
}

/// What a location needs for connections that stay open.
const KEPT: &str = "proxy_http_version 1.1; proxy_set_header Connection \"\";";
