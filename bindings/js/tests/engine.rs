//! The engine as JavaScript calls it: bytes in, text out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use why502_js::{Engine, Form, Trouble};

const REFUSED: &str = "2026/09/14 08:27:39 [error] 417#417: *3256 connect() failed (111: Connection \
    refused) while connecting to upstream, client: 203.0.113.24, server: shop.example, request: \
    \"GET /cart/81 HTTP/1.1\", upstream: \"http://192.0.2.10:8080/cart/81\", host: \"shop.example\"\n";

fn bring(engine: &mut Engine, input: &str) {
    engine.room(input.len()).copy_from_slice(input.as_bytes());
}

fn output(engine: &Engine) -> &str {
    std::str::from_utf8(engine.output()).unwrap()
}

#[test]
fn text_is_diagnosed_under_its_name() {
    let mut engine = Engine::new();
    bring(&mut engine, "error.log");
    engine.name().unwrap();
    bring(&mut engine, REFUSED);
    engine.diagnose(2026).unwrap();
    assert!(output(&engine).starts_with("{\"schema\":\"why502/1\""));
    assert!(output(&engine).contains("\"file\":\"error.log\""));
    assert!(matches!(engine.diagnose(2026), Err(Trouble::Empty)));
}

#[test]
fn a_trouble_leaves_nothing_behind() {
    let mut engine = Engine::new();
    bring(&mut engine, " \n");
    let trouble = engine.diagnose(0).unwrap_err();
    engine.tell(&trouble);
    assert!(output(&engine).starts_with("empty\n"));
    bring(&mut engine, "{\"status\": \"502\"}");
    let trouble = engine.facts().unwrap_err();
    assert!(trouble.to_string().starts_with("status: expected"), "{trouble}");
    bring(&mut engine, "{\"status\": 502}");
    engine.facts().unwrap();
    let diagnosis = output(&engine).to_owned();
    bring(&mut engine, &diagnosis);
    engine.render(Form::Html).unwrap();
    assert!(output(&engine).starts_with("<article"));
}

#[test]
fn a_log_is_read_alike_however_it_comes() {
    let read = |size: usize| {
        let mut engine = Engine::new();
        assert!(matches!(engine.read(false), Err(Trouble::NotOpen)));
        engine.open(2026, false, true).unwrap();
        let mut said = String::new();
        for chunk in REFUSED.repeat(3).as_bytes().chunks(size) {
            engine.room(chunk.len()).copy_from_slice(chunk);
            engine.read(false).unwrap();
            said += output(&engine);
        }
        engine.read(true).unwrap();
        said += output(&engine);
        engine.summary().unwrap();
        assert!(output(&engine).contains("\"lines\": 3"));
        said
    };
    let whole = read(usize::MAX);
    assert_eq!(whole.lines().count(), 3);
    for size in [1, 7, 100] {
        assert_eq!(read(size), whole);
    }
}

#[test]
fn the_catalogue_says_where_it_is() {
    let mut engine = Engine::new();
    engine.places().unwrap();
    let bytes: usize = output(&engine)
        .lines()
        .map(|line| line.split_once(' ').unwrap().1.parse::<usize>().unwrap())
        .sum();
    assert!(bytes > 50_000, "{bytes}");
}
