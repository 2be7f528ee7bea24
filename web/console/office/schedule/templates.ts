import { readHours } from './plan';

const KEY = 'agendum.hours';
const USUAL = ['09:00–18:00', '10:00–14:00, 15:00–19:00', '12:00–21:00'];

/** Hours that are painted often, as this browser keeps them. */
export function templates(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    if (Array.isArray(kept))
      return kept.filter((one): one is string => typeof one === 'string' && Array.isArray(readHours(one)));
  } catch {
    // storage is switched off or holds something else
  }
  return USUAL;
}

export function keepTemplates(list: string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(list));
  } catch {
    // they last as long as the page does
  }
}
