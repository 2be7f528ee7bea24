import type { Form, FormStep, Settings, StepName } from './types';

/** What a form chooses beforehand; null and 0 where it leaves the choice. */
export interface Defaults {
  city: number;
  company: number;
  services: number[];
  /** A team member's id, 0 for whoever is free, null for none. */
  staff: number | null;
  date: string;
  /** HH:MM */
  time: string;
}

const NO_DATE = '0000-00-00';

export function defaultsOf(steps: FormStep[]): Defaults {
  const of = (name: StepName) => steps.find((step) => step.step === name);
  const id = (name: StepName) => Number(of(name)?.default ?? 0);
  const master = id('master');
  const when = of('datetime');
  const date = (when?.date_default ?? NO_DATE).slice(0, 10);
  const seconds = when?.time_default ?? 0;
  return {
    city: id('city'),
    company: id('company'),
    services: id('service') > 0 ? [id('service')] : [],
    staff: master < 0 ? 0 : master || null,
    date: date === NO_DATE ? '' : date,
    time: seconds > 0 ? clock(seconds) : '',
  };
}

/**
 * The steps that are shown, in their order. A hidden step is shown nevertheless where the form has not chosen for the
 * client, or what it has chosen is not free, and nothing can be booked without a choice.
 */
export function shownSteps(
  form: Form,
  settings: Settings | null,
  locations: number,
  isTimeChosen = false,
): StepName[] {
  const chosen = defaultsOf(form.steps);
  const needed: Partial<Record<StepName, boolean>> = {
    service: chosen.services.length === 0,
    master: chosen.staff === null && settings?.any_master === false,
    datetime: !isTimeChosen,
    company: !chosen.company && locations > 1,
    contact: true,
    comfirm: settings?.phone_confirmation === true || settings?.is_show_privacy_policy === true,
  };
  return [...form.steps]
    .sort((one, other) => one.num - other.num)
    .map((step) => ({ name: step.step as StepName, hidden: step.hidden }))
    .filter(({ name, hidden }) => !hidden || needed[name])
    .map(({ name }) => name);
}

/** Whether a choice of the first step is made before one of the second. */
export function comesBefore(form: Form, first: StepName, second: StepName): boolean {
  const number = (name: StepName) => form.steps.find((step) => step.step === name)?.num ?? 0;
  return number(first) < number(second);
}

function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
