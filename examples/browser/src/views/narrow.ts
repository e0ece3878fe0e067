// Whether the window is a phone's: the same width as in the style sheet.

import { useEffect, useState } from 'preact/hooks';

const narrow = matchMedia('(max-width: 44rem)');

export function useNarrow(): boolean {
  const [is, change] = useState(narrow.matches);
  useEffect(() => {
    const changed = () => change(narrow.matches);
    narrow.addEventListener('change', changed);
    return () => narrow.removeEventListener('change', changed);
  }, []);
  return is;
}
