/** Changes in a location as they happen, by `GET /company/{location_id}/events/stream`. */
import type { Api } from '$shared/api/client';

export interface Change {
  resource: 'record' | 'schedule' | 'staff' | 'service' | 'service_category' | 'client' | 'salon';
  resource_id: number;
  status: 'create' | 'update' | 'delete';
}
export interface Heard {
  onChanges: (changes: Change[]) => void;
  /** What is shown may be out of date: read it anew. Also when the stream comes back after a break. */
  onGap: () => void;
  onState: (isUp: boolean) => void;
}

const SILENCE = 40_000; // ms; the server says every 15 s that it lives
const SLOWEST = 15_000; // ms between two tries

/** The events of a text of server-sent events, and what is left of it: an event that has not ended yet. */
export function eventsIn(text: string): { events: { name: string; data: string }[]; rest: string } {
  const blocks = text.split('\n\n');
  const rest = blocks.pop() ?? '';
  const events = blocks.flatMap((block) => {
    const field = (name: string) =>
      block
        .split('\n')
        .filter((line) => line.startsWith(`${name}:`))
        .map((line) => line.slice(name.length + 1).trimStart())
        .join('\n');
    return field('data') ? [{ name: field('event') || 'message', data: field('data') }] : [];
  });
  return { events, rest };
}

/** Follows the stream while the page is seen, and comes back after every break; gives the way to stop it.
 *
 * A hidden page lets go of its connection: a browser has few for one server. */
export function follow(api: Api, locationId: number, heard: Heard): () => void {
  let isStopped = false;
  let wasOpen = false;
  let abort = new AbortController();
  let wake = () => {};

  async function run() {
    let pause = 500;
    while (!isStopped) {
      if (document.hidden) await new Promise<void>((resolve) => (wake = resolve));
      if (isStopped) return;
      abort = new AbortController();
      const began = Date.now();
      try {
        await listen();
      } catch {
        // Whatever it was, it is tried again.
      }
      if (isStopped || document.hidden) continue;
      heard.onState(false);
      pause = Date.now() - began > 10_000 ? 500 : Math.min(pause * 2, SLOWEST);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async function listen() {
    const path = { location_id: locationId };
    const { signal } = abort;
    const response = await fetch(api.url('/v1/company/{location_id}/events/stream', { path }), {
      headers: { ...api.headers(), Accept: 'text/event-stream' },
      cache: 'no-store',
      signal,
    });
    if (response.status === 401 || response.status === 403) isStopped = true;
    if (!response.ok || !response.body) return;
    heard.onState(true);
    if (wasOpen) heard.onGap();
    wasOpen = true;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    let timer = 0;
    for (;;) {
      clearTimeout(timer);
      timer = window.setTimeout(() => abort.abort(), SILENCE);
      const { done, value } = await reader.read();
      if (done) return clearTimeout(timer);
      const { events, rest } = eventsIn(text + value);
      text = rest;
      if (events.some(({ name }) => name === 'gap')) heard.onGap();
      const changes = events.filter(({ name }) => name === 'message');
      if (changes.length) heard.onChanges(changes.map(({ data }) => JSON.parse(data) as Change));
    }
  }

  function look() {
    if (document.hidden) abort.abort();
    else wake();
  }
  const online = () => wake();
  document.addEventListener('visibilitychange', look);
  addEventListener('online', online);
  void run();
  return () => {
    isStopped = true;
    document.removeEventListener('visibilitychange', look);
    removeEventListener('online', online);
    abort.abort();
    wake();
  };
}
