/** The six languages of the pages, by the contract's codes (`ee-EE` is Estonian). */
export const LANGUAGES = {
  'en-US': { title: 'English', bcp47: 'en-US' },
  'lv-LV': { title: 'Latviešu', bcp47: 'lv-LV' },
  'lt-LT': { title: 'Lietuvių', bcp47: 'lt-LT' },
  'ee-EE': { title: 'Eesti', bcp47: 'et-EE' },
  'de-DE': { title: 'Deutsch', bcp47: 'de-DE' },
  'uk-UK': { title: 'Українська', bcp47: 'uk-UA' },
} as const;

export type Language = keyof typeof LANGUAGES;

/** The language of a code in any of its spellings (`lv`, `lv-LV`, `et`, `uk_UA`); undefined when it is none of ours. */
export function languageOf(code: string | null | undefined): Language | undefined {
  const base = (code ?? '').toLowerCase().split(/[-_]/)[0] ?? '';
  const found = { en: 'en-US', lv: 'lv-LV', lt: 'lt-LT', ee: 'ee-EE', et: 'ee-EE', de: 'de-DE', uk: 'uk-UK' }[
    base
  ];
  return found as Language | undefined;
}

/** The language to show a page in: `?lang=` of its address, else the first of the visitor's that we have, else
 * `fallback`. */
export function languageFor(
  search: string,
  visitors: readonly string[],
  fallback: Language = 'en-US',
): Language {
  const wanted = [new URLSearchParams(search).get('lang'), ...visitors];
  return wanted.map(languageOf).find((one) => one !== undefined) ?? fallback;
}

/** Fills `{name}` in a text. */
export function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
