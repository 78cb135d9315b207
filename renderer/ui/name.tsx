/**
 * A name that came from a person, a disk or another computer. It keeps its own direction and cannot turn
 * or hide the words around it: what steers text and is not seen is shown as a box instead. Joiners and
 * variation selectors stay: Persian and emoji need them.
 */
const STEERING =
  /(?![\u200c\u200d\p{VS}])[\p{Cc}\p{Cs}\p{DI}\p{Bidi_C}\p{Zl}\p{Zp}\u2800\ufff9-\ufffb]/gu;

export function shownName(name: string): string {
  return name.replace(STEERING, '\ufffd');
}

export function Name({ children }: { readonly children: string }) {
  return <bdi>{shownName(children)}</bdi>;
}
