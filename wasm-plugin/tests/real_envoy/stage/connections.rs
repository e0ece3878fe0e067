//! The upstream's address, and what answers there.

use serde_json::json;

use super::{Before, Body, Stage, answers, cluster, cluster_with, failure, healthy, well};
use crate::client::Ask;
use crate::upstream::{self, Behaviour, Ending};

const REFUSED: &str = "connection_refused";

pub(super) fn add(stage: &mut Stage) {
    let closed = upstream::closed_port();
    stage.plain(failure("/refused", &["connect-refused"], REFUSED), closed);
    stage.case(
        failure("/full", &["connect-timeout"], "connection_timeout"),
        cluster_with(&[upstream::full_port()], json!({"connect_timeout": "0.4s"})),
        json!({}),
    );
    let socket = |address| {
        json!({"connect_timeout": "5s", "load_assignment": {"cluster_name": "c",
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address}}]}]}})
    };
    let unreachable = json!({"socket_address": {"address": "255.255.255.255", "port_value": 80}});
    let faults = &["connect-unreachable", "connect-denied"];
    stage.case(
        failure("/unreachable", faults, "destination_ip_unroutable"),
        socket(unreachable),
        json!({}),
    );
    let missing = json!({"pipe": {"path": stage.folder.join("missing.sock")}});
    stage.case(
        failure("/socket-missing", &["connect-invalid"], "proxy_configuration_error"),
        socket(missing),
        json!({}),
    );
    let bind = json!({"upstream_bind_config":
        {"source_address": {"address": "192.0.2.1", "port_value": 0}}});
    stage.case(
        failure("/bind-impossible", &["gateway-exhausted"], "proxy_internal_error"),
        cluster_with(&[closed], bind),
        json!({}),
    );
    retries(stage, closed);
    // The upstream closes a connection that is kept just as Envoy writes on it.
    for (path, ending) in [("/kept-closed", Ending::Fin), ("/kept-reset", Ending::Rst)] {
        stage.plain(
            failure(path, &["response-terminated"], "connection_terminated")
                .asks(Ask { keeps_alive: true, ..Ask::default() })
                .before(Before::Request),
            upstream::listen(Behaviour::ServesOnce(ending)),
        );
    }
}

fn retries(stage: &mut Stage, closed: u16) {
    let again = json!({"retry_policy": {"retry_on": "connect-failure,reset,5xx", "num_retries": 2,
        "retry_back_off": {"base_interval": "0.01s", "max_interval": "0.02s"}}});
    stage.case(
        failure("/retried-badly", &["connect-refused"], REFUSED),
        cluster(&[closed]),
        again.clone(),
    );
    // That no more tries were allowed is not what failed.
    let none_left = json!({"circuit_breakers": {"thresholds": [{"max_retries": 0}]}});
    stage.case(
        failure("/retry-not-allowed", &["connect-refused"], REFUSED),
        cluster_with(&[closed], none_left),
        again.clone(),
    );
    stage.case(
        failure("/retried-answers", &["upstream-unavailable"], "received-status=503")
            .body(Body::Problem),
        cluster(&[answers(upstream::response("503 Busy", "", "busy\n"), Ending::Fin)]),
        again.clone(),
    );
    let mut elsewhere = again;
    elsewhere["retry_policy"]["retry_host_predicate"] = json!([{"name": "previous",
        "typed_config": {"@type": "type.googleapis.com/envoy.extensions.retry.host.\
                                   previous_hosts.v3.PreviousHostsPredicate"}}]);
    elsewhere["retry_policy"]["host_selection_retry_max_attempts"] = 5.into();
    stage.case(healthy("/retried-well"), cluster(&[closed, well()]), elsewhere);
}
