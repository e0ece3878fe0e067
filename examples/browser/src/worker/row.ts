// What the list of exchanges shows of one.

import type { Diagnosis } from 'why502';

export interface Row {
  /** Its number among all exchanges that are listed. */
  number: number;
  /** When, in milliseconds; as written, where the log names no zone. */
  time: number | undefined;
  at: string;
  fault: string;
  cause: string;
  confidence: number;
  status: string;
  request: string;
  /** The path without its query. */
  path: string;
  upstream: string;
}

export function rowOf(diagnosis: Diagnosis, number: number): Row {
  const { at = '', fault, causes, status, request, upstream } = diagnosis;
  const [likeliest] = causes;
  const time = Date.parse(/Z|[+-]\d\d:\d\d$/.test(at) ? at : `${at}Z`);
  const path = request?.path ?? '';
  return {
    number,
    time: Number.isNaN(time) ? undefined : time,
    at,
    fault,
    cause: likeliest?.id ?? '',
    confidence: likeliest?.confidence ?? 0,
    status: String(status ?? ''),
    request: [request?.method, path].filter(Boolean).join(' ').slice(0, LONGEST),
    path: path.replace(/\?.*/s, '').slice(0, LONGEST),
    upstream: (upstream?.address ?? upstream?.cluster ?? '').slice(0, LONGEST),
  };
}

/** How much of a text is shown in a row. */
const LONGEST = 300;
