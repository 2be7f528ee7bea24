import type { Answer } from '$shared/api/client';

export type CustomField = Answer<
  '/v1/custom_fields/{field_category}/{location_id}',
  'get'
>['data'][number]['custom_field'];
export type Category = 'client' | 'record';

export const CATEGORIES: { key: Category; title: string }[] = [
  { key: 'client', title: 'Clients' },
  { key: 'record', title: 'Appointments' },
];
export const TYPES = {
  text: 'Text',
  number: 'Number',
  list: 'List',
  date: 'Date',
  datetime: 'Date and time',
};

/** A code for a title, as far as it can be one: "Favorite drink" is favorite_drink. */
export function codeOf(title: string): string {
  const plain = title.normalize('NFKD').replace(/[\u0300-\u036f]/g, '');
  return plain
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40);
}
