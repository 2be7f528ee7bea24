import { expect, test } from 'vitest';
import type { Appointment } from '../calendar/model';
import { bodyFrom, costOf, differs, endClock, formOf, lineFor, minutesOf, newForm, totalOf } from './form';

const cut = { id: 1, title: 'Haircut', price_min: 60, duration: 2700, discount: 0 };
const colour = { id: 2, title: 'Colour', price_min: 99.95, duration: 5400, discount: 10 };
const appointment = {
  id: 5,
  activity_id: 0,
  staff_id: 3,
  datetime: '2026-11-28T23:30:00-05:00',
  seance_length: 3600,
  technical_break_duration: 600,
  client: { id: 7, name: 'Noah', display_name: 'Noah Bailey', phone: '+1' },
  services: [{ id: 1, title: 'Haircut', amount: 2, cost_per_unit: 60, discount: 10, cost: 108 }],
  attendance: 2,
  comment: 'Window seat',
  record_labels: [{ id: 4 }],
  custom_fields: [],
} as unknown as Appointment;

test('costs are whole cents', () => {
  expect(lineFor(colour).cost).toBe(89.96);
  expect(costOf({ ...lineFor(cut), amount: 3, discount: 33 })).toBe(120.6);
  expect(totalOf([lineFor(cut), lineFor(colour)])).toBe(149.96);
});

test('lengths are those of the services, where they are known', () => {
  expect(minutesOf([lineFor(cut), { ...lineFor(colour), amount: 2 }], [cut, colour])).toBe(225);
  expect(minutesOf([lineFor(cut)], [colour])).toBe(0);
});

test('a form says what the appointment is, and sends what was changed', () => {
  const form = formOf(appointment);
  expect(endClock(form)).toBe('00:30');
  expect(differs(form, appointment)).toBe(false);
  expect(differs({ ...form, attendance: 1 }, appointment)).toBe(false);
  expect(differs({ ...form, comment: '' }, appointment)).toBe(true);
  expect(bodyFrom({ ...form, clock: '09:15', minutes: 45 }, appointment)).toMatchObject({
    staff_id: 3,
    datetime: '2026-11-28T09:15:00',
    seance_length: 2700,
    technical_break_duration: 600,
    client: { id: 7 },
    services: [{ id: 1, amount: 2, cost_per_unit: 60, discount: 10, cost: 108 }],
    attendance: 2,
    comment: 'Window seat',
    record_labels: [4],
  });
});

test('a new client goes by name and phone', () => {
  const form = { ...newForm(3, '2026-11-28T10:00:00', 0), client: { id: 0, name: 'Ada', phone: '+49' } };
  expect(form.minutes).toBe(60);
  expect(bodyFrom(form, null)).toMatchObject({ client: { name: 'Ada', phone: '+49' }, attendance: 0 });
});
