import { mount } from 'svelte';
import '$shared/styles/base.css';
import { Page } from '$shared/visits/page.svelte';
import App from './App.svelte';

const target = document.getElementById('app');
if (target) {
  const page = await Page.open();
  target.replaceChildren();
  mount(App, { target, props: { page } });
}
