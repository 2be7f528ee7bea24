/** Days and times as the pages show them: by the wall clock of a location, whatever the visitor's own zone is.
 *
 * A day is an ISO date (`2026-09-30`); a moment is what the API gives, an ISO date-time with the location's offset. */

/** The day of a moment on the location's calendar. */
export const dayOf = (moment: string): string => moment.slice(0, 10);

/** `HH:MM` of a moment on the location's clock. */
export const clockOf = (moment: string): string => moment.slice(11, 16);

/** A moment as the instant that it is; offsets come with and without a colon. */
export function instantOf(moment: string): Date {
  return new Date(moment.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
}

/** The day at an instant in a zone, such as today's in `America/New_York`. */
export function dayIn(zone: string, at = new Date()): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at);
}

/** So many days later (or, below 0, earlier). */
export function addDays(day: string, days: number): string {
  const date = noonOf(day);
  date.setUTCDate(date.getUTCDate() + days);
  return isoOf(date);
}

/** The first day of the month so many months later; `day` may be any of its month. */
export function addMonths(day: string, months: number): string {
  const date = noonOf(day);
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  return isoOf(date);
}

/** 1 (Monday) to 7: with which day weeks begin where the language is spoken. */
export function firstWeekday(language: string): number {
  const locale = new Intl.Locale(language) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1;
}

/** The days of a month in weeks from the first weekday on; null where a day is another month's. */
export function weeksOf(month: string, first: number): (string | null)[][] {
  const start = addMonths(month, 0);
  const count = noonOf(addDays(addMonths(start, 1), -1)).getUTCDate();
  const before = ((noonOf(start).getUTCDay() || 7) - first + 7) % 7;
  const cells: (string | null)[] = Array<null>(before).fill(null);
  for (let n = 0; n < count; n++) cells.push(addDays(start, n));
  while (cells.length % 7) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

/** A day in words, as `options` ask: by default `Wednesday, 30 September 2026`, the way of the language. */
export function dayInWords(
  day: string,
  language: string,
  options: Intl.DateTimeFormatOptions = { dateStyle: 'full' },
): string {
  return new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }).format(noonOf(day));
}

/** `HH:MM` the way of the language: `14:30`, `2:30 PM`; no line breaks inside it. */
export function timeInWords(clock: string, language: string): string {
  return new Intl.DateTimeFormat(language, { timeStyle: 'short', timeZone: 'UTC' })
    .format(new Date(`2026-01-01T${clock}:00Z`))
    .replace(/\s/g, '\u00a0');
}

/** A length in seconds as hours and minutes: `1 hr 30 min`. */
export function lengthInWords(seconds: number, language: string): string {
  const minutes = Math.round(seconds / 60);
  const say = (unit: 'hour' | 'minute', value: number) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
  const parts = [
    minutes >= 60 && say('hour', Math.floor(minutes / 60)),
    minutes % 60 && say('minute', minutes % 60),
  ];
  return parts.filter(Boolean).join(' ') || say('minute', 0);
}

/** Whether the visitor's clock shows another time at that instant than the zone's. */
export function differsHere(zone: string, at: Date, here?: string): boolean {
  const clock = (timeZone?: string) =>
    new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(at);
  return clock(zone) !== clock(here);
}

/** At most `most` of some moments, the nearest to one that was lost, in time order; never the lost one itself. */
export function nearest(moments: readonly string[], lost: string, most: number): string[] {
  const at = instantOf(lost).getTime();
  const away = (moment: string) => Math.abs(instantOf(moment).getTime() - at);
  return moments
    .filter((moment) => away(moment) > 0)
    .sort((one, other) => away(one) - away(other))
    .slice(0, most)
    .sort((one, other) => instantOf(one).getTime() - instantOf(other).getTime());
}

/** A zone in words, such as `Eastern Time`. */
export function zoneInWords(zone: string, language: string, at = new Date()): string {
  const parts = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    timeZoneName: 'longGeneric',
  }).formatToParts(at);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

const noonOf = (day: string) => new Date(`${day}T12:00:00Z`);
const isoOf = (date: Date) => date.toISOString().slice(0, 10);
