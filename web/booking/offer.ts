import type { Api } from '$shared/api/client';
import type { Location, Member, Services, Settings, Slot } from './types';

/** What has been chosen so far; whatever is empty narrows nothing. */
export interface Chosen {
  services: number[];
  staff: number;
  /** A start time with its offset. */
  moment: string;
}

const FRESH = 30_000; // ms for which an answer is shown again without asking

/** What can be booked, asked for through the API. What was asked lately, or ahead, is not asked twice. */
export class Offer {
  #kept = new Map<string, { at: number; answer: Promise<unknown> }>();

  constructor(readonly api: Api) {}

  /** Forgets everything: somebody has booked meanwhile. */
  forget() {
    this.#kept.clear();
  }

  locations(chain: number): Promise<Location[]> {
    return this.#keep(`locations ${chain}`, async () => {
      const query = { group_id: chain, active: true, forBooking: true };
      return (await this.api.get('/v1/companies', { query })).data;
    });
  }

  near(chain: number, lat: number, lon: number): Promise<Location[]> {
    const query = { group_id: chain, active: true, forBooking: true, lat, lon };
    return this.api.get('/v1/companies', { query }).then((answer) => answer.data);
  }

  location(id: number): Promise<Location> {
    return this.#keep(`location ${id}`, async () => {
      return (await this.api.get('/v1/company/{location_id}', { path: { location_id: id } })).data;
    });
  }

  settings(id: number): Promise<Settings> {
    return this.#keep(`settings ${id}`, async () => {
      return (await this.api.get('/v1/book_settings/{location_id}', { path: { location_id: id } })).data;
    });
  }

  policy(id: number): Promise<string> {
    return this.#keep(`policy ${id}`, async () => {
      const answer = await this.api.get('/v1/privacy_policy/{location_id}', { path: { location_id: id } });
      return answer.data.agreement.content;
    });
  }

  /** Services that go with what is chosen, those chosen already left out. */
  services(id: number, chosen: Chosen): Promise<Services> {
    const query = {
      staff_id: chosen.staff || undefined,
      datetime: chosen.moment || undefined,
      'service_ids[]': chosen.services,
    };
    return this.#keep(`services ${id} ${JSON.stringify(query)}`, async () => {
      return (await this.api.get('/v1/book_services/{location_id}', { path: { location_id: id }, query }))
        .data;
    });
  }

  team(id: number, chosen: Chosen): Promise<Member[]> {
    const query = { datetime: chosen.moment || undefined, 'service_ids[]': chosen.services };
    return this.#keep(`team ${id} ${JSON.stringify(query)}`, async () => {
      return (await this.api.get('/v1/book_staff/{location_id}', { path: { location_id: id }, query })).data;
    });
  }

  /** Days with free times, up to the end of what may be booked. */
  days(id: number, chosen: Chosen): Promise<string[]> {
    const query = { staff_id: chosen.staff, 'service_ids[]': chosen.services };
    return this.#keep(`days ${id} ${JSON.stringify(query)}`, async () => {
      return (await this.api.get('/v1/book_dates/{location_id}', { path: { location_id: id }, query })).data
        .booking_dates;
    });
  }

  times(id: number, chosen: Chosen, date: string): Promise<Slot[]> {
    const path = { location_id: id, team_member_id: chosen.staff, date };
    const query = { 'service_ids[]': chosen.services };
    return this.#keep(`times ${JSON.stringify([path, query])}`, async () => {
      return (await this.api.get('/v1/book_times/{location_id}/{team_member_id}/{date}', { path, query }))
        .data;
    });
  }

  /** The free times of the nearest day that has any, from a date on. */
  async nextDay(id: number, chosen: Chosen, from: string): Promise<Slot[]> {
    const answer = await this.api.get('/v1/book_staff_seances/{location_id}/{team_member_id}', {
      path: { location_id: id, team_member_id: chosen.staff },
      query: { datetime: from, 'service_ids[]': chosen.services },
    });
    return answer.data.seances;
  }

  #keep<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(key);
    if (kept && Date.now() - kept.at < FRESH) return kept.answer as Promise<T>;
    const answer = ask();
    this.#kept.set(key, { at: Date.now(), answer });
    answer.catch(() => this.#kept.delete(key));
    return answer;
  }
}
