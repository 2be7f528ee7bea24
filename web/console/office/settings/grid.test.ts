import { expect, test } from 'vitest';
import { readTimes, timesOf } from './grid';

test('times are read as a hand types them', () => {
  expect(readTimes('14:30, 10')).toEqual([36_000, 52_200]);
  expect(readTimes('')).toEqual([]);
  expect([readTimes('soon'), readTimes('24:00')]).toEqual([null, null]);
  expect(timesOf([36_000, 52_200])).toBe('10:00, 14:30');
});
