import type { Choice, Held } from '../../shared/model/choice.ts';
import type { OfferedThing } from '../../shared/model/offered.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import type { Engine } from '../engine/engine.ts';
import { chosenPlaces } from './parse-choice.ts';
import type { Question } from './question-queue.ts';
import type { Screen } from './screen.ts';
import { printable, size, word } from './words.ts';

/** So many fit a screen that can still be read. */
const MAX_LINES = 40;
/** More can be chosen from in a window. */
const MAX_THINGS = 2_000;
const PAGE = 500;

interface Listed {
  /** Of the folder that they are in: the one that holds all of the offer. */
  readonly path: readonly string[];
  readonly things: readonly OfferedThing[];
  readonly total: number;
  readonly all: Held;
}

interface ChoiceAsking {
  readonly engine: Engine;
  readonly screen: Screen;
  /** `choice` undefined: all of it. */
  readonly accept: (transferId: TransferId, choice: Choice | undefined) => void;
  readonly decline: (transferId: TransferId) => void;
}

/** There is more than one thing, and the bare exchange tells of no more than a name. */
export function canChoose({ mode, content, totals }: Transfer): boolean {
  return mode === 'tls' && content === undefined && totals.files + totals.directories > 1;
}

/** Which of it. null: the offer is gone. */
export async function choiceQuestion(
  asking: ChoiceAsking,
  { id }: Transfer,
): Promise<Question | null> {
  const listed = await list(asking.engine, id).catch(() => null);
  return listed && questionOf(asking, id, listed, false);
}

function questionOf(
  asking: ChoiceAsking,
  id: TransferId,
  listed: Listed,
  wasWrong: boolean,
): Question {
  const { screen, accept, decline } = asking;
  const { path, things, all } = listed;
  const names = things.map(({ name }) => name);
  const chosenBy = (typed: string): ReadonlySet<number> | null => chosenPlaces(typed, names);
  return {
    id,
    lines: () => (wasWrong ? [word('terminal.choiceWrong')] : linesOf(listed)),
    words: word('terminal.choiceQuestion'),
    answer: (typed) => {
      const chosen = typed === null ? null : chosenBy(typed);
      if (chosen === null || chosen.size === 0) {
        decline(id);
        return;
      }
      const isAll = chosen.size === listed.total;
      const some = sumOf(things.filter((_, place) => chosen.has(place)));
      const values = { some: some.files, all: all.files, size: size(some.bytes) };
      screen.line(word('terminal.accepting', values));
      accept(id, isAll ? undefined : rules(path, things, chosen));
    },
    asksOn: (typed) =>
      typed !== null && chosenBy(typed) === null
        ? Promise.resolve(questionOf(asking, id, listed, true))
        : null,
  };
}

/** Nothing of the folder but these. */
function rules(
  path: readonly string[],
  things: readonly OfferedThing[],
  chosen: ReadonlySet<number>,
): Choice {
  const wanted = things.filter((_, place) => chosen.has(place));
  return [
    { path, wanted: false },
    ...wanted.map(({ name }) => ({ path: [...path, name], wanted: true })),
  ];
}

function sumOf(things: readonly OfferedThing[]): Pick<Held, 'files' | 'bytes'> {
  return things.reduce(
    (sum, { files, bytes }) => ({ files: sum.files + files, bytes: sum.bytes + bytes }),
    { files: 0, bytes: 0 },
  );
}

/** A folder that is all there is says nothing: what is in it does. */
async function list(engine: Engine, transferId: TransferId): Promise<Listed> {
  const { listOffered } = engine.commands;
  let path: readonly string[] = [];
  let page = await listOffered({ transferId, path, from: 0, count: PAGE });
  for (;;) {
    const [only] = page.things;
    if (page.total !== 1 || only?.kind !== 'folder' || only.children === 0) break;
    path = [...path, only.name];
    page = await listOffered({ transferId, path, from: 0, count: PAGE });
  }
  const things = [...page.things];
  const { total, held: all } = page;
  while (things.length < Math.min(total, MAX_THINGS)) {
    const more = await listOffered({ transferId, path, from: things.length, count: PAGE });
    if (more.things.length === 0) break;
    things.push(...more.things);
  }
  return { path, things, total, all };
}

function linesOf({ things, total }: Listed): readonly string[] {
  const width = String(Math.min(things.length, MAX_LINES)).length;
  const lines = things.slice(0, MAX_LINES).map(({ name, kind, files, bytes }, place) => {
    const what = kind === 'folder' ? `${printable(name)}/` : printable(name);
    const count = kind === 'folder' ? ` (${word('window.size.files', { count: files })})` : '';
    return `${String(place + 1).padStart(width + 2)}  ${what}${count}  ${size(bytes)}`;
  });
  const more = total - lines.length;
  return more > 0 ? [...lines, `  ${word('terminal.andMore', { count: more })}`] : lines;
}
