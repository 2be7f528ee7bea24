import { clockOf, dayInWords, dayOf, timeInWords } from '$shared/times';

/** A moment of a location in short: day and time on its own clock. */
export function moment(text: string, code: string): string {
  return `${shortDay(dayOf(text), code)}, ${timeInWords(clockOf(text), code)}`;
}

export function shortDay(day: string, code: string): string {
  return dayInWords(day, code, { weekday: 'short', day: 'numeric', month: 'short' });
}
