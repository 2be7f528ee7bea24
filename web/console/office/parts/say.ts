/** Numbers, money, lengths and days as the office shows them. */
import { dayInWords, lengthInWords } from '$shared/times';

const LOCALE = 'en-US';

// prettier-ignore
const SIGNS: Record<string, string> = {
  $: 'USD', '€': 'EUR', '£': 'GBP', '₴': 'UAH', zł: 'PLN', '₺': 'TRY', '¥': 'JPY', '₪': 'ILS',
};

/** An amount in the location's currency, which is a code or a sign. */
export function money(amount: number, currency: string): string {
  const code = SIGNS[currency] ?? currency;
  if (/^[A-Z]{3}$/.test(code))
    return new Intl.NumberFormat(LOCALE, { style: 'currency', currency: code }).format(amount);
  return `${new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2 }).format(amount)} ${currency}`.trim();
}

/** Seconds in words. */
export const length = (seconds: number) => lengthInWords(seconds, LOCALE);

/** A date as a reader knows it: "Mon, Sep 21", or with what else `options` ask for. */
export function day(date: string, options: Intl.DateTimeFormatOptions = {}): string {
  return dayInWords(date.slice(0, 10), LOCALE, {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    ...options,
  });
}

/** A moment by the wall clock that it tells itself, `2026-09-21T10:00:00+03:00`: "Sep 21, 2026, 10:00". */
export function moment(iso: string): string {
  const date = day(iso, { weekday: undefined, year: 'numeric' });
  const time = /[T ](\d\d:\d\d)/.exec(iso)?.[1];
  return time ? `${date}, ${time}` : date;
}

/** Seconds from midnight as "09:30"; past midnight the hours count on. */
export function clock(seconds: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor((seconds % 3600) / 60))}`;
}

/** "9:30" in seconds from midnight; null when it is no time. */
export function seconds(text: string): number | null {
  const found = /^(\d{1,2}):(\d{2})/.exec(text.trim());
  if (!found) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2])];
  return minutes < 60 && hours <= 48 ? hours * 3600 + minutes * 60 : null;
}
