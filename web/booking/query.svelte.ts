import { words } from './texts.svelte';
import { Offline } from '$shared/api/client';

/** What a component shows of an answer: asked for anew whenever something that the asking reads changes. */
export class Query<T> {
  data = $state.raw<T>();
  failure = $state('');
  isLoading = $state(true);
  #round = $state(0);

  constructor(ask: () => Promise<T>) {
    $effect(() => {
      void this.#round;
      let isCurrent = true;
      this.isLoading = true;
      this.failure = '';
      ask().then(
        (answer) => {
          if (!isCurrent) return;
          this.data = answer;
          this.isLoading = false;
        },
        (error: unknown) => {
          if (!isCurrent) return;
          this.failure = whatFailed(error);
          this.isLoading = false;
        },
      );
      return () => {
        isCurrent = false;
      };
    });
  }

  again() {
    this.#round++;
  }
}

/** An error as the visitor is told of it. */
export function whatFailed(error: unknown): string {
  return error instanceof Offline ? words.say('offline') : words.say('failed');
}
