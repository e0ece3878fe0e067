// The page: which view is shown.

import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import './style/base.css';
import './style/home.css';
import './style/diagnosis.css';
import './style/log.css';
import './style/encyclopedia.css';
import { engine } from './engine';
import { read, useReading, type Reading } from './reading';
import { useRoute, type Route } from './route';
import { textOf } from './share';
import { keepOffline } from './offline';
import { AnswerView } from './views/answer';
import { EncyclopediaView } from './views/encyclopedia';
import { bring, Home, pasted } from './views/home';

function Page() {
  const route = useRoute();
  const reading = useReading();
  const place = JSON.stringify(route);
  useEffect(() => scrollTo(0, 0), [place]);
  // Whoever does not see the page hears where it is.
  useEffect(
    () => document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true }),
    [place, reading.phase],
  );
  useEffect(() => {
    if (route.at !== 'case') return;
    void textOf(route.text).then((text) => {
      if (text === undefined) location.hash = '#/';
      else void read(pasted(text));
    });
  }, [place]);
  return (
    <>
      <header class="top">
        <a href="#/" class="brand">
          why502
        </a>
        <nav aria-label="Main">
          <a href="#/encyclopedia">Encyclopedia</a>
          {reading.phase === 'answered' && <a href="#/answer">Answer</a>}
        </nav>
      </header>
      <main>{view(route, reading)}</main>
    </>
  );
}

function view(route: Route, reading: Reading) {
  switch (route.at) {
    case 'encyclopedia':
      return <EncyclopediaView />;
    case 'fault':
    case 'cause':
      return <EncyclopediaView kind={route.at} id={route.id} />;
    case 'case':
      if (reading.phase === 'nothing') return <h1 tabIndex={-1}>Reading the link</h1>;
    // What it holds is read as if it were pasted.
    case 'answer':
      if (reading.phase === 'reading' || reading.phase === 'answered') {
        return <AnswerView reading={reading} />;
      }
  }
  return <Home trouble={reading.trouble} />;
}

addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  const files = [...(event.dataTransfer?.files ?? [])];
  const text = event.dataTransfer?.getData('text/plain');
  if (files.length > 0) bring(files);
  else if (text) bring(pasted(text));
});

render(<Page />, document.getElementById('page')!);
void keepOffline();
// The engine is ready before somebody has found what to paste.
setTimeout(() => void engine(), 100);
