import type { Plan } from '../../shared/model/plan.ts';

/** What a plan can say, for tests and for looking at. */

export const NOTHING_THERE: Plan['existing'] = {
  count: 0,
  sameSizeAndTime: 0,
  sameBytes: 0,
  differs: 0,
  items: [],
};

export function plan(more: Partial<Plan> = {}): Plan {
  return {
    directory: '/home/mara/Downloads',
    files: 314,
    bytes: 3_402_000_000,
    freeBytes: 88_000_000_000,
    reserveBytes: 1_073_741_824,
    fits: true,
    existing: NOTHING_THERE,
    renamed: { count: 0, examples: [] },
    tooBig: { count: 0, examples: [], limitBytes: null },
    ...more,
  };
}

export const SOME_THERE: Plan['existing'] = {
  count: 2,
  sameSizeAndTime: 40,
  sameBytes: 1_200_000_000,
  differs: 1,
  items: [
    {
      name: 'Summer in Lisbon',
      kind: 'folder',
      sameSizeAndTime: 40,
      sameBytes: 1_200_000_000,
      differs: 0,
    },
    { name: 'Tickets.pdf', kind: 'file', sameSizeAndTime: 0, sameBytes: 0, differs: 1 },
  ],
};

export const everythingAtOnce = plan({
  existing: SOME_THERE,
  renamed: {
    count: 2,
    examples: [
      { from: 'Summer in Lisbon/12:30.jpg', to: 'Summer in Lisbon/12_30.jpg' },
      { from: 'Summer in Lisbon/what?.txt', to: 'Summer in Lisbon/what_.txt' },
    ],
  },
  tooBig: { count: 1, examples: ['Summer in Lisbon/film.mov'], limitBytes: 4_294_967_295 },
});

/** Too little for all of it; enough for what is not there yet. */
export const littleRoom = plan({
  freeBytes: 3_400_000_000,
  fits: false,
  existing: SOME_THERE,
});
