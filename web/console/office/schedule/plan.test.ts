import { expect, test } from 'vitest';
import { bodyOf, brief, changed, copyWeek, dayOf, daysOf, hours, meant, monday, monthDates, plusMonths, readHours, stranded } from './plan'; // prettier-ignore

const work = (text: string) => {
  const slots = readHours(text);
  if (typeof slots === 'string') throw new Error(slots);
  return { slots, off: 0 as const };
};

test('hours are read as a hand types them', () => {
  expect(hours(work('10-14, 15:30–19').slots)).toBe('10:00–14:00, 15:30–19:00');
  expect(hours(work('22-26').slots)).toBe('22:00–26:00');
  expect(readHours('')).toEqual([]);
  for (const [text, word] of [
    ['10', 'not a time'],
    ['14-10', 'ends before'],
    ['10-14, 13-15', 'overlaps'],
    ['25-26', 'next day'],
    ['0-2, 22-26', '24 hours'],
  ] as const)
    expect(readHours(text)).toContain(word);
});

test('a narrow cell shows from when to when', () => {
  expect(brief(work('9-12, 13-18:30').slots)).toBe('9–18:30');
  expect(brief([])).toBe('');
});

test('months and weeks', () => {
  expect(monthDates('2026-02')).toHaveLength(28);
  expect([plusMonths('2026-12', 1), plusMonths('2026-01', -1)]).toEqual(['2027-01', '2025-12']);
  expect([monday('2026-09-27'), monday('2026-09-21')]).toEqual(['2026-09-21', '2026-09-21']);
});

test('painting back what stands is no change', () => {
  const stored = daysOf([{ team_member_id: 1, date: '2026-09-21', slots: work('10-19').slots }]);
  const changes = changed(stored, {}, 1, '2026-09-21', { slots: [], off: 2 });
  expect(dayOf(stored, changes, 1, '2026-09-21')).toMatchObject({ slots: [], off: 2 });
  expect(changed(stored, changes, 1, '2026-09-21', work('10-19'))).toEqual({});
  expect(changed(stored, {}, 1, '2026-09-22', { slots: [], off: 0 })).toEqual({});
});

test('booked time without work stands out, also over a break and past midnight', () => {
  const busy = (from: string, to: string) => ({ entity_type: 'record' as const, entity_id: 1, from, to });
  const day = (text: string, ...found: ReturnType<typeof busy>[]) => stranded({ ...work(text), busy: found });
  expect(day('10-19', busy('10:00:00', '11:00:00'))).toEqual([]);
  expect(day('10-14, 14-19', busy('13:00:00', '15:00:00'))).toEqual([]);
  expect(day('10-14, 15-19', busy('13:00:00', '15:30:00'))).toHaveLength(1);
  expect(day('', busy('13:00:00', '15:30:00'))).toHaveLength(1);
  expect(day('18-26', busy('23:30:00', '00:30:00'))).toEqual([]);
  const small = { ...work(''), busy: [busy('00:30:00', '01:30:00')] };
  expect([stranded(small), stranded(small, work('18-26').slots)]).toEqual([small.busy, []]);
});

test('a week is copied into the next ones, its days off too', () => {
  const stored = daysOf([
    { team_member_id: 1, date: '2026-09-21', slots: work('10-19').slots },
    { team_member_id: 1, date: '2026-09-29', slots: work('8-12').slots },
  ]);
  const changes = copyWeek(stored, {}, [1], '2026-09-23', 2);
  expect(Object.keys(changes).sort()).toEqual(['1/2026-09-28', '1/2026-09-29', '1/2026-10-05']);
  expect(changes['1/2026-09-29']).toEqual({ slots: [], off: 0 });
});

test('one body for all changes, and the way back from a refused place', () => {
  let changes = {};
  for (const date of ['2026-09-21', '2026-09-22']) changes = changed({}, changes, 1, date, work('10-19'));
  changes = changed({}, changes, 2, '2026-09-21', { slots: [], off: 3 });
  const body = bodyOf(changes);
  expect(body.schedules_to_set).toEqual([
    { team_member_id: 1, dates: ['2026-09-21', '2026-09-22'], slots: [{ from: '10:00', to: '19:00' }] },
  ]);
  expect(body.schedules_to_delete).toEqual([{ team_member_id: 2, dates: ['2026-09-21'], off_day_type: 3 }]);
  expect(meant('schedules_to_set[0].slots[0]', changes)?.member).toBe(1);
  expect(meant('start_date', changes)).toBeNull();
});
