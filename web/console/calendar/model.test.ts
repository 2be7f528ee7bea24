import { expect, test } from 'vitest';
import {
  conflictInWords,
  conflictOf,
  daysOf,
  endOf,
  gapsOf,
  isAbout,
  msOf,
  turned,
  wallShown,
  WorkTime,
  type Appointment,
} from './model';

const appointment = (id: number, start: string, length = 3600, staff_id = 1): Appointment =>
  ({
    id,
    staff_id,
    datetime: `${start}-05:00`,
    seance_length: length,
    comment: '',
    staff: { name: 'Anna' },
    services: [{ title: 'Haircut' }],
    client: { display_name: 'Noah Bailey', phone: '+17185550102' },
  }) as unknown as Appointment;
const work = new WorkTime([
  {
    staff_id: 1,
    team_member_id: 1,
    date: '2026-11-28',
    slots: [
      { from: '09:00', to: '13:00' },
      { from: '13:00', to: '18:00' },
    ],
  },
  { staff_id: 2, team_member_id: 2, date: '2026-11-28', slots: [{ from: '18:00', to: '26:00' }] },
]);
const at = (start: string, length = 3600, memberId = 1) => ({
  memberId,
  start: `2026-11-28T${start}:00`,
  length,
});

test('a span is free when its member works and nobody else is there', () => {
  const others = [appointment(1, '2026-11-28T10:00:00')];
  expect(conflictOf(at('11:00'), others, work)).toBeNull();
  expect(conflictOf(at('12:30'), others, work)).toBeNull(); // over two slots that meet
  expect(conflictOf(at('10:30'), others, work, 1)).toBeNull(); // itself
  expect(conflictOf(at('10:30', 3600, 2), others, work)?.taken).toEqual([]);
});

test('what speaks against a span is named', () => {
  const others = [appointment(1, '2026-11-28T10:00:00'), appointment(2, '2026-11-28T10:30:00')];
  const clock = (wall: string) => wall.slice(11, 16);
  const found = conflictOf(at('10:45'), others, work);
  expect(found && conflictInWords(found, clock)).toBe('Over Noah Bailey, 10:00 to 11:00 and 1 more');
  const late = conflictOf(at('17:30'), [], work);
  expect(late && conflictInWords(late, clock)).toBe('Outside working time');
});

test('work past midnight belongs to the day on which it began', () => {
  expect(conflictOf({ memberId: 2, start: '2026-11-29T01:00:00', length: 3600 }, [], work)).toBeNull();
  expect(work.hours()).toEqual([9, 26]);
});

test('gaps are what no slot covers', () => {
  expect(
    gapsOf(
      [
        [30, 40],
        [10, 20],
      ],
      0,
      50,
    ),
  ).toEqual([
    [0, 10],
    [20, 30],
    [40, 50],
  ]);
  expect(gapsOf([[0, 60]], 0, 50)).toEqual([]);
});

test('every word of a search counts', () => {
  expect(isAbout(appointment(7, '2026-11-28T10:00:00'), 'noah hair')).toBe(true);
  expect(isAbout(appointment(7, '2026-11-28T10:00:00'), 'noah massage')).toBe(false);
  expect(isAbout(appointment(7, '2026-11-28T10:00:00'), '550102')).toBe(true);
});

test('times go back and forth', () => {
  expect(endOf(at('23:30'))).toBe('2026-11-29T00:30:00');
  expect(wallShown(new Date(2026, 10, 28, 9, 5))).toBe('2026-11-28T09:05:00');
  expect(msOf('1970-01-01T00:00:01')).toBe(1000);
});

test('a view shows whole weeks where it shows weeks', () => {
  expect(daysOf('day', '2026-11-28', 1)).toEqual(['2026-11-28', '2026-11-28']);
  expect(daysOf('week', '2026-11-28', 1)).toEqual(['2026-11-23', '2026-11-29']);
  expect(daysOf('week', '2026-11-28', 7)).toEqual(['2026-11-22', '2026-11-28']);
  expect(daysOf('month', '2026-11-28', 1)).toEqual(['2026-10-26', '2026-12-06']);
  expect([turned('month', '2026-01-31', 1), turned('week', '2026-11-28', -1)]).toEqual([
    '2026-02-01',
    '2026-11-21',
  ]);
});
