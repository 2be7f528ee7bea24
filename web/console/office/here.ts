import { session } from '../session.svelte';

/** Where the office works: the location that was entered, with the few things that every section asks of it. */
export const here = {
  get api() {
    return session.api;
  },
  get locationId(): number {
    return session.place.id;
  },
  get chainId(): number {
    return session.place.main_group_id;
  },
  get currency(): string {
    return session.place.currency_short_title;
  },
  get timezone(): string {
    return session.place.timezone_name;
  },
  /** The `path` of an operation in this location, with what else it names. */
  path<T extends object>(others?: T): { location_id: number } & T {
    return { location_id: session.place.id, ...(others as T) };
  },
  /** Whether the user holds all of these rights. What is hidden for want of one is refused by the API too. */
  may(...rights: string[]): boolean {
    return rights.every((right) => session.may(right));
  },
};
