import type { Component } from 'svelte';
import type { Rights } from './rights';

/** A part of the console: `/console/{location_id}/{path}`. Its script is loaded when it is first opened. */
export interface Section {
  path: string;
  title: string;
  /** The right that opens it, by the contract's name, or a decision over all rights; empty for everybody. */
  right: string | ((rights: Rights) => boolean);
  /** What its icon draws on a field of 24 × 24: the `d` of an SVG path. */
  icon: string;
  load: () => Promise<{ default: Component }>;
}

/** In the order of the navigation; the first that the user may open is shown after signing in. */
export const sections: Section[] = [
  {
    path: 'calendar',
    title: 'Calendar',
    right: 'timetable_access',
    icon: 'M5 5h14v15H5zM5 10h14M9 3v4M15 3v4',
    load: () => import('./calendar/Calendar.svelte'),
  },
];
