/** What stands in a list by weight, the heavier first. */
export interface Weighed {
  id: number;
  weight: number;
}

/** The weights that must change so that one of a list moves a place up (-1) or down (1); none at its ends.
 * As few as can be: two change places, unless some of the list weigh the same. */
export function moved<T extends Weighed>(list: T[], id: number, step: -1 | 1): Weighed[] {
  const from = list.findIndex((one) => one.id === id);
  const to = from + step;
  const one = list[from];
  const other = list[to];
  if (!one || !other) return [];
  const isStrict = list.every((item, at) => at === 0 || item.weight < (list[at - 1]?.weight ?? Infinity));
  if (isStrict)
    return [
      { id: one.id, weight: other.weight },
      { id: other.id, weight: one.weight },
    ];
  const order = [...list];
  order[from] = other;
  order[to] = one;
  return order
    .map((item, at) => ({ id: item.id, weight: order.length - at }))
    .filter((item) => list.find((before) => before.id === item.id)?.weight !== item.weight);
}

/** The services of each category, in the order of both; those of no known category last. */
export function grouped<C extends { id: number }, S extends { category_id: number }>(
  categories: C[],
  services: S[],
): { category: C | null; services: S[] }[] {
  const groups = categories.map((category) => ({
    category: category as C | null,
    services: services.filter((one) => one.category_id === category.id),
  }));
  const known = new Set(categories.map((one) => one.id));
  const others = services.filter((one) => !known.has(one.category_id));
  return others.length ? [...groups, { category: null, services: others }] : groups;
}
