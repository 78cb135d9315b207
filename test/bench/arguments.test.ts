import { describe, expect, it } from 'vitest';
import { isWanted, readArguments, WrongArguments } from './arguments.ts';

describe('the words of the bench', () => {
  it('are five rounds of everything when there are none', () => {
    const options = readArguments([], 7);
    expect(options).toMatchObject({ quick: false, rounds: 5, only: [], nodes: [], seed: 7 });
    expect(options.fileBytes).toBe(4 * 1024 ** 3);
  });

  it('make a quick run smaller, unless a size is given', () => {
    expect(readArguments(['--quick'], 1).fileBytes).toBe(1024 ** 3);
    expect(readArguments(['--quick', '--size', '3'], 1).fileBytes).toBe(3 * 1024 ** 2);
  });

  it('may come more than once where that means something', () => {
    const words = ['--only', 'file', '--only', 'rsync', '--node', 'a', '--node', 'b'];
    expect(readArguments(words, 1)).toMatchObject({ only: ['file', 'rsync'], nodes: ['a', 'b'] });
  });

  it.each([
    ['--rounds', '0'],
    ['--rounds', '-1'],
    ['--rounds', '1e1'],
    ['--rounds', '101'],
    ['--size', 'big'],
    ['--sizes', '1'],
    ['file'],
  ])('are refused where they mean nothing: %s %s', (...words) => {
    expect(() => readArguments(words, 1)).toThrow(WrongArguments);
  });

  it('may ask for what grows, for a long run, or for the window', () => {
    expect(readArguments(['--window'], 1).mode).toBe('window');
    expect(readArguments(['--growth'], 1).mode).toBe('growth');
    const soak = readArguments(['--soak', '--transfers', '50'], 1);
    expect(soak).toMatchObject({ mode: 'soak', transfers: 50 });
    expect(readArguments(['--soak'], 1).transfers).toBe(10_000);
  });

  it('choose by how a name begins', () => {
    expect(isWanted('rsync daemon', ['rsync'])).toBe(true);
    expect(isWanted('rsync daemon', ['scp'])).toBe(false);
    expect(isWanted('rsync daemon', [])).toBe(true);
  });
});
