import type { Place } from './place.ts';
import type { Program } from './programs.ts';
import type { Memory, Stalls } from './results.ts';

/** Somebody who can bring a file or a folder from one end to the other. */
export interface Contender {
  readonly name: string;
  /** What it does and leaves undone. */
  readonly does: string;
  readonly carries: readonly Load[];
  /** The copy must have the times and exec bits too. */
  readonly keepsMetadata: boolean;
  carry(job: Job): Promise<Run>;
  /** Carries it with a probe in both ends, which the time does not count. */
  readonly probe?: (job: Job) => Promise<Stalls>;
}

/** `byte` is a file too, so small that only the way there and back counts. */
export type Load = 'file' | 'folder' | 'byte';

export interface Job {
  /** A file or a folder. */
  readonly source: string;
  /** An empty folder; the copy has the name of the source in it. */
  readonly sink: string;
  readonly place: Place;
}

export interface Run {
  readonly wallMs: number;
  readonly cpuSeconds: number;
  readonly memory?: Memory;
  readonly marksMs?: Readonly<Record<string, number>>;
  readonly lastTenthOverFirst?: number;
}

/** A peer that was looked for on this machine. */
export type Found =
  | { readonly contenders: readonly Contender[]; readonly versions: Versions }
  | { readonly missing: string };

export type Versions = Readonly<Record<string, string>>;

/** When a server has done its part, after its client. */
export type ServerEnd =
  /** At once: it is ended. */
  | 'told'
  /** When its children have ended: then it is ended too. */
  | 'alone'
  /** When it ends by itself: the client is done before all has arrived. */
  | 'itself';

/** Runs a client against a server that listens already; neither outlives it. */
export async function carryBy(
  server: Program,
  port: number,
  startClient: () => Program,
  end: ServerEnd,
): Promise<Run> {
  let client: Program | null = null;
  try {
    await server.listensOn(port);
    const startUpSeconds = await server.cpuSecondsSoFar();
    client = startClient();
    const whole = end === 'itself' ? server.finished() : null;
    const [sent, received] = await Promise.all([client.finished(), whole]);
    if (end === 'alone') await server.isAlone();
    const served = (received ?? (await server.terminate())).cpuSeconds - startUpSeconds;
    const endedMs = Math.max(sent.endedMs, received?.endedMs ?? 0);
    return { wallMs: endedMs - client.startedMs, cpuSeconds: sent.cpuSeconds + served };
  } catch (error) {
    await client?.terminate();
    // the server often knows better why
    const { stderr } = await server.terminate();
    throw stderr === '' ? error : new Error(`${String(error)}\n${stderr}`, { cause: error });
  }
}
