const TABLE = ['table', 'rowgroup', 'row', 'cell', 'columnheader', 'rowheader']
  .map((role) => `[role='${role}']`)
  .join();

/** Takes the roles of a table off a calendar: what is in it are not a table's rows and cells, and a screen reader that
 * was told so would get lost. The buttons on the cards say all there is to say. */
export function withoutTable(grid: HTMLElement): () => void {
  const strip = () => {
    for (const one of grid.querySelectorAll(TABLE))
      for (const name of ['role', 'aria-colindex', 'aria-colspan']) one.removeAttribute(name);
  };
  const observer = new MutationObserver(strip);
  observer.observe(grid, { childList: true, subtree: true });
  strip();
  return () => observer.disconnect();
}
