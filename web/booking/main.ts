import { mount } from 'svelte';
import { Api } from '$shared/api/client';
import { readBoot } from '$shared/boot';
import { languageOf } from '$shared/languages';
import '$shared/styles/base.css';
import './booking.css';
import App from './App.svelte';
import { Booking } from './booking.svelte';
import { tellHeight } from './frame';
import { words } from './texts.svelte';

/** The header stands in the server's HTML; what is below it belongs to this script. */
async function start(target: HTMLElement) {
  const boot = readBoot();
  if (!boot.place.form_id) return; // the server says why there is no form
  const api = new Api(boot);
  const [form] = await Promise.all([
    api.get('/v1/bookform/{id}', { path: { id: Number(boot.place.form_id) } }),
    words.speak(languageOf(boot.place.lang) ?? 'en-US'),
  ]);
  const booking = new Booking(api, form.data);
  await booking.begin();
  target.replaceChildren();
  mount(App, { target, props: { booking } });
  tellHeight();
}

const target = document.querySelector('main');
if (target) void start(target);
