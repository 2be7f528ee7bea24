import { expect, test } from 'vitest';
import { byStatus, datesFrom, occupancy, worth } from './figures';

const record = (attendance: number, cost?: number, deleted = false) => ({
  attendance,
  deleted,
  online: false,
  services: [cost === undefined ? {} : { cost_to_pay: cost }],
});

test('appointments by status, without the deleted ones', () => {
  const counts = byStatus([record(0), record(0), record(1), record(-1), record(1, 1, true)]);
  expect(counts.map(({ title, count }) => [title, count])).toEqual([
    ['Awaited', 2],
    ['Confirmed', 0],
    ['Came', 1],
    ['Did not come', 1],
  ]);
});

test('what the day is worth, where prices are shown', () => {
  expect(worth([record(0, 40), record(1, 60), record(-1, 500)])).toBe(100);
  expect(worth([record(0)])).toBeNull();
  expect(worth([])).toBe(0);
});

test('occupancy counts booked time within working time', () => {
  const dates = datesFrom('2026-09-21', 3);
  const days = [
    { date: '2026-09-21', slots: [{ from: '10:00', to: '14:00' }], busy_intervals: [{ from: '09:00:00', to: '12:00:00' }] },
    { date: '2026-09-21', slots: [{ from: '10:00', to: '14:00' }], busy_intervals: [] },
    { date: '2026-09-22', slots: [{ from: '22:00', to: '26:00' }], busy_intervals: [{ from: '23:00:00', to: '01:00:00' }] },
  ]; // prettier-ignore
  expect(occupancy(days, dates)).toEqual([25, 50, null]);
});
