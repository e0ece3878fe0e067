//! Where in memory the catalogue is: its words, and the tables that hold them. Reports alone look
//! at it, so that a build that is loaded over a network may bring it later, in a file beside.

use crate::dialects::DIALECTS;
use crate::vocabulary::{Cause, Fault};

/// Shorter words may stand for something else too: the compiler keeps equal ones once.
const SHORTEST: usize = 16;

/// Tells the address and the size of each piece of memory that only reports look at. Some lie within
/// others, or are told twice.
// Here, and not where it is used: each crate that inlines the entries gets copies of them.
#[inline(never)]
pub fn catalogue_places(told: &mut dyn FnMut(usize, usize)) {
    let mut places = Places(told);
    for fault in Fault::ALL {
        places.word(fault.meaning());
    }
    for cause in Cause::ALL {
        let advice = cause.advice();
        places.word(advice.title);
        places.word(advice.meaning);
        places.table(advice.checks);
        places.table(advice.remedies);
        places.words(advice.prevention);
        places.words(advice.sources);
        for check in advice.checks {
            places.word(check.run);
            places.word(check.outcome);
        }
        for remedy in advice.remedies {
            places.word(remedy.does);
        }
        for tell in cause.why().tells {
            places.word(tell.says());
        }
    }
    for dialect in DIALECTS {
        places.word(dialect.about);
        places.table(dialect.settings);
        for setting in dialect.settings {
            places.word(setting.governs);
            places.word(setting.advice);
            places.word(setting.link);
        }
    }
}

struct Places<'t>(&'t mut dyn FnMut(usize, usize));

impl Places<'_> {
    fn words(&mut self, words: &'static [&'static str]) {
        self.table(words);
        for word in words {
            self.word(word);
        }
    }

    fn word(&mut self, word: &'static str) {
        if word.len() >= SHORTEST {
            self.table(word.as_bytes());
        }
    }

    fn table<T>(&mut self, table: &'static [T]) {
        (self.0)(table.as_ptr().addr(), size_of_val(table));
    }
}
