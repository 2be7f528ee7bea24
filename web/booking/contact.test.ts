import { expect, test } from 'vitest';
import { faultsOf, ownNames, reminderHours } from './contact';
import type { CustomField, Settings } from './types';

const field = (code: string, more: Partial<CustomField>): CustomField => ({
  code,
  title: code,
  type: 'text',
  values: [],
  is_required: false,
  ...more,
});
const settings = {
  custom_fields: [field('guests', { type: 'number' }), field('source', { is_required: true })],
} as unknown as Settings;
const typed = {
  name: 'Ada',
  phone: '+1 212 555 0142',
  email: '',
  comment: '',
  fields: { source: 'Friends' },
};

test('what is complete has no faults', () => {
  expect(faultsOf(typed, settings, false)).toEqual({});
});

test('each fault is found at its field', () => {
  const wrong = { name: ' ', phone: '12', email: 'ada@', comment: '', fields: { guests: 'two' } };
  expect(faultsOf(wrong, settings, true)).toEqual({
    name: 'required',
    phone: 'badPhone',
    email: 'badEmail',
    comment: 'required',
    'field:guests': 'badNumber',
    'field:source': 'required',
  });
});

test("the location's own reminder is among those to choose from", () => {
  expect(reminderHours(5)).toEqual([0, 1, 2, 3, 5, 6, 24, 48]);
  expect(reminderHours(24)).toEqual([0, 1, 2, 3, 6, 24, 48]);
});

test("the API's fields are found under the page's names", () => {
  expect(ownNames({ fullname: 'a', 'appointments[0].custom_fields.drink': 'b', email: 'c' })).toEqual({
    name: 'a',
    'field:drink': 'b',
    email: 'c',
  });
});
