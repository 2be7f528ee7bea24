import { addDays } from '$shared/times';
import { seconds } from '../parts/say';

/** What of an appointment the overview counts. */
export interface Counted {
  attendance: number;
  deleted: boolean;
  online: boolean;
  services: { cost_to_pay?: number }[];
}

export const STATUSES = [
  { attendance: 0, title: 'Awaited', tone: 'awaited' },
  { attendance: 2, title: 'Confirmed', tone: 'confirmed' },
  { attendance: 1, title: 'Came', tone: 'came' },
  { attendance: -1, title: 'Did not come', tone: 'missed' },
] as const;

/** How many appointments there are in each status. */
export function byStatus(records: Counted[]) {
  const living = records.filter((one) => !one.deleted);
  return STATUSES.map((status) => ({
    ...status,
    count: living.filter((one) => one.attendance === status.attendance).length,
  }));
}

/** What the appointments that were not missed are worth; null where prices are not shown. */
export function worth(records: Counted[]): number | null {
  const services = records
    .filter((one) => !one.deleted && one.attendance >= 0)
    .flatMap((one) => one.services);
  const costs = services.map((one) => one.cost_to_pay).filter((cost) => cost !== undefined);
  return services.length && !costs.length ? null : costs.reduce((sum, cost) => sum + cost, 0);
}

interface Day {
  date: string;
  slots: { from: string; to: string }[];
  busy_intervals?: { from: string; to: string }[];
}

const spanOf = ({ from, to }: { from: string; to: string }): [number, number] => {
  const [start, end] = [seconds(from) ?? 0, seconds(to) ?? 0];
  return [start, end > start ? end : end + 86_400];
};

/** Seconds that belong to both of two lists of spans; none of a list overlap one another. */
function shared(a: [number, number][], b: [number, number][]): number {
  let sum = 0;
  for (const [from, to] of a)
    for (const [start, end] of b) sum += Math.max(0, Math.min(to, end) - Math.max(from, start));
  return sum;
}

/** Of the whole team's working time each day, how much is booked, in per cent; null where nobody works. */
export function occupancy(days: Day[], dates: string[]): (number | null)[] {
  return dates.map((date) => {
    let [work, booked] = [0, 0];
    for (const day of days) {
      if (day.date !== date) continue;
      const slots = day.slots.map(spanOf);
      work += slots.reduce((sum, [from, to]) => sum + to - from, 0);
      booked += shared(slots, (day.busy_intervals ?? []).map(spanOf));
    }
    return work ? Math.round((100 * booked) / work) : null;
  });
}

/** `count` dates from `first` on. */
export const datesFrom = (first: string, count: number) =>
  Array.from({ length: count }, (_, at) => addDays(first, at));
