import { expect, test } from 'vitest';
import { addressOf, placeOf } from './addresses';

test('an address names location, section and what is behind it', () => {
  const place = placeOf('/console/12/clients/34', '?page=2');
  expect(place).toMatchObject({ locationId: 12, section: 'clients', rest: ['34'] });
  expect(place.query.get('page')).toBe('2');
  expect(placeOf('/console')).toMatchObject({ locationId: 0, section: '', rest: [] });
});

test('an address that is made is read back', () => {
  expect(addressOf(12, 'clients', [34, 'a/b'], 'page=2')).toBe('/console/12/clients/34/a%2Fb?page=2');
  expect(placeOf('/console/12/clients/34/a%2Fb').rest).toEqual(['34', 'a/b']);
  expect(addressOf(0, 'calendar')).toBe('/console/calendar');
});
