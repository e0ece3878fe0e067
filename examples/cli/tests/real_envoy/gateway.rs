//! A real Envoy in a folder of its own, with its logs.

use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A running Envoy; stopped when dropped.
pub(crate) struct Gateway {
    folder: TempDir,
    child: Child,
    /// Where it listens for plain HTTP.
    pub(crate) port: u16,
}

/// The lines that one exchange left in the logs.
pub(crate) struct Lines {
    pub(crate) default: String,
    pub(crate) json: String,
    pub(crate) istio: String,
    pub(crate) log: String,
}

/// How long the logs were at one moment, in the order of [`LOGS`].
pub(crate) struct Mark([u64; 4]);

const LOGS: [&str; 4] = ["access.log", "access.json", "access.istio", "envoy.log"];

/// Finds Envoy where `WHY502_ENVOY` says, or in `PATH`.
pub(crate) fn program() -> Option<PathBuf> {
    let named = std::env::var_os("WHY502_ENVOY").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join("envoy")).collect::<Vec<_>>();
    named.into_iter().chain(found).find(|file| file.is_file())
}

impl Gateway {
    /// Starts Envoy and waits until it answers.
    pub(crate) fn start(program: &Path, folder: TempDir, configuration: &Value) -> Self {
        let path = folder.path();
        let file = path.join("envoy.json");
        fs::write(&file, configuration.to_string()).expect("a writable folder");
        let stderr = fs::File::create(path.join("stderr.txt")).expect("a writable folder");
        let child = Command::new(program)
            .arg("-c")
            .arg(&file)
            .args(["--use-dynamic-base-id", "--concurrency", "1"])
            .args(["--file-flush-interval-msec", "20", "-l", "debug", "--log-path"])
            .arg(path.join("envoy.log"))
            .arg("--admin-address-path")
            .arg(path.join("admin"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()
            .expect("Envoy starts");
        let mut gateway = Self { folder, child, port: 0 };
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let exit = gateway.child.try_wait().expect("a child of ours");
            if exit.is_some() || Instant::now() > deadline {
                let said =
                    fs::read_to_string(gateway.path().join("stderr.txt")).unwrap_or_default();
                let logged = gateway.since("envoy.log", 0);
                let warned = logged.lines().filter(|line| !line.contains("[debug]"));
                let warned = warned.collect::<Vec<_>>().join("\n");
                panic!("Envoy does not run ({exit:?}):\n{said}{warned}");
            }
            if let Some(port) = gateway.listens_on("shop") {
                gateway.port = port;
                return gateway;
            }
            thread::sleep(Duration::from_millis(30));
        }
    }

    /// The port of a listener, as the administration tells: it chose them itself.
    pub(crate) fn listens_on(&self, listener: &str) -> Option<u16> {
        let admin = fs::read_to_string(self.path().join("admin")).ok()?;
        let mut stream = TcpStream::connect(admin.trim()).ok()?;
        let request = "GET /listeners HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        let line = answer.lines().find_map(|line| line.strip_prefix(&format!("{listener}::")));
        line?.rsplit(':').next()?.trim().parse().ok()
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// How long the logs are now.
    pub(crate) fn mark(&self) -> Mark {
        let length = |name| fs::metadata(self.path().join(name)).map_or(0, |file| file.len());
        Mark(LOGS.map(length))
    }

    /// Waits until the exchange since `mark` is logged, and cuts its lines out.
    pub(crate) fn lines_since(&self, mark: &Mark) -> Lines {
        let deadline = Instant::now() + Duration::from_secs(5);
        let written = |at: usize| self.since(LOGS[at], mark.0[at]).ends_with('\n');
        while Instant::now() < deadline && !(written(0) && written(1) && written(2)) {
            thread::sleep(Duration::from_millis(10));
        }
        thread::sleep(Duration::from_millis(40));
        let [default, json, istio, log] = [0, 1, 2, 3].map(|at| self.since(LOGS[at], mark.0[at]));
        Lines { default, json, istio, log }
    }

    fn since(&self, name: &str, start: u64) -> String {
        let mut bytes = Vec::new();
        if let Ok(mut file) = fs::File::open(self.path().join(name)) {
            file.seek(SeekFrom::Start(start)).expect("a seekable log");
            file.read_to_end(&mut bytes).expect("a readable log");
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
