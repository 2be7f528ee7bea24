import { Api, Offline, type Answer } from '$shared/api/client';
import { readBoot } from '$shared/boot';
import { Rights } from './rights';

export type Location = Answer<'/v1/companies', 'get'>['data'][number];
export interface User {
  id: number;
  name: string;
  avatar: string;
}

const KEPT = 'agendum.console';

/** Who is signed in, where he works, what he may do there. */
class Session {
  readonly api = new Api(readBoot());
  user = $state.raw<User | null>(null);
  /** All that he may enter, and the one that is shown. */
  locations = $state.raw<Location[]>([]);
  location = $state.raw<Location | null>(null);
  rights = $state.raw(new Rights());
  /** The server has ended the session; who signs in again goes on where he was. */
  hasEnded = $state(false);

  constructor() {
    this.api.onSignedOut = () => {
      this.hasEnded = true;
      this.forget();
    };
    const kept = localStorage.getItem(KEPT);
    if (!kept) return;
    const { token, user } = JSON.parse(kept) as { token: string; user: User };
    this.api.userToken = token;
    this.user = user;
  }

  /** Raises ApiError for a wrong login or password. */
  async signIn(login: string, password: string) {
    const { data } = await this.api.post('/v1/auth', { body: { login, password } });
    const user = { id: data.id, name: data.name, avatar: data.avatar };
    this.api.userToken = data.user_token;
    localStorage.setItem(KEPT, JSON.stringify({ token: data.user_token, user }));
    this.hasEnded = false;
    this.user = user;
  }

  signOut() {
    this.hasEnded = false;
    this.forget();
  }

  private forget() {
    localStorage.removeItem(KEPT);
    this.api.userToken = '';
    this.user = null;
    this.locations = [];
    this.location = null;
  }

  /** Enters a location, or with 0 or one that is not his the first of his own. Raises ApiError or Offline. */
  async enter(locationId: number) {
    if (!this.locations.length)
      this.locations = (await this.api.get('/v1/companies', { query: { my: true } })).data;
    const found = this.locations.find((one) => one.id === locationId) ?? this.locations[0] ?? null;
    if (!found) return;
    const { data } = await this.api.get('/v1/user/permissions/{location_id}', {
      path: { location_id: found.id },
    });
    this.rights = new Rights(data);
    this.location = found;
  }

  may(right: string): boolean {
    return this.rights.may(right);
  }

  /** The location that the section works in. A section is shown only inside one. */
  get place(): Location {
    if (!this.location) throw new Error('No location has been entered.');
    return this.location;
  }
}

export const session = new Session();

/** Whether the server can be reached, as far as the last word of it says. */
class Connection {
  isUp = $state(navigator.onLine);

  constructor() {
    addEventListener('online', () => (this.isUp = true));
    addEventListener('offline', () => (this.isUp = false));
  }
}

export const connection = new Connection();

/** What a failure means to the person before the screen. */
export function wordsFor(error: unknown): string {
  if (error instanceof Offline) return 'There is no connection. Nothing is lost; try again in a moment.';
  return error instanceof Error && error.message ? error.message : 'That did not work. Try again.';
}
