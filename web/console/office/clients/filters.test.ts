import { expect, test } from 'vitest';
import { countOf, filtersOf, fullName, NOBODY_LEFT_OUT, phoneOf } from './filters';

test('nothing wanted is no filter', () => {
  expect(filtersOf({ ...NOBODY_LEFT_OUT, text: '  ' })).toEqual([]);
});

test('what is wanted becomes the filters of the search', () => {
  const wanted = {
    ...NOBODY_LEFT_OUT,
    text: 'ann ',
    importance: [2, 3],
    soldFrom: '500',
    lastTo: '2026-04-01',
    staff: [7],
    services: [3],
  };
  expect(filtersOf(wanted)).toEqual([
    { type: 'quick_search', state: { value: 'ann' } },
    { type: 'importance', state: { value: [2, 3] } },
    { type: 'sold_amount', state: { from: '500' } },
    { type: 'last_visit_date', state: { to: '2026-04-01 23:59:59' } },
    { type: 'record', state: { staff: { value: [7] }, service: { value: [3] } } },
  ]);
  expect(countOf(wanted)).toBe(4);
});

test('names and phones as they are shown', () => {
  expect(fullName({ name: 'Ann', surname: 'Lee', middle_name: '' })).toBe('Ann Lee');
  expect(fullName({})).toBe('No name');
  expect([phoneOf(13155550175), phoneOf('131******75'), phoneOf('')]).toEqual([
    '+13155550175',
    '+131******75',
    '',
  ]);
});
