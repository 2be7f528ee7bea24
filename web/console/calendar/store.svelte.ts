import { SvelteMap } from 'svelte/reactivity';
import { addDays } from '$shared/times';
import { ApiError } from '$shared/api/client';
import { connection, session } from '../session.svelte';
import { follow, type Change } from './live';
import { setOf, WorkTime, wallOf, type Appointment, type Member, type Resource, type Tag } from './model';

const PAGE = 300;
const PAGES = 12; // more appointments than that nobody looks through: the view says so
const TOGETHER = 5; // changes at once above which the days are read anew

/** What one location's calendar shows: its team and, of the days that are looked at, work and appointments. */
export class Store {
  readonly locationId: number;
  team = $state.raw<Member[]>([]);
  resources = $state.raw<Resource[]>([]);
  tags = $state.raw<Tag[]>([]);
  work = $state.raw(new WorkTime([]));
  readonly appointments = new SvelteMap<number, Appointment>();
  /** The first and the last day that are loaded. */
  range = $state.raw<[string, string] | null>(null);
  isLoading = $state(false);
  isCut = $state(false);
  trouble = $state.raw<unknown>(null);
  #load = 0;

  constructor(locationId: number) {
    this.locationId = locationId;
  }

  private get path() {
    return { location_id: this.locationId };
  }

  /** The team, the rooms and the tags: read once, and when the stream says that they have changed. */
  async begin() {
    const { api } = session;
    const where = { ...this.path, entity: 'record' };
    const mayTags = session.may('settings_clients_labels_access');
    const [team, resources, tags] = await Promise.all([
      api.get('/v1/staff/{location_id}', { path: this.path }),
      api.get('/v1/resources/{location_id}', { path: this.path }),
      mayTags ? api.get('/v1/labels/{location_id}/{entity}', { path: where }) : { data: [] },
    ]);
    this.team = team.data;
    this.resources = resources.data;
    this.tags = tags.data;
  }

  /** Shows the days from one to another. What is known of them stays on the screen until the answer is there. */
  async show(from: string, to: string, memberIds: number[] | null) {
    const mine = ++this.#load;
    this.isLoading = true;
    this.trouble = null;
    try {
      const [work, found] = await Promise.all([this.workOf(from, to), this.pages(from, to, memberIds)]);
      const last = work.hours()[1] > 24 ? addDays(to, 1) : to;
      if (last > to) found.push(...(await this.pages(last, last, memberIds)));
      if (mine !== this.#load) return;
      this.work = work;
      const known = setOf(found.map(({ id }) => id));
      for (const id of this.appointments.keys()) if (!known.has(id)) this.appointments.delete(id);
      for (const one of found) this.put(one);
      this.range = [from, last];
    } catch (error) {
      if (mine === this.#load) this.trouble = error;
    } finally {
      if (mine === this.#load) this.isLoading = false;
    }
  }

  private async workOf(from: string, to: string): Promise<WorkTime> {
    const query = { start_date: from, end_date: to };
    return new WorkTime(
      (await session.api.get('/v1/company/{location_id}/staff/schedule', { path: this.path, query })).data,
    );
  }

  private async pages(from: string, to: string, memberIds: number[] | null): Promise<Appointment[]> {
    const ask = (page: number) =>
      session.api.get('/v1/records/{location_id}', {
        path: this.path,
        query: {
          start_date: from,
          end_date: to,
          count: PAGE,
          page,
          team_member_id: memberIds?.length === 1 ? memberIds[0] : undefined,
        } as never,
      });
    const first = await ask(1);
    const total = (first.meta as { total_count: number }).total_count;
    const count = Math.min(Math.ceil(total / PAGE), PAGES);
    this.isCut = total > PAGE * PAGES;
    const others = await Promise.all(Array.from({ length: Math.max(count - 1, 0) }, (_, n) => ask(n + 2)));
    return [first, ...others].flatMap(({ data }) => data);
  }

  put(appointment: Appointment) {
    if (appointment.deleted) this.appointments.delete(appointment.id);
    else this.appointments.set(appointment.id, appointment);
  }

  /** Reads one appointment anew; one that is gone, or of another day, disappears. */
  async refresh(id: number): Promise<Appointment | null> {
    try {
      const { data } = await session.api.get('/v1/record/{location_id}/{record_id}', {
        path: { ...this.path, record_id: id },
      });
      const day = wallOf(data.datetime).slice(0, 10);
      const isShown = this.range && day >= this.range[0] && day <= this.range[1];
      if (isShown) this.put(data);
      else this.appointments.delete(id);
      return data;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.appointments.delete(id);
      return null;
    }
  }

  /** Follows what others do; gives the way to stop. `again` reads the shown days anew. */
  follow(again: () => void): () => void {
    return follow(session.api, this.locationId, {
      onState: (isUp) => (connection.isUp = isUp),
      onGap: again,
      onChanges: (changes) => void this.apply(changes, again),
    });
  }

  private async apply(changes: Change[], again: () => void) {
    const of = (resource: Change['resource']) => changes.filter((one) => one.resource === resource);
    const living = of('record').filter(({ status }) => status !== 'delete');
    const ids = setOf(living.map((one) => one.resource_id));
    try {
      if (of('staff').length) await this.begin();
      for (const one of of('record')) if (one.status === 'delete') this.appointments.delete(one.resource_id);
      if (ids.size > TOGETHER) again();
      else await Promise.all([...ids].map((id) => this.refresh(id)));
      if (of('schedule').length && this.range) this.work = await this.workOf(...this.range);
    } catch {
      // The connection broke: the stream will, too, and then all is read anew.
    }
  }
}
