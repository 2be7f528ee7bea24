/** What the widget on the embedding page hears from the booking page in its frame. */
export interface FrameNotice {
  agendum: 'height' | 'step' | 'close' | 'booked';
  /** CSS pixels, with `height`. */
  height?: number;
}

/** Shown by the widget as a part of another page, which the frame's height follows. */
export const isInline = new URLSearchParams(location.search).get('frame') === 'inline';

export function tell(notice: FrameNotice) {
  if (window !== parent) parent.postMessage(notice, '*');
}

/** Tells the embedding page how high the page is, now and whenever it changes. */
export function tellHeight() {
  if (window === parent) return;
  document.documentElement.classList.toggle('inline', isInline);
  const content = document.getElementById('app') ?? document.body;
  new ResizeObserver(() => tell({ agendum: 'height', height: Math.ceil(content.scrollHeight) })).observe(
    content,
  );
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) tell({ agendum: 'close' });
  });
}
