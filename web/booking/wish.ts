import type { Defaults } from './steps';

/** What a link to the page asks to have chosen beforehand: `?location=1&services=2,3&member=4`. It wins over what
 * the form itself chooses; services that are no longer offered are left out. */
export function wishIn(search: string): Partial<Defaults> {
  const query = new URLSearchParams(search);
  const numbers = (name: string) =>
    (query.get(name) ?? '')
      .split(',')
      .map(Number)
      .filter((id) => id > 0);
  const [company, member, services] = [numbers('location')[0], numbers('member')[0], numbers('services')];
  return {
    ...(company && { company }),
    ...(services.length && { services }),
    ...(member && { staff: member }),
  };
}
