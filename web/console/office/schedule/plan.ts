import { addDays, addMonths } from '$shared/times';
import { clock, seconds } from '../parts/say';

/** Wall-clock times; past midnight the hours count on: 26:00 is two at night. */
export interface Slot {
  from: string;
  to: string;
}
export interface Busy {
  entity_type: 'record' | 'activity';
  entity_id: number;
  from: string;
  to: string;
}
/** Why a day is off, as the API numbers it; 0: nothing is said. */
export type Off = 0 | 1 | 2 | 3;
export const OFF: Record<Off, string> = { 0: 'No work', 1: 'Day off', 2: 'Leave', 3: 'Sick leave' };
/** What is planned for a day: hours, or none and why. */
export interface Work {
  slots: Slot[];
  off: Off;
}
export interface Day extends Work {
  busy: Busy[];
}
/** Days by team member and date, `7/2026-09-21`. */
export type Days<T> = Record<string, T>;

export interface Entry {
  team_member_id: number;
  date: string;
  slots: Slot[];
  busy_intervals?: Busy[];
  off_day_type?: number | null;
}

const NOTHING: Day = { slots: [], off: 0, busy: [] };
const MIDNIGHT = 24 * 3600;

export const keyOf = (member: number, date: string) => `${member}/${date}`;

function partsOf(key: string): [number, string] {
  const [member = '', date = ''] = key.split('/');
  return [Number(member), date];
}

export function daysOf(entries: Entry[]): Days<Day> {
  const days: Days<Day> = {};
  for (const one of entries)
    days[keyOf(one.team_member_id, one.date)] = {
      slots: one.slots,
      off: (one.off_day_type ?? 0) as Off,
      busy: one.busy_intervals ?? [],
    };
  return days;
}

/** A day as it will be: what is stored with what was changed laid over it. */
export function dayOf(stored: Days<Day>, changes: Days<Work>, member: number, date: string): Day {
  const key = keyOf(member, date);
  return { ...(stored[key] ?? NOTHING), ...changes[key] };
}

/** `changes` with one more; what is as it stands already is no change. */
export function changed(
  stored: Days<Day>,
  changes: Days<Work>,
  member: number,
  date: string,
  work: Work,
): Days<Work> {
  const key = keyOf(member, date);
  const others = Object.fromEntries(Object.entries(changes).filter(([other]) => other !== key));
  const was = stored[key] ?? NOTHING;
  const isSame = hours(was.slots) === hours(work.slots) && (work.slots.length > 0 || was.off === work.off);
  return isSame ? others : { ...others, [key]: { slots: work.slots, off: work.slots.length ? 0 : work.off } };
}

/** The dates of a month, `2026-09`. */
export function monthDates(month: string): string[] {
  const dates: string[] = [];
  for (let date = `${month}-01`; date.startsWith(month); date = addDays(date, 1)) dates.push(date);
  return dates;
}

export const plusMonths = (month: string, months: number) => addMonths(`${month}-01`, months).slice(0, 7);

/** 1 Monday to 7 Sunday. */
export function weekday(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

export function monday(date: string): string {
  return addDays(date, 1 - weekday(date));
}

/** "10:00–14:00, 15:00–19:00" */
export function hours(slots: Slot[]): string {
  return slots.map(({ from, to }) => `${from}–${to}`).join(', ');
}

/** "10–19", for a narrow cell; the breaks between are left out. */
export function brief(slots: Slot[]): string {
  const first = slots[0];
  const last = slots.at(-1);
  if (!first || !last) return '';
  const whole = (time: string) => time.replace(/^0/, '').replace(/:00$/, '');
  return `${whole(first.from)}–${whole(last.to)}`;
}

/** Reads hours as a hand types them: "10-14, 15:30-19". Gives the slots in order, or what is wrong. */
export function readHours(text: string): Slot[] | string {
  const slots: Slot[] = [];
  let end = -1;
  for (const part of text
    .split(/[,;]/)
    .map((one) => one.trim())
    .filter(Boolean)) {
    const [from, to, more] = part
      .split(/\s*[-–—]\s*/)
      .map((time) => seconds(/^\d+$/.test(time) ? `${time}:00` : time));
    if (typeof from !== 'number' || typeof to !== 'number' || more !== undefined)
      return `“${part}” is not a time from–to, such as 10:00–14:00.`;
    if (to <= from) return `“${part}” ends before it begins. Past midnight the hours count on: 22:00–26:00.`;
    if (from < end) return `“${part}” overlaps the one before.`;
    if (from >= MIDNIGHT) return `“${part}” begins on the next day: set it there.`;
    slots.push({ from: clock(from), to: clock(to) });
    end = to;
  }
  const first = slots[0];
  if (first && end - (seconds(first.from) ?? 0) > MIDNIGHT) return 'A shift lasts at most 24 hours.';
  return slots;
}

/** Booked times that no working time covers, neither the day's own nor a shift that reaches into it from the day before. */
export function stranded(day: Day, before: Slot[] = []): Busy[] {
  const spans = (slots: Slot[], shift: number) =>
    slots.map(({ from, to }) => [(seconds(from) ?? 0) - shift, (seconds(to) ?? 0) - shift] as const);
  const work = [...spans(before, MIDNIGHT), ...spans(day.slots, 0)];
  return day.busy.filter((one) => {
    let [from, to] = [seconds(one.from) ?? 0, seconds(one.to) ?? 0];
    if (to <= from) to += MIDNIGHT;
    for (const [start, end] of work) if (start <= from && from < end) from = end;
    return from < to;
  });
}

/** The week of `from` once more in each of the `weeks` that follow it, for these team members. */
export function copyWeek(
  stored: Days<Day>,
  changes: Days<Work>,
  members: number[],
  from: string,
  weeks: number,
): Days<Work> {
  const start = monday(from);
  let found = changes;
  for (const member of members)
    for (let at = 0; at < 7; at++) {
      const { slots, off } = dayOf(stored, changes, member, addDays(start, at));
      for (let week = 1; week <= weeks; week++)
        found = changed(stored, found, member, addDays(start, at + 7 * week), { slots, off });
    }
  return found;
}

/** The body of the request that writes all changes at once: dates with the same hours go together. */
export function bodyOf(changes: Days<Work>) {
  const set = new Map<string, { team_member_id: number; dates: string[]; slots: Slot[] }>();
  const off = new Map<string, { team_member_id: number; dates: string[]; off_day_type: number | null }>();
  for (const [key, work] of Object.entries(changes).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [member, date] = partsOf(key);
    if (work.slots.length) {
      const group = `${member} ${hours(work.slots)}`;
      const found = set.get(group) ?? { team_member_id: member, dates: [], slots: work.slots };
      found.dates.push(date);
      set.set(group, found);
    } else {
      const group = `${member} ${work.off}`;
      const found = off.get(group) ?? { team_member_id: member, dates: [], off_day_type: work.off || null };
      found.dates.push(date);
      off.set(group, found);
    }
  }
  return { schedules_to_set: [...set.values()], schedules_to_delete: [...off.values()] };
}

/** Whom and which days a refused place of that body means: `schedules_to_set[1].slots[0]`. */
export function meant(field: string, changes: Days<Work>): { member: number; dates: string[] } | null {
  const found = /^(schedules_to_set|schedules_to_delete)\[(\d+)\]/.exec(field);
  if (!found) return null;
  const one = bodyOf(changes)[found[1] as 'schedules_to_set' | 'schedules_to_delete'][Number(found[2])];
  return one ? { member: one.team_member_id, dates: one.dates } : null;
}
