//! Names: clusters and requests that need a resolver, which answers in each way.

use serde_json::{Value, json};

use super::{Case, Stage, cluster_with, failure, healthy, well};
use crate::resolver;
use crate::upstream;

pub(super) fn add(stage: &mut Stage) {
    let resolver = json!({"name": "envoy.network.dns_resolver.cares", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.\
                  CaresDnsResolverConfig",
        "resolvers": [{"socket_address": {"address": "127.0.0.1", "port_value": resolver::listen(),
            "protocol": "UDP"}}],
        "dns_resolver_options": {"no_default_search_domain": true},
        "query_timeout_seconds": 1,
        "query_tries": 1,
    }});
    clusters(stage, &resolver);
    requests(stage, &resolver);
}

/// Clusters by name. What their resolver said, Envoy forgets: they have no hosts.
fn clusters(stage: &mut Stage, resolver: &Value) {
    const NONE: &str = "destination_unavailable";
    let named = |kind: &str, host: &str, port: u16| {
        let mut cluster = cluster_with(
            &[port],
            json!({"type": kind, "dns_lookup_family": "V4_ONLY",
            "typed_dns_resolver_config": resolver}),
        );
        cluster["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]["address"]["socket_address"]
            ["address"] = host.into();
        cluster
    };
    let none = |path| failure(path, &["no-healthy-upstream"], NONE);
    for (case, kind, host) in [
        (none("/name-unknown").truly("dns_error"), "STRICT_DNS", "stock.shop.example"),
        (none("/name-fails").truly("dns_error"), "STRICT_DNS", "billing.shop.example"),
        (none("/name-unknown-logical").truly("dns_error"), "LOGICAL_DNS", "stock.shop.example"),
        (none("/name-late").truly("dns_timeout"), "LOGICAL_DNS", "search.shop.example"),
    ] {
        stage.case(case, named(kind, host, 80), json!({}));
    }
    stage.case(healthy("/name-known"), named("STRICT_DNS", "cart.shop.example", well()), json!({}));
}

/// Requests by name, through the dynamic forward proxy.
fn requests(stage: &mut Stage, resolver: &Value) {
    const KIND: &str = "type.googleapis.com/envoy.extensions";
    let cache = json!({"name": "names", "dns_lookup_family": "V4_ONLY",
        "typed_dns_resolver_config": resolver, "dns_query_timeout": "2s"});
    stage.parts.filters.push(json!({"name": "names", "disabled": true, "typed_config": {
        "@type": format!("{KIND}.filters.http.dynamic_forward_proxy.v3.FilterConfig"),
        "dns_cache_config": cache}}));
    let cluster = super::name("/names");
    stage.parts.clusters.push(json!({"name": cluster, "lb_policy": "CLUSTER_PROVIDED",
        "connect_timeout": "5s",
        "cluster_type": {"name": "envoy.clusters.dynamic_forward_proxy", "typed_config": {
            "@type": format!("{KIND}.clusters.dynamic_forward_proxy.v3.ClusterConfig"),
            "dns_cache_config": cache}}}));
    let mut add = |case: Case, host: String| {
        stage.routed(
            case,
            json!({"route": {"cluster": cluster},
            "typed_per_filter_config": {"names": {
                "@type": format!("{KIND}.filters.http.dynamic_forward_proxy.v3.PerRouteConfig"),
                "host_rewrite_literal": host}}}),
        );
    };
    let of = |name: &str| format!("{name}.shop.example:80");
    add(failure("/forward-unknown", &["dns-not-found"], "dns_error"), of("stock"));
    add(failure("/forward-no-address", &["dns-not-found"], "dns_error"), of("mail"));
    add(failure("/forward-fails", &["dns-failed"], "dns_error"), of("billing"));
    add(failure("/forward-refused", &["dns-failed"], "dns_error"), of("admin"));
    add(failure("/forward-late", &["dns-timeout"], "dns_timeout"), of("search"));
    add(healthy("/forward-known"), format!("cart.shop.example:{}", well()));
    let closed = upstream::closed_port();
    let refused = failure("/forward-closed", &["connect-refused"], "connection_refused");
    add(refused, format!("cart.shop.example:{closed}"));
}
