// The page: which view is shown.

import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import './style.css';
import { useReading } from './reading';
import { useRoute } from './route';
import { AnswerView } from './views/answer';
import { bring, Home, pasted } from './views/home';

function Page() {
  const route = useRoute();
  const reading = useReading();
  const answering = route.at === 'answer' && ['reading', 'answered'].includes(reading.phase);
  // Whoever does not see the page hears where it is.
  const place = JSON.stringify(route) + (answering ? reading.phase : '');
  useEffect(() => document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true }), [place]);
  useEffect(() => scrollTo(0, 0), [JSON.stringify(route)]);
  return (
    <>
      <header class="top">
        <a href="#/" class="brand">
          why502
        </a>
        <nav aria-label="Main">
          <a href="#/encyclopedia">Encyclopedia</a>
        </nav>
      </header>
      <main>
        {answering ? <AnswerView reading={reading} /> : <Home trouble={reading.trouble} />}
      </main>
    </>
  );
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
