// Where things are brought: pasted, dropped, chosen, or one of the examples.

import { useRef, useState } from 'preact/hooks';
import { EXAMPLES, filesOf } from '../examples/index';
import { read } from '../reading';
import { Shown } from './text';

/** From this length on what is pasted is not put into the field, which would make the page wait. */
const LONGEST_IN_FIELD = 100_000;

export const pasted = (text: string): File[] => [new File([text], '')];

export function Home({ trouble }: { trouble?: string | undefined }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const [empty, tell] = useState(false);
  const answer = () => {
    const text = field.current?.value ?? '';
    tell(!text.trim());
    if (text.trim()) bring(pasted(text));
    else field.current?.focus();
  };
  return (
    <div class="home">
      <h1 tabIndex={-1}>What is behind the 502?</h1>
      <p class="sub">
        Paste or drop what there is: lines of the gateway's logs, whole logs, a HAR, the output of{' '}
        <code>curl -v</code>, the text of an error page. You get the likeliest cause, what to check
        and what to change.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          answer();
        }}
      >
        <label for="paste" class="visually-hidden">
          Log lines or other text
        </label>
        <textarea
          id="paste"
          ref={field}
          rows={9}
          spellcheck={false}
          autocomplete="off"
          wrap="off"
          placeholder="Paste here"
          aria-describedby="trouble"
          onPaste={(event) => {
            const text = event.clipboardData?.getData('text/plain') ?? '';
            if (text.length <= LONGEST_IN_FIELD) return;
            event.preventDefault();
            bring(pasted(text));
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) answer();
          }}
        />
        <div class="actions">
          <button type="submit" class="primary">
            Say why
          </button>
          <button type="button" onClick={() => chooser.current?.click()}>
            Choose files…
          </button>
          <input
            ref={chooser}
            type="file"
            multiple
            class="hidden"
            tabIndex={-1}
            aria-label="Log files"
            onChange={({ currentTarget: { files } }) => files?.length && bring([...files])}
          />
          <span class="hint">or drop them anywhere, of any size, also as .gz</span>
        </div>
        <p id="trouble" role="alert" class="trouble">
          {empty ? 'There is nothing to read yet.' : trouble && <Shown text={trouble} />}
        </p>
      </form>
      <section aria-labelledby="examples">
        <h2 id="examples">Examples</h2>
        <ul class="examples">
          {EXAMPLES.map((example) => (
            <li key={example.title}>
              <button type="button" onClick={async () => bring(await filesOf(example))}>
                <strong>{example.title}</strong>
                <span>{example.about}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
      <p class="private">
        Everything stays in this browser. The page's own policy forbids it to send anything
        anywhere; it also works without a network.
      </p>
    </div>
  );
}

export function bring(files: File[]): void {
  void read(files);
  location.hash = '#/answer';
}
