import { expect, test } from 'vitest';
import { grouped, moved } from './order';

test('two neighbours change their weights', () => {
  const list = [{ id: 1, weight: 9 }, { id: 2, weight: 5 }, { id: 3, weight: 1 }]; // prettier-ignore
  expect(moved(list, 2, -1)).toEqual([{ id: 2, weight: 9 }, { id: 1, weight: 5 }]); // prettier-ignore
  expect(moved(list, 1, -1)).toEqual([]);
  expect(moved(list, 3, 1)).toEqual([]);
});

test('where some weigh the same all are numbered anew', () => {
  const list = [{ id: 1, weight: 0 }, { id: 2, weight: 0 }, { id: 3, weight: 0 }]; // prettier-ignore
  expect(moved(list, 3, -1)).toEqual([
    { id: 1, weight: 3 },
    { id: 3, weight: 2 },
    { id: 2, weight: 1 },
  ]);
});

test('services stand under their category', () => {
  const groups = grouped([{ id: 1 }, { id: 2 }], [{ category_id: 2 }, { category_id: 9 }]);
  expect(groups.map(({ category, services }) => [category?.id, services.length])).toEqual([
    [1, 0],
    [2, 1],
    [undefined, 1],
  ]);
});
