//! A real Apache in the foreground, in a folder of its own, with its logs.

use std::fs;
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

/// A running Apache; stopped when dropped.
pub(crate) struct Gateway {
    folder: TempDir,
    child: Child,
    pub(crate) port: u16,
}

/// The lines that one exchange left in the logs.
pub(crate) struct Lines {
    pub(crate) combined: String,
    pub(crate) rich: String,
    pub(crate) error: String,
}

/// The program with its modules.
pub(crate) struct Program {
    file: PathBuf,
    modules: PathBuf,
}

const MODULES: &[&str] = &[
    "mpm_event",
    "authz_core",
    "authz_host",
    "log_config",
    "unixd",
    "proxy",
    "proxy_http",
    "proxy_fcgi",
    "proxy_balancer",
    "lbmethod_byrequests",
    "slotmem_shm",
    "socache_shmcb",
    "ssl",
];

/// Apache, or `None` with a message where it is missing; in CI it must be there.
pub(crate) fn program() -> Option<Program> {
    let file = ["/usr/sbin/apache2", "/usr/sbin/httpd"].map(PathBuf::from);
    let file = file.into_iter().find(|file| file.is_file());
    let folders =
        ["/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules"];
    let modules = folders.map(PathBuf::from).into_iter().find(|folder| folder.is_dir());
    let program = file.zip(modules).map(|(file, modules)| Program { file, modules });
    if program.is_none() {
        assert!(std::env::var_os("CI").is_none(), "CI must have Apache");
        eprintln!("skipped: there is no Apache in /usr/sbin");
    }
    program
}

impl Program {
    /// Its name and version, as in `Apache/2.4.71`.
    pub(crate) fn version(&self) -> String {
        let output = Command::new(&self.file).arg("-v").output().expect("Apache runs");
        let text = String::from_utf8_lossy(&output.stdout);
        let word = text.split_whitespace().find(|word| word.starts_with("Apache/"));
        word.unwrap_or("Apache").to_owned()
    }
}

/// A folder for one gateway, which its workers may enter.
pub(crate) fn folder() -> TempDir {
    let folder = tempfile::Builder::new().prefix("why502-").tempdir().expect("a temporary folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("a file of ours");
    folder
}

/// A port of the loopback that nobody else takes, for Apache to listen on with SO_REUSEPORT.
pub(crate) fn own_port() -> u16 {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    socket.set_reuse_port(true).expect("a shared port");
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("a free port");
    let port = upstream::port_of(&socket);
    // Bound and never listening: it takes no connection from Apache, and keeps the port.
    std::mem::forget(socket);
    port
}

impl Gateway {
    /// Starts Apache with this part of its configuration, and waits for its answer.
    pub(crate) fn start(program: &Program, folder: TempDir, level: &str, part: &str) -> Self {
        let port = own_port();
        let file = folder.path().join("httpd.conf");
        let text = configuration(program, folder.path(), level, port, part);
        fs::write(&file, text).expect("a writable folder");
        let stderr = fs::File::create(folder.path().join("stderr.txt")).expect("a writable folder");
        let child = Command::new(&program.file)
            .args(["-D", "FOREGROUND", "-f"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()
            .expect("Apache starts");
        let mut gateway = Self { folder, child, port };
        gateway.wait_for_answer();
        gateway
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs an exchange and cuts its lines out of the logs.
    pub(crate) fn lines_of(&self, exchange: impl FnOnce()) -> Lines {
        let read = |name: &str| fs::read_to_string(self.path().join(name)).unwrap_or_default();
        let before = ["access.log", "access_rich.log", "error.log"].map(|name| read(name).len());
        exchange();
        let deadline = Instant::now() + Duration::from_secs(8);
        while Instant::now() < deadline && read("access_rich.log").len() == before[1] {
            thread::sleep(Duration::from_millis(10));
        }
        thread::sleep(Duration::from_millis(40));
        Lines {
            combined: read("access.log").split_off(before[0]),
            rich: read("access_rich.log").split_off(before[1]),
            error: read("error.log").split_off(before[2]),
        }
    }

    fn wait_for_answer(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let exit = self.child.try_wait().expect("a child of ours");
            if exit.is_some() || Instant::now() > deadline {
                let read = |name| fs::read_to_string(self.path().join(name)).unwrap_or_default();
                panic!("Apache does not run:\n{}{}", read("stderr.txt"), read("error.log"));
            }
            if std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok()
                && Ask::default().run(self.port, "/healthz").starts_with(b"HTTP/1.1 ")
            {
                // Its start is no exchange.
                for name in ["error.log", "access.log", "access_rich.log"] {
                    let _ = fs::OpenOptions::new()
                        .write(true)
                        .truncate(true)
                        .open(self.path().join(name));
                }
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // The parent ends its children when it is told to.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        for _ in 0..300 {
            if matches!(self.child.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn configuration(program: &Program, folder: &Path, level: &str, port: u16, part: &str) -> String {
    let mut text = String::new();
    for module in MODULES {
        // What is missing is built in.
        let file = program.modules.join(format!("mod_{module}.so"));
        if file.is_file() {
            text.push_str(&format!("LoadModule {module}_module {}\n", file.display()));
        }
    }
    let folder = folder.display();
    text.push_str(&format!(
        r#"ServerRoot {folder}
ServerName shop.example
PidFile {folder}/httpd.pid
DefaultRuntimeDir {folder}
<IfModule mod_unixd.c>
User nobody
Group nogroup
</IfModule>
ListenCoresBucketsRatio 1
Listen 127.0.0.1:{port}
StartServers 2
ThreadsPerChild 16
Timeout 8
ErrorLog {folder}/error.log
LogLevel {level}
LogFormat "%h %l %u %t \"%r\" %>s %b \"%{{Referer}}i\" \"%{{User-Agent}}i\"" combined
LogFormat "%h %l %u %t \"%r\" %>s %b \"%{{Referer}}i\" \"%{{User-Agent}}i\" D=%D X=%X worker=%{{BALANCER_WORKER_NAME}}e status=%{{proxy-status}}n" rich
CustomLog {folder}/access.log combined
CustomLog {folder}/access_rich.log rich
{part}
"#
    ));
    text
}
