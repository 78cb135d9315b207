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

/** The same of a whole text, whose lines and tabs stay. */
export function shownText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.split('\t').map(shownName).join('\t'))
    .join('\n');
}

export function Name({ children }: { readonly children: string }) {
  return <bdi>{shownName(children)}</bdi>;
}
