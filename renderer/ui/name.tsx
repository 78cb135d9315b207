/**
 * A name that came from a person, a disk or another computer. It keeps its own direction and cannot turn
 * or hide the words around it: what steers text and is not seen is shown as a box instead.
 */
const STEERING =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

export function shownName(name: string): string {
  return name.replace(STEERING, '\ufffd');
}

export function Name({ children }: { readonly children: string }) {
  return <bdi>{shownName(children)}</bdi>;
}
