import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { FRAME_TYPES } from '../../../shared/protocol/frame.ts';
import {
  MAX_THUMBNAILS,
  MAX_THUMBNAILS_BYTES,
  MAX_THUMBNAIL_BYTES,
  MAX_THUMBNAIL_PIXELS,
} from '../../../shared/protocol/limits.ts';
import type { Entry, Message } from '../../../shared/protocol/messages.ts';
import { decodeMessage } from '../../../shared/protocol/messages.ts';
import type { ReceiverInput, ReceiverState } from '../../../shared/protocol/receiver.ts';
import { createReceiver, stepReceiver } from '../../../shared/protocol/receiver.ts';
import type { SenderInput, SenderState } from '../../../shared/protocol/sender.ts';
import { createSender, stepSender } from '../../../shared/protocol/sender.ts';
import { isSmallJpeg } from '../../../shared/protocol/small-jpeg.ts';
import { isPicture, pictureSteps } from '../../../shared/protocol/thumbnails.ts';
import { atOnce } from '../../../shared/protocol/steps.ts';
import { jpegOf } from '../../support/pictures.ts';

/** What a stranger may show before it is let in: a few small pictures of what it offers, and only if asked. */

const JPEG = jpegOf(16, 12);
const greeting = { name: 'one', platform: 'linux', hashes: ['sha256'] } as const;
const file = (name: string, bytes = 9): Entry => ({ kind: 'file', path: ['album', name], bytes });

function offerOf(entries: readonly Entry[]) {
  const files = entries.filter(({ kind }) => kind === 'file');
  return {
    transferId: '00'.repeat(16) as TransferId,
    items: [{ name: 'album', kind: 'folder' as const }],
    itemCount: 1,
    files: files.length,
    directories: entries.length - files.length,
    bytes: files.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.bytes : 0), 0),
    leftOut: 0,
  };
}

const ENTRIES: readonly Entry[] = [
  { kind: 'directory', path: ['album'] },
  file('a.jpg'),
  file('b.PNG'),
  file('c.txt'),
  file('d.webp', 0),
  file('e.gif'),
];

/** What the receiver is in and says, after all that. */
function receive(inputs: readonly ReceiverInput[], promised = 3, entries = ENTRIES) {
  const first = createReceiver(greeting);
  let state: ReceiverState = first.state;
  const effects = [...first.effects];
  const said = (message: Message): ReceiverInput => ({ kind: 'message', message });
  const before = [
    said({
      type: 'hello',
      versions: [1],
      ...greeting,
      hashes: ['sha256'],
      ...(promised > 0 && { thumbnails: promised }),
    }),
    said({ type: 'offer', ...offerOf(entries) }),
    said({ type: 'entries', entries: [...entries] }),
  ];
  for (const input of [...before, ...inputs]) {
    const step = stepReceiver(state, input);
    state = step.state;
    effects.push(...step.effects);
  }
  const shown = effects.flatMap((one) => (one.kind === 'thumbnail' ? [one.index] : []));
  const end = effects.find((one) => one.kind === 'end');
  const code = end?.outcome.kind === 'failed' ? end.outcome.failure.code : null;
  const sent = effects.flatMap((one) => (one.kind === 'send' ? [one.message.type] : []));
  return { state, shown, code, sent };
}

const ask: ReceiverInput = { kind: 'askThumbnails' };
const accept: ReceiverInput = { kind: 'accept', have: [], published: [], skip: [] };
const thumbnail = (index: number, jpeg = JPEG): ReceiverInput => ({
  kind: 'message',
  message: { type: 'thumbnail', index, jpeg },
});

describe('a receiver', () => {
  test('asks once, and takes what comes', () => {
    const { shown, code, sent } = receive([ask, ask, thumbnail(2), thumbnail(1), thumbnail(5)]);
    expect(shown).toEqual([2, 1, 5]);
    expect(code).toBeNull();
    expect(sent.filter((type) => type === 'thumbnails')).toHaveLength(1);
  });

  test('never asks one that knows nothing of it', () => {
    expect(receive([ask], 0).sent).not.toContain('thumbnails');
  });

  test('passes over what crossed with its answer, but nothing later', () => {
    expect(receive([ask, thumbnail(1), accept, thumbnail(2)]).code).toBeNull();
    const begun: ReceiverInput = {
      kind: 'message',
      message: { type: 'file', index: 1, offset: 0, bytes: 9 },
    };
    expect(receive([ask, accept, begun, thumbnail(2)]).code).toBe('PROTOCOL_VIOLATION');
    expect(receive([ask, accept, begun]).code).toBeNull();
  });

  test.each([
    ['unasked', [thumbnail(1)]],
    ['of a directory', [ask, thumbnail(0)]],
    ['of what is called otherwise', [ask, thumbnail(3)]],
    ['of an empty file', [ask, thumbnail(4)]],
    ['of nothing', [ask, thumbnail(6)]],
    ['twice', [ask, thumbnail(1), thumbnail(1)]],
    ['that is no small picture', [ask, thumbnail(1, Uint8Array.of(1, 2, 3))]],
    ['unasked, after the answer', [accept, thumbnail(1)]],
  ] satisfies [string, ReceiverInput[]][])('ends where one comes %s', (_, inputs) => {
    expect(receive(inputs).code).toBe('PROTOCOL_VIOLATION');
  });

  test('ends where more come than were promised, or than may be', () => {
    expect(receive([ask, thumbnail(1)], 1).code).toBeNull();
    expect(receive([ask, thumbnail(1), thumbnail(2)], 1).code).toBe('PROTOCOL_VIOLATION');
    const many = Array.from({ length: MAX_THUMBNAILS + 1 }, (_, n) => file(`${n}.jpg`));
    const all = many.map((_, index) => thumbnail(index));
    expect(receive([ask, ...all.slice(0, -1)], 65_535, many).code).toBeNull();
    expect(receive([ask, ...all], 65_535, many).code).toBe('PROTOCOL_VIOLATION');
  });

  test('ends where all of them together are too large', () => {
    const large = withScan(MAX_THUMBNAIL_BYTES - 400);
    expect(isSmallJpeg(large)).toBe(true);
    const count = Math.floor(MAX_THUMBNAILS_BYTES / large.length);
    const many = Array.from({ length: count + 1 }, (_, n) => file(`${n}.jpg`));
    const all = many.map((_, index) => thumbnail(index, large));
    expect(receive([ask, ...all.slice(0, -1)], 48, many).code).toBeNull();
    expect(receive([ask, ...all], 48, many).code).toBe('PROTOCOL_VIOLATION');
  });

  test('does not read one that is too large', () => {
    const payload = new Uint8Array(4 + MAX_THUMBNAIL_BYTES + 1);
    expect(decodeMessage(FRAME_TYPES.thumbnail, payload)).toBeNull();
    expect(decodeMessage(FRAME_TYPES.thumbnail, payload.subarray(1))).not.toBeNull();
    expect(decodeMessage(FRAME_TYPES.thumbnail, payload.subarray(0, 4))).toBeNull();
  });
});

describe('a sender', () => {
  const hello: Message = { type: 'hello', versions: [1], ...greeting, hashes: ['sha256'] };
  const says = (message: Message): SenderInput => ({ kind: 'message', message });
  const listed: SenderInput = { kind: 'entriesSent' };
  const shows: SenderInput = { kind: 'thumbnail', index: 1, jpeg: JPEG };

  function send(inputs: readonly SenderInput[], thumbnails = 3) {
    let state: SenderState = createSender({ ...greeting, thumbnails }, offerOf(ENTRIES), ENTRIES);
    const kinds: string[] = [];
    for (const input of [says(hello), ...inputs]) {
      const step = stepSender(state, input);
      state = step.state;
      for (const one of step.effects) kinds.push(one.kind === 'send' ? one.message.type : one.kind);
    }
    return { kinds, phase: state.phase };
  }

  test('shows nothing before it is asked, and nothing after the answer', () => {
    expect(send([listed, shows]).kinds).not.toContain('thumbnail');
    const asked = [listed, says({ type: 'thumbnails' })];
    expect(send([...asked, shows]).kinds).toEqual(
      expect.arrayContaining(['makeThumbnails', 'thumbnail']),
    );
    expect(send([...asked, says({ type: 'ok' }), shows]).kinds).not.toContain('thumbnail');
    expect(
      send([...asked, says({ type: 'decline', code: 'DECLINED' }), shows]).kinds,
    ).not.toContain('thumbnail');
  });

  test.each([
    ['before its list is whole', [says({ type: 'thumbnails' })], 3],
    ['twice', [listed, says({ type: 'thumbnails' }), says({ type: 'thumbnails' })], 3],
    ['although it has none', [listed, says({ type: 'thumbnails' })], 0],
    ['after the answer', [listed, says({ type: 'ok' }), says({ type: 'thumbnails' })], 3],
  ] satisfies [string, SenderInput[], number][])(
    'ends where it is asked %s',
    (_, inputs, count) => {
      const { kinds, phase } = send(inputs, count);
      expect(kinds).toContain('error');
      expect(phase).toBe('ended');
    },
  );
});

/** A whole picture, with as much in its scan as the test wants. */
function withScan(bytes: number): Uint8Array {
  return Uint8Array.from([...JPEG.subarray(0, -2), ...new Uint8Array(bytes), 0xff, 0xd9]);
}

describe('what a thumbnail may be', () => {
  const start = JPEG.subarray(0, 2);
  const rest = JPEG.subarray(2);
  const segment = (type: number, body: Uint8Array): Uint8Array => {
    const length = body.length + 2;
    return Uint8Array.from([...start, 0xff, type, length >> 8, length & 255, ...body, ...rest]);
  };

  test('is a small picture', () => {
    expect(isSmallJpeg(JPEG)).toBe(true);
    expect(isSmallJpeg(jpegOf(MAX_THUMBNAIL_PIXELS, 1))).toBe(true);
  });

  test('is none that is larger, either way', () => {
    expect(isSmallJpeg(jpegOf(MAX_THUMBNAIL_PIXELS + 1, 8))).toBe(false);
    expect(isSmallJpeg(jpegOf(8, MAX_THUMBNAIL_PIXELS + 1))).toBe(false);
  });

  test('has no segment but those that its pixels need', () => {
    const needed = new Set([0xc4, 0xdb, 0xdd]);
    const any = fc.record({
      type: fc.integer({ min: 0, max: 255 }).filter((type) => !needed.has(type)),
      body: fc.uint8Array({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(any, ({ type, body }) => {
        expect(isSmallJpeg(segment(type, body))).toBe(false);
      }),
    );
  });

  test('is whole, and nothing is behind it', () => {
    for (let bytes = 0; bytes < JPEG.length; bytes++) {
      expect(isSmallJpeg(JPEG.subarray(0, bytes)), `${bytes}`).toBe(false);
    }
    const more = fc.uint8Array({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(more, (bytes) => {
        expect(isSmallJpeg(Uint8Array.from([...JPEG, ...bytes]))).toBe(false);
        expect(isSmallJpeg(Uint8Array.from([...JPEG, ...bytes, 0xff, 0xd9]))).toBe(false);
      }),
    );
  });

  test('is never read beyond its end, whatever it holds', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.record({ at: fc.nat(JPEG.length - 1), byte: fc.nat(255) }).map(({ at, byte }) => {
        const changed = Uint8Array.from(JPEG);
        changed[at] = byte;
        return changed;
      }),
    );
    fc.assert(
      fc.property(bytes, (one) => {
        expect(typeof isSmallJpeg(one)).toBe('boolean');
      }),
    );
  });
});

test('pictures are known by their names, the first of them', () => {
  for (const name of ['a.jpg', 'A.JPEG', 'b.png', 'c.gif', 'd.WebP', 'e.jfif']) {
    expect(isPicture(file(name)), name).toBe(true);
  }
  for (const name of ['jpg', 'a.jpg.exe', 'a.svg', 'a.txt', 'a.jpg ', '']) {
    expect(isPicture(file(name)), name).toBe(false);
  }
  expect(isPicture({ kind: 'directory', path: ['a.jpg'] })).toBe(false);
  expect(isPicture(undefined)).toBe(false);
  expect(atOnce(pictureSteps(ENTRIES))).toEqual([1, 2, 5]);
  const many = Array.from({ length: 100 }, (_, n) => file(`${n}.jpg`));
  expect(atOnce(pictureSteps(many))).toHaveLength(MAX_THUMBNAILS);
});
