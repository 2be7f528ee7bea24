/** An appointment as it stands in the visit window: what may be typed, and how it goes to the API. */
import { bodyOf, type RecordBody } from '../calendar/body';
import { msOf, wallAt, wallOf, type Appointment } from '../calendar/model';

export interface Line {
  id: number;
  title: string;
  amount: number;
  /** Of one, before the discount. */
  unit: number;
  discount: number;
  /** Of all, to be paid. */
  cost: number;
}
export interface Person {
  /** 0 for a new client. */
  id: number;
  name: string;
  phone: string;
}
export interface Form {
  memberId: number;
  day: string;
  /** `HH:MM` */
  clock: string;
  /** The whole length, the break after it included. */
  minutes: number;
  client: Person | null;
  lines: Line[];
  attendance: number;
  comment: string;
  tagIds: number[];
  fields: Record<string, unknown>;
}

export function formOf(appointment: Appointment): Form {
  const { client } = appointment;
  return {
    memberId: appointment.staff_id,
    day: appointment.datetime.slice(0, 10),
    clock: appointment.datetime.slice(11, 16),
    minutes: Math.round(appointment.seance_length / 60),
    client: client && {
      id: client.id,
      name: client.display_name || client.name,
      phone: String(client.phone),
    },
    lines: appointment.services.map(({ id, title, amount, cost_per_unit, discount, cost }) => ({
      id,
      title,
      amount,
      unit: cost_per_unit,
      discount,
      cost,
    })),
    attendance: appointment.attendance,
    comment: appointment.comment,
    tagIds: appointment.record_labels.map(({ id }) => id),
    fields: Array.isArray(appointment.custom_fields) ? {} : { ...appointment.custom_fields },
  };
}

/** A form for time that was chosen in the calendar; `length` in seconds, 0 for as long as the services take. */
export function newForm(memberId: number, start: string, length: number): Form {
  return {
    memberId,
    day: start.slice(0, 10),
    clock: start.slice(11, 16),
    minutes: Math.round(length / 60) || 60,
    client: null,
    lines: [],
    attendance: 0,
    comment: '',
    tagIds: [],
    fields: {},
  };
}

const cents = (value: number) => Math.round((value + Number.EPSILON) * 100) / 100;

export const costOf = ({ unit, amount, discount }: Line): number =>
  cents((unit * amount * (100 - discount)) / 100);

export const totalOf = (lines: Line[]): number => cents(lines.reduce((sum, { cost }) => sum + cost, 0));

export interface Service {
  id: number;
  title: string;
  price_min: number;
  duration: number;
  discount: number;
}

export function lineFor({ id, title, price_min, discount }: Service): Line {
  const line = { id, title, amount: 1, unit: price_min, discount, cost: 0 };
  return { ...line, cost: costOf(line) };
}

/** How long the services take one after the other, in minutes; 0 when it is not known of one of them. */
export function minutesOf(lines: Line[], services: Service[]): number {
  let seconds = 0;
  for (const line of lines) {
    const service = services.find(({ id }) => id === line.id);
    if (!service) return 0;
    seconds += service.duration * line.amount;
  }
  return Math.round(seconds / 60);
}

export function endClock({ day, clock, minutes }: Form): string {
  return wallAt(msOf(`${day}T${clock}:00`) + minutes * 60_000).slice(11, 16);
}

/** The body of the form; `before` is the appointment that it changes, which keeps what the form does not show. */
export function bodyFrom(form: Form, before: Appointment | null): RecordBody {
  const { client } = form;
  const kept = before ? bodyOf(before) : { technical_break_duration: null };
  const said = {
    staff_id: form.memberId,
    datetime: `${form.day}T${form.clock}:00`,
    seance_length: form.minutes * 60,
    services: form.lines.map(({ id, amount, unit, discount, cost }) => ({
      id,
      amount,
      cost_per_unit: unit,
      discount,
      cost,
    })),
    client: client && (client.id ? { id: client.id } : { name: client.name, phone: client.phone }),
    comment: form.comment,
    record_labels: form.tagIds,
    custom_fields: form.fields,
    attendance: before ? before.attendance : form.attendance,
  };
  return { ...kept, ...said } as RecordBody;
}

/** Whether a form asks for other than the appointment is, its attendance aside: that is the whole visit's. */
export function differs(form: Form, before: Appointment): boolean {
  const plain = (one: Form) => JSON.stringify({ ...one, attendance: 0, minutes: Number(one.minutes) });
  return plain(form) !== plain(formOf(before));
}

export const startOf = (form: Form) => wallOf(`${form.day}T${form.clock}:00`);
