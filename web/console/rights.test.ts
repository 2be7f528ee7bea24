import { expect, test } from 'vitest';
import { Rights } from './rights';

test('rights are found in their sections and beside them', () => {
  const rights = new Rights({
    timetable: { timetable_access: true, master_id: 7 },
    clients: { clients_access: false },
    is_salon_tips_manager: true,
  });
  expect(rights.may('timetable_access')).toBe(true);
  expect(rights.may('clients_access')).toBe(false);
  expect(rights.may('unheard_of')).toBe(false);
  expect(rights.may('is_salon_tips_manager')).toBe(true);
  expect(rights.number('master_id')).toBe(7);
});
