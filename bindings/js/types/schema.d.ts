// Made by types/generate.mjs from core/schema: change it there.

/**
 * What failed, as the gateway saw it.
 */
export type Fault =
  | 'no-upstream'
  | 'no-healthy-upstream'
  | 'connection-limit'
  | 'dns-not-found'
  | 'dns-timeout'
  | 'dns-failed'
  | 'connect-refused'
  | 'connect-timeout'
  | 'connect-unreachable'
  | 'connect-invalid'
  | 'connect-denied'
  | 'connect-failed'
  | 'tls-certificate-expired'
  | 'tls-certificate-untrusted'
  | 'tls-certificate-name-mismatch'
  | 'tls-certificate-invalid'
  | 'tls-handshake-failed'
  | 'tls-client-certificate-rejected'
  | 'tls-not-spoken'
  | 'request-write-failed'
  | 'response-timeout'
  | 'response-terminated'
  | 'response-reset'
  | 'response-closed'
  | 'response-malformed'
  | 'response-header-too-large'
  | 'response-protocol-mismatch'
  | 'response-upgrade-failed'
  | 'upstream-bad-gateway'
  | 'upstream-unavailable'
  | 'upstream-gateway-timeout'
  | 'upstream-error'
  | 'body-failed'
  | 'body-truncated'
  | 'body-timeout'
  | 'body-malformed'
  | 'gateway-exhausted'
  | 'gateway-internal'
  | 'gateway-denied'
  | 'gateway-loop'
  | 'client-closed'
  | 'client-invalid'
  | 'none'
  | 'unknown';
/**
 * Why it happened: what to go and change.
 */
export type Cause =
  | 'firewall-blocking'
  | 'network-path-down'
  | 'dns-record-wrong'
  | 'dns-resolver-failing'
  | 'dns-stale'
  | 'certificate-expired'
  | 'certificate-untrusted'
  | 'certificate-name-mismatch'
  | 'tls-settings-mismatch'
  | 'upstream-overloaded'
  | 'upstream-slow'
  | 'upstream-crashed'
  | 'upstream-out-of-memory'
  | 'upstream-not-running'
  | 'application-error'
  | 'timeout-too-low'
  | 'keepalive-mismatch'
  | 'upstream-address-wrong'
  | 'route-missing'
  | 'path-mismatch'
  | 'scheme-mismatch'
  | 'buffer-too-small'
  | 'limit-too-low'
  | 'permission-denied'
  | 'health-check-failing'
  | 'proxy-loop'
  | 'upgrade-not-forwarded'
  | 'gateway-misconfigured'
  | 'planned-maintenance'
  | 'deployment-rollover'
  | 'provider-outage'
  | 'upstream-sends-invalid-http'
  | 'gateway-overloaded'
  | 'gateway-bug'
  | 'policy-denied'
  | 'client-aborted'
  | 'client-bad-request'
  | 'unknown';
/**
 * The kind of trouble that a cause belongs to.
 */
export type Category =
  | 'connectivity'
  | 'overload'
  | 'misconfiguration'
  | 'maintenance'
  | 'protocol'
  | 'gateway'
  | 'client'
  | 'unknown';
/**
 * Where in the exchange.
 */
export type Phase =
  | 'select'
  | 'resolve'
  | 'connect'
  | 'tls'
  | 'request'
  | 'response-headers'
  | 'response-body'
  | 'gateway'
  | 'client';
/**
 * How sure something is, or a part of a whole: 0 to 1.
 */
export type Share = number;
/**
 * RFC 3339; without an offset where the log's zone is not known.
 */
export type Time = string;
/**
 * What the catalogue says of one id. Absent facts are left out, never null; readers ignore what they do not know.
 */
export type Explanation = ExplainedFault | ExplainedCause;
export type Milliseconds = number;
export type ByteCount = number;
/**
 * One thing that is proved.
 */
export type Proof =
  | {
      /**
       * What.
       */
      sign:
        | 'timed-out'
        | 'reset'
        | 'closed'
        | 'ended'
        | 'refused'
        | 'unreachable'
        | 'forbidden'
        | 'broken-pipe'
        | 'failed'
        | 'missing'
        | 'busy'
        | 'failed-thereby'
        | 'malformed'
        | 'no-upstream'
        | 'none-healthy'
        | 'out-of-turn'
        | 'limit-reached'
        | 'name-not-found'
        | 'resolver-failed'
        | 'resolver-timed-out'
        | 'no-resolver'
        | 'address-invalid'
        | 'certificate-expired'
        | 'certificate-untrusted'
        | 'chain-too-long'
        | 'certificate-name-mismatch'
        | 'certificate-invalid'
        | 'handshake-failed'
        | 'name-unrecognized'
        | 'nothing-in-common'
        | 'client-certificate-rejected'
        | 'tls-not-spoken'
        | 'no-status-line'
        | 'protocol-mismatch'
        | 'plain-to-tls'
        | 'header-too-large'
        | 'upgrade-failed'
        | 'stream-reset'
        | 'goaway'
        | 'server-error'
        | 'check-failed'
        | 'script-missing'
        | 'application-failed'
        | 'application-out-of-memory'
        | 'application-timed-out'
        | 'application-wrote'
        | 'body-malformed'
        | 'surplus'
        | 'out-of-descriptors'
        | 'out-of-ports'
        | 'out-of-memory'
        | 'out-of-connections'
        | 'out-of-disk'
        | 'exhausted'
        | 'file-forbidden'
        | 'internal-error'
        | 'script-failed'
        | 'worker-crashed'
        | 'misconfigured'
        | 'redirect-cycle'
        | 'buffer-too-small'
        | 'authorization-failed'
        | 'denied'
        | 'rate-limited'
        | 'loop'
        | 'client-gone'
        | 'client-invalid'
        | 'client-too-large'
        | 'client-handshake-failed'
        | 'client-protocol-mismatch'
        | 'member-disabled'
        | 'buffered-to-disk'
        | 'reloading'
        | 'stale-served'
        | 'unrecognized'
        | 'harmless';
      /**
       * Where.
       */
      phase?:
        | 'select'
        | 'resolve'
        | 'connect'
        | 'tls'
        | 'request'
        | 'response-headers'
        | 'response-body'
        | 'gateway'
        | 'client';
      /**
       * The number that came with it: of the operating system, of a TLS alert, of an error of HTTP/2, a status, by what the sign is.
       */
      number?: number;
    }
  | {
      errno: number;
      /**
       * Where.
       */
      phase:
        | 'select'
        | 'resolve'
        | 'connect'
        | 'tls'
        | 'request'
        | 'response-headers'
        | 'response-body'
        | 'gateway'
        | 'client';
    }
  | {
      tls_alert: number;
    }
  | {
      tls_verify_code: number;
    };

/**
 * A fault that this evidence cannot exclude.
 */
export interface Candidate {
  id: Fault;
  certainty: Share;
}
/**
 * A cause with its reasons.
 */
export interface RankedCause {
  id: Cause;
  category: Category;
  confidence: Share;
  /**
   * Short reasons, each tied to evidence.
   *
   * @minItems 1
   */
  because: string[];
}
/**
 * A quote of the evidence.
 */
export interface Quote {
  /**
   * The kind of record: error-log, access-log, headers, body, caller …
   */
  source: string;
  /**
   * The input's name.
   */
  file?: string;
  /**
   * The line within it, from 1.
   */
  line?: number;
  /**
   * The words.
   */
  quote: string;
  /**
   * A fault's id, or what is proved where that is no fault by itself.
   */
  says: string;
}
/**
 * A gateway's setting.
 */
export interface Setting {
  /**
   * Whose setting it is.
   */
  gateway: string;
  /**
   * The directive.
   */
  name: string;
  /**
   * Its default.
   */
  default?: string;
  /**
   * What to set it to.
   */
  advice: string;
  /**
   * The value that the evidence suggests.
   */
  value?: string;
  /**
   * Where it is documented.
   */
  link?: string;
}
/**
 * One thing to change.
 */
export interface Remedy {
  cause: Cause;
  /**
   * What to do.
   */
  do: string;
  /**
   * Whether it only buys time; absent where it does not.
   */
  stopgap?: boolean;
  setting?: Setting;
}
/**
 * What tells causes apart.
 */
export interface Check {
  /**
   * A command or a look.
   */
  run: string;
  /**
   * What each outcome tells.
   */
  outcome?: string;
  /**
   * The causes that it tells apart.
   *
   * @minItems 1
   */
  tells: Cause[];
}
/**
 * What failed of one exchange, why, and what to do. Absent facts are left out, never null; readers ignore what they do not know.
 */
export interface Diagnosis {
  /**
   * The version of this shape.
   */
  schema: 'why502/1';
  /**
   * Who reported it.
   */
  gateway?: string;
  at?: Time;
  /**
   * The status that the client got, or what the gateway logs for none.
   */
  status?: number;
  fault: Fault;
  phase?: Phase;
  certainty: Share;
  /**
   * Faults that look the same from here; absent when there are none.
   *
   * @minItems 1
   */
  candidates?: Candidate[];
  category: Category;
  /**
   * The causes, the likeliest first.
   *
   * @minItems 1
   */
  causes: RankedCause[];
  /**
   * What it rests on, that which decided first.
   */
  evidence: Quote[];
  /**
   * What to change, by cause.
   *
   * @minItems 1
   */
  remedies?: Remedy[];
  /**
   * What tells the causes apart.
   *
   * @minItems 1
   */
  checks?: Check[];
  /**
   * How to keep it from coming back.
   *
   * @minItems 1
   */
  prevention?: string[];
  /**
   * What was asked for.
   */
  request?: {
    /**
     * The method.
     */
    method?: string;
    /**
     * Host and port.
     */
    authority?: string;
    /**
     * Path and query.
     */
    path?: string;
    /**
     * The request's id.
     */
    id?: string;
  };
  /**
   * Where it went.
   */
  upstream?: {
    /**
     * The address of the deciding attempt.
     */
    address?: string;
    /**
     * The group, cluster or pool.
     */
    cluster?: string;
    /**
     * Every attempt, in order.
     *
     * @minItems 1
     */
    attempts?: {
      /**
       * Its upstream.
       */
      address?: string;
      /**
       * What came of it.
       */
      status?: number;
      /**
       * How long it took.
       */
      seconds?: number;
    }[];
  };
  /**
   * How long it took, in milliseconds.
   */
  timings_ms?: {
    /**
     * Name resolution.
     */
    dns?: number;
    /**
     * Connection.
     */
    connect?: number;
    /**
     * Handshake.
     */
    tls?: number;
    /**
     * First byte of the response.
     */
    first_byte?: number;
    /**
     * All.
     */
    total?: number;
  };
  /**
   * The member of a Proxy-Status field (RFC 9209).
   */
  proxy_status?: string;
}
/**
 * What failed in all that was read. Absent facts are left out, never null; readers ignore what they do not know.
 */
export interface Summary {
  /**
   * The version of this shape.
   */
  schema: 'why502-summary/1';
  /**
   * What was read.
   */
  read: {
    /**
     * Lines of all inputs.
     */
    lines: number;
    /**
     * Bytes of all inputs, after decompression.
     */
    bytes: number;
    /**
     * Records that no dialect understands.
     */
    not_understood: number;
    /**
     * Each input.
     */
    files: {
      /**
       * Its name.
       */
      name: string;
      /**
       * The dialect that it speaks; absent where none was told.
       */
      dialect?: string;
      /**
       * Its lines.
       */
      lines: number;
    }[];
  };
  /**
   * How the exchanges ended.
   */
  exchanges: {
    /**
     * All; absent where only error logs were read, which do not show the healthy ones.
     */
    total?: number;
    /**
     * Those that failed.
     */
    failed: number;
    /**
     * Those that the client left or spoiled.
     */
    client: number;
    /**
     * Those that a policy refused.
     */
    denied: number;
    /**
     * What befell the gateway or its upstream servers beside, and is no exchange: a failed start, a server that was marked down. Absent where there was none.
     */
    events?: number;
  };
  /**
   * One for each fault.
   */
  findings: {
    fault: Fault;
    /**
     * How many exchanges.
     */
    count: number;
    /**
     * How many events tell of it, beside the exchanges. Absent where none does.
     */
    events?: number;
    share: Share;
    first?: Time;
    last?: Time;
    certainty?: Share;
    /**
     * At which upstreams, the worst first.
     */
    upstreams: {
      /**
       * Its address.
       */
      address: string;
      /**
       * How many exchanges failed there.
       */
      count: number;
    }[];
    /**
     * How many exchanges failed at upstreams beyond those that are listed.
     */
    other_upstreams?: number;
    /**
     * The causes, the likeliest first.
     *
     * @minItems 1
     */
    causes: RankedCause[];
    /**
     * Quotes of the first exchange.
     */
    evidence: Quote[];
    /**
     * What to change.
     */
    remedies: Remedy[];
    /**
     * What tells the causes apart.
     */
    checks: Check[];
    /**
     * How to keep it from coming back.
     */
    prevention: string[];
  }[];
  /**
   * What belongs together.
   */
  incidents: {
    from: Time;
    to: Time;
    /**
     * All within it.
     */
    exchanges: number;
    /**
     * Those that failed.
     */
    failed: number;
    /**
     * What failed.
     */
    faults: Fault[];
    /**
     * The causes, the likeliest first.
     *
     * @minItems 1
     */
    causes: RankedCause[];
    /**
     * How far it reached.
     */
    scope: {
      /**
       * The upstreams that it touched.
       */
      upstreams: string[];
      /**
       * The paths that it touched.
       */
      paths: string[];
      /**
       * Whether every upstream was touched.
       */
      all_upstreams: boolean;
    };
    /**
     * What to change.
     */
    remedies: Remedy[];
    /**
     * What tells the causes apart.
     */
    checks: Check[];
    /**
     * How to keep it from coming back.
     */
    prevention: string[];
  }[];
}
/**
 * A fault in full.
 */
export interface ExplainedFault {
  kind: 'fault';
  id: Fault;
  phase: Phase;
  /**
   * What it means.
   */
  meaning: string;
  parent?: Fault;
  /**
   * The faults that are kinds of it; absent where there are none.
   *
   * @minItems 1
   */
  kinds?: Fault[];
  /**
   * The error type of RFC 9209; absent where it has none.
   */
  rfc9209?: string;
  /**
   * The type of Network Error Logging; absent where it has none.
   */
  nel?: string;
  /**
   * The causes before any evidence, the likeliest first.
   *
   * @minItems 1
   */
  causes: {
    id: Cause;
    /**
     * Its title.
     */
    title: string;
    confidence: Share;
  }[];
}
/**
 * A cause in full.
 */
export interface ExplainedCause {
  kind: 'cause';
  id: Cause;
  category: Category;
  /**
   * A few words.
   */
  title: string;
  /**
   * What it means.
   */
  meaning: string;
  /**
   * The faults that it can stand behind.
   *
   * @minItems 1
   */
  faults: Fault[];
  /**
   * What speaks for it.
   */
  for: string[];
  /**
   * What speaks against it.
   */
  against: string[];
  /**
   * How to make sure, with names to be filled in.
   */
  checks: Check[];
  /**
   * What to change.
   */
  remedies: Remedy[];
  /**
   * The settings that cure it, of every gateway.
   */
  settings: Setting[];
  /**
   * How to keep it from coming back.
   */
  prevention: string[];
  /**
   * Where this is documented.
   */
  sources: string[];
}
/**
 * Readers ignore what they do not know.
 */
export interface Catalogue {
  /**
   * What can be read.
   *
   * @minItems 1
   */
  dialects: {
    /**
     * Its name.
     */
    name: string;
    /**
     * Whose words it reads; absent where any gateway's exchange may be told of in it.
     */
    gateway?: string;
    /**
     * What is read, of which versions.
     */
    about: string;
  }[];
  /**
   * What can fail.
   *
   * @minItems 1
   */
  faults: {
    id: Fault;
    /**
     * What it means.
     */
    about: string;
  }[];
  /**
   * Why it can.
   *
   * @minItems 1
   */
  causes: {
    id: Cause;
    /**
     * Its title.
     */
    about: string;
  }[];
}
/**
 * One try at one upstream.
 */
export interface Attempt {
  /**
   * `host:port`, or `unix:/path`.
   */
  address: string;
  /**
   * What it answered, or what the gateway wrote for it.
   */
  status?: number;
}
/**
 * An error as JavaScript throws it. Other members than these are passed over.
 */
export interface ThrownError {
  /**
   * `TypeError`, `AbortError` …
   */
  name?: string;
  /**
   * Its words.
   */
  message?: string;
  /**
   * `ECONNREFUSED`, `UND_ERR_HEADERS_TIMEOUT` …; a number says nothing.
   */
  code?: string | number;
  /**
   * The operating system's number, negative in Node.
   */
  errno?: number | string;
  /**
   * `connect`, `read`, `getaddrinfo` …
   */
  syscall?: string;
  /**
   * The address that was tried.
   */
  address?: string;
  /**
   * The port that was tried.
   */
  port?: number | string;
  /**
   * The name that was looked up.
   */
  hostname?: string;
  /**
   * Name, message and calls: read where there is no message.
   */
  stack?: string;
  /**
   * What it follows from: an error, or words.
   */
  cause?: ThrownError | string;
  /**
   * One for each address that was tried.
   */
  errors?: ThrownError[];
}
/**
 * Facts for why502 from whoever holds them, in the words of its diagnosis. Every field is optional; an unknown one is an error. Texts may be of any length: of a body the beginning is enough.
 */
export interface Evidence {
  /**
   * Who saw the exchange, and answered the client.
   */
  gateway?: 'nginx' | 'envoy' | 'haproxy' | 'apache';
  /**
   * When it ended or failed, as in RFC 3339. Its offset may be missing.
   */
  at?: string;
  /**
   * The status that the client got.
   */
  status?: number;
  /**
   * What was asked for.
   */
  request?: {
    /**
     * `GET`, `POST` …
     */
    method?: string;
    /**
     * Host and port, as in the Host field.
     */
    authority?: string;
    /**
     * Path and query.
     */
    path?: string;
    /**
     * The id that logs name it by.
     */
    id?: string;
    /**
     * Whether the client asked to switch protocols.
     */
    upgrade?: boolean;
  };
  /**
   * Whom it was for, behind whoever reports it.
   */
  upstream?: {
    /**
     * The one of the deciding attempt: `host:port`, or `unix:/path`.
     */
    address?: string;
    /**
     * Its group, cluster or pool.
     */
    cluster?: string;
    /**
     * What is spoken to it.
     */
    protocol?:
      | 'http'
      | 'https'
      | 'fastcgi'
      | 'uwsgi'
      | 'suwsgi'
      | 'scgi'
      | 'grpc'
      | 'grpcs'
      | 'memcached'
      | 'stream';
    /**
     * Whether the connection had served a request before.
     */
    reused?: boolean;
    received_bytes?: ByteCount;
    /**
     * Each attempt, in order; the last one's outcome is what the client got.
     */
    attempts?: Attempt[];
  };
  /**
   * How long each part took.
   */
  timings_ms?: {
    dns?: Milliseconds;
    connect?: Milliseconds;
    tls?: Milliseconds;
    first_byte?: Milliseconds;
    total?: Milliseconds;
  };
  /**
   * The limits that the gateway holds the upstream to.
   */
  limits_ms?: {
    connect?: Milliseconds;
    response?: Milliseconds;
    send?: Milliseconds;
    idle?: Milliseconds;
  };
  header_limit_bytes?: ByteCount;
  /**
   * The response's header fields, by name in any case of letters; several values as an array.
   */
  headers?: {
    [k: string]: string | string[];
  };
  /**
   * The response's body, or its beginning.
   */
  body?: string;
  /**
   * The bytes that the upstream answered with, from the first: they are checked against the rules of HTTP/1.
   */
  response?: string;
  /**
   * What was thrown: its words, or the object.
   */
  error?: string | ThrownError;
  /**
   * What is proved besides.
   */
  signs?: Proof[];
}
