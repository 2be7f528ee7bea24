import { expect, test } from 'vitest';
import {
  calendarEntry,
  cancellableUntil,
  endOf,
  movableUntil,
  stateOf,
  stillAllowed,
  totalOf,
  type Appointment,
} from './records';

const record = {
  id: 7,
  record_hash: 'abc',
  datetime: '2026-12-01T14:30:00-05:00',
  last_change_date: '2026-11-20T10:00:00-05:00',
  length: 4500,
  technical_break_duration: 900,
  deleted: false,
  activity_id: 0,
  services: [
    { title: 'Haircut', cost: 0.1 },
    { title: 'Wash', cost: 0.2 },
  ],
  staff: { name: 'Anna' },
  company: {
    title: 'Salon',
    address: 'Mercer Street',
    phone: '+12125550142',
    allow_change_record: true,
    allow_change_record_delay_step: 3600,
    allow_delete_record: false,
    allow_delete_record_delay_step: 0,
  },
} as Appointment;

test('an appointment is to come until it begins', () => {
  expect(stateOf(record, new Date('2026-12-01T19:29:59Z'))).toBe('coming');
  expect(stateOf(record, new Date('2026-12-01T19:30:00Z'))).toBe('past');
  expect(stateOf({ ...record, deleted: true }, new Date('2026-11-01T00:00:00Z'))).toBe('cancelled');
});

test('what the settings allow ends so long before the start; a group event is never moved', () => {
  expect(movableUntil(record)).toEqual(new Date('2026-12-01T18:30:00Z'));
  expect(stillAllowed(movableUntil(record), new Date('2026-12-01T18:30:00Z'))).toBe(false);
  expect(cancellableUntil(record)).toBeNull();
  expect(movableUntil({ ...record, activity_id: 3 })).toBeNull();
});

test('the client leaves before the break, and pays whole cents', () => {
  expect(endOf(record)).toEqual(new Date('2026-12-01T20:30:00Z'));
  expect(totalOf(record)).toBe(0.3);
});

test('the calendar gets what, where and the link', () => {
  const entry = calendarEntry(record, 'https://salon.example/my');
  expect([entry.uid, entry.title, entry.url]).toEqual([
    'appointment-7@salon.example',
    'Haircut, Wash · Salon',
    'https://salon.example/a/7-abc',
  ]);
});
