//! Filters that answer before the router does.

use serde_json::{Value, json};

use super::{
    Before, Body, Stage, answers, cluster, failure, healthy, http2_cluster, late, unseen, well,
};
use crate::client::Ask;
use crate::upstream::{self, Ending, response};

pub(super) fn add(stage: &mut Stage) {
    const DENIED: &[&str] = &["gateway-denied"];
    const POLICY: &str = "http_request_denied";
    let denied = |path| failure(path, DENIED, POLICY).apart();
    let port = well();
    let closed = json!({"rules": {"action": "DENY", "policies": {"closed":
        {"permissions": [{"any": true}], "principals": [{"any": true}]}}}});
    let case = denied("/denied").body(Body::Own("RBAC: access denied"));
    stage.guarded(case, "rbac.v3.RBAC", closed.clone(), port);
    let no_tokens = json!({"stat_prefix": "limit",
        "token_bucket": {"max_tokens": 1, "tokens_per_fill": 1, "fill_interval": "600s"},
        "filter_enabled": {"default_value": {"numerator": 100}},
        "filter_enforced": {"default_value": {"numerator": 100}}});
    let case = denied("/too-often").before(Before::Request);
    stage.guarded(case, "local_ratelimit.v3.LocalRateLimit", no_tokens, port);
    authorization(stage, port);
    faults(stage, port);
    services(stage, port);
    scripts(stage, port);
    // Where the filters that answer stand in front of ours, Envoy shows it no response of theirs.
    let settings = json!({"error_body": {"replace": "all"}, "summary": {"seconds": 1},
        "log": {"per_second": 1000, "burst": 1000}});
    stage.door("last", settings, json!(null), json!(null));
    let in_front = |path| late(path, DENIED, POLICY).apart().through("last");
    let case = in_front("/denied-in-front").body(Body::Own("RBAC: access denied"));
    stage.guarded(case, "rbac.v3.RBAC", closed, port);
    let abort = json!({"abort": {"http_status": 503, "percentage": {"numerator": 100}}});
    stage.guarded(in_front("/injected-in-front"), "fault.v3.HTTPFault", abort, port);
    let answers = json!({"pass_through_mode": false,
        "headers": [{"name": ":path", "string_match": {"exact": "/answered-in-front"}}]});
    let case = healthy("/answered-in-front").through("last");
    stage.guarded(case, "health_check.v3.HealthCheck", answers, port);
    let refused = failure("/refused-at-last", &["connect-refused"], "connection_refused");
    stage.plain(refused.through("last"), upstream::closed_port());
    let small = json!({"max_request_bytes": 1000});
    stage.guarded(
        failure("/upload-too-large", &["client-invalid"], "http_request_error").apart().asks(Ask {
            method: "POST",
            body: 20_000,
            ..Ask::default()
        }),
        "buffer.v3.Buffer",
        small,
        port,
    );
    // Under pressure Envoy answers before any filter is asked.
    std::fs::write(stage.folder.join("pressure"), "0").unwrap();
    stage.plain(unseen("/pressed", "proxy_internal_error").before(Before::Pressure), port);
    stage.parts.more = json!({"overload_manager": {
        "refresh_interval": "0.05s",
        "resource_monitors": [{"name": "envoy.resource_monitors.injected_resource", "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.resource_monitors.injected_resource.v3.\
                      InjectedResourceConfig",
            "filename": stage.folder.join("pressure")}}],
        "actions": [{"name": "envoy.overload_actions.stop_accepting_requests", "triggers":
            [{"name": "envoy.resource_monitors.injected_resource", "threshold": {"value": 0.9}}]}],
    }});
}

/// Another service is asked whether the request may pass.
fn authorization(stage: &mut Stage, port: u16) {
    const KIND: &str = "ext_authz.v3.ExtAuthz";
    let mut asks = |path: &str, port: u16| -> Value {
        let name = format!("{path}-asked");
        stage.cluster(&name, &mut cluster(&[port]));
        json!({"http_service": {"server_uri": {"uri": "http://shop.example",
            "cluster": super::name(&name), "timeout": "0.3s"}}})
    };
    let no = answers(response("403 Forbidden", "", "not you\n"), Ending::Fin);
    let yes = asks("/allowed", well());
    let refuses = asks("/not-allowed", no);
    let gone = asks("/nobody-asked", upstream::closed_port());
    stage.guarded(healthy("/allowed"), KIND, yes, port);
    stage.guarded(
        failure("/not-allowed", &["gateway-denied"], "http_request_denied")
            .apart()
            .body(Body::Own("not you\n")),
        KIND,
        refuses,
        port,
    );
    // Nobody could say whether it may pass.
    stage.guarded(
        failure("/nobody-asked", &["gateway-internal"], "proxy_internal_error").body(Body::None),
        KIND,
        gone,
        port,
    );
}

/// Other policies, and services that nobody can reach.
fn services(stage: &mut Stage, port: u16) {
    let keys = json!({"keys": [{"kty": "oct", "alg": "HS256", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"}]});
    let keys = json!({"issuer": "shop", "local_jwks": {"inline_string": keys.to_string()}});
    let tokens = json!({"providers": {"shop": keys},
        "rules": [{"match": {"prefix": "/"}, "requires": {"provider_name": "shop"}}]});
    let denied = |path| failure(path, &["gateway-denied"], "http_request_denied").apart();
    stage.guarded(denied("/no-token"), "jwt_authn.v3.JwtAuthentication", tokens, port);
    let origins = json!({"filter_enabled": {"default_value": {"numerator": 100}}});
    let foreign =
        Ask { method: "POST", headers: "Origin: http://else.example\r\n", ..Ask::default() };
    let case = denied("/other-origin").asks(foreign);
    stage.guarded(case, "csrf.v3.CsrfPolicy", origins, port);
    let mut gone = http2_cluster(upstream::closed_port());
    stage.cluster("/gone", &mut gone);
    let service = json!({"envoy_grpc": {"cluster_name": super::name("/gone")}, "timeout": "0.3s"});
    let internal = |path| failure(path, &["gateway-internal"], "proxy_internal_error");
    let asks = json!({"grpc_service": service, "message_timeout": "0.3s"});
    let case = internal("/nobody-to-process").body(Body::None);
    stage.guarded(case, "ext_proc.v3.ExternalProcessor", asks, port);
}

/// Scripts that answer, and scripts that fail.
fn scripts(stage: &mut Stage, port: u16) {
    const KIND: &str = "lua.v3.Lua";
    let script = |code: &str| {
        let code = format!("function envoy_on_request(handle) {code} end");
        json!({"default_source_code": {"inline_string": code}})
    };
    let answers = script("handle:respond({[':status'] = '503'}, 'closed for today')");
    let case = failure("/script-answers", &["unknown"], "-").body(Body::Problem);
    stage.guarded(case, KIND, answers, port);
    // Envoy goes on without a script that fails.
    stage.guarded(healthy("/script-fails"), KIND, script("error('no')"), port);
}

/// Faults that are injected on purpose.
fn faults(stage: &mut Stage, port: u16) {
    const KIND: &str = "fault.v3.HTTPFault";
    let always = json!({"numerator": 100});
    let abort = json!({"abort": {"http_status": 503, "percentage": always}});
    stage.guarded(
        failure("/injected", &["gateway-denied"], "http_request_denied").apart(),
        KIND,
        abort,
        port,
    );
    let delay = json!({"delay": {"fixed_delay": "0.1s", "percentage": always}});
    stage.guarded(healthy("/delayed"), KIND, delay.clone(), port);
    stage.guarded(
        failure("/delayed-refused", &["connect-refused"], "connection_refused"),
        KIND,
        delay,
        upstream::closed_port(),
    );
}
