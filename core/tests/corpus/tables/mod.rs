//! Tables of everything that a gateway, a library or a standard says, `vocabulary/*.tsv`, and
//! records made of their rows: one module for each table.

pub mod apache;
pub mod clients;
pub mod envoy;
pub mod haproxy;
pub mod nginx;
pub mod standard;
mod standard_exceptions;

use why502::Fault;

/// The tables of gateways.
pub const TABLES: &[Table] =
    &[apache::TABLE, envoy::TABLE, envoy::ISTIO, haproxy::TABLE, nginx::TABLE];

/// Every table.
pub fn all() -> impl Iterator<Item = &'static Table> {
    TABLES.iter().chain(standard::TABLES).chain(clients::TABLES)
}

/// One table.
pub struct Table {
    /// Its name: that of its file.
    pub name: &'static str,
    /// The file.
    pub text: &'static str,
    /// Text that holds a row's token where it appears in real input, with values for its
    /// placeholders.
    pub record: fn(&Row<'_>) -> String,
    /// Rows that come out as another fault than theirs: token, the program's fault, why.
    pub differs: &'static [(&'static str, Fault, &'static str)],
    /// Rows that are not read: token, why.
    pub left_out: &'static [(&'static str, &'static str)],
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The words, with `{placeholders}`.
    pub token: &'a str,
    /// Where they stand: `error-log`, `access-log`, `body` …
    pub place: &'a str,
    /// `None` where the token tells of no failure by itself.
    pub fault: Option<Fault>,
}

impl Table {
    /// Every row.
    pub fn rows(&self) -> impl Iterator<Item = Row<'static>> {
        let name = self.name;
        self.text.lines().skip(1).map(move |line| {
            let mut columns = line.split('\t');
            let mut column = || columns.next().unwrap();
            let (token, place, fault) = (column(), column(), column());
            let fault = (fault != "-").then(|| match fault.parse() {
                Ok(fault) => fault,
                Err(_) => panic!("{name}: {token}: there is no fault {fault}"),
            });
            Row { token, place, fault }
        })
    }

    /// Every row that is read, with the text that holds it.
    pub fn records(&self) -> impl Iterator<Item = (Row<'static>, String)> {
        let read = |row: &Row<'_>| !self.left_out.iter().any(|(token, _)| *token == row.token);
        self.rows().filter(read).map(|row| (row, (self.record)(&row)))
    }
}
