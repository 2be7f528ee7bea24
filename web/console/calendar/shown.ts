/** What the grid is to draw, in its own words: columns, cards, and shade where nobody works. */
import type { Calendar as EC } from '@event-calendar/core';
import { addDays } from '$shared/times';
import {
  attendanceName,
  endOf,
  gapsOf,
  msOf,
  spanOf,
  wallAt,
  type Appointment,
  type Member,
  type Resource,
  type ViewName,
  type WorkTime,
} from './model';

export interface Shown {
  view: ViewName;
  day: string;
  /** First and last day. */
  days: [string, string];
  /** The hours from and to which a day is shown; more than 24 is the night after. */
  hours: [number, number];
  /** The hour that is to be seen first. */
  scrollTo: number;
  team: Member[];
  resources: Resource[];
  work: WorkTime;
}

const HOUR = 3_600_000;

export function columnsOf({ view, team, resources }: Shown): EC.ResourceInput[] {
  if (view === 'resources')
    return resources.flatMap(({ title, instances }) =>
      instances.map((one) => ({ id: one.id, title: one.title, extendedProps: { detail: title } })),
    );
  return team.map(({ id, name, specialization }) => ({
    id,
    title: name,
    extendedProps: { detail: specialization },
  }));
}

export function cardsOf(appointments: Appointment[], byResource: boolean): EC.EventInput[] {
  return appointments.map((appointment) => {
    const span = spanOf(appointment);
    const tag = appointment.custom_color || appointment.record_labels[0]?.color || '';
    return {
      id: appointment.id,
      start: span.start,
      end: endOf(span),
      resourceIds: byResource ? appointment.resource_instance_ids : [appointment.staff_id],
      // Somebody else's event is moved with all its seats, elsewhere.
      ...(appointment.activity_id && { editable: false }),
      className: `card-${attendanceName(appointment.attendance)}`,
      style: tag ? `--tag:#${tag.replace('#', '')}` : [],
      extendedProps: { appointment },
    };
  });
}

/** The time of every column in which it is not worked. */
export function shadesOf({ view, team, days, hours, work }: Shown): EC.EventInput[] {
  if (view === 'resources') return [];
  const shades: EC.EventInput[] = [];
  for (let day = days[0]; day <= days[1]; day = addDays(day, 1)) {
    const midnight = msOf(`${day}T00:00:00`);
    for (const { id } of team)
      for (const [from, to] of gapsOf(work.slots(id), midnight + hours[0] * HOUR, midnight + hours[1] * HOUR))
        shades.push({
          id: `shade-${id}-${from}`,
          start: wallAt(from),
          end: wallAt(to),
          resourceIds: [id],
          display: 'background',
          className: 'card-shade',
        });
  }
  return shades;
}

/** From which to which hour a day is shown: working time with an hour around it, and all that is booked. */
export function hoursOf(
  work: WorkTime,
  appointments: Iterable<Appointment>,
  lastDay: string,
): [number, number] {
  let [first, last] = work.hours();
  first -= 1;
  last += 1;
  for (const one of appointments) {
    if (one.datetime.slice(0, 10) > lastDay) continue; // the night after is a part of the last day
    const start = Number(one.datetime.slice(11, 13)) + Number(one.datetime.slice(14, 16)) / 60;
    const isNight = start + 24 < work.hours()[1];
    if (!isNight) first = Math.min(first, Math.floor(start));
    last = Math.max(last, Math.ceil(start + one.seance_length / 3600));
  }
  return [Math.max(first, 0), Math.min(last, 30)];
}
