import type { Answer } from '$shared/api/client';
import type { CalendarEntry } from '$shared/ical';
import { instantOf } from '$shared/times';

/** An appointment as its client sees it. */
export type Appointment = Answer<'/v1/user/records/{record_id}/{record_hash}', 'get'>['data'][number];

export type State = 'coming' | 'past' | 'cancelled';

export const startOf = (record: Appointment): Date => instantOf(record.datetime);

/** When the client leaves: the break after the appointment is the team's. */
export const endOf = (record: Appointment): Date =>
  new Date(startOf(record).getTime() + (record.length - record.technical_break_duration) * 1000);

export function stateOf(record: Appointment, now = new Date()): State {
  if (record.deleted) return 'cancelled';
  return startOf(record) > now ? 'coming' : 'past';
}

/** The last instant at which the client may move it himself; null when he may not at all. */
export function movableUntil(record: Appointment): Date | null {
  const { allow_change_record, allow_change_record_delay_step } = record.company;
  if (record.activity_id) return null;
  return until(record, allow_change_record, allow_change_record_delay_step);
}

/** The last instant at which the client may cancel it himself; null when he may not at all. */
export function cancellableUntil(record: Appointment): Date | null {
  const { allow_delete_record, allow_delete_record_delay_step } = record.company;
  return until(record, allow_delete_record, allow_delete_record_delay_step);
}

function until(record: Appointment, allowed: boolean, delay: number): Date | null {
  return allowed ? new Date(startOf(record).getTime() - delay * 1000) : null;
}

/** Whether a thing allowed until then is allowed now. */
export const stillAllowed = (end: Date | null, now = new Date()): boolean => end !== null && now < end;

/** The path under which the API knows the appointment. */
export const pathOf = (record: Appointment) => ({ record_id: record.id, record_hash: record.record_hash });

export const linkOf = (record: Appointment): string => `/a/${record.id}-${record.record_hash}`;

/** The page for its review: the appointment's own key opens it. */
export const reviewLinkOf = (record: Appointment): string => `/r/${record.id}-${record.record_hash}`;

export const titlesOf = (record: Appointment): string =>
  record.services.map((service) => service.title).join(', ') || record.company.title;

export const totalOf = (record: Appointment): number =>
  record.services.reduce((cents, service) => cents + Math.round(service.cost * 100), 0) / 100;

export function calendarEntry(record: Appointment, site: string): CalendarEntry {
  const { company, staff } = record;
  return {
    uid: `appointment-${record.id}@${new URL(site).host}`,
    title: `${titlesOf(record)} · ${company.title}`,
    starts: startOf(record),
    ends: endOf(record),
    location: company.address,
    description: [staff.name, company.phone].filter(Boolean).join('\n'),
    url: new URL(linkOf(record), site).href,
    changed: instantOf(record.last_change_date),
  };
}
