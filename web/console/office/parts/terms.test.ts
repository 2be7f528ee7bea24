import { expect, test } from 'vitest';
import { isSame, settingOf, termsOf } from './terms';

const service = {
  duration: 3600,
  staff: [{ id: 7, seance_length: 5400, price: 40, price_max: null, technological_card_id: 0 }],
};

test('own terms come before those of the service', () => {
  expect(termsOf(service, 7)).toEqual({ isGiven: true, minutes: 90, min: 40, max: null, card: null });
  expect(termsOf(service, 8)).toMatchObject({ isGiven: false, minutes: 60, min: null, max: null });
});

test('terms of what is not given do not matter', () => {
  const none = termsOf(service, 8);
  expect(isSame(none, { ...none, minutes: 5 })).toBe(true);
  expect(isSame(termsOf(service, 7), none)).toBe(false);
});

test('as the links are written', () => {
  expect(settingOf(7, termsOf(service, 7))).toEqual({
    team_member_id: 7,
    tech_card_id: null,
    hours: 1,
    minutes: 30,
    price: { min: 40, max: null },
  });
  expect(settingOf(8, termsOf(service, 8)).price).toBeNull();
});
