import * as why502 from 'why502';
import { LINE, use } from './main.js';

const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
const ofWorker = new Promise((resolve) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => resolve({ error: event.message ?? 'the worker failed to load' });
});
// At once, without anything to wait for.
const { fault } = why502.diagnose(LINE);
Promise.all([use(why502), ofWorker]).then(([page, worker]) => {
  document.title = JSON.stringify({ fault, page, worker });
});
