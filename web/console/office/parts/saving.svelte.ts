import { ApiError, Offline } from '$shared/api/client';
import { newKey } from '$shared/key';
import { toasts } from '$shared/ui/toasts.svelte';

export const AWAY =
  'There is no connection. What you typed is still here: try again when you are back online.';

/** What to tell about a failure, in words that say what to do. */
export function reason(error: unknown): string {
  if (error instanceof Offline) return AWAY;
  if (error instanceof ApiError) {
    if (error.status === 403) return `${error.message} Ask whoever gives rights in your business.`;
    if (error.status >= 500) return 'The server could not do it. Nothing was changed; try again in a minute.';
    return error.message;
  }
  return 'Something in this page went wrong. Nothing was changed; reload the page and try again.';
}

/** The state of something that is being written: whether it runs, and what the API found wrong, field by field. */
export class Saving {
  busy = $state(false);
  message = $state('');
  fields = $state<Record<string, string>>({});
  #attempt = { body: '', key: '' };

  /** Runs it; says `done` when it went well. What was typed is the form's own and stays when it fails. */
  async run(work: () => Promise<unknown>, done = ''): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.message = '';
    this.fields = {};
    try {
      await work();
      this.#attempt = { body: '', key: '' };
      if (done) toasts.say(done);
      return true;
    } catch (error) {
      this.message = reason(error);
      if (error instanceof ApiError) this.fields = error.fields;
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** The Idempotency-Key of what is made new: the same body, sent again after a broken connection, makes one thing. */
  keyOf(body: unknown): string {
    const text = JSON.stringify(body);
    if (this.#attempt.body !== text) this.#attempt = { body: text, key: newKey() };
    return this.#attempt.key;
  }

  /** What is wrong with a field, by any of its names; the API may name the place within a list (`slots[0].from`). */
  of(...names: string[]): string | undefined {
    for (const name of names) if (this.fields[name]) return this.fields[name];
    return undefined;
  }

  /** What is wrong with fields that the form does not show by themselves. */
  rest(...shown: string[]): [string, string][] {
    return Object.entries(this.fields).filter(([name]) => !shown.includes(name));
  }
}
