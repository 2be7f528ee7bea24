import { BASE, addressOf, placeOf, type Place } from './addresses';

/** Where the console is, and the way to elsewhere. */
class Router {
  place = $state.raw<Place>(placeOf(location.pathname, location.search));

  /** Goes to an address of the console; `replace` leaves no step to come back to. */
  go(address: string, { replace = false } = {}) {
    if (address !== location.pathname + location.search)
      history[replace ? 'replaceState' : 'pushState'](null, '', address);
    this.read();
  }

  /** Another place within the same section. */
  within(rest: (string | number)[], query: Record<string, string> = {}, options = {}) {
    const { locationId, section } = this.place;
    this.go(addressOf(locationId, section, rest, new URLSearchParams(query).toString()), options);
  }

  read() {
    this.place = placeOf(location.pathname, location.search);
  }
}

export const router = new Router();

/** Follows the browser's steps, and clicks on links into the console without loading the page anew. */
export function followAddress(): () => void {
  const back = () => router.read();
  const click = (event: MouseEvent) => {
    const link = (event.target as Element).closest?.('a');
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || event.defaultPrevented || link.target || link.hasAttribute('download')) return;
    if (link.origin !== location.origin || !`${link.pathname}/`.startsWith(`${BASE}/`)) return;
    event.preventDefault();
    router.go(link.pathname + link.search);
  };
  addEventListener('popstate', back);
  document.addEventListener('click', click);
  return () => {
    removeEventListener('popstate', back);
    document.removeEventListener('click', click);
  };
}
