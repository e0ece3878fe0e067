//! A real HAProxy in the foreground, with a socket that takes its log.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};
use tempfile::TempDir;

use crate::upstream;

/// A format of the traffic log, with a frontend that writes it.
pub(crate) struct Format {
    pub(crate) name: &'static str,
    /// What stands in the frontend.
    pub(crate) directive: &'static str,
    /// Whether it tells of connection errors.
    pub(crate) is_rich: bool,
}

/// Every format that is tried.
pub(crate) const FORMATS: &[Format] = &[
    Format { name: "httplog", directive: "option httplog", is_rich: false },
    Format {
        name: "rich",
        directive: "log-format '%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc \
                    %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r bc_err=%[bc_err] \
                    bc_err_str=%{+Q}[bc_err_str] ssl_bc_err=%[ssl_bc_err_str] id=%ID'",
        is_rich: true,
    },
    Format { name: "clf", directive: "option httplog clf", is_rich: false },
    Format {
        name: "json",
        directive: "log-format '{\"time\":\"%tr\",\"client_ip\":\"%ci\",\"backend\":\"%b\",\
                    \"server\":\"%s\",\"method\":\"%HM\",\"path\":\"%HP\",\"status\":%ST,\"TR\":%TR,\
                    \"Tw\":%Tw,\"Tc\":%Tc,\"Tr\":%Tr,\"Ta\":%Ta,\"termination_state\":\"%tsc\",\
                    \"frontend\":\"%f\",\"retries\":\"%rc\"}'",
        is_rich: false,
    },
];

/// A running HAProxy; stopped when dropped.
pub(crate) struct Gateway {
    folder: TempDir,
    child: Child,
    /// The frontends' ports, in the order of the formats.
    ports: Vec<u16>,
    log: Arc<Mutex<Vec<String>>>,
}

/// What an exchange left in the log: a text for each format.
pub(crate) struct Records {
    pub(crate) traffic: Vec<String>,
}

/// Finds HAProxy in `PATH` or where packages put it.
pub(crate) fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from))
        .map(|folder| folder.join("haproxy"))
        .find(|file| file.is_file())
}

pub(crate) fn folder() -> TempDir {
    tempfile::Builder::new().prefix("why502-").tempdir().expect("a temporary folder")
}

impl Gateway {
    /// Starts HAProxy with these backends, and waits until it takes connections.
    pub(crate) fn start(program: &Path, folder: TempDir, backends: &str) -> Self {
        let path = folder.path();
        let socket = UnixDatagram::bind(path.join("log")).expect("a socket for the log");
        let log = Arc::new(Mutex::new(Vec::new()));
        let taken = Arc::clone(&log);
        thread::spawn(move || {
            let mut buffer = vec![0; 65536];
            while let Ok(length) = socket.recv(&mut buffer) {
                let line = String::from_utf8_lossy(&buffer[..length]).trim_end().to_owned();
                taken.lock().expect("no panic while it is held").push(line);
            }
        });
        // The ports are handed over open, so that nobody else can take them in between.
        let sockets: Vec<Socket> = FORMATS.iter().map(|_| listening()).collect();
        let ports = sockets.iter().map(upstream::port_of).collect();
        let descriptors: Vec<i32> = sockets.iter().map(AsRawFd::as_raw_fd).collect();
        let file = path.join("haproxy.cfg");
        fs::write(&file, configuration(path, &descriptors, backends)).expect("a writable folder");
        let stderr = fs::File::create(path.join("stderr.txt")).expect("a writable folder");
        let child = Command::new(program)
            .args(["-db", "-f"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()
            .expect("HAProxy starts");
        let mut gateway = Self { folder, child, ports, log };
        gateway.wait_for_start();
        // Closed here, they stay open there.
        drop(sockets);
        gateway
    }

    /// The port of the frontend of each format.
    pub(crate) fn ports(&self) -> &[u16] {
        &self.ports
    }

    /// Waits for the lines that name this path, one for each format.
    pub(crate) fn lines_of(&self, path: &str) -> Records {
        let deadline = Instant::now() + Duration::from_secs(8);
        loop {
            let lines = self.lines(|line| line.contains(path));
            if lines.len() >= FORMATS.len() || Instant::now() > deadline {
                let of = |at: usize| {
                    let mark = format!("fe{at}");
                    lines.iter().filter(|line| line.contains(&mark)).cloned().collect::<String>()
                };
                return Records { traffic: (0..FORMATS.len()).map(of).collect() };
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What was said of a server, up to now.
    pub(crate) fn said_of(&self, server: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(8);
        loop {
            let said = format!("Server {server} is DOWN");
            let lines = self.lines(|line| line.contains(&said));
            if !lines.is_empty() || Instant::now() > deadline {
                return lines.concat();
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn lines(&self, fits: impl Fn(&str) -> bool) -> Vec<String> {
        let log = self.log.lock().expect("no panic while it is held");
        let fitting = log.iter().filter(|line| fits(line));
        // As syslog would have written them to a file.
        fitting
            .map(|line| {
                let message = line.split_once('>').map_or(line.as_str(), |(_, rest)| rest);
                format!("{}\n", message.replacen(" haproxy[", " lb1 haproxy[", 1))
            })
            .collect()
    }

    fn wait_for_start(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let exit = self.child.try_wait().expect("a child of ours");
            // Descriptors are inherited: a connection is taken before HAProxy is there, so its own
            // socket tells.
            if exit.is_none() && self.folder.path().join("admin").exists() {
                return;
            }
            if exit.is_some() || Instant::now() > deadline {
                let path = self.folder.path().join("stderr.txt");
                let said = fs::read_to_string(path).unwrap_or_default();
                panic!("HAProxy does not run ({exit:?}):\n{said}");
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A socket that listens on a free port of the loopback, and stays open in a program that is started.
fn listening() -> Socket {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("a free port");
    socket.listen(64).expect("listening");
    socket.set_cloexec(false).expect("a flag of ours");
    socket
}

fn configuration(folder: &Path, descriptors: &[i32], backends: &str) -> String {
    let folder = folder.display();
    let mut text = format!(
        "global\n  log {folder}/log len 16384 local0\n  stats socket {folder}/admin\n  maxconn 200\n\
         defaults\n  mode http\n  log global\n  timeout connect 500ms\n  timeout client 3s\n  \
         timeout server 600ms\n  timeout queue 400ms\n  timeout http-request 800ms\n  timeout \
         tarpit 100ms\n  retries 1\n  unique-id-format %{{+X}}o%ci%cp\n"
    );
    for (at, (format, descriptor)) in FORMATS.iter().zip(descriptors).enumerate() {
        text.push_str(&format!(
            "frontend fe{at}\n  bind fd@{descriptor}\n  {}\n  http-request deny if {{ path_beg \
             /denied }}\n  http-request return status 503 if {{ path_beg /sorry }}\n  use_backend \
             %[path,field(2,/)] if {{ path_beg /s }}\n",
            format.directive
        ));
    }
    text + backends
}
