import type { Api } from '$shared/api/client';
import type { Appointment } from './records';

const forms = new Map<number, Promise<number>>();

/** The booking page with the same services and team member chosen; null where the business has none. */
export async function againLink(api: Api, record: Appointment): Promise<string | null> {
  if (record.activity_id) return null;
  const form = record.bookform_id || (await formOf(api, record.company.id));
  if (!form) return null;
  const query = new URLSearchParams({ location: String(record.company.id) });
  const services = record.services.map((service) => service.id).join(',');
  if (services) query.set('services', services);
  query.set('member', String(record.staff.id));
  return `/b/${form}?${query}`;
}

/** The first booking form of a location, asked once a page; 0 when it has none or cannot be asked. */
function formOf(api: Api, locationId: number): Promise<number> {
  let found = forms.get(locationId);
  if (!found) {
    found = api
      .get('/v1/company/{location_id}', { path: { location_id: locationId }, query: { showBookforms: true } })
      .then(({ data }) => data.bookforms?.[0]?.id ?? 0)
      .catch(() => 0);
    forms.set(locationId, found);
  }
  return found;
}
