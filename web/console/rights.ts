/** What a user may do in a location, by the contract's names: truths, numbers of days, ids, lists of ids. */
export class Rights {
  private readonly values = new Map<string, unknown>();

  /** `sections` is the answer of `GET /user/permissions/{location_id}`: names in sections, a few beside them. */
  constructor(sections: Record<string, unknown> = {}) {
    for (const [name, value] of Object.entries(sections)) {
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        for (const [right, held] of Object.entries(value)) this.values.set(right, held);
      else this.values.set(name, value);
    }
  }

  may(right: string): boolean {
    return this.values.get(right) === true;
  }

  /** A right that is a number: days (-1 without limit) or an id (0 for all). */
  number(right: string): number {
    return Number(this.values.get(right) ?? 0);
  }
}
