import { addDays, dayOf, nearest } from '$shared/times';
import type { Chosen, Offer } from './offer';
import { ANYONE } from './types';

const MOST = 6; // free times offered in place of a lost one

/** A free start time; `staff` is a team member's id, 0 for whoever is free. */
export interface OtherTime {
  moment: string;
  staff: number;
}

/**
 * What is free in place of a lost time: the same time of somebody else, then the nearest ones of the same team member,
 * of the next day too where its own has few. Empty when nothing can be learnt; there still is the calendar.
 */
export async function otherTimes(
  offer: Offer,
  location: number,
  wish: Chosen,
  lost: string,
  isAnyoneOffered = false,
): Promise<OtherTime[]> {
  const day = dayOf(lost);
  try {
    const [own, anyone] = await Promise.all([
      offer.times(location, wish, day),
      wish.staff && isAnyoneOffered ? offer.times(location, { ...wish, staff: ANYONE }, day) : [],
    ]);
    let moments = own.map((slot) => slot.datetime);
    if (moments.length < MOST) {
      const later = await offer.nextDay(location, wish, addDays(day, 1));
      moments = [...moments, ...later.map((slot) => slot.datetime)];
    }
    const near = nearest(moments, lost, MOST).map((moment) => ({ moment, staff: wish.staff }));
    const isSame = anyone.some((slot) => slot.datetime === lost);
    return isSame ? [{ moment: lost, staff: ANYONE }, ...near] : near;
  } catch {
    return [];
  }
}
