/** What can have the focus, by Tab or by a press. */
const TARGETS =
  'button:not([disabled]), input:not([disabled]), select, summary, a[href], [tabindex]:not([aria-hidden])';

/** Where the element with the focus stood: each ancestor, and which of its children led there. */
type Trail = readonly { readonly parent: Element; readonly at: number }[];

/**
 * A button that is pressed often takes itself away: its row is dismissed, its question answered. Who is on
 * it with the keyboard then goes on from what came into its place, or next to it. What moves the focus by
 * itself has done so before this looks.
 */
export function keepFocus(root: Element): () => void {
  let last: Element | null = null;
  let trail: Trail = [];
  const onFocus = ({ target }: Event): void => {
    if (!(target instanceof Element)) return;
    last = target;
    trail = trailOf(target, root);
  };
  const watch = new MutationObserver(() => {
    if (last === null || last.isConnected || document.activeElement !== document.body) return;
    last = null;
    nextTo(trail)?.focus();
  });
  root.addEventListener('focusin', onFocus);
  watch.observe(root, { childList: true, subtree: true });
  return () => {
    watch.disconnect();
    root.removeEventListener('focusin', onFocus);
  };
}

function trailOf(from: Element, root: Element): Trail {
  const trail: { parent: Element; at: number }[] = [];
  for (let at = from; at !== root && at.parentElement !== null; at = at.parentElement) {
    trail.push({ parent: at.parentElement, at: [...at.parentElement.children].indexOf(at) });
  }
  return trail;
}

function nextTo(trail: Trail): HTMLElement | null {
  for (const { parent, at } of trail) {
    if (!parent.isConnected) continue;
    const children = [...parent.children];
    for (const child of [...children.slice(at), ...children.slice(0, at).reverse()]) {
      const target = targetIn(child);
      if (target !== null) return target;
    }
  }
  return null;
}

function targetIn(place: Element): HTMLElement | null {
  const all = [place, ...place.querySelectorAll(TARGETS)];
  const found = all.find((each) => each.matches(TARGETS) && each.checkVisibility());
  return found instanceof HTMLElement ? found : null;
}
