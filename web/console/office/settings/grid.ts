import { clock, seconds } from '../parts/say';

/** How start times lie in a day, as the API keeps it. Times are seconds from midnight. */
export interface Grid {
  grid_base_type: 'predefined' | 'schedule' | 'timeslots';
  grid_first_timeslot: number;
  grid_last_timeslot: number;
  grid_display_step: number;
  grid_nearest_timeslot_delay: number;
  is_grid_flexible: boolean;
}

export const KINDS: Record<Grid['grid_base_type'], string> = {
  schedule: 'Every step from the start of work',
  timeslots: 'Every step between two times',
  predefined: 'Only at these times',
};

export function usual(): Grid {
  return {
    grid_base_type: 'schedule',
    grid_first_timeslot: 0,
    grid_last_timeslot: 86_100,
    grid_display_step: 900,
    grid_nearest_timeslot_delay: 0,
    is_grid_flexible: false,
  };
}

/** "10:00, 14:00" */
export const timesOf = (list: number[]) => list.map(clock).join(', ');

/** Reads times as a hand types them; null where one is none. */
export function readTimes(text: string): number[] | null {
  const times = text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => seconds(/^\d+$/.test(one) ? `${one}:00` : one));
  return times.every((one) => one !== null && one < 86_400)
    ? (times as number[]).sort((a, b) => a - b)
    : null;
}
