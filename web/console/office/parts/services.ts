import type { Answer } from '$shared/api/client';
import { here } from '../here';

type Several<T> = T extends readonly (infer One)[] ? One : never;
/** A service with who gives it and what it needs. */
export type Service = Several<Answer<'/v1/company/{location_id}/services', 'get'>['data']>;

/** All services of the location, heavier first. */
export async function allServices(): Promise<Service[]> {
  const { data } = await here.api.get('/v1/company/{location_id}/services', { path: here.path() });
  return Array.isArray(data) ? data : [];
}
