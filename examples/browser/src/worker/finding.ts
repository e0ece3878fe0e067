// A kind of failure of a log, which has most of what a diagnosis has.

import type { Diagnosis, Summary } from 'why502';

export type Finding = Summary['findings'][number];

export function asDiagnosis(of: Diagnosis | Finding): Diagnosis {
  if (!('count' in of)) return of;
  const { fault, certainty = 1, causes, evidence, remedies, checks, prevention } = of;
  const category = causes[0]?.category ?? 'unknown';
  const schema = 'why502/1';
  return { schema, fault, certainty, category, causes, evidence, remedies, checks, prevention } as Diagnosis;
}
