/** What a key means in a tree (the pattern of the WAI-ARIA practices). */

/** What a key must know of the row that is meant. */
interface MeantRow {
  /** null: it holds nothing. */
  readonly isOpen: boolean | null;
  /** The row that it is in; null: it is at the top. */
  readonly parent: number | null;
}

interface TreePlace {
  readonly at: number;
  readonly count: number;
  /** How many rows a page is. */
  readonly page: number;
  /** null: it is not there yet. */
  readonly row: MeantRow | null;
  readonly isRightToLeft: boolean;
}

export type TreeStep =
  { readonly kind: 'go'; readonly to: number } | { readonly kind: 'check' | 'open' | 'stay' };

/** null: the key is not for the tree. */
export function stepInTree(key: string, place: TreePlace): TreeStep | null {
  const { at, count, page, isRightToLeft } = place;
  switch (key) {
    case 'ArrowDown':
      return { kind: 'go', to: at + 1 };
    case 'ArrowUp':
      return { kind: 'go', to: at - 1 };
    case 'PageDown':
      return { kind: 'go', to: at + page };
    case 'PageUp':
      return { kind: 'go', to: at - page };
    case 'Home':
      return { kind: 'go', to: 0 };
    case 'End':
      return { kind: 'go', to: count - 1 };
    case 'ArrowRight':
      return isRightToLeft ? outwards(place) : inwards(place);
    case 'ArrowLeft':
      return isRightToLeft ? inwards(place) : outwards(place);
    case ' ':
      return { kind: place.row === null ? 'stay' : 'check' };
    case 'Enter':
      return { kind: (place.row?.isOpen ?? null) === null ? 'stay' : 'open' };
    default:
      return null;
  }
}

function inwards({ at, row }: TreePlace): TreeStep {
  if (row?.isOpen === true) return { kind: 'go', to: at + 1 };
  return { kind: row?.isOpen === false ? 'open' : 'stay' };
}

function outwards({ row }: TreePlace): TreeStep {
  if (row?.isOpen === true) return { kind: 'open' };
  const parent = row?.parent ?? null;
  return parent === null ? { kind: 'stay' } : { kind: 'go', to: parent };
}
