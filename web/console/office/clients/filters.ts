/** What a list of clients is narrowed by, as its form holds it; the API's filters are made of it. */
export interface Wanted {
  text: string;
  importance: number[];
  gender: number[];
  tags: number[];
  staff: number[];
  services: number[];
  soldFrom: string;
  soldTo: string;
  visitsFrom: string;
  visitsTo: string;
  /** YYYY-MM-DD on the location's calendar, both included. */
  lastFrom: string;
  lastTo: string;
  createdFrom: string;
  createdTo: string;
}

export const NOBODY_LEFT_OUT: Wanted = {
  text: '',
  importance: [],
  gender: [],
  tags: [],
  staff: [],
  services: [],
  soldFrom: '',
  soldTo: '',
  visitsFrom: '',
  visitsTo: '',
  lastFrom: '',
  lastTo: '',
  createdFrom: '',
  createdTo: '',
};

export const CLASSES = ['No class', 'Bronze', 'Silver', 'Gold'];
export const GENDERS = ['Not said', 'Male', 'Female'];

export interface Filter {
  type: string;
  state: Record<string, unknown>;
}

export function filtersOf(wanted: Wanted): Filter[] {
  const filters: Filter[] = [];
  const add = (type: string, state: Record<string, unknown>) => {
    const given = Object.entries(state).filter(([, value]) => value !== '' && value !== undefined);
    if (given.length) filters.push({ type, state: Object.fromEntries(given) });
  };
  const some = (list: number[]) => (list.length ? list : undefined);
  add('quick_search', { value: wanted.text.trim() });
  add('importance', { value: some(wanted.importance) });
  add('gender', { value: some(wanted.gender) });
  add('category', { value: some(wanted.tags) });
  add('sold_amount', { from: wanted.soldFrom, to: wanted.soldTo });
  add('visit_count', { from: wanted.visitsFrom, to: wanted.visitsTo });
  add('last_visit_date', { from: startOf(wanted.lastFrom), to: endOf(wanted.lastTo) });
  add('create_date', { from: startOf(wanted.createdFrom), to: endOf(wanted.createdTo) });
  const record: Record<string, unknown> = {};
  if (wanted.staff.length) record.staff = { value: wanted.staff };
  if (wanted.services.length) record.service = { value: wanted.services };
  if (Object.keys(record).length) filters.push({ type: 'record', state: record });
  return filters;
}

const startOf = (date: string) => date && `${date} 00:00:00`;
const endOf = (date: string) => date && `${date} 23:59:59`;

/** How many of the filters beside the text are set, for the button that hides them. */
export function countOf(wanted: Wanted): number {
  return filtersOf({ ...wanted, text: '' }).length;
}

/** Name and surname together, as far as they are known and shown. */
export function fullName(client: { name?: unknown; surname?: unknown; middle_name?: unknown }): string {
  const parts = [client.name, client.middle_name, client.surname].filter(Boolean).map(String);
  return parts.join(' ') || 'No name';
}

/** A phone as the API shows it, digits or masked digits, with its plus. */
export function phoneOf(phone: unknown): string {
  const text = String(phone ?? '');
  return /^\d/.test(text) ? `+${text}` : text;
}
