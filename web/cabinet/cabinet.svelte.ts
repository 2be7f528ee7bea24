import type { Answer } from '$shared/api/client';
import { keepToken, keptToken, onOtherTab } from '$shared/session';
import type { Page } from '$shared/visits/page.svelte';
import { stateOf, type Appointment } from '$shared/visits/records';

export type User = Answer<'/v1/booking/user/data', 'get'>;
export type View = 'appointments' | 'profile';

const COUNT = 50;
const viewOf = (): View => (location.pathname.startsWith('/my/profile') ? 'profile' : 'appointments');

/** Who is signed in, and his appointments. */
export class Cabinet {
  user = $state.raw<User | null>(null);
  view = $state<View>(viewOf());
  /** A kept token is being tried. */
  isOpening = $state(false);
  /** The server no longer knew the token. */
  hasDied = $state(false);
  problem = $state('');
  records = $state.raw<Appointment[]>([]);
  hasMore = $state(false);
  isLoading = $state(false);
  #page = 0;

  constructor(private readonly page: Page) {
    page.api.onSignedOut = () => {
      this.hasDied = true;
      this.#forget();
    };
    onOtherTab((token) => {
      if (token === page.api.userToken) return;
      if (token) void this.enter(token);
      else this.#forget();
    });
    addEventListener('popstate', () => (this.view = viewOf()));
    page.api.userToken = keptToken();
    if (page.api.userToken) void this.open();
  }

  /** The appointments to come, the nearest first. */
  get coming(): Appointment[] {
    return this.records.filter((one) => stateOf(one) === 'coming').reverse();
  }

  /** Those that have been, the latest first. */
  get past(): Appointment[] {
    return this.records.filter((one) => stateOf(one) === 'past');
  }

  show(view: View): void {
    this.view = view;
    history.pushState(null, '', (view === 'profile' ? '/my/profile' : '/my') + location.search);
  }

  async enter(token: string): Promise<void> {
    this.page.api.userToken = token;
    keepToken(token);
    this.hasDied = false;
    await this.open();
  }

  /** Reads who the token's user is. */
  async open(): Promise<void> {
    this.problem = '';
    this.isOpening = true;
    try {
      this.user = await this.page.api.get('/v1/booking/user/data');
      this.isOpening = false;
      await this.load();
    } catch (error) {
      if (this.page.api.userToken) this.problem = this.page.problem(error);
    }
    if (!this.page.api.userToken) this.isOpening = false;
  }

  /** Reads the appointments anew, or with `more` the next page of them. */
  async load(more = false): Promise<void> {
    if (!more) this.#page = 0;
    this.problem = '';
    this.isLoading = true;
    try {
      const { data } = await this.page.api.get('/v1/user/records/{record_id}/{record_hash}', {
        path: { record_id: 0, record_hash: '-' },
        query: { page: this.#page + 1, count: COUNT },
      });
      this.#page++;
      const before = more ? this.records : [];
      // What was booked meanwhile has moved the pages on: an appointment may come twice.
      this.records = [...before, ...data.filter((next) => !before.some((one) => one.id === next.id))];
      this.hasMore = data.length === COUNT;
    } catch (error) {
      if (this.user) this.problem = this.page.problem(error);
    } finally {
      this.isLoading = false;
    }
  }

  /** Puts an appointment in the place of what it was; a cancelled one leaves the list. */
  put(record: Appointment): void {
    const others = this.records.filter((one) => one.id !== record.id);
    if (!record.deleted) others.push(record);
    this.records = others.sort((a, b) => Date.parse(b.datetime) - Date.parse(a.datetime));
  }

  /** The password is new, and with it the token. */
  renew(token: string): void {
    this.page.api.userToken = token;
    keepToken(token);
  }

  async readUser(): Promise<void> {
    this.user = await this.page.api.get('/v1/booking/user/data');
  }

  signOut(): void {
    this.hasDied = false;
    this.#forget();
    history.replaceState(null, '', '/my' + location.search);
    this.view = 'appointments';
  }

  #forget(): void {
    keepToken('');
    this.page.api.userToken = '';
    this.user = null;
    this.records = [];
    this.isOpening = false;
  }
}
