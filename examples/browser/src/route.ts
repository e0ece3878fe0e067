// Where the page is, by the fragment of its address: #/answer, #/cause/ID, #case=TEXT.

import { useEffect, useState } from 'preact/hooks';

export type Route =
  | { at: 'home' | 'answer' | 'encyclopedia' }
  | { at: 'fault' | 'cause'; id: string }
  | { at: 'case'; text: string };

export function routeOf(fragment: string): Route {
  const [, kept] = /^#case=(.*)$/.exec(fragment) ?? [];
  if (kept !== undefined) return { at: 'case', text: kept };
  const [, at, id] = /^#\/(\w*)(?:\/([\w-]+))?$/.exec(fragment) ?? [];
  if ((at === 'fault' || at === 'cause') && id) return { at, id };
  return { at: at === 'answer' || at === 'encyclopedia' ? at : 'home' };
}

export function useRoute(): Route {
  const [route, change] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const moved = () => change(routeOf(location.hash));
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  return route;
}
