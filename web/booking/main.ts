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

/** In English: the words themselves may be what could not be loaded. */
function sayThatItFailed(target: HTMLElement) {
  const again = document.createElement('button');
  again.className = 'button';
  again.textContent = 'Try again';
  again.onclick = () => location.reload();
  const text = document.createElement('p');
  text.role = 'alert';
  text.textContent = 'The page could not be loaded.';
  target.replaceChildren(text, again);
}

const target = document.querySelector('main');
if (target) start(target).catch(() => sayThatItFailed(target));
