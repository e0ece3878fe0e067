// Text from outside, as text: nothing of it is markup, and what would be invisible is seen.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

// Control, format (bidi among them), private and lone halves of letters, separators of lines, and
// letters that look like nothing. Tabs and ends of lines stay.
const UNSEEN =
  /[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u0000-\u0008\u000b-\u001f\u007f-\u009f\u115f\u1160\u2800\u3164\uffa0]/u;
const APART = new RegExp(`(${UNSEEN.source})`, 'u');

/** A text from outside. */
export function Shown({ text }: { text: string }) {
  if (!UNSEEN.test(text)) return <>{text}</>;
  return (
    <>
      {text
        .split(APART)
        .map((part, at) => (at % 2 === 0 ? part : <span class="unseen">{named(part)}</span>))}
    </>
  );
}

function named(letter: string): string {
  const point = letter.codePointAt(0) ?? 0;
  return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Copies a text; says so for a moment. */
export function Copy({ text, what = 'Copy' }: { text: string | (() => Promise<string>); what?: string }) {
  const [said, say] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : await text());
      say('Copied');
    } catch (error) {
      say(error instanceof Error && error.message ? error.message : 'Not copied');
    }
    setTimeout(() => say(''), 2500);
  };
  return (
    <button type="button" class="small" onClick={copy}>
      {/* Both words take their room: nothing moves. */}
      <span class={said ? 'hidden' : ''}>{what}</span>
      <span class="over" role="status">
        {said}
      </span>
    </button>
  );
}

/** A share as a percentage, as the reports write it. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return '<1 %';
  return `${Math.round(share * 100)} %`;
}

export const many = (number: number): string => number.toLocaleString('en');

export function count(number: number, one: string, more = `${one}s`): string {
  return `${many(number)} ${number === 1 ? one : more}`;
}

export function bytes(size: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  const power = size < 1 ? 0 : Math.min(3, Math.floor(Math.log2(size) / 10));
  const value = size / 1024 ** power;
  return `${power > 0 && value < 100 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

/** A bar that shows a share beside its number. */
export function Share({ of, children }: { of: number; children?: ComponentChildren }) {
  return (
    <span class="share">
      <span class="bar" aria-hidden="true">
        <span style={{ width: `${Math.round(of * 100)}%` }} />
      </span>
      {children ?? percent(of)}
    </span>
  );
}
