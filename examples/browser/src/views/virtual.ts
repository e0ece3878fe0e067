// The rows of a long list that are in sight, by TanStack Virtual.

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';

export function useVirtual(
  place: { current: HTMLElement | null },
  count: number,
  height: number,
): Virtualizer<HTMLElement, HTMLElement> {
  const [, draw] = useReducer((times: number) => times + 1, 0);
  const made = useRef<Virtualizer<HTMLElement, HTMLElement>>(undefined);
  const options = {
    count,
    overscan: 10,
    getScrollElement: () => place.current,
    estimateSize: () => height,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => draw(undefined),
  };
  const virtual = (made.current ??= new Virtualizer(options));
  virtual.setOptions(options);
  // What every binding of this library does.
  useLayoutEffect(() => virtual._didMount(), []);
  useLayoutEffect(() => virtual._willUpdate());
  useLayoutEffect(() => virtual.measure(), [height]);
  return virtual;
}
