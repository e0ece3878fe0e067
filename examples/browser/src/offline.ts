// Keeps the page for when there is no network.

import { trusted } from './engine';

export async function keepOffline(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register(trusted('./service-worker.js'));
  } catch {
    // Served without TLS, or in a private window: the page works all the same.
  }
}
