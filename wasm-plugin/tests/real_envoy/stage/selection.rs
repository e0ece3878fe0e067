//! Which upstream, if any.

use serde_json::json;

use super::{Before, Body, Stage, answers, cluster, cluster_with, failure, healthy, well};
use crate::upstream::{self, Ending, response};

pub(super) fn add(stage: &mut Stage) {
    const NONE: &[&str] = &["no-healthy-upstream"];
    const UNAVAILABLE: &str = "destination_unavailable";
    stage.case(failure("/empty", NONE, UNAVAILABLE), cluster(&[]), json!({}));
    // Without this, Envoy takes hosts that are not well when half of them are not.
    let never_panic = json!({"common_lb_config": {"healthy_panic_threshold": {"value": 0}}});
    let mut checked = json!({"health_checks": [{"timeout": "0.5s", "interval": "60s",
        "no_traffic_interval": "60s", "unhealthy_threshold": 1, "healthy_threshold": 1,
        "tcp_health_check": {}}]});
    let closed = upstream::closed_port();
    stage.case(
        failure("/panic", &["connect-refused"], "connection_refused"),
        cluster_with(&[closed], checked.clone()),
        json!({}),
    );
    crate::configuration::merge(&mut checked, &never_panic);
    stage.case(
        failure("/unhealthy", NONE, UNAVAILABLE),
        cluster_with(&[closed], checked.clone()),
        json!({}),
    );
    stage.case(healthy("/checked"), cluster_with(&[well()], checked), json!({}));
    let mut ejects = json!({"outlier_detection": {"consecutive_5xx": 1, "enforcing_consecutive_5xx": 100,
        "max_ejection_percent": 100, "base_ejection_time": "60s"}});
    crate::configuration::merge(&mut ejects, &never_panic);
    let busy = answers(response("503 Busy", "", ""), Ending::Fin);
    stage.case(
        failure("/ejected", NONE, UNAVAILABLE).before(Before::Failure("upstream-unavailable")),
        cluster_with(&[busy], ejects),
        json!({}),
    );
    let limited = |limits| json!({"circuit_breakers": {"thresholds": [limits]}});
    for (path, limits) in [
        ("/most-requests", json!({"max_requests": 0})),
        ("/most-pending", json!({"max_pending_requests": 0})),
        ("/most-connections", json!({"max_connections": 0, "max_pending_requests": 0})),
    ] {
        let case = failure(path, &["connection-limit"], "connection_limit_reached");
        stage.case(case, cluster_with(&[well()], limited(limits)), json!({}));
    }
    // Envoy's own answers here have no body.
    let no_upstream =
        |path| failure(path, &["no-upstream"], "destination_not_found").body(Body::None);
    stage.routed(no_upstream("/no-cluster"), json!({"route": {"cluster": "hidden-nowhere"}}));
    stage.routed(
        no_upstream("/no-cluster-named"),
        json!({"route": {"cluster_header": "x-cluster"}}),
    );
    stage.cases.push(no_upstream("/no-route"));
    stage.routed(healthy("/direct"), json!({"direct_response": {"status": 503}}));
    let redirect = json!({"redirect": {"path_redirect": "/elsewhere"}});
    stage.routed(healthy("/redirected"), redirect);
    let drops = json!({"load_assignment": {"policy": {"drop_overloads":
        [{"category": "all", "drop_percentage": {"numerator": 100}}]}}});
    let case = failure("/dropped", &["connection-limit"], "connection_limit_reached");
    stage.case(case, cluster_with(&[well()], drops), json!({}));
}
