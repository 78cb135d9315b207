import { useEffect, useState } from 'react';
import type { DragEvent } from 'react';

export interface FileDrop {
  readonly isOver: boolean;
  readonly handlers: {
    readonly onDragEnter: (event: DragEvent) => void;
    readonly onDragOver: (event: DragEvent) => void;
    readonly onDragLeave: (event: DragEvent) => void;
    readonly onDrop: (event: DragEvent) => void;
  };
}

/** Files, and what a browser gives away: a link, a part of a text. */
const TAKEN = ['Files', 'text/uri-list', 'text/plain'] as const;

/** What is dragged out of this window was not meant for it. */
let isOwnDrag = false;

export function isTaken({ dataTransfer }: Pick<globalThis.DragEvent, 'dataTransfer'>): boolean {
  return !isOwnDrag && TAKEN.some((type) => dataTransfer?.types.includes(type) === true);
}

/** Tells what is dragged in from what is dragged out; once for a window. */
export function useOwnDrags(): void {
  useEffect(() => {
    const begin = (): void => {
      isOwnDrag = true;
    };
    const end = (): void => {
      isOwnDrag = false;
    };
    window.addEventListener('dragstart', begin);
    window.addEventListener('dragend', end);
    return () => {
      window.removeEventListener('dragstart', begin);
      window.removeEventListener('dragend', end);
      isOwnDrag = false;
    };
  }, []);
}

/**
 * Makes an element take what is dropped on it. Where one lies in another, the inner one takes it.
 */
export function useFileDrop(onDrop: (data: DataTransfer) => void): FileDrop {
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent) => {
    if (!isTaken(event)) return;
    // An element inside this one takes it.
    if (event.defaultPrevented) {
      setOver(false);
      return;
    }
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    setOver(true);
  };
  return {
    isOver,
    handlers: {
      onDragEnter: over,
      onDragOver: over,
      onDragLeave: (event) => {
        const to = event.relatedTarget;
        if (to instanceof Node && event.currentTarget.contains(to)) return;
        setOver(false);
      },
      onDrop: (event) => {
        setOver(false);
        if (!isTaken(event) || event.defaultPrevented) return;
        event.preventDefault();
        onDrop(event.dataTransfer);
      },
    },
  };
}
