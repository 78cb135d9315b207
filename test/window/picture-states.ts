import type { OfferedPicture } from '../../shared/model/pictures.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import { jpegOf } from '../support/pictures.ts';
import { peerId } from '../support/shown-devices.ts';
import { transfer } from '../support/shown-transfers.ts';
import { snapshot } from '../support/snapshots.ts';

/** Offers of pictures, and what they look like. */

const NAMES = ['IMG_4211.JPG', 'IMG_4212.JPG', 'Tram 28.png', 'Alfama, seen from the castle.webp'];

/** A hill before a sky, in colours of its own. */
function hill(at: number, width: number, height: number): string {
  const jpeg = jpegOf(width, height, (x, y) => {
    const ground = height * (0.55 + 0.2 * Math.sin(x / 17 + at * 2));
    if ((x - width * 0.7) ** 2 + (y - height * 0.25) ** 2 < 90) return [255, 238, 170, 255];
    const depth = y / height;
    if (y < ground) return [(60 + at * 38) % 256, 130 + 60 * depth, 220 - 20 * at, 255];
    return [(30 + at * 20) % 256, 110 - 60 * depth + 8 * at, 60, 255];
  });
  return Buffer.from(jpeg).toString('base64');
}

const pictures = (path: (name: string) => readonly string[]): OfferedPicture[] =>
  NAMES.map((name, at) => ({
    path: path(name),
    jpeg: at === 1 ? hill(at, 72, 128) : hill(at, 128, 96),
  }));

const offered = (come: number) => {
  return { phase: 'offered', plan: null, pictures: { offered: 12, come } } as const;
};
const album = {
  direction: 'receive',
  items: [{ name: 'Lisbon', kind: 'folder' }],
  totals: { files: 12, directories: 1, bytes: 41_300_000 },
} as const;
const several: Transfer = transfer(offered(4), {
  direction: 'receive',
  who: 'Workshop PC',
  peer: { id: peerId('77e0'), name: 'Workshop PC', address: '192.168.1.44', verified: true },
  items: [...NAMES, 'route.gpx'].map((name) => ({ name, kind: 'file' })),
  itemCount: 12,
  totals: { files: 12, directories: 0, bytes: 41_300_000 },
});

const answers = (list: readonly OfferedPicture[]) => {
  return { listPictures: { ok: true, value: list }, plan: { ok: true, value: null } };
};

const things = [...NAMES, 'route.gpx'].map((name) => {
  return { name, kind: 'file', files: 1, bytes: 3_400_000, emptyFolders: 0, children: 0 };
});
const held = { files: 5, bytes: 17_000_000, emptyFolders: 0 };

export const beside = {
  snapshot: snapshot({ transfers: [several] }),
  answers: {
    ...answers(pictures((name) => [name])),
    listOffered: { ok: true, value: { things, total: things.length, held } },
  },
};
export const ofStranger = {
  snapshot: snapshot({ transfers: [transfer(offered(4), album)] }),
  answers: answers(pictures((name) => ['Lisbon', name])),
};
