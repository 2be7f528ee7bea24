const ROLES = ['table', 'rowgroup', 'row', 'cell', 'columnheader', 'rowheader'];
const MARKS = ['role', 'aria-colindex', 'aria-colspan'];
const TABLE = [...ROLES.map((role) => `[role='${role}']`), '[aria-colindex]', '[aria-colspan]'].join();

/** Takes the roles of a table off a calendar: what is in it are not a table's rows and cells, and a screen reader that
 * was told so would get lost. The buttons on the cards say all there is to say, and a keyboard can scroll what is around
 * them. */
export function withoutTable(grid: HTMLElement): () => void {
  const strip = () => {
    for (const one of grid.querySelectorAll(TABLE)) for (const name of MARKS) one.removeAttribute(name);
    const main = grid.querySelector<HTMLElement>('.ec-main');
    if (main) {
      main.tabIndex = 0;
      main.ariaLabel = 'Calendar';
    }
  };
  const observer = new MutationObserver(strip);
  observer.observe(grid, { childList: true, subtree: true, attributeFilter: MARKS });
  strip();
  return () => observer.disconnect();
}
