import type { Appointment, Member } from './model';

interface Kept {
  memberIds: number[];
  positionId: number;
  attendance: number[];
  tagIds: number[];
  /** Whose column a phone shows. */
  one: number;
}

/** What of a calendar is shown. It is kept in the browser, for each location. */
export class Filter {
  #key: string;
  /** Empty lists and 0: everybody, everything. */
  memberIds = $state<number[]>([]);
  positionId = $state(0);
  attendance = $state<number[]>([]);
  tagIds = $state<number[]>([]);
  one = $state(0);
  words = $state('');

  constructor(locationId: number) {
    this.#key = `agendum.calendar.${locationId}`;
    try {
      Object.assign(this, JSON.parse(localStorage.getItem(this.#key) ?? '{}') as Partial<Kept>);
    } catch {
      // What cannot be read is as if it had never been chosen.
    }
  }

  get count(): number {
    return Number(!!this.memberIds.length) + Number(!!this.positionId) + Number(!!this.attendance.length) +
      Number(!!this.tagIds.length); // prettier-ignore
  }

  keep() {
    const { memberIds, positionId, attendance, tagIds, one } = this;
    localStorage.setItem(this.#key, JSON.stringify({ memberIds, positionId, attendance, tagIds, one }));
  }

  clear() {
    this.memberIds = [];
    this.positionId = 0;
    this.attendance = [];
    this.tagIds = [];
    this.keep();
  }

  /** The team members whose columns are shown, in the order of the team; one of them where there is no room. */
  members(team: Member[], isNarrow: boolean): Member[] {
    const chosen = team.filter(
      (one) =>
        (!this.memberIds.length || this.memberIds.includes(one.id)) &&
        (!this.positionId || one.position_id === this.positionId) &&
        (!one.fired || this.memberIds.includes(one.id)),
    );
    if (!isNarrow) return chosen;
    return chosen
      .filter((one) => one.id === this.one)
      .concat(chosen)
      .slice(0, 1);
  }

  passes(appointment: Appointment, members: Member[]): boolean {
    return (
      members.some(({ id }) => id === appointment.staff_id) &&
      (!this.attendance.length || this.attendance.includes(appointment.attendance)) &&
      (!this.tagIds.length || appointment.record_labels.some(({ id }) => this.tagIds.includes(id)))
    );
  }
}

/** Shows the next (1) or the previous (-1) team member where one is shown at a time. */
export function sideways(filter: Filter, team: Member[], by: number) {
  const everybody = filter.members(team, false);
  const at = everybody.findIndex(({ id }) => id === filter.members(team, true)[0]?.id);
  filter.one = everybody[(at + by + everybody.length) % everybody.length]?.id ?? 0;
  filter.keep();
}
