//! The manifests in examples/envoy: fields that the resources have, and settings that the filter takes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use why502_filter::Settings;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/envoy")
}

/// The documents of a YAML file.
fn documents(file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join(file)).expect(file);
    let documents: Vec<Value> = serde_saphyr::from_multiple(&text).expect(file);
    documents
}

/// An object of these fields and no others, of which these have to be there.
fn object(properties: &Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required,
        "additionalProperties": false})
}

/// A resource of Kubernetes whose `spec` is of this schema.
fn resource(version: &str, kind: &str, spec: &Value) -> Value {
    let text = json!({"type": "string", "minLength": 1});
    let metadata = object(&json!({"name": text, "namespace": text}), &["name"]);
    object(
        &json!({"apiVersion": {"const": version}, "kind": {"const": kind}, "metadata": metadata,
            "spec": spec}),
        &["apiVersion", "kind", "metadata", "spec"],
    )
}

fn assert_fits(document: &Value, schema: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let flaws: Vec<_> = validator
        .iter_errors(document)
        .map(|flaw| format!("{}: {flaw}", flaw.instance_path))
        .collect();
    assert!(flaws.is_empty(), "{}", flaws.join("\n"));
}

/// The filter's settings as a control plane hands them on: JSON in a string.
fn assert_taken(settings: &Value) {
    assert!(settings.is_object());
    Settings::read(settings.to_string().as_bytes()).unwrap();
}

/// From `extensions/v1alpha1/wasm.proto` and `telemetry/v1alpha1/telemetry.proto` of istio/api: the fields
/// that a manifest of ours may use.
#[test]
fn istio_knows_every_field() {
    let text = json!({"type": "string", "minLength": 1});
    let selector = object(&json!({"matchLabels": {"type": "object"}}), &["matchLabels"]);
    let plugin = object(
        &json!({
            "selector": selector,
            "url": {"type": "string", "pattern": "^(oci|https?|file)://"},
            "sha256": {"type": "string", "pattern": "^[a-f0-9]{64}$"},
            "imagePullPolicy": {"enum": ["IfNotPresent", "Always"]},
            "imagePullSecret": text,
            "pluginName": text,
            "pluginConfig": {"type": "object"},
            "phase": {"enum": ["AUTHN", "AUTHZ", "STATS"]},
            "priority": {"type": "integer"},
            "failStrategy": {"enum": ["FAIL_CLOSE", "FAIL_OPEN", "FAIL_RELOAD"]},
        }),
        &["url"],
    );
    let provider = object(&json!({"name": text}), &["name"]);
    let logging = object(&json!({"providers": {"type": "array", "items": provider}}), &[]);
    let telemetry = object(
        &json!({"selector": selector, "accessLogging": {"type": "array", "items": logging}}),
        &[],
    );
    let documents = documents("manifests/istio-wasmplugin.yaml");
    let [first, second] = documents.as_slice() else { panic!("{} documents", documents.len()) };
    assert_fits(first, &resource("extensions.istio.io/v1alpha1", "WasmPlugin", &plugin));
    assert_eq!(first["spec"]["failStrategy"], "FAIL_OPEN");
    assert_taken(&first["spec"]["pluginConfig"]);
    assert_fits(second, &resource("telemetry.istio.io/v1", "Telemetry", &telemetry));
}

/// From `api/v1alpha1/wasm_types.go` of envoyproxy/gateway, 1.1 and later.
#[test]
fn envoy_gateway_knows_every_field() {
    let text = json!({"type": "string", "minLength": 1});
    let target = object(
        &json!({"group": {"const": "gateway.networking.k8s.io"},
            "kind": {"enum": ["Gateway", "HTTPRoute", "GRPCRoute"]}, "name": text,
            "sectionName": text}),
        &["group", "kind", "name"],
    );
    let image = object(&json!({"url": text, "pullSecretRef": {"type": "object"}}), &["url"]);
    let code = object(
        &json!({"type": {"const": "Image"}, "image": image, "sha256": text,
            "pullPolicy": {"enum": ["IfNotPresent", "Always"]}}),
        &["type", "image"],
    );
    let wasm = object(
        &json!({"name": text, "rootID": text, "code": code, "config": {"type": "object"},
            "failOpen": {"type": "boolean"}}),
        &["name", "code", "config"],
    );
    let policy = object(
        &json!({"targetRefs": {"type": "array", "items": target, "minItems": 1},
            "wasm": {"type": "array", "items": wasm}}),
        &["targetRefs", "wasm"],
    );
    let documents = documents("manifests/envoy-gateway.yaml");
    let [only] = documents.as_slice() else { panic!("{} documents", documents.len()) };
    let group = "gateway.envoyproxy.io/v1alpha1";
    assert_fits(only, &resource(group, "EnvoyExtensionPolicy", &policy));
    assert_eq!(only["spec"]["wasm"][0]["failOpen"], true);
    assert_taken(&only["spec"]["wasm"][0]["config"]);
}

#[test]
fn a_field_that_does_not_exist_is_seen() {
    let schema = resource("v1", "Thing", &object(&json!({"known": {"type": "string"}}), &[]));
    let thing = |spec| json!({"apiVersion": "v1", "kind": "Thing", "metadata": {"name": "a"}, "spec": spec});
    assert_fits(&thing(json!({"known": "b"})), &schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(!validator.is_valid(&thing(json!({"knwon": "b"}))));
}

#[test]
fn prometheus_files_are_yaml_of_their_form() {
    let scrapes = documents("manifests/prometheus.yaml");
    assert_eq!(scrapes[0]["scrape_configs"][0]["metrics_path"], "/stats/prometheus");
    assert_eq!(scrapes[0]["rule_files"][0], "prometheus-rules.yaml");
    let rules = documents("manifests/prometheus-rules.yaml");
    let rules = rules[0]["groups"][0]["rules"].as_array().unwrap();
    assert!(rules.iter().all(|rule| rule["alert"].is_string() && rule["expr"].is_string()));
}

/// One layer that holds `plugin.wasm` and nothing else, as both control planes fetch it.
#[test]
fn the_image_is_one_layer_from_scratch() {
    let text = std::fs::read_to_string(folder().join("Dockerfile")).unwrap();
    let lines: Vec<_> =
        text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert_eq!(lines, ["FROM scratch", "COPY why502.wasm plugin.wasm"]);
}
