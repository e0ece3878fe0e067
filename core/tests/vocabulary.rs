//! Walks the tables of everything that gateways, libraries and standards say, and reads a record of
//! each row: what comes out must be what the row says. Where the program differs on purpose, the row
//! stands in its table's `differs` with the reason; what is not read, in `left_out`.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice, missing_docs)]

mod corpus;

use corpus::tables::{self, Row, Table};
use why502::evidence::Sign;
use why502::{Evidence, Fault, Outcome};

#[test]
fn every_row_is_read_and_means_what_its_table_says() {
    let mut wrong = Vec::new();
    for table in tables::all() {
        let mut read = 0;
        for (row, record) in table.records() {
            read += 1;
            let (found, known) = corpus::single(record.as_bytes(), |evidence, diagnosis| {
                (diagnosis.fault(), is_read(evidence))
            });
            let mut complain = |what: String| {
                wrong.push(format!(
                    "{} {}: {what}: {}\n    {record}",
                    table.name, row.place, row.token
                ));
            };
            if !known {
                complain("not read".to_owned());
            }
            match differs(table, &row) {
                Some(_) if is_right(&row, found) => complain("differs no longer".to_owned()),
                Some(fault) if fault == found => {}
                _ if is_right(&row, found) => {}
                _ => complain(format!("{found}, not {:?}", row.fault)),
            }
        }
        assert!(read > 3, "the table of {} has {read} rows", table.name);
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether anything of the record was understood.
fn is_read(evidence: &Evidence<'_>) -> bool {
    evidence.status.is_some() || evidence.signs.iter().any(|seen| seen.sign != Sign::Unrecognized)
}

/// The fault that the program gives on purpose instead of the row's.
fn differs(table: &Table, row: &Row<'_>) -> Option<Fault> {
    let differs = table.differs.iter().find(|(token, ..)| *token == row.token);
    differs.map(|(_, fault, _)| *fault)
}

fn is_right(row: &Row<'_>, found: Fault) -> bool {
    match row.fault {
        Some(fault) => found == fault,
        // A bare status or page says that something failed, and not what.
        None if row.place != "error-log" && found == Fault::Unknown => true,
        None => Outcome::of(found) != Outcome::Failed,
    }
}

#[test]
fn every_exception_stands_in_its_table_and_has_a_reason() {
    for table in tables::all() {
        let differs = table.differs.iter().map(|(token, _, why)| (token, why));
        let left_out = table.left_out.iter().map(|(token, why)| (token, why));
        for (token, why) in differs.chain(left_out) {
            let there = table.rows().any(|row| row.token == *token);
            assert!(there, "the table of {} has no {token}", table.name);
            assert!(why.ends_with('.') && why.len() > 20, "{token}: {why}");
        }
    }
}
