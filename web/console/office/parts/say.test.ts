import { expect, test } from 'vitest';
import { clock, day, moment, money, seconds } from './say';

test('money by code or by sign', () => {
  expect(money(1234.5, '$')).toBe('$1,234.50');
  expect(money(3, 'EUR')).toBe('€3.00');
  expect(money(3, 'Kč')).toBe('3.00 Kč');
});

test('times and days', () => {
  expect([clock(34_200), clock(93_600)]).toEqual(['09:30', '26:00']);
  expect([seconds('9:30'), seconds('26:00')]).toEqual([34_200, 93_600]);
  expect([seconds('9:75'), seconds('soon')]).toEqual([null, null]);
  expect(day('2026-09-21')).toBe('Mon, Sep 21');
  expect(moment('2026-09-21T10:00:00+03:00')).toBe('Sep 21, 2026, 10:00');
});
