//! What Apache says without a number: the words of 2.2, those of modules that have none, and those
//! of 2.4 where somebody pasted them without it. Each stands for the number that 2.4 gave it.

/// Words that a message begins with, behind `proxy: ` and the scheme.
pub(super) struct Phrase {
    /// The words.
    pub(super) text: &'static str,
    /// The number of 2.4 that says the same.
    pub(super) code: u32,
    /// Whether nobody but Apache says so: then it is known in the middle of other words too.
    pub(super) own: bool,
    /// A real message that begins with them.
    #[cfg(test)]
    pub(super) example: &'static str,
}

macro_rules! phrases {
    ( $( $text:literal $code:literal $own:literal $example:literal; )+ ) => {
        /// Sorted by bytes.
        pub(super) const PHRASES: &[Phrase] = &[ $( Phrase {
            text: $text,
            code: $code,
            own: $own,
            #[cfg(test)]
            example: $example,
        }, )+ ];
    };
}

phrases! {
    "All workers are in error state" 1170 true "All workers are in error state for route (node1)";
    "Cannot serve directory " 1276 true "Cannot serve directory /var/www/html/: No matching DirectoryIndex (index.html) found";
    "Certificate Verification: Error (" 2039 true "Certificate Verification: Error (20): unable to get local issuer certificate";
    "Corrupt status line returned by remote server" 898 true "Corrupt status line returned by remote server: HTP/1.1 200 OK returned by /cart";
    "DNS lookup failure for: " 898 true "DNS lookup failure for: app.internal returned by /cart";
    "Directory index forbidden by " 1276 true "Directory index forbidden by Options directive: /var/www/html/";
    "End of script output before headers: " 100_001 true "End of script output before headers: app.cgi";
    "Error dispatching request to " 1075 true "Error dispatching request to : (polling)";
    "Error during SSL Handshake with remote server" 898 true "Error during SSL Handshake with remote server returned by /cart";
    "Error parsing script headers" 1070 true "Error parsing script headers";
    "Error reading from remote server" 898 true "Error reading from remote server returned by /cart";
    "Exception occurred processing WSGI script '" 100_003 true "Exception occurred processing WSGI script '/srv/app/wsgi.py'.";
    "Failed to exec Python script file '" 100_003 true "Failed to exec Python script file '/srv/app/wsgi.py'.";
    "Failed to proxy response from daemon" 100_002 true "Failed to proxy response from daemon.";
    "Failed to read FastCGI header" 1067 true "Failed to read FastCGI header";
    "File does not exist: " 128 false "File does not exist: /var/www/html/favicon.ico";
    "Forcing worker (" 2460 true "Forcing worker (http://192.0.2.10:8080) into error state due to timeout and 'failontimeout' parameter being set";
    "Got error '" 1071 true "Got error 'PHP message: PHP Fatal error:  Uncaught Error: x'";
    "Graceful restart requested, doing restart" 171 true "Graceful restart requested, doing restart";
    "Malformed connection header returned by " 898 true "Malformed connection header returned by /cart";
    "Max-Forwards has reached zero - proxy loop? returned by " 898 true "Max-Forwards has reached zero - proxy loop? returned by /cart";
    "Network error reading response" 1110 true "Network error reading response";
    "No protocol handler was valid for the URL " 1144 true "No protocol handler was valid for the URL /cart. If you are using a DSO version of mod_proxy, make sure the proxy submodules are included in the configuration using LoadModule.";
    "PHP Fatal error: " 1071 false "PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /srv/app/a.php on line 3";
    "Premature end of script headers: " 100_001 true "Premature end of script headers: app.cgi";
    "Request exceeded the limit of " 124 true "Request exceeded the limit of 10 internal redirects due to probable configuration error. Use 'LimitInternalRecursion' to increase the limit if necessary.";
    "Response Transfer-Encoding was not recognised" 2476 true "Response Transfer-Encoding was not recognised";
    "SIGHUP received.  Attempting to restart" 494 true "SIGHUP received.  Attempting to restart";
    "SSL Library Error: " 100_000 true "SSL Library Error: error:0A00010B:SSL routines::wrong version number";
    "SSL Proxy connect failed" 2003 true "SSL Proxy connect failed";
    "SSL Proxy requested for " 1961 true "SSL Proxy requested for shop.example:443 but not enabled [Hint: SSLProxyEngine]";
    "SSL Proxy: Peer certificate CN mismatch" 2005 true "SSL Proxy: Peer certificate CN mismatch: Certificate CN: a.example Requested hostname: b.example";
    "SSL Proxy: Peer certificate does not match for hostname " 2411 true "SSL Proxy: Peer certificate does not match for hostname b.example";
    "SSL Proxy: Peer certificate is expired" 2004 true "SSL Proxy: Peer certificate is expired";
    "Script timed out before returning headers: " 1220 true "Script timed out before returning headers: app.fcgi";
    "Target WSGI script '" 100_003 true "Target WSGI script '/srv/app/wsgi.py' cannot be loaded as Python module.";
    "Timeout on 100-Continue" 898 true "Timeout on 100-Continue returned by /cart";
    "Timeout waiting for output from CGI script " 1220 true "Timeout waiting for output from CGI script /usr/lib/cgi-bin/app.cgi";
    "Timeout when reading response headers from daemon process " 1220 true "Timeout when reading response headers from daemon process 'shop': /srv/shop/wsgi.py";
    "Too many (" 898 false "Too many (11) interim responses from origin server returned by /cart";
    "Truncated or oversized response headers received from daemon process " 100_001 true "Truncated or oversized response headers received from daemon process 'shop': /srv/shop/wsgi.py";
    "URI cannot be parsed: " 898 true "URI cannot be parsed: http://:80/ returned by /cart";
    "URI has no hostname: " 898 true "URI has no hostname: http:/// returned by /cart";
    "Unable to connect to WSGI daemon process " 957 true "Unable to connect to WSGI daemon process 'shop' on '/run/wsgi.sock' as user with uid=33.";
    "Unexpected Upgrade: " 898 true "Unexpected Upgrade: h2c (expecting websocket) returned by /chat";
    "ajp_ilink_receive() can't receive header" 1030 true "ajp_ilink_receive() can't receive header";
    "ajp_ilink_receive() received bad header" 1031 true "ajp_ilink_receive() received bad header";
    "ajp_msg_check_header() got bad signature" 1080 true "ajp_msg_check_header() got bad signature 4854";
    "ajp_msg_check_header() incoming message is too big" 1081 true "ajp_msg_check_header() incoming message is too big 8198, max is 8192";
    "ajp_read_header: ajp_ilink_receive failed" 992 true "ajp_read_header: ajp_ilink_receive failed";
    "all workers are busy" 934 false "all workers are busy.  Unable to serve http://shop/";
    "ap_proxy_connect_backend disabling worker for (" 959 true "ap_proxy_connect_backend disabling worker for (192.0.2.10) for 60s";
    "attempt to connect to " 957 false "attempt to connect to 192.0.2.10:8080 (192.0.2.10) failed";
    "bad HTTP/" 1106 false "bad HTTP/1.1 header returned by /cart (GET)";
    "caught SIGTERM, shutting down" 491 false "caught SIGTERM, shutting down";
    "child pid " 52 false "child pid 4711 exit signal Segmentation fault (11)";
    "client denied by server configuration: " 1630 true "client denied by server configuration: /srv/app/private";
    "comm with server \"" 1220 false "comm with server \"/var/www/app.fcgi\" aborted: idle timeout (30 sec)";
    "cping/cpong failed to " 897 true "cping/cpong failed to 192.0.2.10:8009 (app)";
    "dialog to " 893 false "dialog to 192.0.2.10:8009 (app) failed";
    "disabled connection for (" 940 true "disabled connection for (192.0.2.10:8080)";
    "error parsing URL " 1083 false "error parsing URL http://: Invalid host/port";
    "error reading status line from remote server " 1102 true "error reading status line from remote server 192.0.2.10:8080";
    "failed to enable ssl support for " 961 false "failed to enable ssl support for 192.0.2.10:443 (app)";
    "failed to make connection to backend: " 1114 true "failed to make connection to backend: 192.0.2.10";
    "header size is over the limit allowed by ResponseFieldSize" 10124 true "header size is over the limit allowed by ResponseFieldSize (8192 bytes). Bad response header: 'X-A: b[...]c'";
    "incomplete headers (" 100_001 true "incomplete headers (0 bytes) received from server \"/var/www/app.fcgi\"";
    "malformed header from script" 1070 true "malformed header from script 'app.cgi': Bad header: hello";
    "mod_fcgid: ap_pass_brigade failed in handle_request_ipc function" 100_002 true "mod_fcgid: ap_pass_brigade failed in handle_request_ipc function";
    "mod_fcgid: can't apply process slot for " 941 true "mod_fcgid: can't apply process slot for /var/www/app.fcgi";
    "mod_fcgid: error reading data from FastCGI server" 1067 true "mod_fcgid: error reading data from FastCGI server";
    "mod_fcgid: read data from fastcgi server error" 1067 true "mod_fcgid: read data from fastcgi server error.";
    "mod_fcgid: read data timeout in " 1220 true "mod_fcgid: read data timeout in 40 seconds";
    "mod_fcgid: stderr: " 1071 true "mod_fcgid: stderr: PHP Warning:  Undefined variable $x in /srv/app/a.php on line 3";
    "pass request body failed to " 1084 true "pass request body failed to 192.0.2.10:8080 (192.0.2.10)";
    "prefetch request body failed to " 1095 true "prefetch request body failed to 192.0.2.10:8080 (192.0.2.10) from 203.0.113.24 ()";
    "read response failed from " 878 false "read response failed from 192.0.2.10:8009 (app)";
    "server reached MaxClients setting" 161 true "server reached MaxClients setting, consider raising the MaxClients setting";
    "server reached MaxRequestWorkers setting" 161 true "server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting";
    "too soon to retry worker for (" 933 true "too soon to retry worker for (192.0.2.10:8080)";
}

#[cfg(test)]
mod tests {
    use super::super::codes;
    use super::*;
    use crate::dialects::apache::error_log;
    use crate::evidence::{Evidence, Origin, Source};

    #[test]
    fn phrases_are_sorted_and_stand_for_numbers() {
        assert!(PHRASES.is_sorted_by(|one, next| one.text < next.text));
        for phrase in PHRASES {
            assert!(codes::of(phrase.code).is_some(), "{}", phrase.text);
            assert!(phrase.example.starts_with(phrase.text), "{}", phrase.text);
        }
    }

    #[test]
    fn every_phrase_is_read_from_its_own_example() {
        for phrase in PHRASES {
            for proxy in ["", "proxy: ", "proxy: HTTP: "] {
                let said = |number: &str| {
                    let line = alloc::format!(
                        "[Sun Nov 22 07:40:18 2026] [error] [client 10.0.0.9] {number}{proxy}{}",
                        phrase.example
                    );
                    let mut evidence = Evidence::default();
                    let origin = Origin::new(Source::ErrorLog, 0, 1);
                    assert!(error_log::read(line.as_bytes(), origin, &mut evidence), "{line}");
                    let seen = evidence.signs.get(0).map(|seen| (seen.sign, seen.phase));
                    assert_eq!(evidence.client, Some(&b"10.0.0.9"[..]), "{line}");
                    seen
                };
                let number = alloc::format!("AH{:05}: ", phrase.code);
                match phrase.code < codes::SSL_LIBRARY {
                    true => assert_eq!(said(""), said(&number), "{}", phrase.text),
                    false => assert!(said("").is_some(), "{}", phrase.text),
                }
            }
        }
    }
}
