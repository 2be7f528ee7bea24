import { expect, test } from 'vitest';
import { wishIn } from './wish';

test('a link chooses beforehand what it names, and nothing that is no id', () => {
  expect(wishIn('?location=1&services=2,3&member=4&lang=lv')).toEqual({
    company: 1,
    services: [2, 3],
    staff: 4,
  });
  expect(wishIn('?services=,x&member=-1')).toEqual({});
});
