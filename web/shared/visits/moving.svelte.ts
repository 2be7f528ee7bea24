import { ApiError } from '$shared/api/client';
import { addMonths, dayIn, dayOf, nearest } from '$shared/times';
import type { Page } from './page.svelte';
import { readAgain } from './reading';
import { pathOf, type Appointment } from './records';

const OFFERED = 6;
const GONE = [433, 436]; // the API's codes for a time that cannot be had any more
const NOT_OFFERED = 438;

/** Choosing another time for an appointment: its free days, the free times of one, and what became of the choice. */
export class Moving {
  days = $state.raw<string[]>([]);
  times = $state.raw<string[]>([]);
  month = $state('');
  day = $state('');
  /** The moment that is chosen. */
  time = $state('');
  /** Times offered instead of `lost`, which somebody else took meanwhile. */
  offered = $state.raw<string[]>([]);
  lost = $state('');
  isLoading = $state(true);
  isMoving = $state(false);
  problem = $state('');
  /** Nothing can be chosen: the services are no longer booked online, or this team member gives them no more. */
  isNotOffered = $state(false);
  readonly today: string;

  constructor(
    private readonly page: Page,
    readonly record: Appointment,
  ) {
    this.today = dayIn(record.company.timezone_name);
    this.month = addMonths(dayOf(record.datetime), 0);
  }

  get hasNone(): boolean {
    return !this.isLoading && !this.problem && !this.isNotOffered && !this.days.length;
  }

  /** The first free day after the month shown; empty when there is none. */
  get nextFree(): string {
    return this.days.find((day) => day >= addMonths(this.month, 1)) ?? '';
  }

  get isMonthFree(): boolean {
    return this.days.some((day) => day.startsWith(this.month.slice(0, 7)));
  }

  async load(): Promise<void> {
    this.problem = '';
    this.isLoading = true;
    try {
      await this.#readDays();
    } catch (error) {
      this.#tell(error);
    } finally {
      this.isLoading = false;
    }
  }

  async pick(day: string): Promise<void> {
    this.day = day;
    this.month = addMonths(day, 0);
    this.time = '';
    this.times = [];
    this.problem = '';
    this.isLoading = true;
    try {
      const times = await this.#readTimes(day);
      if (this.day === day) this.times = times; // else another day was chosen meanwhile
    } catch (error) {
      this.#tell(error);
    } finally {
      this.isLoading = false;
    }
  }

  choose(moment: string): void {
    this.time = moment;
    this.day = dayOf(moment);
    this.month = addMonths(this.day, 0);
  }

  /** Moves the appointment to the chosen time; gives it as it is then, null when it could not be moved. Where somebody
   * has changed or cancelled it meanwhile, it comes as it is now, not moved. */
  async confirm(): Promise<{ record: Appointment; isMoved: boolean } | null> {
    const wanted = this.time;
    this.isMoving = true;
    this.problem = '';
    this.lost = '';
    try {
      const { data } = await this.page.api.put('/v1/user/records/{record_id}/{record_hash}', {
        path: pathOf(this.record),
        body: { datetime: wanted },
      });
      return { record: data, isMoved: true };
    } catch (error) {
      if (error instanceof ApiError && [404, 409].includes(error.status)) {
        const record = await readAgain(this.page.api, this.record);
        if (record) return { record, isMoved: false };
      }
      if (error instanceof ApiError && GONE.some((code) => has(error, code))) await this.#offer(wanted);
      else this.#tell(error);
      return null;
    } finally {
      this.isMoving = false;
    }
  }

  /** The nearest times to one that is gone: of its day, else of the free day nearest to it. */
  async #offer(wanted: string): Promise<void> {
    try {
      await this.#readDays();
      const day = dayOf(wanted);
      let times = this.days.includes(day) ? await this.#readTimes(day) : [];
      if (!times.length) {
        const next = this.days.find((one) => one > day) ?? this.days.at(-1);
        if (next) times = await this.#readTimes(next);
        if (next) this.day = next;
      }
      this.times = times;
      this.offered = nearest(times, wanted, OFFERED);
      this.time = '';
      this.lost = wanted;
    } catch (error) {
      this.#tell(error);
    }
  }

  get #asked() {
    return { 'service_ids[]': this.record.services.map((service) => service.id) };
  }

  async #readDays(): Promise<void> {
    const { id } = this.record.company;
    const { data } = await this.page.api.get('/v1/book_dates/{location_id}', {
      path: { location_id: id },
      query: { ...this.#asked, staff_id: this.record.staff.id },
    });
    this.days = data.booking_dates;
    if (!this.day && !this.isMonthFree) this.month = addMonths(this.days[0] ?? this.today, 0);
  }

  async #readTimes(day: string): Promise<string[]> {
    const { data } = await this.page.api.get('/v1/book_times/{location_id}/{team_member_id}/{date}', {
      path: { location_id: this.record.company.id, team_member_id: this.record.staff.id, date: day },
      query: this.#asked,
    });
    return data.map((slot) => slot.datetime);
  }

  #tell(error: unknown): void {
    const isRefused = error instanceof ApiError;
    if (isRefused && (error.status === 404 || has(error, NOT_OFFERED))) this.isNotOffered = true;
    else if (isRefused && error.status === 403) this.problem = this.page.say('noMoveNoPhone');
    else this.problem = this.page.problem(error);
  }
}

function has(error: ApiError, code: number): boolean {
  return Array.isArray(error.details) && error.details.some((one: { code?: number }) => one.code === code);
}
