import { ApiError, type Api } from '$shared/api/client';
import { dayOf } from '$shared/times';
import { ownNames } from './contact';
import { otherTimes, type OtherTime } from './nearest';
import { Offer, type Chosen } from './offer';
import { comesBefore, defaultsOf, shownSteps, type Defaults } from './steps';
import { words } from './texts.svelte';
import { wishIn } from './wish';
import { whatFailed } from './query.svelte';
import { ANYONE, type Form, type Location, type Member, type Service, type Settings } from './types';
import type { Slot, StepName } from './types';

/** Codes of a refusal that mean: this time has gone. */
const LOST = [433, 436, 437];

export interface Booked {
  id: number;
  key: string;
}

/** Everything that the visitor chooses and types, and what comes of it. It lives as long as the page. */
export class Booking {
  readonly offer: Offer;
  readonly defaults: Defaults;
  readonly isChain: boolean;

  locations = $state.raw<Location[]>([]);
  location = $state.raw<Location | null>(null);
  settings = $state.raw<Settings | null>(null);
  city = $state(0);
  services = $state.raw<Service[]>([]);
  /** A team member's id, 0 for whoever is free, null while nobody is chosen. */
  staff = $state<number | null>(null);
  member = $state.raw<Member | null>(null);
  day = $state('');
  slot = $state.raw<Slot | null>(null);

  name = $state('');
  phone = $state('');
  email = $state('');
  comment = $state('');
  fields = $state<Record<string, string>>({});
  remindSms = $state(0);
  remindEmail = $state(0);
  agreed = $state(false);
  code = $state('');

  step = $state<StepName>('contact');
  /** By field: what is wrong with what was typed. */
  errors = $state<Record<string, string>>({});
  /** What went wrong with the last step, in words. */
  trouble = $state('');
  isSending = $state(false);
  lost = $state.raw<{ slot: Slot; others: OtherTime[] } | null>(null);
  booked = $state.raw<Booked | null>(null);

  #attempt = { body: '', key: '' };
  #codeSentTo = '';

  constructor(
    readonly api: Api,
    readonly form: Form,
  ) {
    this.offer = new Offer(api);
    this.isChain = form.group_id > 0;
    this.defaults = { ...defaultsOf(form.steps), ...wishIn(globalThis.location.search) };
    this.city = this.defaults.city;
    this.staff = this.defaults.staff;
  }

  get steps(): StepName[] {
    return shownSteps(this.form, this.settings, this.locations.length, this.slot !== null);
  }

  get number(): number {
    return Math.max(this.steps.indexOf(this.step), 0);
  }

  /** Reads where the form begins. */
  async begin() {
    if (this.isChain) {
      this.locations = await this.offer.locations(this.form.group_id);
      const only = this.locations.length === 1 ? this.locations[0] : undefined;
      const first = only ?? this.locations.find((one) => one.id === this.defaults.company);
      if (first) await this.chooseLocation(first);
    } else {
      await this.chooseLocation(await this.offer.location(this.form.company_id));
    }
    this.step = this.steps[0] ?? 'contact';
    history.replaceState({ step: this.step }, '');
  }

  // ---- choices: each drops those after it that it may have made impossible

  async chooseLocation(location: Location) {
    const settings = await this.offer.settings(location.id);
    const isOther = this.location?.id !== location.id;
    this.location = location;
    this.settings = settings;
    if (!isOther) return;
    this.remindSms = settings.sms_enabled ? settings.sms_before_default : 0;
    this.agreed = false;
    this.#drop('company');
    if (this.defaults.services.length) {
      const { services } = await this.offer.services(location.id, NOTHING);
      this.services = services.filter((service) => this.defaults.services.includes(service.id));
    }
    this.#takeUsualTime();
  }

  chooseServices(services: Service[]) {
    this.services = services;
    this.#drop('service');
    this.#takeUsualTime();
  }

  chooseStaff(member: Member | null) {
    const staff = member?.id ?? ANYONE;
    if (staff === this.staff) return;
    this.staff = staff;
    this.member = member;
    this.#drop('master');
    this.#takeUsualTime();
  }

  /** A day; where the form hides its times, with the time that the form gives or the first free one. */
  async chooseDay(day: string) {
    if (day !== this.day) this.slot = null;
    this.day = day;
    const when = this.form.steps.find((step) => step.step === 'datetime');
    if (!this.defaults.time && !when?.time_hidden) return;
    const times = await this.times(day);
    const wanted = times.find((slot) => slot.time === this.defaults.time);
    const slot = wanted ?? (when?.time_hidden ? times[0] : undefined);
    if (slot && this.day === day) this.slot = slot;
  }

  chooseTime(slot: Slot) {
    this.slot = slot;
  }

  #drop(after: StepName) {
    if (after === 'company' || comesBefore(this.form, after, 'service')) this.services = [];
    if (after === 'company' || comesBefore(this.form, after, 'master')) {
      this.staff = this.defaults.staff;
      this.member = null;
    }
    if (after === 'company' || comesBefore(this.form, after, 'datetime')) {
      this.slot = null;
      this.day = this.defaults.date;
    }
  }

  /** Where the form hides the calendar: its own day and time, if they are free. Else the step is shown after all. */
  #takeUsualTime() {
    const when = this.form.steps.find((step) => step.step === 'datetime');
    if (!when?.hidden || !this.defaults.date || this.slot) return;
    this.chooseDay(this.defaults.date).catch(() => undefined);
  }

  /** What narrows a step: the choices made before it. */
  before(step: StepName): Chosen {
    const counts = (name: StepName) => comesBefore(this.form, name, step);
    return {
      services: counts('service') ? this.services.map((service) => service.id) : [],
      staff: counts('master') ? (this.staff ?? ANYONE) : ANYONE,
      moment: counts('datetime') ? (this.slot?.datetime ?? '') : '',
    };
  }

  days(): Promise<string[]> {
    return this.offer.days(this.here, this.before('datetime'));
  }

  times(day: string): Promise<Slot[]> {
    return this.offer.times(this.here, this.before('datetime'), day);
  }

  get here(): number {
    return this.location?.id ?? this.form.company_id;
  }

  // ---- from step to step

  get isComplete(): boolean {
    const isMade: Record<StepName, boolean> = {
      city: this.city > 0,
      company: this.location !== null,
      service: this.services.length > 0,
      master: this.staff !== null,
      datetime: this.slot !== null,
      contact: true,
      comfirm: true,
    };
    return isMade[this.step];
  }

  go(step: StepName) {
    this.trouble = '';
    this.lost = null;
    if (step === this.step) return;
    this.step = step;
    history.pushState({ step }, '');
  }

  next() {
    const next = this.steps[this.number + 1];
    if (next) this.go(next);
  }

  back() {
    const previous = this.steps[this.number - 1];
    if (previous) this.go(previous);
  }

  /** Asks for what the next step will show, so that it is there when the visitor comes. */
  async lookAhead() {
    const next = this.steps[this.number + 1];
    if (!this.isComplete || !this.location) return;
    try {
      if (next === 'service') await this.offer.services(this.here, this.before('service'));
      if (next === 'master') await this.offer.team(this.here, this.before('master'));
      if (next === 'datetime') {
        const [first] = await this.days();
        if (first) await this.times(first);
      }
      if (next === 'comfirm' && this.settings?.is_show_privacy_policy) await this.offer.policy(this.here);
    } catch {
      // The step itself asks again, and says what is wrong.
    }
  }

  // ---- the code

  /** Sends a code to the phone, once for each number unless asked to again. Gives whether one is there to be typed. */
  async sendCode(again = false): Promise<void> {
    if (!this.settings?.phone_confirmation || (this.#codeSentTo === this.phone && !again)) return;
    this.errors = {};
    try {
      await this.api.post('/v1/book_code/{location_id}', {
        path: { location_id: this.here },
        body: { phone: this.phone, fulname: this.name, fullname: this.name },
      });
      this.#codeSentTo = this.phone;
    } catch (error) {
      if (error instanceof ApiError && error.status === 422) {
        this.errors = { phone: words.say('badPhone') };
        this.go('contact');
      } else if (error instanceof ApiError && error.status === 429) this.trouble = words.say('tooManyCodes');
      else this.trouble = whatFailed(error);
    }
  }

  // ---- booking

  async book() {
    if (!this.slot || this.isSending) return;
    this.isSending = true;
    this.trouble = '';
    this.errors = {};
    const body = this.#body(this.slot);
    try {
      const answer = await this.api.post('/v1/book_record/{location_id}', {
        path: { location_id: this.here },
        body,
        key: this.#key(JSON.stringify(body)),
      });
      const [made] = answer.data;
      if (made) this.booked = { id: made.record_id, key: made.record_hash };
      this.offer.forget();
      history.replaceState({ step: this.step }, '');
    } catch (error) {
      await this.#refused(error, this.slot);
    } finally {
      this.isSending = false;
    }
  }

  #body(slot: Slot) {
    const asked = this.settings?.custom_fields ?? [];
    const fields = asked.flatMap(({ code }) => {
      const value = this.fields[code];
      return value ? [[code, value]] : [];
    });
    return {
      phone: this.phone,
      fullname: this.name.trim(),
      email: this.email.trim(),
      code: this.code.trim(),
      comment: this.comment.trim(),
      api_id: '',
      type: matchMedia('(max-width: 600px)').matches ? 'mobile' : '',
      notify_by_sms: this.settings?.sms_enabled ? this.remindSms : 0,
      notify_by_email: this.email.trim() ? this.remindEmail : 0,
      bookform_id: this.form.id,
      from_url: window === parent ? '' : document.referrer,
      appointments: [
        {
          id: 1,
          services: this.services.map((service) => service.id),
          staff_id: this.staff ?? ANYONE,
          datetime: slot.datetime,
          custom_fields: Object.fromEntries(fields) as Record<string, never>,
        },
      ],
    };
  }

  /** The same booking, sent again after a broken connection, carries the same key: it is booked once. */
  #key(body: string): string {
    if (this.#attempt.body !== body) {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      this.#attempt = { body, key: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') };
    }
    return this.#attempt.key;
  }

  async #refused(error: unknown, slot: Slot) {
    if (!(error instanceof ApiError)) {
      this.trouble = whatFailed(error);
      return;
    }
    const items = Array.isArray(error.details) ? (error.details as { code?: number }[]) : [];
    const code = items[0]?.code ?? 0;
    if (LOST.includes(code)) await this.#lose(slot);
    else if (code === 438) {
      this.offer.forget();
      this.go('service');
      this.trouble = words.say('notOffered');
    } else if (code === 434) this.trouble = words.say('blacklisted');
    else if (code === 432) this.errors = { code: words.say('badCode') };
    else if (code === 431) this.#mend({ phone: words.say('badPhone') });
    else if (code === 435) this.#mend({ name: words.say('required') });
    else if (Object.keys(error.fields).length) this.#mend(ownNames(error.fields));
    else this.trouble = whatFailed(error);
  }

  #mend(errors: Record<string, string>) {
    this.go('contact');
    this.errors = errors;
  }

  /** The time has gone: what was typed stays, and others are offered. */
  async #lose(slot: Slot) {
    this.offer.forget();
    const others = await otherTimes(
      this.offer,
      this.here,
      this.#wish,
      slot.datetime,
      this.settings?.any_master,
    );
    this.lost = { slot, others };
    this.slot = null;
  }

  get #wish(): Chosen {
    const services = this.services.map((service) => service.id);
    return { services, staff: this.staff ?? ANYONE, moment: '' };
  }

  /** Takes one of the times offered in place of the lost one; everything else is as it was typed. */
  async takeOther({ moment, staff }: OtherTime) {
    if (staff !== this.staff) this.member = null;
    this.staff = staff;
    this.day = dayOf(moment);
    const times = await this.offer.times(this.here, this.#wish, this.day);
    this.slot = times.find((slot) => slot.datetime === moment) ?? null;
    this.lost = null;
    this.go(this.slot ? 'comfirm' : 'datetime');
  }

  /** Another appointment by the same person. */
  again() {
    this.booked = null;
    this.code = '';
    this.#codeSentTo = '';
    this.services = [];
    this.#drop('service');
    this.slot = null;
    this.day = '';
    this.go(this.steps.find((step) => step !== 'city' && step !== 'company') ?? 'contact');
  }
}

const NOTHING: Chosen = { services: [], staff: ANYONE, moment: '' };
