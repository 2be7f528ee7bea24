import { Api, Offline, type Answer } from '$shared/api/client';
import { readBoot } from '$shared/boot';
import { keepToken, keptToken, onOtherTab } from '$shared/session';
import { Rights } from './rights';

export type Location = Answer<'/v1/companies', 'get'>['data'][number];
export interface User {
  id: number;
  name: string;
  avatar: string;
}

/** Who is signed in, where he works, what he may do there. */
class Session {
  readonly api = new Api(readBoot());
  isSignedIn = $state(false);
  /** Known once a location has been entered. */
  user = $state.raw<User | null>(null);
  /** All that he may enter, and the one that is shown. */
  locations = $state.raw<Location[]>([]);
  location = $state.raw<Location | null>(null);
  rights = $state.raw(new Rights());
  /** The server has ended the session; who signs in again goes on where he was. */
  hasEnded = $state(false);

  constructor() {
    this.use(keptToken());
    onOtherTab((token) => this.use(token));
    this.api.onSignedOut = () => {
      this.hasEnded = true;
      this.forget();
    };
  }

  /** Raises ApiError for a wrong login or password. */
  async signIn(login: string, password: string) {
    const { data } = await this.api.post('/v1/auth', { body: { login, password } });
    keepToken(data.user_token);
    this.use(data.user_token);
    this.hasEnded = false;
  }

  signOut() {
    this.hasEnded = false;
    this.forget();
  }

  private use(token: string) {
    this.api.userToken = token;
    this.isSignedIn = !!token;
    this.user = null;
    this.locations = [];
    this.location = null;
  }

  private forget() {
    keepToken('');
    this.use('');
  }

  /** Enters a location, or with 0 or one that is not his the first of his own. Raises ApiError or Offline. */
  async enter(locationId: number) {
    if (!this.locations.length) await this.begin();
    const found = this.locations.find((one) => one.id === locationId) ?? this.locations[0] ?? null;
    if (!found) return;
    const { data } = await this.api.get('/v1/user/permissions/{location_id}', {
      path: { location_id: found.id },
    });
    this.rights = new Rights(data);
    this.location = found;
  }

  private async begin() {
    const [locations, user] = await Promise.all([
      this.api.get('/v1/companies', { query: { my: true } }),
      this.api.get('/v1/booking/user/data'),
    ]);
    this.locations = locations.data;
    this.user = { id: user.id, name: user.name, avatar: user.avatar };
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
