import { expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  clockOf,
  dayIn,
  dayInWords,
  dayOf,
  differsHere,
  firstWeekday,
  instantOf,
  lengthInWords,
  nearest,
  timeInWords,
  weeksOf,
} from './times';

test('a moment keeps the wall clock of its place', () => {
  const moment = '2026-10-24T23:30:00-0500';
  expect([dayOf(moment), clockOf(moment)]).toEqual(['2026-10-24', '23:30']);
  expect(instantOf(moment).toISOString()).toBe('2026-10-25T04:30:00.000Z');
  expect(instantOf('2026-10-24T23:30:00-05:00')).toEqual(instantOf(moment));
});

test('today is the day of the place', () => {
  const at = new Date('2026-03-01T02:00:00Z');
  expect([dayIn('America/New_York', at), dayIn('Europe/Riga', at)]).toEqual(['2026-02-28', '2026-03-01']);
});

test('days and months are counted over the ends of years and short months', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addMonths('2026-01-31', 1)).toBe('2026-02-01');
  expect(addMonths('2026-01-15', -1)).toBe('2025-12-01');
});

test('a month begins in the week where it does', () => {
  const [first, ...others] = weeksOf('2026-11-20', 1); // 1 November 2026 is a Sunday
  expect(first).toEqual([null, null, null, null, null, null, '2026-11-01']);
  expect(others.at(-1)?.[0]).toBe('2026-11-30');
  expect(weeksOf('2026-11-20', 7)[0]?.[0]).toBe('2026-11-01');
  expect([firstWeekday('en-US'), firstWeekday('de-DE')]).toEqual([7, 1]);
});

test('days, times and lengths are said the way of the language', () => {
  expect(dayInWords('2026-09-30', 'de-DE')).toBe('Mittwoch, 30. September 2026');
  expect(timeInWords('14:30', 'en-US').replace(/\s/g, ' ')).toBe('2:30 PM');
  expect(timeInWords('14:30', 'lv-LV')).toBe('14:30');
  expect(lengthInWords(5400, 'en-US')).toBe('1 hr 30 min');
  expect(lengthInWords(2700, 'en-US')).toBe('45 min');
});

test('a visitor elsewhere is told, one by the same clock is not', () => {
  const at = new Date('2026-07-01T12:00:00Z');
  expect(differsHere('America/New_York', at, 'Europe/Riga')).toBe(true);
  expect(differsHere('Europe/Vilnius', at, 'Europe/Riga')).toBe(false);
});

test('the nearest moments come in time order, never the one that is gone', () => {
  const at = (clock: string) => `2026-12-01T${clock}:00+02:00`;
  const free = [at('09:00'), at('11:00'), at('11:30'), at('12:00'), at('17:00')];
  expect(nearest(free, at('11:30'), 2)).toEqual([at('11:00'), at('12:00')]);
});
