//! What nginx's error log says. From its sources, release 1.31.4, with the words of older releases.
//!
//! A message is its phrase, then details, `(errno: text)`, ` while ` and the action. The phrase
//! says what happened, the action in which phase. Several phrases stand for a family: nginx has
//! forty ways to say that a response is malformed, and they all begin `upstream sent `.

use crate::evidence::Sign;
use crate::vocabulary::Phase;

/// One way a message can begin.
pub(super) struct Phrase {
    /// The words.
    pub(super) text: &'static str,
    /// What they prove.
    pub(super) proves: Proves,
    /// A message that begins with them, composed by nginx's format strings.
    #[cfg(test)]
    pub(super) example: &'static str,
}

impl Phrase {
    /// The phase that a message belongs to where no action names one, as in what is cut or quoted
    /// in part.
    pub(super) fn usual_phase(&self) -> Option<Phase> {
        const USUAL: &[(&str, Phase)] = &[
            ("connect() ", Phase::Connect),
            ("kevent() reported that connect()", Phase::Connect),
            ("peer closed connection in SSL handshake", Phase::Tls),
            ("SSL_do_handshake()", Phase::Tls),
            ("upstream sent ", Phase::ResponseHeaders),
            ("upstream rejected request", Phase::ResponseHeaders),
        ];
        let usual = USUAL.iter().find(|(begins, _)| self.text.starts_with(begins));
        usual.map(|(_, phase)| *phase)
    }
}

/// The messages that fill error logs, by their place in [`PHRASES`]: tried before the search.
pub(super) const COMMON: [usize; 5] = [
    place("connect() failed"),
    place("upstream timed out"),
    place("upstream prematurely closed"),
    place("recv() failed"),
    place("no live upstreams"),
];

/// Where a phrase stands; one that is not there does not compile.
// Indices are checked when this is evaluated, by the compiler.
#[allow(clippy::indexing_slicing)]
const fn place(text: &str) -> usize {
    let mut at = 0;
    loop {
        let (phrase, text) = (PHRASES[at].text.as_bytes(), text.as_bytes());
        let mut same = phrase.len() == text.len();
        let mut byte = 0;
        while same && byte < text.len() {
            same = phrase[byte] == text[byte];
            byte += 1;
        }
        if same {
            return at;
        }
        at += 1;
    }
}

/// How a phrase proves something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proves {
    /// By itself.
    Is(Sign),
    /// By the errno behind it; this sign where none is there.
    Errno(Sign),
    /// By the errno of a read from the upstream: what is read while sending to the client still
    /// comes from the upstream.
    Read,
    /// By the errno of a write: what is written while sending to the client goes to the client.
    Write,
    /// By the errno of an operation on a file: one of the gateway's own where nginx was at work for
    /// an exchange or takes it seriously, otherwise one that a request asked for.
    File,
    /// By the errno of an operation on a file that a request asked for.
    Asked,
    /// By OpenSSL's words, or an errno; this sign where they are not known.
    Tls(Sign),
    /// By the X.509 verify code in parentheses.
    Verify,
    /// By the resolver's code in parentheses.
    Resolver,
    /// By what a FastCGI application wrote.
    Stderr,
    /// A timeout, by the action: towards the client it is the client's.
    ClientTimeout,
    /// By the HTTP/2 error code at the end.
    StreamError(Sign),
    /// By the first number behind it.
    Number(Sign),
    /// By the length of a frame: that of `HTT` is an HTTP/1 response.
    FrameLength,
    /// By how a worker ended.
    Worker,
}

/// The table, with the examples left out of other builds than tests: they are a third of it.
macro_rules! phrases {
    ($( $text:literal, $proves:expr, $example:literal; )+) => {
        &[ $( Phrase { text: $text, proves: $proves, #[cfg(test)] example: $example }, )+ ]
    };
}

use Proves::{
    Asked, ClientTimeout, Errno, File, FrameLength, Is, Number, Read, Resolver, Stderr,
    StreamError, Tls, Verify, Worker, Write,
};

/// Messages by their beginning, sorted by bytes.
pub(super) const PHRASES: &[Phrase] = phrases! {
    "DNS error (", Resolver, "DNS error (2: Server failure), query id:4711, name:\"app\"";
    "FastCGI sent in stderr: ", Stderr, "FastCGI sent in stderr: \"PHP message: PHP Warning:  a\" while reading upstream";
    "SSL_CTX_set_alpn_protos() failed", Is(Sign::InternalError), "SSL_CTX_set_alpn_protos() failed";
    "SSL_do_handshake() failed", Tls(Sign::HandshakeFailed), "SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream";
    "SSL_new() failed", Is(Sign::OutOfMemory), "SSL_new() failed (SSL: error:0A0C0100)";
    "SSL_read() failed", Tls(Sign::Ended), "SSL_read() failed (SSL: error:0A000126:SSL routines::unexpected eof while reading) while reading upstream";
    "SSL_read_early_data() failed", Tls(Sign::ClientInvalid), "SSL_read_early_data() failed (SSL: error:0A0000BA) while SSL handshaking";
    "SSL_set_alpn_protos() failed", Is(Sign::InternalError), "SSL_set_alpn_protos() failed (SSL: error:0A000100)";
    "SSL_set_tlsext_host_name(", Is(Sign::InternalError), "SSL_set_tlsext_host_name(\"app\") failed (SSL: error:0A000100)";
    "SSL_shutdown() failed", Is(Sign::Harmless), "SSL_shutdown() failed (SSL: error:0A000123)";
    "SSL_write() failed", Tls(Sign::BrokenPipe), "SSL_write() failed (32: Broken pipe) while sending request to upstream";
    "a client request body is buffered", Is(Sign::BufferedToDisk), "a client request body is buffered to a temporary file /t/1";
    "accept() failed", Errno(Sign::Exhausted), "accept() failed (24: Too many open files)";
    "accept4() failed", Errno(Sign::Exhausted), "accept4() failed (24: Too many open files)";
    "access forbidden by rule", Is(Sign::Denied), "access forbidden by rule";
    "an upstream response is buffered", Is(Sign::BufferedToDisk), "an upstream response is buffered to a temporary file /t/1 while reading upstream";
    "auth request unexpected status", Is(Sign::AuthorizationFailed), "auth request unexpected status: 404 while sending to client";
    "balancer does not support sticky", Is(Sign::Harmless), "balancer does not support sticky";
    "bind(", Is(Sign::OutOfPorts), "bind(10.0.0.1) failed (99: Cannot assign requested address) while connecting to upstream";
    "bind() to ", Is(Sign::Misconfigured), "bind() to 0.0.0.0:80 failed (98: Address already in use)";
    "broken header: ", Is(Sign::ClientProtocolMismatch), "broken header: \"GET\" while reading PROXY protocol";
    "buffer overflow", Is(Sign::Harmless), "buffer overflow while resolving";
    "cache \"", Is(Sign::Misconfigured), "cache \"zone\" not found";
    "cache file \"", Is(Sign::Harmless), "cache file \"/c/1\" contains invalid header";
    "cannot add new server to upstream", Is(Sign::OutOfMemory), "cannot add new server to upstream \"app\", memory exhausted";
    "cannot load certificate", Is(Sign::Misconfigured), "cannot load certificate \"/etc/a.pem\": BIO_new_file() failed";
    "client ", Is(Sign::Harmless), "client 10.0.0.9 closed keepalive connection";
    "client SSL certificate verify error", Is(Sign::ClientInvalid), "client SSL certificate verify error: (10:certificate has expired)";
    "client attempted ", Is(Sign::ClientInvalid), "client attempted to request the server name different from the one that was negotiated";
    "client canceled stream", Is(Sign::ClientGone), "client canceled stream 5 while reading upstream";
    "client closed connection", Is(Sign::ClientGone), "client closed connection while waiting for request";
    "client exceeded ", Is(Sign::ClientInvalid), "client exceeded http2_max_field_size limit";
    "client intended to send too large body: ", Number(Sign::ClientTooLarge), "client intended to send too large body: 9000000 bytes";
    "client intended to send too large chunked body: ", Number(Sign::ClientTooLarge), "client intended to send too large chunked body: 1048576+8192 bytes";
    "client prematurely closed", Is(Sign::ClientGone), "client prematurely closed connection";
    "client sent ", Is(Sign::ClientInvalid), "client sent invalid method while reading client request line";
    "client sent plain HTTP request to HTTPS port", Is(Sign::ClientProtocolMismatch), "client sent plain HTTP request to HTTPS port while reading client request headers";
    "client sent stream with ", Is(Sign::ClientInvalid), "client sent stream with data before settings were acknowledged";
    "client timed out", ClientTimeout, "client timed out (110: Connection timed out) while sending to client";
    "client violated ", Is(Sign::ClientInvalid), "client violated flow control for stream 1";
    "connect() failed", Errno(Sign::Failed), "connect() failed (111: Connection refused) while connecting to upstream";
    "connect() to ", Errno(Sign::Failed), "connect() to unix:/run/a.sock failed (2: No such file or directory) while connecting to upstream";
    "connection upgrade in subrequest", Is(Sign::UpgradeFailed), "connection upgrade in subrequest while reading response header from upstream";
    "could not add new SRV server to upstream", Is(Sign::OutOfMemory), "could not add new SRV server to upstream \"app\", memory exhausted";
    "could not allocate", Is(Sign::Exhausted), "could not allocate node in limit_req zone \"one\"";
    "could not allocate node in upstream sticky zone", Is(Sign::Harmless), "could not allocate node in upstream sticky zone while reading response header from upstream";
    "could not cancel ", Is(Sign::Harmless), "could not cancel app resolving";
    "could not enable transparent proxying", Is(Sign::Misconfigured), "could not enable transparent proxying for IPv6 on this platform";
    "could not find named location", Is(Sign::Misconfigured), "could not find named location \"@app\"";
    "could not respawn worker process", Is(Sign::Exhausted), "could not respawn worker process";
    "delaying request", Is(Sign::Harmless), "delaying request, excess: 0.500, by zone \"one\"";
    "directory index of ", Is(Sign::Denied), "directory index of \"/var/www/\" is forbidden";
    "epoll_wait() reported that client prematurely closed", Is(Sign::ClientGone), "epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too while reading upstream";
    "failed to run ", Is(Sign::ScriptFailed), "failed to run access_by_lua*: a.lua:1: attempt to index a nil value";
    "fastcgi request length mismatch", Is(Sign::InternalError), "fastcgi request length mismatch";
    "fastcgi request record is too big", Is(Sign::ClientTooLarge), "fastcgi request record is too big: 70000";
    "fcntl(", Is(Sign::InternalError), "fcntl(O_NONBLOCK) failed (9: Bad file descriptor)";
    "fork() failed", Is(Sign::Exhausted), "fork() failed while spawning \"worker process\" (11: Resource temporarily unavailable)";
    "fstat() \"", Asked, "fstat() \"/var/www/a\" failed (13: Permission denied)";
    "gracefully shutting down", Is(Sign::Reloading), "gracefully shutting down";
    "grpcs protocol requires SSL support", Is(Sign::Misconfigured), "grpcs protocol requires SSL support";
    "handshake rejected", Is(Sign::ClientInvalid), "handshake rejected while SSL handshaking";
    "header already sent", Is(Sign::Harmless), "header already sent while reading response header from upstream";
    "host not found in upstream", Is(Sign::NameNotFound), "host not found in upstream \"app\" in /etc/nginx/nginx.conf:7";
    "ignoring stale global SSL error", Is(Sign::Harmless), "ignoring stale global SSL error (SSL: error:0A000412)";
    "invalid TCP DNS response", Is(Sign::ResolverFailed), "invalid TCP DNS response 1 fl:8180";
    "invalid UDP DNS response", Is(Sign::ResolverFailed), "invalid UDP DNS response 1 fl:8180";
    "invalid URL prefix", Is(Sign::AddressInvalid), "invalid URL prefix in \"app\"";
    "invalid header after joining FastCGI records", Is(Sign::Malformed), "invalid header after joining FastCGI records while reading response header from upstream";
    "invalid host in upstream", Is(Sign::AddressInvalid), "invalid host in upstream \"a b\"";
    "invalid in-addr.arpa", Is(Sign::Harmless), "invalid in-addr.arpa or ip6.arpa name in DNS response";
    "invalid local address", Is(Sign::Misconfigured), "invalid local address \"x\"";
    "invalid port in upstream", Is(Sign::AddressInvalid), "invalid port in upstream \"127.0.0.1:imaps\"";
    "kevent() reported about an closed connection", Errno(Sign::Reset), "kevent() reported about an closed connection (54: Connection reset by peer) while reading response header from upstream";
    "kevent() reported that client prematurely closed", Is(Sign::ClientGone), "kevent() reported that client prematurely closed connection";
    "kevent() reported that connect() failed", Errno(Sign::Failed), "kevent() reported that connect() failed (61: Connection refused) while connecting to upstream";
    "kevent() reported that upstream closed connection", Errno(Sign::Ended), "kevent() reported that upstream closed connection (54: Connection reset by peer) while reading upstream";
    "key: \"", Is(Sign::Harmless), "key: \"a\" was not found by memcached";
    "kill(", Is(Sign::Misconfigured), "kill(18, 1) failed (3: No such process)";
    "limiting connections", Is(Sign::LimitReached), "limiting connections by zone \"one\"";
    "limiting connections, dry run", Is(Sign::Harmless), "limiting connections, dry run, by zone \"one\"";
    "limiting requests", Is(Sign::RateLimited), "limiting requests, excess: 20.300 by zone \"one\"";
    "limiting requests, dry run", Is(Sign::Harmless), "limiting requests, dry run, excess: 20.300 by zone \"one\"";
    "load balancing method does not support", Is(Sign::Misconfigured), "load balancing method does not support resolving names at run time in upstream \"app\" in /etc/nginx/nginx.conf:7";
    "lstat() \"", Asked, "lstat() \"/var/www/a\" failed (13: Permission denied)";
    "lua entry thread aborted", Is(Sign::ScriptFailed), "lua entry thread aborted: runtime error: a.lua:1: attempt to index a nil value";
    "malloc(", Is(Sign::OutOfMemory), "malloc(16384) failed (12: Cannot allocate memory)";
    "memcached sent invalid ", Is(Sign::Malformed), "memcached sent invalid response: \"x\" while reading response header from upstream";
    "memcached sent invalid trailer", Is(Sign::BodyMalformed), "memcached sent invalid trailer while reading upstream";
    "mkdir() \"", File, "mkdir() \"/t/1\" failed (13: Permission denied) while reading upstream";
    "no \"", Is(Sign::Misconfigured), "no \"proxy_ssl_certificate_key\" is defined for certificate \"/etc/a.pem\"";
    "no A or CNAME types in DNS response", Is(Sign::NameNotFound), "no A or CNAME types in DNS response";
    "no PTR type in DNS response", Is(Sign::NameNotFound), "no PTR type in DNS response";
    "no SRV type in DNS response", Is(Sign::NameNotFound), "no SRV type in DNS response";
    "no buffer space in ", Is(Sign::InternalError), "no buffer space in grpc create request";
    "no connection data found", Is(Sign::InternalError), "no connection data found for keepalive http2 connection";
    "no grpc_ssl_trusted_certificate", Is(Sign::Misconfigured), "no grpc_ssl_trusted_certificate for grpc_ssl_verify";
    "no handler found", Is(Sign::Misconfigured), "no handler found";
    "no host in upstream", Is(Sign::AddressInvalid), "no host in upstream \"\"";
    "no live upstreams", Is(Sign::NoneHealthy), "no live upstreams while connecting to upstream";
    "no port in upstream", Is(Sign::AddressInvalid), "no port in upstream \"app\"";
    "no proxy_ssl_trusted_certificate", Is(Sign::Misconfigured), "no proxy_ssl_trusted_certificate for proxy_ssl_verify";
    "no resolver defined to resolve", Is(Sign::NoResolver), "no resolver defined to resolve app";
    "no servers are inside upstream", Is(Sign::NoUpstream), "no servers are inside upstream in /etc/nginx/nginx.conf:7";
    "no servers in upstream", Is(Sign::NoUpstream), "no servers in upstream \"app\" in /etc/nginx/nginx.conf:7";
    "no upstream configuration", Is(Sign::InternalError), "no upstream configuration";
    "no user/password was provided", Is(Sign::Harmless), "no user/password was provided for basic authentication";
    "no uwsgi_ssl_trusted_certificate", Is(Sign::Misconfigured), "no uwsgi_ssl_trusted_certificate for uwsgi_ssl_verify";
    "open() \"", File, "open() \"/t/1\" failed (13: Permission denied) while reading upstream";
    "openat() \"", Asked, "openat() \"/var/www/a\" failed (40: Too many levels of symbolic links)";
    "opendir() \"", Asked, "opendir() \"/var/www/a/\" failed (13: Permission denied)";
    "peer closed connection in SSL handshake", Errno(Sign::Closed), "peer closed connection in SSL handshake (104: Connection reset by peer) while SSL handshaking to upstream";
    "pread() \"", File, "pread() \"/t/1\" failed (5: Input/output error) while reading upstream";
    "pwrite() \"", File, "pwrite() \"/t/1\" failed (28: No space left on device) while reading upstream";
    "pwritev() \"", File, "pwritev() \"/t/1\" failed (28: No space left on device) while reading upstream";
    "readv() failed", Read, "readv() failed (104: Connection reset by peer) while reading upstream";
    "recv() failed", Read, "recv() failed (104: Connection reset by peer) while reading response header from upstream";
    "recvmsg() failed", Read, "recvmsg() failed (104: Connection reset by peer) while reading response header from upstream";
    "rename() \"", File, "rename() \"/t/1\" to \"/c/1\" failed (13: Permission denied) while reading upstream";
    "resolving names at run time requires", Is(Sign::Misconfigured), "resolving names at run time requires upstream \"app\" in /etc/nginx/nginx.conf:7 to be in shared memory";
    "rewrite or internal redirection cycle", Is(Sign::RedirectCycle), "rewrite or internal redirection cycle while internally redirecting to \"/index.html\"";
    "scgi request length mismatch", Is(Sign::InternalError), "scgi request length mismatch";
    "send() failed", Write, "send() failed (32: Broken pipe) while sending request to upstream";
    "send() incomplete", Is(Sign::ResolverFailed), "send() incomplete while resolving";
    "sendfile() failed", Write, "sendfile() failed (32: Broken pipe) while sending to client";
    "sendmsg() failed", Write, "sendmsg() failed (111: Connection refused) while sending request to upstream";
    "setsockopt(", Is(Sign::Harmless), "setsockopt(SO_KEEPALIVE) failed (22: Invalid argument), ignored";
    "setsockopt(IPV6_BINDANY) failed", Is(Sign::FileForbidden), "setsockopt(IPV6_BINDANY) failed (1: Operation not permitted) while connecting to upstream";
    "setsockopt(IPV6_TRANSPARENT) failed", Is(Sign::FileForbidden), "setsockopt(IPV6_TRANSPARENT) failed (1: Operation not permitted) while connecting to upstream";
    "setsockopt(IP_BINDANY) failed", Is(Sign::FileForbidden), "setsockopt(IP_BINDANY) failed (1: Operation not permitted) while connecting to upstream";
    "setsockopt(IP_TRANSPARENT) failed", Is(Sign::FileForbidden), "setsockopt(IP_TRANSPARENT) failed (1: Operation not permitted) while connecting to upstream";
    "setsockopt(SO_BINDANY) failed", Is(Sign::FileForbidden), "setsockopt(SO_BINDANY) failed (1: Operation not permitted) while connecting to upstream";
    "signal 1 (SIGHUP) received", Is(Sign::Reloading), "signal 1 (SIGHUP) received from 42, reconfiguring";
    "signal 17 (SIGCHLD) received", Is(Sign::Harmless), "signal 17 (SIGCHLD) received from 42";
    "socket() failed", Errno(Sign::Exhausted), "socket() failed (24: Too many open files) while connecting to upstream";
    "stat() \"", Asked, "stat() \"/var/www/a\" failed (13: Permission denied)";
    "subrequests cycle", Is(Sign::RedirectCycle), "subrequests cycle while processing \"/a\"";
    "suwsgi protocol requires SSL support", Is(Sign::Misconfigured), "suwsgi protocol requires SSL support";
    "testing \"", Is(Sign::Harmless), "testing \"/var/www/a\" existence failed (2: No such file or directory)";
    "the \"$memcached_key\" variable is not set", Is(Sign::Misconfigured), "the \"$memcached_key\" variable is not set";
    "the new socket has number", Is(Sign::OutOfDescriptors), "the new socket has number 1025, but only 1024 files are available";
    "thread operation took too long", Is(Sign::Exhausted), "thread operation took too long while reading upstream";
    "thread pool \"", Is(Sign::Misconfigured), "thread pool \"default\" not found";
    "too long http2 ", Is(Sign::ClientTooLarge), "too long http2 header value: \"a: b\"";
    "unexpected A record in DNS response", Is(Sign::Harmless), "unexpected A record in DNS response";
    "unexpected DNS response", Is(Sign::Harmless), "unexpected DNS response for app";
    "unexpected RR ", Is(Sign::Harmless), "unexpected RR type 5 in DNS response";
    "unknown query ", Is(Sign::Harmless), "unknown query class 3 in DNS response";
    "unlink() \"", Is(Sign::Harmless), "unlink() \"/c/1\" failed (2: No such file or directory)";
    "upstream \"", Is(Sign::AddressInvalid), "upstream \"app\" may not have port 80 in /etc/nginx/nginx.conf:7";
    "upstream SSL certificate does not match", Is(Sign::CertificateNameMismatch), "upstream SSL certificate does not match \"app\" while SSL handshaking to upstream";
    "upstream SSL certificate verify error", Verify, "upstream SSL certificate verify error: (10:certificate has expired) while SSL handshaking to upstream";
    "upstream prematurely closed", Is(Sign::Closed), "upstream prematurely closed connection while reading response header from upstream";
    "upstream prematurely sent response", Is(Sign::ProtocolMismatch), "upstream prematurely sent response while sending request to upstream";
    "upstream rejected request with error ", StreamError(Sign::StreamReset), "upstream rejected request with error 7 while reading response header from upstream";
    "upstream sent ", Is(Sign::Malformed), "upstream sent zero window update while reading response header from upstream";
    "upstream sent data after final chunk", Is(Sign::Surplus), "upstream sent data after final chunk while reading upstream";
    "upstream sent data after trailers", Is(Sign::Surplus), "upstream sent data after trailers while reading upstream";
    "upstream sent duplicate header line", Is(Sign::Malformed), "upstream sent duplicate header line: \"Content-Length: 5\", previous value: \"Content-Length: 4\" while reading response header from upstream";
    "upstream sent frame for closed stream", Is(Sign::BodyMalformed), "upstream sent frame for closed stream 1 while reading upstream";
    "upstream sent goaway with error ", StreamError(Sign::GoAway), "upstream sent goaway with error 0 while reading response header from upstream";
    "upstream sent invalid FastCGI record type: ", Number(Sign::ProtocolMismatch), "upstream sent invalid FastCGI record type: 84 while reading response header from upstream";
    "upstream sent invalid chunked response", Is(Sign::BodyMalformed), "upstream sent invalid chunked response while reading upstream";
    "upstream sent invalid trailer", Is(Sign::BodyMalformed), "upstream sent invalid trailer while reading upstream";
    "upstream sent more data than specified in \"Content-Length\"", Is(Sign::Surplus), "upstream sent more data than specified in \"Content-Length\" header while reading upstream";
    "upstream sent no valid HTTP/1.0 header", Is(Sign::NoStatusLine), "upstream sent no valid HTTP/1.0 header while reading response header from upstream";
    "upstream sent response body larger than indicated content length", Is(Sign::BodyMalformed), "upstream sent response body larger than indicated content length while reading upstream";
    "upstream sent too big early hints", Is(Sign::Harmless), "upstream sent too big early hints";
    "upstream sent too big header", Is(Sign::HeaderTooLarge), "upstream sent too big header while reading response header from upstream";
    "upstream sent too big trailers", Is(Sign::BodyMalformed), "upstream sent too big trailers while reading upstream";
    "upstream sent too large http2 frame: ", FrameLength, "upstream sent too large http2 frame: 4740180 while reading response header from upstream";
    "upstream sent too large http2 header", Is(Sign::HeaderTooLarge), "upstream sent too large http2 header while reading response header from upstream";
    "upstream sent trailer without end stream flag", Is(Sign::BodyMalformed), "upstream sent trailer without end stream flag while reading upstream";
    "upstream sent unexpected FastCGI record: ", Number(Sign::ProtocolMismatch), "upstream sent unexpected FastCGI record: 3 while reading response header from upstream";
    "upstream sent unsupported FastCGI protocol version: ", Number(Sign::ProtocolMismatch), "upstream sent unsupported FastCGI protocol version: 72 while reading response header from upstream";
    "upstream server temporarily disabled", Is(Sign::MemberDisabled), "upstream server temporarily disabled while connecting to upstream";
    "upstream timed out", Is(Sign::TimedOut), "upstream timed out (110: Connection timed out) while reading response header from upstream";
    "upstream violated ", Is(Sign::BodyMalformed), "upstream violated stream flow control, received 9 data frame with window 1";
    "user \"", Is(Sign::Harmless), "user \"eve\" was not found in \"/etc/htpasswd\"";
    "uwsgi request is too big", Is(Sign::ClientTooLarge), "uwsgi request is too big: 70000";
    "uwsgi request is too little", Is(Sign::InternalError), "uwsgi request is too little: 0";
    "uwsgi request length mismatch", Is(Sign::InternalError), "uwsgi request length mismatch";
    "worker process ", Worker, "worker process 31 exited on signal 11";
    "write() \"", File, "write() \"/t/1\" failed (28: No space left on device) while reading client request body";
    "writev() \"", File, "writev() \"/t/1\" failed (28: No space left on device) while reading upstream";
    "writev() failed", Write, "writev() failed (104: Connection reset by peer) while sending request to upstream";
    "wrong ident ", Is(Sign::Harmless), "wrong ident 1 in DNS response for app, expect 2";
    "zero length URI to proxy", Is(Sign::AddressInvalid), "zero length URI to proxy";
};

/// Messages that begin with a name or a number, or with the words of a module that passes nginx's
/// own on (Lua, njs, ModSecurity): found anywhere in the message. Looked for only where no phrase
/// begins it.
pub(super) const INFIXES: &[Phrase] = phrases! {
    " could not be resolved (", Resolver, "app.example could not be resolved (3: Host not found)";
    " worker_connections are not enough", Is(Sign::OutOfConnections), "1024 worker_connections are not enough while connecting to upstream";
    " worker_connections exceed open file resource limit", Is(Sign::Harmless), "4096 worker_connections exceed open file resource limit: 1024";
    "_buffer_size ", Is(Sign::BufferTooSmall), "proxy_buffer_size 4096 is not enough for cache key, it should be increased to at least 8192";
    "ModSecurity: Access denied", Is(Sign::Denied), "[client 10.0.0.9] ModSecurity: Access denied with code 403 (phase 2)";
    "ModSecurity: status: 403", Is(Sign::Denied), "ModSecurity: status: 403, need action";
    "SSL certificate verify error: (", Verify, "js http fetch SSL certificate verify error: (20:unable to get local issuer certificate) while SSL handshaking to fetch target";
    "SSL certificate does not match", Is(Sign::CertificateNameMismatch), "lua ssl certificate: SSL certificate does not match host";
    "\" is forbidden (", Is(Sign::Denied), "\"/var/www/index.html\" is forbidden (13: Permission denied)";
    "\" is not a regular file", Is(Sign::Harmless), "\"/var/www/fifo\" is not a regular file";
    "\" is not found (", Is(Sign::Harmless), "\"/var/www/index.html\" is not found (2: No such file or directory)";
    "_by_lua*: ", Is(Sign::ScriptFailed), "[lua] a.lua:1: failed to run content_by_lua*: attempt to call a nil value";
    "js exception: ", Is(Sign::ScriptFailed), "js exception: TypeError: cannot get property";
    " in upstream \"", Is(Sign::AddressInvalid), "invalid label in upstream \"a..b\"";
};

/// Messages that begin with a stranger's text in quotes, and what nginx writes behind its quote.
/// A file's name is made of the request's path with its `%22` and `%20` decoded, a user's name is
/// what the client sent, and nginx escapes nothing of them. Sorted by bytes; what calls such as
/// `open() "` say is in [`CALLED`].
pub(super) const NAMES: &[(&str, &[&str])] = &[
    // An index file, or what a rewrite rule looked at.
    (
        "\"",
        &[
            " is not found (",
            " is forbidden (",
            " is not a directory",
            " is not a regular file",
            ", client: ",
        ],
    ),
    ("cache file \"", &[" contains invalid header", " has "]),
    ("could not find named location \"", &[", client: "]),
    ("directory index of \"", &[" is forbidden"]),
    ("invalid URL prefix in \"", RESOLVED),
    ("invalid host in upstream \"", RESOLVED),
    ("invalid port in upstream \"", RESOLVED),
    ("key: \"", &[" was not found by memcached"]),
    ("no host in upstream \"", RESOLVED),
    ("no port in upstream \"", RESOLVED),
    ("rewrite or internal redirection cycle while ", &[", client: "]),
    ("rewritten data: \"", &[", client: "]),
    ("rewritten redirect: \"", &[", client: "]),
    ("subrequests cycle while processing \"", &[", client: "]),
    ("testing \"", &[" existence failed"]),
    ("user \"", &[" was not found in \"", ": password mismatch"]),
];

/// What stands behind an address that a variable of the request may be part of.
const RESOLVED: &[&str] = &[", client: ", " in ", " while "];

/// What stands behind the name of a file that a system call failed on.
pub(super) const CALLED: &[&str] = &[" failed"];

/// What stands behind the words of an upstream or a client that a message quotes.
pub(super) const QUOTED: &[&str] = &[" while "];

/// What nginx was doing, as it says behind ` while `, sorted by bytes. `None` where that is
/// outside of the exchange.
pub(super) const ACTIONS: &[(&str, Option<Phase>)] = &[
    ("SSL handshaking", Some(Phase::Client)),
    ("SSL handshaking to ", Some(Phase::Tls)),
    ("closing request", Some(Phase::Client)),
    ("connecting to upstream", Some(Phase::Connect)),
    ("initializing session", Some(Phase::Client)),
    ("keepalive", Some(Phase::Client)),
    ("logging request", None),
    ("prereading client data", Some(Phase::Client)),
    ("processing HTTP/", Some(Phase::Client)),
    ("proxying and reading from client", Some(Phase::Client)),
    ("proxying and reading from upstream", Some(Phase::ResponseBody)),
    ("proxying and sending to client", Some(Phase::Client)),
    ("proxying and sending to upstream", Some(Phase::Request)),
    ("proxying connection", Some(Phase::ResponseBody)),
    ("proxying upgraded connection", Some(Phase::ResponseBody)),
    ("reading PROXY protocol", Some(Phase::Client)),
    ("reading client ", Some(Phase::Client)),
    ("reading response from fetch target", Some(Phase::ResponseHeaders)),
    ("reading response header from upstream", Some(Phase::ResponseHeaders)),
    ("reading upstream", Some(Phase::ResponseBody)),
    ("requesting certificate status", None),
    ("resolving", Some(Phase::Resolve)),
    ("returning text", Some(Phase::Client)),
    ("sending PROXY protocol", Some(Phase::Request)),
    ("sending early hints to client", Some(Phase::Client)),
    ("sending request to upstream", Some(Phase::Request)),
    ("sending to client", Some(Phase::Client)),
    ("tunneling connection", Some(Phase::ResponseBody)),
    ("waiting for request", Some(Phase::Client)),
];

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn the_tables_are_sorted_and_say_nothing_twice() {
        let phrases: Vec<_> = PHRASES.iter().map(|phrase| phrase.text).collect();
        let actions: Vec<_> = ACTIONS.iter().map(|(action, _)| *action).collect();
        let names: Vec<_> = NAMES.iter().map(|(opening, _)| *opening).collect();
        for table in [phrases, actions, names] {
            for pair in table.windows(2) {
                assert!(pair[0] < pair[1], "{pair:?}");
            }
        }
    }
}
