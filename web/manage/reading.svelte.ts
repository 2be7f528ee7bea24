import { ApiError } from '$shared/api/client';
import type { Page } from '$shared/visits/page.svelte';

/** What a link leads to: read at once, again on demand. */
export interface Reading<T> {
  value: T | null;
  /** The server knows of no such thing: the link is wrong or too old. */
  isMissing: boolean;
  problem: string;
  read: () => Promise<void>;
}

export function reading<T>(page: Page, ask: () => Promise<T | null>): Reading<T> {
  const found: Reading<T> = $state({
    value: null,
    isMissing: 'missing' in page.boot.place, // the server has looked already
    problem: '',
    async read() {
      found.problem = '';
      try {
        found.value = await ask();
        found.isMissing = found.value === null;
      } catch (error) {
        if (error instanceof ApiError && [404, 422].includes(error.status)) found.isMissing = true;
        else found.problem = page.problem(error);
      }
    },
  });
  if (!found.isMissing) void found.read();
  return found;
}
