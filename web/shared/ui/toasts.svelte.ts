/** Short words at the edge of the page: what was done, what failed, and how to take it back. */
export interface Toast {
  id: number;
  text: string;
  kind: 'good' | 'bad';
  action?: { label: string; run: () => void };
}

const SECONDS = { good: 6, bad: 12 };

class Toasts {
  shown = $state<Toast[]>([]);
  #last = 0;

  say(text: string, kind: Toast['kind'] = 'good', action?: Toast['action']) {
    const id = ++this.#last;
    this.shown.push({ id, text, kind, ...(action && { action }) });
    setTimeout(() => this.close(id), SECONDS[kind] * 1000);
  }

  close(id: number) {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
