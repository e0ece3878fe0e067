//! A real nginx in the foreground, in a folder of its own, with its logs.

use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};
use tempfile::TempDir;

use crate::client::Ask;
use crate::upstream;

/// A running nginx; stopped when dropped.
pub(crate) struct Gateway {
    program: PathBuf,
    folder: TempDir,
    child: Child,
    /// Where it listens for plain HTTP.
    pub(crate) port: u16,
}

/// The parts of a configuration that the exchanges bring.
#[derive(Default)]
pub(crate) struct Parts {
    /// What stands in `http`, before the server.
    pub(crate) http: String,
    /// The locations of the server.
    pub(crate) locations: String,
}

/// The lines that one exchange left in the logs.
#[derive(Clone)]
pub(crate) struct Lines {
    pub(crate) combined: String,
    pub(crate) rich: String,
    pub(crate) error: String,
}

/// How long the logs were at one moment.
pub(crate) struct Mark {
    combined: u64,
    rich: u64,
    error: u64,
}

/// What operators add to `combined` once they have looked for a 502 without it.
const RICH: &str = r#"$remote_addr - $remote_user [$time_local] "$request" $status
    $body_bytes_sent "$http_referer" "$http_user_agent" rt=$request_time
    uct="$upstream_connect_time" uht="$upstream_header_time" urt="$upstream_response_time"
    ua="$upstream_addr" us="$upstream_status" host="$host""#;

/// Finds nginx in `PATH` or where packages put it.
pub(crate) fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/usr/local/sbin", "/usr/local/nginx/sbin"].map(PathBuf::from))
        .map(|folder| folder.join("nginx"))
        .find(|file| file.is_file())
}

/// The version, as in `nginx 1.22.1`.
pub(crate) fn version(program: &Path) -> String {
    let output = Command::new(program).arg("-v").output().expect("nginx runs");
    let text = String::from_utf8_lossy(&output.stderr);
    let number = text.rsplit('/').next().unwrap_or_default();
    format!("nginx {}", number.split_whitespace().next().unwrap_or_default())
}

/// A folder for one gateway, which its workers may enter.
pub(crate) fn folder() -> TempDir {
    let folder = tempfile::Builder::new().prefix("why502-").tempdir().expect("a temporary folder");
    open_to_all(folder.path());
    folder
}

/// Ports of the loopback that nobody else takes, for nginx to listen on with `reuseport`.
pub(crate) fn own_ports<const N: usize>() -> [u16; N] {
    std::array::from_fn(|_| {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.set_reuse_port(true).expect("a shared port");
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("a free port");
        let port = upstream::port_of(&socket);
        // Bound and never listening: it takes no connection from nginx, and keeps the port.
        std::mem::forget(socket);
        port
    })
}

impl Gateway {
    /// Starts nginx with these parts and this level of the error log, and waits for its answer.
    pub(crate) fn start(
        program: &Path,
        folder: TempDir,
        level: &str,
        port: u16,
        parts: &Parts,
    ) -> Self {
        let path = folder.path();
        fs::create_dir_all(path.join("www")).expect("a writable folder");
        fs::write(path.join("www/index.html"), "<h1>Shop</h1>\n").expect("a writable folder");
        fs::write(path.join("www/sorry.html"), "<h1>Back soon</h1>\n").expect("a writable folder");
        open_to_all(&path.join("www"));
        let file = path.join("nginx.conf");
        fs::write(&file, configuration(path, level, port, parts)).expect("a writable folder");
        let stderr = fs::File::create(path.join("stderr.txt")).expect("a writable folder");
        let child = Command::new(program)
            .arg("-p")
            .arg(path)
            .arg("-c")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()
            .expect("nginx starts");
        let mut gateway = Self { program: program.to_owned(), folder, child, port };
        gateway.wait_for_answer();
        gateway
    }

    /// The folder that nginx runs in.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// How long the logs are now.
    pub(crate) fn mark(&self) -> Mark {
        let length = |name| fs::metadata(self.path().join(name)).map_or(0, |file| file.len());
        Mark {
            combined: length("access.log"),
            rich: length("access_rich.log"),
            error: length("error.log"),
        }
    }

    /// Waits until the exchange since `mark` is logged, and cuts its lines out.
    pub(crate) fn lines_since(&self, mark: &Mark) -> Lines {
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline && !self.since("access_rich.log", mark.rich).ends_with('\n')
        {
            thread::sleep(Duration::from_millis(10));
        }
        self.settle();
        Lines {
            combined: self.since("access.log", mark.combined),
            rich: self.since("access_rich.log", mark.rich),
            error: self.since("error.log", mark.error),
        }
    }

    /// Waits until the gateway has noticed that clients are gone.
    pub(crate) fn settle(&self) {
        thread::sleep(Duration::from_millis(40));
    }

    fn since(&self, name: &str, start: u64) -> String {
        let mut bytes = Vec::new();
        if let Ok(mut file) = fs::File::open(self.path().join(name)) {
            file.seek(SeekFrom::Start(start)).expect("a seekable log");
            file.read_to_end(&mut bytes).expect("a readable log");
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn wait_for_answer(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let exit = self.child.try_wait().expect("a child of ours");
            let late = Instant::now() > deadline;
            if exit.is_some() || late {
                let said = fs::read_to_string(self.path().join("stderr.txt")).unwrap_or_default();
                let logged = self.since("error.log", 0);
                panic!("nginx does not run ({exit:?}):\n{said}{logged}");
            }
            if std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok()
                && Ask::default().run(self.port, "/healthz").starts_with(b"HTTP/1.1 204")
            {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // Through nginx itself: killing the master would leave its workers behind.
        let file = self.path().join("nginx.conf");
        let _ = Command::new(&self.program)
            .arg("-p")
            .arg(self.path())
            .arg("-c")
            .arg(file)
            .args(["-s", "stop"])
            .stderr(Stdio::null())
            .status();
        for _ in 0..200 {
            if matches!(self.child.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Lets the workers, which may be another user, enter and read.
pub(crate) fn open_to_all(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a file of ours");
}

/// Keeps everybody but root out.
pub(crate) fn close_to_all(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o000)).expect("a file of ours");
}

fn configuration(folder: &Path, level: &str, port: u16, parts: &Parts) -> String {
    let folder = folder.display();
    let rich = RICH.split_whitespace().collect::<Vec<_>>().join(" ");
    let Parts { http, locations } = parts;
    // Without root the directive is ignored, and the workers are who the test is.
    let user = match fs::read_to_string("/etc/group") {
        _ if !is_root() => "",
        Ok(groups) if groups.contains("nogroup:") => "user nobody nogroup;",
        _ => "user nobody;",
    };
    format!(
        r#"daemon off;
worker_processes 1;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log {level};
events {{ worker_connections 256; }}
http {{
    log_format rich '{rich}';
    # What only prepares an exchange stays out of the access logs.
    map $http_x_prelude $logged {{ "" 1; default 0; }}
    access_log {folder}/access.log combined if=$logged;
    access_log {folder}/access_rich.log rich if=$logged;
    client_body_temp_path {folder}/client_temp;
    proxy_temp_path {folder}/proxy_temp;
    fastcgi_temp_path {folder}/fastcgi_temp;
    uwsgi_temp_path {folder}/uwsgi_temp;
    scgi_temp_path {folder}/scgi_temp;
    client_max_body_size 32m;
    proxy_connect_timeout 500ms;
    proxy_read_timeout 600ms;
    proxy_send_timeout 600ms;
    proxy_next_upstream error timeout;
    fastcgi_read_timeout 600ms;
    grpc_read_timeout 600ms;
    proxy_set_header Host $host;
{http}
    server {{
        listen 127.0.0.1:{port} reuseport;
        server_name shop.example;
        root {folder}/www;
        location = /healthz {{ access_log off; return 204; }}
{locations}
    }}
}}
"#
    )
}

fn is_root() -> bool {
    // The owner of a file that we make is who we are.
    use std::os::unix::fs::MetadataExt;
    tempfile::tempfile().and_then(|file| file.metadata()).is_ok_and(|file| file.uid() == 0)
}
