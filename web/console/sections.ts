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

const SETTINGS = [
  'settings_basis_access',
  'online_record_access',
  'online_record_privacy_policy_access',
  'settings_clients_labels_access',
  'settings_services_edit_services_related_resource_access',
  'is_salon_tips_manager',
];

/** In the order of the navigation; the first that the user may open is shown after signing in. */
export const sections: Section[] = [
  {
    path: 'calendar',
    title: 'Calendar',
    right: 'timetable_access',
    icon: 'M5 5h14v15H5zM5 10h14M9 3v4M15 3v4',
    load: () => import('./calendar/Calendar.svelte'),
  },
  {
    path: 'overview',
    title: 'Overview',
    right: 'timetable_access',
    icon: 'M4 20V10M10 20V4M16 20v-7M4 20h17',
    load: () => import('./office/overview/Overview.svelte'),
  },
  {
    path: 'clients',
    title: 'Clients',
    right: 'clients_access',
    icon: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .8 3.2 2.6 3.5 5.5',
    load: () => import('./office/clients/Clients.svelte'),
  },
  {
    path: 'schedule',
    title: 'Schedule',
    right: 'timetable_access',
    icon: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2',
    load: () => import('./office/schedule/Schedule.svelte'),
  },
  {
    path: 'team',
    title: 'Team',
    right: 'settings_master_access',
    icon: 'M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c.7-4.5 3.8-6.5 8-6.5s7.3 2 8 6.5',
    load: () => import('./office/team/Team.svelte'),
  },
  {
    path: 'services',
    title: 'Services',
    right: 'settings_services_access',
    icon: 'M6 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM6 21a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8.5 7.5 20 19M8.5 16.5 20 5',
    load: () => import('./office/services/Services.svelte'),
  },
  {
    path: 'forms',
    title: 'Forms',
    right: 'online_record_access',
    icon: 'M4 4h16v16H4zM8 9h8M8 13h8M8 17h4',
    load: () => import('./office/forms/Forms.svelte'),
  },
  {
    path: 'users',
    title: 'Users',
    right: 'users_access',
    icon: 'M8 15a5 5 0 1 1 4.6-3H21v3h-3v3h-3v-3h-2.4A5 5 0 0 1 8 15zM8 10h.01',
    load: () => import('./office/users/Users.svelte'),
  },
  {
    path: 'settings',
    title: 'Settings',
    // Each part has its own right; who may set none of them has nothing to open here.
    right: (rights) => SETTINGS.some((right) => rights.may(right)),
    icon: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4v6M9 14v6',
    load: () => import('./office/settings/Settings.svelte'),
  },
];
