import { expect, test } from 'vitest';
import { fullPriceOf, lengthOf, priceOf } from './price';
import type { Service, Slot } from './types';

const service = (price_min: number, price_max: number, discount = 0) =>
  ({ price_min, price_max, discount, duration: 1800, seance_length: null }) as Service;

test('prices add up to the cent, after discounts', () => {
  expect(priceOf([service(10.1, 10.1), service(20.2, 20.2, 10)], 'EUR', 'en-US')).toBe('€28.28');
  expect(fullPriceOf(service(20, 20, 10), 'EUR', 'en-US')).toBe('€20');
  expect(fullPriceOf(service(20, 20), 'EUR', 'en-US')).toBe('');
});

test('a range shows both ends, and nothing is said of no price', () => {
  expect(priceOf([service(95, 115)], 'USD', 'en-US')).toBe('$95 – $115');
  expect(priceOf([service(0, 0)], 'USD', 'en-US')).toBe('');
});

test('a length is the usual one until there is a time', () => {
  const [one, other] = [service(1, 1), { ...service(1, 1), seance_length: 2700 }];
  expect(lengthOf([one, other], null)).toBe(4500);
  expect(lengthOf([one], { sum_length: 2400 } as Slot)).toBe(2400);
});
