// Colours for what is drawn by script, in the scheme that is shown.

import { useEffect, useState } from 'preact/hooks';
import type { Look } from './chart';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Told apart by eyes that see fewer colours too: after Okabe and Ito. */
const LIGHT: Look = {
  colours: ['#c1440e', '#0072b2', '#b8860b', '#007d5a', '#a34b83', '#6b7280'],
  ink: '#545c68',
  line: '#d9dde3',
};
const DARK: Look = {
  colours: ['#ff9d6b', '#6cb8f0', '#e6c34d', '#4fc9a0', '#dd8fc0', '#9aa3b0'],
  ink: '#a3acb9',
  line: '#333a45',
};

export function useColours(): Look {
  const [look, change] = useState(dark.matches ? DARK : LIGHT);
  useEffect(() => {
    const changed = () => change(dark.matches ? DARK : LIGHT);
    changed();
    dark.addEventListener('change', changed);
    return () => dark.removeEventListener('change', changed);
  }, []);
  return look;
}
