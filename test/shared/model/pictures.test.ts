import { expect, test } from 'vitest';
import { mayShowPictures } from '../../../shared/model/pictures.ts';

test('pictures are shown of those who are known, and of others to whoever asks', () => {
  const from = (verified: boolean) => ({ peer: { verified } });
  expect(mayShowPictures(from(false), false)).toBe(false);
  expect(mayShowPictures(from(false), true)).toBe(true);
  expect(mayShowPictures(from(true), false)).toBe(true);
});
