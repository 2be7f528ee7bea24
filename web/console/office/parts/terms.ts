/** On what terms a team member gives a service: his own length and price, or the service's. */
export interface Terms {
  isGiven: boolean;
  minutes: number;
  /** null: the service's own price. */
  min: number | null;
  /** null: one price, not a range. */
  max: number | null;
  /** The bill of materials of the link; null: none. */
  card: number | null;
}

interface Service {
  duration: number;
  staff: {
    id: number;
    seance_length: number;
    price: number | null;
    price_max: number | null;
    technological_card_id: number;
  }[];
}

export function termsOf(service: Service, memberId: number): Terms {
  const link = service.staff.find((one) => one.id === memberId);
  return {
    isGiven: link !== undefined,
    minutes: Math.round((link?.seance_length ?? service.duration) / 60),
    min: link?.price ?? null,
    max: link?.price_max ?? null,
    card: link?.technological_card_id || null,
  };
}

export function isSame(a: Terms, b: Terms): boolean {
  if (!a.isGiven && !b.isGiven) return true;
  return a.isGiven === b.isGiven && a.minutes === b.minutes && a.min === b.min && a.max === b.max;
}

/** One entry of `team_member_settings`. */
export function settingOf(memberId: number, terms: Terms) {
  return {
    team_member_id: memberId,
    tech_card_id: terms.card,
    hours: Math.floor(terms.minutes / 60),
    minutes: terms.minutes % 60,
    price: terms.min === null ? null : { min: terms.min, max: terms.max },
  };
}
