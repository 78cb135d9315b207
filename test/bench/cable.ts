import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Place } from './place.ts';
import type { Program, Programs } from './programs.ts';

export type Tell = (command: string, words: string) => void;

/** A second host: a network namespace with its own end of a cable. Clients are on the first. */
export interface Cable {
  readonly here: string;
  readonly there: string;
  readonly interface: string;
  /** Runs `ip` or `tc` on the first host. */
  readonly tellHere: Tell;
  /** Runs them on the second. */
  readonly tellThere: Tell;
  /** Where the far end is told to be reached at that address. */
  placeAt(address: string): Place;
  startThere(command: string, args: readonly string[]): Program;
  readonly stop: () => Promise<void>;
}

const INTERFACE = 'cable0';
const [HERE, THERE] = ['10.78.0.1', '10.78.0.2'] as const;
const LOOK_EVERY_MS = 5;

/** The first host is the namespace of the bench; only inside it can there be a second. */
export async function layCable(programs: Programs): Promise<Cable> {
  const host = programs.start('unshare', ['--net', 'sleep', 'infinity']);
  const pid = await host.pid;
  const network = `/proc/${pid}/ns/net`;
  const own = readlinkSync('/proc/self/ns/net');
  while (readlinkSync(network) === own) await delay(LOOK_EVERY_MS);
  const inside = [`--net=${network}`, '--'];
  const tellHere = (command: string, words: string) => tell([command, ...words.split(' ')]);
  const tellThere = (command: string, words: string) =>
    tell(['nsenter', ...inside, command, ...words.split(' ')]);
  tellHere('ip', `link add ${INTERFACE} type veth peer name ${INTERFACE} netns ${pid}`);
  for (const [on, address] of [
    [tellHere, HERE],
    [tellThere, THERE],
  ] as const) {
    on('ip', 'link set lo up');
    on('ip', `address add ${address}/24 dev ${INTERFACE}`);
    on('ip', `link set ${INTERFACE} up`);
    on('ip', `route change 10.78.0.0/24 dev ${INTERFACE} congctl cubic`);
  }
  return {
    here: HERE,
    there: THERE,
    interface: INTERFACE,
    tellHere,
    tellThere,
    startThere: (command, args) => programs.start('nsenter', [...inside, command, ...args]),
    placeAt: (address) => ({
      address,
      startServer: (command, args, options) =>
        programs.start('nsenter', [...inside, command, ...args], options),
      startClient: (...start) => programs.start(...start),
    }),
    stop: async () => {
      await host.terminate();
    },
  };
}

function tell([command = '', ...args]: readonly string[]): void {
  execFileSync(command, args, { stdio: 'pipe' });
}
