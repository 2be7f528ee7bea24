import { expect, test } from 'vitest';
import { addressOf, refusalOf } from './client';

test('lists go as name[] and truths as 0 and 1', () => {
  const query = { service_ids: [1, 2], 'staff_ids[]': [3], my: true, none: undefined };
  expect(addressOf('/v1/book_staff/{location_id}', { location_id: 7 }, query)).toBe(
    '/v1/book_staff/7?service_ids%5B%5D=1&service_ids%5B%5D=2&staff_ids%5B%5D=3&my=1',
  );
});

test('a refusal names its fields, however they are given', () => {
  const listed = refusalOf(422, {
    success: false,
    meta: { message: 'Bad', errors: [{ field: 'phone', message: 'Wrong' }] },
  });
  expect([listed.message, listed.fields]).toEqual(['Bad', { phone: 'Wrong' }]);
  const mapped = refusalOf(422, { meta: { message: 'Bad', errors: { phone: ['Wrong', 'Short'] } } });
  expect(mapped.fields).toEqual({ phone: 'Wrong Short' });
  expect(refusalOf(502, '').message).toBe('The server answered 502.');
});
