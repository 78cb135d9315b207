/** A file or folder as the person chose it; what is inside a folder is not listed. */
export interface Item {
  readonly name: string;
  readonly kind: 'file' | 'folder';
}
