//! A filter written with the SDK (`bindings/proxy-wasm/examples/hints.rs`) in a real Envoy.

use crate::gateway::{self, Envoy};
use crate::soak::exchange;
use crate::stage;

#[test]
fn a_filter_of_the_sdk_tells_what_failed() {
    let Some((program, ours)) = gateway::programs() else { return };
    let module = ours.with_file_name("hints.wasm");
    if !module.is_file() {
        assert!(std::env::var_os("CI").is_none(), "CI has built the example");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let settings = serde_json::json!({});
    let envoy = Envoy::start(&program, &module, folder.path(), &stage::soak(), &settings, 2);
    let mut connection = None;
    for _ in 0..20 {
        for (path, hint, member) in [
            ("/well", "", ""),
            (
                "/refused",
                "connect-refused, perhaps upstream-not-running",
                "envoy; error=connection_refused",
            ),
            (
                "/busy",
                "upstream-unavailable, perhaps upstream-overloaded",
                "envoy; received-status=503",
            ),
            (
                "/nowhere",
                "no-upstream, perhaps route-missing",
                "envoy; error=destination_not_found",
            ),
        ] {
            let response = exchange(&mut connection, envoy.port, path);
            assert_eq!(response.header("x-hint"), hint, "{path}: {}", envoy.stderr());
            assert_eq!(response.header("proxy-status"), member, "{path}");
        }
    }
    // A body that was cut is told of at the end.
    assert_eq!(exchange(&mut None, envoy.port, "/cut").status, 200);
    assert!(!envoy.stderr().contains("panicked"), "{}", envoy.stderr());
}
