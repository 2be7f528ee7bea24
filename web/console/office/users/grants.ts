/** A right as the roles of a user show it. */
export interface Grant {
  slug: string;
  title: string;
  hint: string;
  is_editable: boolean;
  children: Grant[] | null;
  options: { title: string; value: unknown; is_disabled?: boolean }[] | null;
  type: { slug: string };
}
export type Values = Record<string, unknown>;

export function valuesOf(listed: { slug: string; value?: unknown }[]): Values {
  return Object.fromEntries(listed.map(({ slug, value }) => [slug, value]));
}

/** How a right is set: switched, chosen from a list, counted in days, or typed. */
export function kindOf(grant: Grant): 'switch' | 'choice' | 'choices' | 'days' | 'text' {
  const { slug } = grant.type;
  if (slug === 'allowed_id') return 'choice';
  if (slug === 'allowed_ids') return 'choices';
  if (slug === 'last_days_count') return 'days';
  return slug === 'allowed_ip' ? 'text' : 'switch';
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** What must be sent so that `before` becomes `after`: only what has changed, so that nothing else is asked for. */
export function changesOf(before: Values, after: Values): { slug: string; value: unknown }[] {
  return Object.entries(after)
    .filter(([slug, value]) => !isSame(value, before[slug]))
    .map(([slug, value]) => ({ slug, value }));
}

/** The rights whose words, or those of a right below them, hold the text; all for an empty one. */
export function matching(grants: Grant[], text: string): Grant[] {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return grants;
  return grants.flatMap((one) => {
    if (one.title.toLowerCase().includes(wanted)) return [one];
    const below = matching(one.children ?? [], text);
    return below.length ? [{ ...one, children: below }] : [];
  });
}

/** How many of a right's switches, its own and those below it, are on. */
export function countOn(grant: Grant, values: Values): { on: number; all: number } {
  const own = kindOf(grant) === 'switch' ? 1 : 0;
  const sum = { on: own && values[grant.slug] === true ? 1 : 0, all: own };
  for (const one of grant.children ?? []) {
    const below = countOn(one, values);
    sum.on += below.on;
    sum.all += below.all;
  }
  return sum;
}
