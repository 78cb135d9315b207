/** Where the focus goes when an offer comes and goes. */

const TYPING = 'input, textarea, select, [contenteditable], [role="menu"] *, [role="menu"]';

/** A new offer may have the focus: nobody is typing, choosing, or answering another one. */
export function mayTakeFocus(active: Element | null): boolean {
  if (active === null || active === document.body) return true;
  return !active.matches(TYPING) && active.closest('[data-offer]') === null;
}

/** The first offer's Decline, for when the one that had the focus has been answered. */
export function nextDecline(): HTMLElement | null {
  return document.querySelector<HTMLElement>('[data-offer] [data-decline]');
}
