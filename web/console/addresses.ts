/** Where the console is, by its address: `/console/{location_id}/{section}/…?query`. */
export interface Place {
  /** 0 where the address names none. */
  locationId: number;
  section: string;
  /** What stands behind the section, such as an id. */
  rest: string[];
  query: URLSearchParams;
}

export const BASE = '/console';

export function placeOf(pathname: string, search = ''): Place {
  const parts = pathname.slice(BASE.length).split('/').filter(Boolean).map(decodeURIComponent);
  const locationId = /^\d+$/.test(parts[0] ?? '') ? Number(parts.shift()) : 0;
  return { locationId, section: parts[0] ?? '', rest: parts.slice(1), query: new URLSearchParams(search) };
}

export function addressOf(
  locationId: number,
  section: string,
  rest: (string | number)[] = [],
  query = '',
): string {
  const parts = [locationId || '', section, ...rest].filter((part) => part !== '');
  const path = [BASE, ...parts.map((part) => encodeURIComponent(String(part)))].join('/');
  return query ? `${path}?${query}` : path;
}
