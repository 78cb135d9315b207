import { z } from 'zod';

/**
 * What accepting an offer would do to a folder, as it looked when somebody asked. It is told to a person
 * before they answer; the delivery itself trusts none of it.
 */

/** Examples of anything in a plan: the lists themselves may be long. */
export const MAX_PLAN_ITEMS = 20;
export const MAX_PLAN_EXAMPLES = 10;

/** What becomes of a name that is taken. Whatever is chosen, nothing is ever lost by it. */
export const EXISTING_CHOICES = ['keepBoth', 'skipIdentical', 'replace'] as const;
export const existingChoiceSchema = z.enum(EXISTING_CHOICES);
export type ExistingChoice = z.infer<typeof existingChoiceSchema>;

/** `items`: what differs from `forAll`, by the name of a top item as it is saved. */
export interface ExistingChoices {
  readonly forAll: ExistingChoice;
  readonly items: Readonly<Record<string, ExistingChoice>>;
}

export const KEEP_BOTH: ExistingChoices = { forAll: 'keepBoth', items: {} };

const MAX_NAME_UNITS = 1024;

export const existingChoicesSchema: z.ZodType<ExistingChoices> = z.object({
  forAll: existingChoiceSchema,
  // not z.record, which drops a file's name like __proto__ and with it the choice
  items: z.custom<ExistingChoices['items']>(isChoiceByName),
});

function isChoiceByName(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const choices = Object.entries(value);
  return (
    choices.length <= MAX_PLAN_ITEMS &&
    choices.every(
      ([name, choice]) =>
        name.length <= MAX_NAME_UNITS && existingChoiceSchema.safeParse(choice).success,
    )
  );
}

export function choiceFor({ forAll, items }: ExistingChoices, name: string): ExistingChoice {
  return Object.hasOwn(items, name) ? (items[name] ?? forAll) : forAll;
}

/** A top item whose name is taken, and the files in it that meet one: by size and time only. */
export interface ExistingItem {
  /** As it is saved. */
  readonly name: string;
  readonly kind: 'file' | 'folder';
  readonly sameSizeAndTime: number;
  /** What those hold. */
  readonly sameBytes: number;
  /** Another file is there, or something that no file can be compared with. */
  readonly differs: number;
}

export interface Plan {
  /** Absolute: the folder that was looked at. */
  readonly directory: string;
  /** What would be written if nothing was skipped: all that is chosen except what is too big. */
  readonly files: number;
  readonly bytes: number;
  /** Files that are not chosen; absent: none. */
  readonly unwantedFiles?: number;
  readonly freeBytes: number;
  /** Kept free in any case. */
  readonly reserveBytes: number;
  /** There is room for all of it. */
  readonly fits: boolean;
  readonly existing: {
    /** Top items; the other numbers count files. */
    readonly count: number;
    readonly sameSizeAndTime: number;
    readonly sameBytes: number;
    readonly differs: number;
    /** The first few. */
    readonly items: readonly ExistingItem[];
  };
  /** Names that cannot be saved as they are, each once however much lies below it. */
  readonly renamed: {
    readonly count: number;
    readonly examples: readonly { readonly from: string; readonly to: string }[];
  };
  /** Files beyond what the file system holds; it is not known of every one. */
  readonly tooBig: {
    readonly count: number;
    readonly examples: readonly string[];
    readonly limitBytes: number | null;
  };
}

export function newFiles({ files, existing }: Plan): number {
  return files - existing.sameSizeAndTime - existing.differs;
}

/** Something will not be there as the sender has it. */
export function hasDetails({ existing, renamed, tooBig }: Plan): boolean {
  return existing.count + renamed.count + tooBig.count > 0;
}

/** How much room there is too little; 0: it fits. What writes nothing fits on a full disk. */
export function missingBytes(
  { freeBytes, reserveBytes }: Pick<Plan, 'freeBytes' | 'reserveBytes'>,
  bytes: number,
): number {
  return bytes === 0 ? 0 : Math.max(0, bytes + reserveBytes - freeBytes);
}

/** What a person's choices leave to be written. What is replaced needs its room until it may go. */
export function bytesToWrite({ bytes, existing }: Plan, choices: ExistingChoices): number {
  let skipped = choices.forAll === 'skipIdentical' ? existing.sameBytes : 0;
  for (const { name, sameBytes } of existing.items) {
    const choice = choiceFor(choices, name);
    if (choice === choices.forAll) continue;
    if (choice === 'skipIdentical') skipped += sameBytes;
    else if (choices.forAll === 'skipIdentical') skipped -= sameBytes;
  }
  return bytes - skipped;
}
