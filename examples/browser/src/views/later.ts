// A module that is loaded when a view needs it.

import { useEffect, useState } from 'preact/hooks';

export function useLater<T>(load: () => Promise<T>): T | undefined {
  const [loaded, see] = useState<{ value: T }>();
  useEffect(() => void load().then((value) => see({ value })), []);
  return loaded?.value;
}
