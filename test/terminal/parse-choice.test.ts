import { describe, expect, test } from 'vitest';
import { chosenPlaces } from '../../electron/terminal/parse-choice.ts';

/** If these fail, a person gets other files than those that they named. */

const NAMES = ['a.jpg', 'B.JPG', 'notes', '7', 'c (1).txt', 'd-e.[x]', '.*'];

function chosen(typed: string): readonly string[] | null {
  const places = chosenPlaces(typed, NAMES);
  return places && [...places].map((place) => NAMES[place] ?? '');
}

describe('what is typed', () => {
  test.each([
    ['1', ['a.jpg']],
    ['2-4', ['B.JPG', 'notes', '7']],
    [' 3 , 1 ', ['notes', 'a.jpg']],
    ['1,1-2', ['a.jpg', 'B.JPG']],
    ['*.jpg', ['a.jpg', 'B.JPG']],
    ['?.jpg', ['a.jpg', 'B.JPG']],
    ['NOTES', ['notes']],
    ['7', ['.*']],
    ['c (1).txt', ['c (1).txt']],
    ['d-e.[x]', ['d-e.[x]']],
    ['1、3', ['a.jpg', 'notes']],
    ['*', NAMES],
    ['', []],
    [' , ', []],
  ])('%j chooses %j', (typed, names) => {
    expect(chosen(typed)).toEqual(names);
  });

  test.each(['0', '8', '2-1', '6-8', 'x', '*.png', '1,x', 'a.jp', '.jpg', '1-', '-1', 'aXjpg'])(
    '%j is not in the list',
    (typed) => {
      expect(chosen(typed)).toBeNull();
    },
  );

  test('of long names is found in steps that can be counted, whatever stands in it', () => {
    const many = Array.from({ length: 2_000 }, (_, n) => `${'a'.repeat(200)}${n}`);
    expect(chosenPlaces(`${'*a'.repeat(40)}b`, many.slice(0, 20))).toBeNull();
  });
});
