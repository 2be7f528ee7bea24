import type { Answer, Api } from '$shared/api/client';

type Location = Answer<'/v1/companies', 'get'>['data'][number];

/** In whose name a code is sent: a business, by one of its locations. */
export interface Business {
  /** The location that stands for it. */
  id: number;
  title: string;
  countryId: number;
}

/** The businesses of this server, a chain each. The location nearest to the visitor's clock stands for its chain: its
 * country and language are most likely his. */
export async function businessesOf(api: Api, zone: string): Promise<Business[]> {
  return grouped((await api.get('/v1/companies', { query: { count: 1000 } })).data, zone);
}

export function grouped(locations: readonly Location[], zone: string): Business[] {
  const chains = new Map<number, Location[]>();
  for (const one of locations) chains.set(one.main_group_id, [...(chains.get(one.main_group_id) ?? []), one]);
  return [...chains.values()].flatMap((all) => {
    const found = all.find((one) => one.timezone_name === zone) ?? all[0];
    if (!found) return [];
    const title = all.length > 1 ? found.main_group.title || found.title : found.public_title || found.title;
    return [{ id: found.id, title, countryId: found.country_id }];
  });
}

/** The business of a location that a link or the browser's memory names. */
export async function businessAt(api: Api, id: number): Promise<Business | null> {
  try {
    const { data } = await api.get('/v1/company/{location_id}', { path: { location_id: id } });
    return { id, title: data.public_title || data.title, countryId: data.country_id };
  } catch {
    return null; // closed since: the visitor chooses anew
  }
}

const KEPT = 'agendum.company';

/** The location in whose name codes were asked for last in this browser; 0 when none was. */
export function keptCompany(): number {
  try {
    return Number(localStorage.getItem(KEPT)) || 0;
  } catch {
    return 0;
  }
}

export function keepCompany(id: number): void {
  try {
    localStorage.setItem(KEPT, String(id));
  } catch {
    // Asked anew the next time, then.
  }
}

export interface PhoneForm {
  /** What a number of the country begins with, such as `+371 `. */
  prefix: string;
  example: string;
}

export async function phoneFormOf(api: Api, countryId: number): Promise<PhoneForm> {
  const { data } = await api.get('/v1/countries');
  const country = data.find((one) => one.id === countryId);
  return {
    prefix: country?.phone_code ? `+${country.phone_code} ` : '+',
    example: country?.phone_example || '+1 201-555-0123',
  };
}
