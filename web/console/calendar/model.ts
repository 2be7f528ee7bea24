/** What the calendar knows without asking anybody: wall-clock times, columns, colours, conflicts.
 *
 * Times are the location's wall clock (`2026-09-30T14:30:00`), so that a calendar looks the same wherever it is opened;
 * `ms` are milliseconds of that clock, good for comparing and adding. */
import type { Answer } from '$shared/api/client';
import { addDays, addMonths } from '$shared/times';

export type Appointment = Answer<'/v1/records/{location_id}', 'get'>['data'][number];
export type Member = Answer<'/v1/staff/{location_id}', 'get'>['data'][number];
export type Resource = Answer<'/v1/resources/{location_id}', 'get'>['data'][number];
export type Tag = Answer<'/v1/labels/{location_id}/{entity}', 'get'>['data'][number];
export type WorkDay = Answer<'/v1/company/{location_id}/staff/schedule', 'get'>['data'][number];

export type ViewName = 'day' | 'week' | 'month' | 'resources';

/** A column's time that an appointment takes or would take; `length` in seconds. */
export interface Span {
  memberId: number;
  start: string;
  length: number;
}

export const ATTENDANCE = [
  { value: 0, title: 'Awaited', name: 'awaited' },
  { value: 2, title: 'Confirmed', name: 'confirmed' },
  { value: 1, title: 'Came', name: 'came' },
  { value: -1, title: 'Did not come', name: 'missed' },
] as const;

export const wallOf = (moment: string): string => moment.slice(0, 19);
export const msOf = (wall: string): number => Date.parse(`${wall}Z`);
export const wallAt = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
/** The wall clock that a Date shows here: the calendar hands out its times so. */
export const wallShown = (date: Date): string =>
  wallAt(
    Date.UTC(
      date.getFullYear(),
      date.getMonth(),
      date.getDate(),
      date.getHours(),
      date.getMinutes(),
      date.getSeconds(),
    ),
  );

export function spanOf(appointment: Appointment): Span {
  return {
    memberId: appointment.staff_id,
    start: wallOf(appointment.datetime),
    length: appointment.seance_length,
  };
}

export const endOf = ({ start, length }: Span): string => wallAt(msOf(start) + length * 1000);

export function nameOf(appointment: Appointment): string {
  const name = appointment.client?.display_name || appointment.client?.name;
  return name || (appointment.activity_id ? 'Group event' : 'No client');
}

export const servicesOf = (appointment: Appointment): string =>
  appointment.services.map((service) => service.title).join(', ');

export const attendanceName = (value: number): string =>
  ATTENDANCE.find((one) => one.value === value)?.name ?? 'awaited';

/** Whether the words of a search are in what an appointment says. */
export function isAbout(appointment: Appointment, words: string): boolean {
  const { client, comment, staff, id } = appointment;
  const text = `${id} ${client?.display_name ?? ''} ${client?.phone ?? ''} ${comment} ${staff.name} ${servicesOf(appointment)}`;
  const found = text.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => found.includes(word));
}

/** Working time of team members by day, as [from, to] in ms; a day that nobody has planned is absent. */
export class WorkTime {
  private readonly byMember = new Map<number, [number, number][]>();
  private readonly days: [number, number][] = [];

  constructor(days: WorkDay[]) {
    for (const { staff_id, date, slots } of days) {
      const midnight = msOf(`${date}T00:00:00`);
      for (const { from, to } of slots) {
        const slot: [number, number] = [midnight + clockMs(from), midnight + clockMs(to)];
        this.byMember.set(staff_id, [...(this.byMember.get(staff_id) ?? []), slot]);
        this.days.push([clockMs(from), clockMs(to)]);
      }
    }
  }

  slots(memberId: number): [number, number][] {
    return this.byMember.get(memberId) ?? [];
  }

  covers({ memberId, start, length }: Span): boolean {
    let at = msOf(start);
    const end = at + length * 1000;
    for (const [from, to] of [...this.slots(memberId)].sort((a, b) => a[0] - b[0]))
      if (from <= at && to > at) at = to;
    return at >= end;
  }

  /** The hours (0 to 30) in which anybody works on any of the days. */
  hours(): [number, number] {
    if (!this.days.length) return [8, 20];
    const hour = 3_600_000;
    return [
      Math.floor(Math.min(...this.days.map(([from]) => from)) / hour),
      Math.ceil(Math.max(...this.days.map(([, to]) => to)) / hour),
    ];
  }
}

function clockMs(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}

/** The times between `from` and `to` (ms) that no slot covers. */
export function gapsOf(slots: [number, number][], from: number, to: number): [number, number][] {
  const gaps: [number, number][] = [];
  let at = from;
  for (const [start, end] of [...slots].sort((a, b) => a[0] - b[0])) {
    if (start > at && at < to) gaps.push([at, Math.min(start, to)]);
    at = Math.max(at, end);
  }
  if (at < to) gaps.push([at, to]);
  return gaps;
}

/** What speaks against a span: who is booked then, and whether it is working time. */
export interface Conflict {
  taken: Appointment[];
  isUnworked: boolean;
}

export function conflictOf(
  span: Span,
  others: Iterable<Appointment>,
  work: WorkTime,
  exceptId = 0,
): Conflict | null {
  const from = msOf(span.start);
  const to = from + span.length * 1000;
  const taken: Appointment[] = [];
  for (const one of others) {
    if (one.staff_id !== span.memberId || one.id === exceptId) continue;
    const start = msOf(wallOf(one.datetime));
    if (start < to && start + one.seance_length * 1000 > from) taken.push(one);
  }
  const isUnworked = !work.covers(span);
  return taken.length || isUnworked ? { taken, isUnworked } : null;
}

export function conflictInWords({ taken, isUnworked }: Conflict, clock: (wall: string) => string): string {
  const [first] = taken;
  if (first) {
    const more = taken.length > 1 ? ` and ${taken.length - 1} more` : '';
    const span = spanOf(first);
    return `Over ${nameOf(first)}, ${clock(span.start)} to ${clock(endOf(span))}${more}`;
  }
  return isUnworked ? 'Outside working time' : '';
}

/** The days that a view shows around a day, weeks beginning with `firstDay` (1 Monday to 7). */
export function daysOf(view: ViewName, day: string, firstDay: number): [string, string] {
  if (view === 'day' || view === 'resources') return [day, day];
  const weekStart = (of: string) => addDays(of, -((weekday(of) - firstDay + 7) % 7));
  if (view === 'week') return [weekStart(day), addDays(weekStart(day), 6)];
  const last = addDays(addMonths(day, 1), -1);
  return [weekStart(addMonths(day, 0)), addDays(weekStart(last), 6)];
}

/** The day that the next (1) or the previous (-1) page of a view is about. */
export function turned(view: ViewName, day: string, by: number): string {
  if (view === 'month') return addMonths(day, by);
  return addDays(day, view === 'week' ? 7 * by : by);
}

const weekday = (day: string) => new Date(`${day}T12:00:00Z`).getUTCDay() || 7;

export const setOf = (ids: number[]): ReadonlySet<number> => new Set(ids);
