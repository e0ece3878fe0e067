//! Envoy as a process: its configuration, its logs, its metrics.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::configuration::{self, Parts};

/// The program and the module; `None` where one is missing and this is not CI.
pub(crate) fn programs() -> Option<(PathBuf, PathBuf)> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    let module = target.join("why502.wasm");
    let program = std::env::var_os("WHY502_ENVOY").map(PathBuf::from).or_else(installed);
    match program.filter(|program| program.is_file()) {
        Some(program) if module.is_file() => Some((program, module)),
        program => {
            assert!(std::env::var_os("CI").is_none(), "CI has Envoy and the module: {program:?}");
            None
        }
    }
}

/// The one in `PATH`.
fn installed() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join("envoy")).find(|file| file.is_file())
}

/// A running Envoy.
pub(crate) struct Envoy {
    child: Child,
    folder: PathBuf,
    admin: String,
    listener: Value,
    pub(crate) port: u16,
}

impl Envoy {
    pub(crate) fn start(
        program: &Path,
        module: &Path,
        folder: &Path,
        parts: &Parts,
        settings: &Value,
        workers: u8,
    ) -> Self {
        let mut configuration = configuration::build(module, folder, parts, settings);
        // The listener under test comes from a file, so that it can be changed.
        let listener = configuration["static_resources"]["listeners"][0].take();
        let others = configuration["static_resources"]["listeners"].as_array_mut().unwrap();
        others.remove(0);
        configuration["dynamic_resources"] = json!({"lds_config":
            {"path_config_source": {"path": folder.join("listeners.json")}}});
        write_listener(folder, &listener);
        let child = spawn(program, folder, &configuration, workers);
        let admin = String::new();
        let mut envoy = Self { child, folder: folder.into(), admin, port: 0, listener };
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            assert!(Instant::now() < deadline, "Envoy is not ready:\n{}", envoy.stderr());
            assert!(envoy.child.try_wait().unwrap().is_none(), "{}", envoy.stderr());
            thread::sleep(Duration::from_millis(50));
            envoy.admin = fs::read_to_string(folder.join("admin")).unwrap_or_default();
            if !envoy.admin.is_empty() && envoy.ask("/ready").contains("LIVE") {
                break;
            }
        }
        envoy.port = envoy.door("tested");
        envoy
    }

    /// The port of a listener.
    pub(crate) fn door(&self, name: &str) -> u16 {
        let listeners: Value = serde_json::from_str(&self.ask("/listeners?format=json")).unwrap();
        let all = listeners["listener_statuses"].as_array().unwrap();
        let ours = all.iter().find(|listener| listener["name"] == name).expect(name);
        let port = &ours["local_address"]["socket_address"]["port_value"];
        u16::try_from(port.as_u64().unwrap()).unwrap()
    }

    /// Gives the filter other settings; Envoy goes on with them in a moment.
    pub(crate) fn reconfigure(&mut self, settings: &Value) {
        let manager = &mut self.listener["filter_chains"][0]["filters"][0]["typed_config"];
        manager["http_filters"][0]["typed_config"]["config"]["configuration"]["value"] =
            settings.to_string().into();
        // The port that it has, or the listener would be another one.
        write_listener(&self.folder, &self.listener);
    }

    /// Says how much of its resources Envoy is to think used, from 0 to 1.
    pub(crate) fn press(&self, share: &str) {
        replace(&self.folder, "pressure", share);
        thread::sleep(Duration::from_millis(300));
    }

    /// How often new listeners were taken.
    pub(crate) fn updates(&self) -> u64 {
        let text = self.ask("/stats?filter=listener_manager.lds.update_success");
        text.trim().rsplit(' ').next().and_then(|count| count.parse().ok()).unwrap_or(0)
    }

    /// How many exchanges were recorded.
    pub(crate) fn recorded(&self) -> usize {
        self.access_log().lines().count()
    }

    /// The record of a case, behind so many that were there before; null where none comes. What was no
    /// request, as Envoy reads it, has a record without a path.
    pub(crate) fn record(&self, case: &str, before: usize) -> Value {
        let deadline = Instant::now() + Duration::from_secs(12);
        while Instant::now() < deadline {
            let log = self.access_log();
            let new = log.lines().skip(before);
            let mut records = new.filter_map(|line| serde_json::from_str::<Value>(line).ok());
            let ours = |record: &Value| record["case"].is_null() || record["case"] == case;
            if let Some(record) = records.find(ours) {
                return record;
            }
            thread::sleep(Duration::from_millis(20));
        }
        Value::Null
    }

    fn access_log(&self) -> String {
        fs::read_to_string(self.folder.join("access.log")).unwrap_or_default()
    }

    /// The filter's log line about a case: by its path or, of a CONNECT, by its authority.
    pub(crate) fn line(&self, case: &str) -> Option<Value> {
        let deadline = Instant::now() + Duration::from_secs(2);
        while Instant::now() < deadline {
            let log = self.stderr();
            let lines = log
                .lines()
                .filter_map(|line| line.find("{\"schema\":\"why502/1\"").map(|at| &line[at..]));
            // Envoy puts the plugin's name before a line, and nothing behind it.
            let mut lines = lines.filter_map(|line| serde_json::from_str::<Value>(line).ok());
            let host = format!("{}:443", case.trim_start_matches('/'));
            if let Some(line) = lines.find(|line| {
                line["request"]["path"] == case || line["request"]["authority"] == *host
            }) {
                return Some(line);
            }
            thread::sleep(Duration::from_millis(20));
        }
        None
    }

    /// Whether Envoy's log holds these words, or will in a moment.
    pub(crate) fn says(&self, words: &str) -> bool {
        let deadline = Instant::now() + Duration::from_secs(3);
        while Instant::now() < deadline {
            if self.stderr().contains(words) {
                return true;
            }
            thread::sleep(Duration::from_millis(50));
        }
        false
    }

    /// Each of the filter's metrics: name, labels, value.
    pub(crate) fn metrics(&self) -> Vec<(String, BTreeMap<String, String>, u64)> {
        // Counts of healthy exchanges are told each second.
        thread::sleep(Duration::from_millis(1500));
        let text = self.ask("/stats/prometheus");
        let ours = text.lines().filter(|line| line.starts_with("why502"));
        ours.filter_map(|line| {
            let (series, value) = line.rsplit_once(' ')?;
            let (name, labels) = series.split_once('{').unwrap_or((series, ""));
            let labels = labels.trim_end_matches('}').split(',');
            let labels = labels.filter_map(|label| label.split_once('='));
            let labels = labels.map(|(key, value)| (key.into(), value.trim_matches('"').into()));
            Some((name.into(), labels.collect(), value.parse::<f64>().ok()? as u64))
        })
        .collect()
    }

    pub(crate) fn ask(&self, path: &str) -> String {
        let Ok(mut stream) = TcpStream::connect(self.admin.trim()) else { return String::new() };
        let request = format!("GET {path} HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n");
        let _ = stream.write_all(request.as_bytes());
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&Response::read(&bytes).body).into_owned()
    }

    /// Memory in use, in KiB.
    pub(crate) fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("");
        line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
    }

    /// Processor time used so far, in ticks of a hundredth of a second.
    pub(crate) fn ticks(&self) -> u64 {
        let stat =
            fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        // Behind the name in parentheses: utime and stime are the 12th and 13th field.
        let fields = stat.rsplit(')').next().unwrap_or("").split_whitespace().skip(11).take(2);
        fields.filter_map(|field| field.parse::<u64>().ok()).sum()
    }

    pub(crate) fn stderr(&self) -> String {
        fs::read_to_string(self.folder.join("stderr")).unwrap_or_default()
    }
}

impl Drop for Envoy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts Envoy with a configuration that it refuses; what it says.
pub(crate) fn refuse(program: &Path, module: &Path, folder: &Path, settings: &Value) -> String {
    let configuration = configuration::build(module, folder, &Parts::default(), settings);
    let mut child = spawn(program, folder, &configuration, 1);
    let deadline = Instant::now() + Duration::from_secs(15);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            let _ = child.kill();
            panic!("Envoy takes a wrong configuration");
        }
        thread::sleep(Duration::from_millis(50));
    }
    fs::read_to_string(folder.join("stderr")).unwrap_or_default()
}

fn write_listener(folder: &Path, listener: &Value) {
    let mut listener = listener.clone();
    listener["@type"] = "type.googleapis.com/envoy.config.listener.v3.Listener".into();
    replace(folder, "listeners.json", &json!({"resources": [listener]}).to_string());
}

/// Files that Envoy watches are replaced by moving.
fn replace(folder: &Path, name: &str, text: &str) {
    let new = folder.join("new");
    fs::write(&new, text).unwrap();
    fs::rename(new, folder.join(name)).unwrap();
}

fn spawn(program: &Path, folder: &Path, configuration: &Value, workers: u8) -> Child {
    let file = folder.join("envoy.json");
    fs::write(&file, configuration.to_string()).unwrap();
    let stderr = fs::File::create(folder.join("stderr")).unwrap();
    Command::new(program)
        .arg("-c")
        .arg(&file)
        .arg("--admin-address-path")
        .arg(folder.join("admin"))
        .args(["--use-dynamic-base-id", "--file-flush-interval-msec", "20"])
        .args(["--concurrency", &workers.to_string()])
        .args(["--log-level", "warn"])
        .stdout(Stdio::null())
        .stderr(stderr)
        .spawn()
        .expect("Envoy starts")
}

/// What came back.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let (head, body) = end.map_or((bytes, &[][..]), |at| (&bytes[..at], &bytes[at + 4..]));
        let head = String::from_utf8_lossy(head).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let mut response = Self { status, head, body: body.to_vec() };
        if response.header("transfer-encoding") == "chunked" {
            response.body = unchunked(body);
        }
        response
    }

    /// A header's values, joined.
    pub(crate) fn header(&self, name: &str) -> String {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let named = lines.filter(|(each, _)| each.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.trim()).collect::<Vec<_>>().join(", ")
    }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = String::from_utf8_lossy(&rest[..end]).into_owned();
        let size = usize::from_str_radix(&size, 16).unwrap_or(0);
        if size == 0 || rest.len() < end + 4 + size {
            break;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
    body
}
