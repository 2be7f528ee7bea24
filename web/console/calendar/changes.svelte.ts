import { newKey } from '$shared/key';
import { toasts } from '$shared/ui/toasts.svelte';
import { ApiError, Offline } from '$shared/api/client';
import { session, wordsFor } from '../session.svelte';
import { bodyOf, wholeBodyOf, type RecordBody } from './body';
import { spanOf, type Appointment, type Span } from './model';
import type { Store } from './store.svelte';

/** A change that the server has refused because the time is taken or not worked: book it anyway, or not. */
export interface Refused {
  words: string;
  anyway: () => Promise<void>;
  back: () => void;
}

const BUSY = 433;

export function isBusy(error: unknown): boolean {
  const listed = error instanceof ApiError && error.status === 422 ? error.details : null;
  return Array.isArray(listed) && listed.some((one: { code?: number }) => one.code === BUSY);
}

/** What the calendar does to appointments: at once on the screen, then on the server, with the way back. */
export class Changes {
  refused = $state.raw<Refused | null>(null);

  constructor(private readonly store: Store) {}

  private get path() {
    return { location_id: this.store.locationId };
  }

  /** Moves or stretches an appointment to a span. */
  async move(appointment: Appointment, to: Span, anyway = false) {
    const from = spanOf(appointment);
    const verb = to.length === from.length ? 'Moved' : 'Length changed';
    const shown = { ...appointment, staff_id: to.memberId, datetime: to.start, seance_length: to.length };
    this.store.put(shown);
    const body = { ...bodyOf(appointment), ...spanBody(to), save_if_busy: anyway };
    try {
      const changed = await this.write(appointment.id, body);
      toasts.say(verb, 'good', { label: 'Undo', run: () => void this.undoMove(changed, from, appointment) });
    } catch (error) {
      this.store.put(appointment);
      if (!isBusy(error))
        return this.fail(error, () => void this.move(appointment, to, anyway), appointment.id);
      this.store.put(shown);
      this.refused = {
        words: error instanceof ApiError ? error.message : '',
        anyway: () => this.move(appointment, to, true),
        back: () => this.store.put(appointment),
      };
    }
  }

  private async undoMove(changed: Appointment, to: Span, before: Appointment) {
    try {
      const body = { ...bodyOf(changed), ...spanBody(to), save_if_busy: before.is_overbooked };
      await this.write(changed.id, body);
      toasts.say('Put back');
    } catch (error) {
      this.fail(error, () => void this.undoMove(changed, to, before), changed.id);
    }
  }

  async write(id: number, body: RecordBody): Promise<Appointment> {
    const { data } = await session.api.put('/v1/record/{location_id}/{record_id}', {
      path: { ...this.path, record_id: id },
      body,
      key: `put ${id}`, // the same words make the same appointment: it may be sent twice
    });
    this.store.put(data);
    return data;
  }

  /** Makes an appointment; `key` stands for this wish, however often it is sent. */
  async create(body: RecordBody, key: string): Promise<Appointment> {
    const { data } = await session.api.post('/v1/records/{location_id}', { path: this.path, body, key });
    const made = data[0] as Appointment;
    this.store.put(made);
    const undo = { label: 'Undo', run: () => void this.remove(made, false) };
    toasts.say('Booked', 'good', session.may('delete_records_access') ? undo : undefined);
    return made;
  }

  async remove(appointment: Appointment, canUndo = true) {
    this.store.appointments.delete(appointment.id);
    try {
      await session.api.delete('/v1/record/{location_id}/{record_id}', {
        path: { ...this.path, record_id: appointment.id },
      });
      const body = wholeBodyOf(appointment);
      const run = () => void this.restore(body, newKey());
      const may = canUndo && session.may('create_records_access');
      toasts.say('Deleted', 'good', may ? { label: 'Undo', run } : undefined);
    } catch (error) {
      this.store.put(appointment);
      this.fail(error, () => void this.remove(appointment, canUndo), appointment.id);
    }
  }

  private async restore(body: RecordBody, key: string) {
    try {
      const { data } = await session.api.post('/v1/records/{location_id}', { path: this.path, body, key });
      this.store.put(data[0] as Appointment);
      toasts.say('Put back');
    } catch (error) {
      this.fail(error, () => void this.restore(body, key));
    }
  }

  /** Says what went wrong, and offers what helps: to try again after a broken connection. */
  private fail(error: unknown, again: () => void, id = 0) {
    toasts.say(
      wordsFor(error),
      'bad',
      error instanceof Offline ? { label: 'Try again', run: again } : undefined,
    );
    if (id && error instanceof ApiError) void this.store.refresh(id).catch(() => {});
  }
}

const spanBody = ({ memberId, start, length }: Span) => ({
  staff_id: memberId,
  datetime: start,
  seance_length: length,
});
