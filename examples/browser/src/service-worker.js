// Keeps the page's own files, all of one build, so that it works without a network. The build puts
// version and files in.

const VERSION = 'VERSION';
const FILES = ['FILES'];
const KEPT = `why502-${VERSION}`;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(KEPT).then((cache) =>
      cache.addAll(FILES.map((file) => new Request(file, { cache: 'reload' }))),
    ),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys().then((names) =>
      Promise.all(
        names
          .filter((name) => name.startsWith('why502-') && name !== KEPT)
          .map((name) => caches.delete(name)),
      ),
    ),
  );
});

// A page belongs to the build that it was loaded from: the kept file comes first.
self.addEventListener('fetch', (event) => {
  if (event.request.method !== 'GET') return;
  event.respondWith(
    caches
      .open(KEPT)
      .then((cache) => cache.match(event.request, { ignoreSearch: true }))
      .then((kept) => kept ?? fetch(event.request)),
  );
});
