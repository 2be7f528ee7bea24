import { reason } from './saving.svelte';

/** Something that is read from the API: its value once it is there, else whether it comes or why it does not. */
export class Loading<T> {
  value = $state.raw<T>();
  failure = $state('');
  busy = $state(false);
  #latest = 0;
  #read: () => Promise<T>;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  /** Reads it anew; what is shown stays until the answer is there. An answer that a later one overtook is dropped. */
  load = async (): Promise<void> => {
    const mine = ++this.#latest;
    this.busy = true;
    try {
      const value = await this.#read();
      if (mine !== this.#latest) return;
      this.value = value;
      this.failure = '';
    } catch (error) {
      if (mine === this.#latest && !(error instanceof DOMException)) this.failure = reason(error);
    } finally {
      if (mine === this.#latest) this.busy = false;
    }
  };
}
