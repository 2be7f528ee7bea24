import type { Api } from '$shared/api/client';
import { pathOf, type Appointment } from './records';

/** The appointment as it stands now; null when that cannot be read. */
export async function readAgain(api: Api, record: Appointment): Promise<Appointment | null> {
  try {
    const { data } = await api.get('/v1/user/records/{record_id}/{record_hash}', { path: pathOf(record) });
    return data[0] ?? null;
  } catch {
    return null;
  }
}
