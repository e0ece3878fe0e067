// A fetch that tells of exchanges that fail, and otherwise is the one that was given.

export function watchFetch(diagnose, fetch, tell, { body = false } = {}) {
  // What goes wrong here is nobody's concern: the exchange must go on as if nobody watched.
  const watch = async (input, options) => {
    try {
      const diagnosis = await diagnose(input, options);
      // Who left, or asked badly, knows it.
      if (diagnosis.fault === 'none' || diagnosis.category === 'client') return;
      await tell(diagnosis, input);
    } catch {}
  };
  return function watched(...request) {
    const promise = Reflect.apply(fetch, this, request);
    if (typeof promise?.then !== 'function') return promise;
    return promise.then(
      (response) => {
        // Before the caller has it: a body can be copied only until somebody reads it.
        if (response.status >= 400) watch(response, { body, request: asked(request) });
        return response;
      },
      (error) => {
        watch(error);
        throw error;
      },
    );
  };
}

function asked([input, init]) {
  try {
    return { method: String(init?.method ?? input?.method ?? 'GET').toUpperCase() };
  } catch {
    return undefined;
  }
}
