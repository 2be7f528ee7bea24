import { ApiError, Offline } from '$shared/api/client';
import { isBusy, type Changes } from '../calendar/changes.svelte';
import type { Appointment } from '../calendar/model';
import type { Store } from '../calendar/store.svelte';
import { session, wordsFor } from '../session.svelte';
import { bodyFrom, differs, type Form } from './form';

const AGAIN = 3_000; // ms between two tries while there is no connection

/** Saves the visit window: what the appointment is by `PUT /record`, how the whole visit went by `PUT /visits`. */
export class Saving {
  isSaving = $state(false);
  /** The connection is gone and saving goes on when it is back. */
  isWaiting = $state(false);
  /** The time is taken or not worked: it may be booked anyway. */
  isBusyTime = $state(false);
  words = $state('');
  errors = $state.raw<Record<string, string>>({});
  #isStopped = false;

  constructor(
    private readonly changes: Changes,
    private readonly store: Store,
    private readonly id: number,
  ) {}

  stop() {
    this.#isStopped = true;
  }

  /** True when all is saved; otherwise the window says why not. */
  async save(form: Form, before: Appointment | null, key: string, anyway: boolean): Promise<boolean> {
    this.words = '';
    this.errors = {};
    this.isBusyTime = false;
    this.isSaving = true;
    try {
      while (!this.#isStopped) {
        try {
          await this.send(form, before, key, anyway);
          return true;
        } catch (error) {
          if (!(error instanceof Offline)) throw error;
          this.isWaiting = true;
          await new Promise((resolve) => setTimeout(resolve, AGAIN));
        }
      }
    } catch (error) {
      this.isBusyTime = isBusy(error);
      this.words = wordsFor(error);
      if (error instanceof ApiError) this.errors = error.fields;
    } finally {
      this.isSaving = false;
      this.isWaiting = false;
    }
    return false;
  }

  private async send(form: Form, before: Appointment | null, key: string, anyway: boolean) {
    const body = { ...bodyFrom(form, before), save_if_busy: anyway };
    if (!before) {
      await this.changes.create(body, anyway ? `${key}-anyway` : key);
      return;
    }
    if (differs(form, before) || anyway) {
      if (before.is_overbooked) body.save_if_busy = true;
      await this.changes.write(this.id, body);
    }
    if (form.attendance !== before.attendance) {
      await session.api.put('/v1/visits/{visit_id}/{record_id}', {
        path: { visit_id: before.visit_id, record_id: this.id },
        body: { attendance: form.attendance, comment: form.comment },
        key: `visit ${this.id}`, // the same words leave the same visit: it may be sent twice
      });
      await this.store.refresh(this.id);
    }
  }
}
