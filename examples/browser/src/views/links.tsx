// Ways to the pages of faults and causes.

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ExplainedCause, ExplainedFault } from 'why502';
import type { Encyclopedia } from '../worker/main';

/** The encyclopedia, for whoever names a fault or a cause. */
export const Book = createContext<Encyclopedia | undefined>(undefined);

export function useCause(id: string): ExplainedCause | undefined {
  return useContext(Book)?.causes.find((cause) => cause.id === id);
}

export function useFault(id: string): ExplainedFault | undefined {
  return useContext(Book)?.faults.find((fault) => fault.id === id);
}

/** A cause by its title. */
export function CauseLink({ id }: { id: string }) {
  const cause = useCause(id);
  return cause ? <a href={`#/cause/${id}`}>{cause.title}</a> : <>{id}</>;
}

/** A fault by its id: it is the word that logs are searched for. */
export function FaultLink({ id }: { id: string }) {
  const fault = useFault(id);
  return fault ? (
    <a href={`#/fault/${id}`} title={fault.meaning}>
      <code>{id}</code>
    </a>
  ) : (
    <code>{id}</code>
  );
}
