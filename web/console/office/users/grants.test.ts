import { expect, test } from 'vitest';
import { changesOf, countOn, kindOf, matching, valuesOf, type Grant } from './grants';

const grant = (slug: string, kind: string, children: Grant[] | null = null): Grant => ({
  slug,
  title: slug.replaceAll('_', ' '),
  hint: '',
  is_editable: true,
  children,
  options: null,
  type: { slug: kind },
});
const calendar = grant('calendar_access', 'has_group_access', [
  grant('past_days', 'last_days_count'),
  grant('move_appointments', 'has_access'),
]);

test('only what has changed is sent', () => {
  const before = valuesOf([
    { slug: 'a', value: true },
    { slug: 'b', value: [1, 2] },
    { slug: 'c', value: 7 },
  ]);
  expect(changesOf(before, { ...before, b: [1, 2], c: -1 })).toEqual([{ slug: 'c', value: -1 }]);
});

test('a right is found with what it stands under', () => {
  expect(matching([calendar], 'MOVE')[0]?.children?.map((one) => one.slug)).toEqual(['move_appointments']);
  expect(matching([calendar], 'calendar')).toEqual([calendar]);
  expect(matching([calendar], 'stock')).toEqual([]);
});

test('kinds and counts', () => {
  expect((calendar.children ?? []).map(kindOf)).toEqual(['days', 'switch']);
  expect(countOn(calendar, { calendar_access: true, move_appointments: false })).toEqual({ on: 1, all: 2 });
});
