// What the page uses of the npm package, until the package brings its own types.

declare module 'why502' {
  export interface Quote {
    source: string;
    file?: string;
    line?: number;
    quote: string;
    says: string;
  }
  export interface Ranked {
    id: string;
    category: string;
    confidence: number;
    because: string[];
  }
  export interface Setting {
    gateway: string;
    name: string;
    default?: string;
    advice: string;
    value?: string;
    link?: string;
  }
  export interface Remedy {
    cause: string;
    do: string;
    stopgap?: boolean;
    setting?: Setting;
  }
  export interface Check {
    run: string;
    outcome?: string;
    tells: string[];
  }
  export interface Advised {
    fault: string;
    certainty?: number;
    causes: Ranked[];
    evidence: Quote[];
    remedies?: Remedy[] | undefined;
    checks?: Check[] | undefined;
    prevention?: string[] | undefined;
  }
  export interface Diagnosis extends Advised {
    schema: 'why502/1';
    gateway?: string;
    at?: string;
    status?: number;
    phase?: string;
    candidates?: { id: string; certainty: number }[];
    category: string;
    request?: { method?: string; authority?: string; path?: string; id?: string };
    upstream?: {
      address?: string;
      cluster?: string;
      attempts?: { address?: string; status?: number; seconds?: number }[];
    };
    timings_ms?: Record<string, number>;
    proxy_status?: string;
  }
  export interface Finding extends Advised {
    count: number;
    events?: number;
    share: number;
    first?: string;
    last?: string;
    upstreams: { address: string; count: number }[];
    other_upstreams?: number;
  }
  export interface Summary {
    read: {
      lines: number;
      bytes: number;
      not_understood: number;
      files: { name: string; dialect?: string; lines: number }[];
    };
    exchanges: {
      total?: number;
      failed: number;
      client: number;
      denied: number;
      events?: number;
    };
    findings: Finding[];
  }
  export interface FaultPage {
    kind: 'fault';
    id: string;
    phase: string;
    meaning: string;
    parent?: string;
    kinds?: string[];
    rfc9209?: string;
    nel?: string;
    causes: { id: string; title: string; confidence: number }[];
  }
  export interface CausePage {
    kind: 'cause';
    id: string;
    category: string;
    title: string;
    meaning: string;
    faults: string[];
    for: string[];
    against: string[];
    checks: Check[];
    remedies: Remedy[];
    settings: Setting[];
    prevention: string[];
    sources: string[];
  }
  export interface Catalogue {
    dialects: { name: string; gateway: string; about: string }[];
    faults: { id: string; about: string }[];
    causes: { id: string; about: string }[];
  }
  export function diagnose(input: string | Uint8Array): Diagnosis;
  export function explain(id: string, kind?: 'fault' | 'cause'): FaultPage | CausePage;
  export function toMarkdown(of: Diagnosis): string;
  export function list(): Catalogue;
  export function createReader(options?: {
    name?: string;
  }): TransformStream<Uint8Array | string, Diagnosis> & { summary: Promise<Summary> };
}
