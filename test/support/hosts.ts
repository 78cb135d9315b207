import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/**
 * Hosts of their own on this machine: a network namespace each, joined by one cable (a veth pair).
 * Nothing they send can leave the machine. Each lives as long as a process that waits on our pipe, so
 * that a test run that is killed leaves nothing behind either.
 */
export interface Host {
  readonly name: string;
  /** On the cable, in a /24. */
  readonly address: string;
  /** The cable's end. */
  readonly interface: string;
  /** Puts another cable between the two, of its own name and network: /24, the first three numbers. */
  addCable(name: string, network: string): Promise<void>;
  /** Starts a program on the host; it is ended with the host at the latest. */
  spawn(command: string, args: readonly string[], options?: SpawnOptions): ChildProcess;
  /** Runs a program to its end and answers with what it wrote; throws when it fails. */
  run(command: string, args: readonly string[]): Promise<string>;
  /** Pulls the cable out of this host. */
  linkDown(): Promise<void>;
  /** Puts it back, and waits until the system has seen it. */
  linkUp(): Promise<void>;
}

export interface TwoHosts {
  readonly a: Host;
  readonly b: Host;
}

const COMMAND_TIMEOUT_MS = 10_000;
const START_TIMEOUT_MS = 10_000;
const INTERFACE = 'cable0';
const execute = promisify(execFile);

interface Space {
  readonly process: ChildProcess;
  /** What `nsenter` needs to get inside. */
  readonly enter: readonly string[];
}

/** Makes two hosts that see each other, hands them over, and removes them and all they run. */
export async function withTwoHosts<T>(use: (hosts: TwoHosts) => Promise<T>): Promise<T> {
  const spaces: Space[] = [];
  const children: ChildProcess[] = [];
  try {
    const first = await openSpace('unshare', ['--user', '--map-root-user', '--net']);
    spaces.push(first);
    // The second one belongs to the first one's user, who may therefore plug in both ends.
    const second = await openSpace('nsenter', [...userOf(first), 'unshare', '--net']);
    spaces.push(second);
    await connect(first, second, INTERFACE, '10.77.0');
    const add: AddCable = (name, network) => connect(first, second, name, network);
    return await use({
      a: hostIn(first, 'a', '10.77.0.1', children, add),
      b: hostIn(second, 'b', '10.77.0.2', children, add),
    });
  } finally {
    await Promise.all(children.map(end));
    await Promise.all(spaces.reverse().map((space) => end(space.process)));
  }
}

async function openSpace(command: string, args: readonly string[]): Promise<Space> {
  const wait = ['sh', '-c', 'echo ready; exec cat'];
  const process = spawn(command, [...args, ...wait], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  process.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  const ready = once(process.stdout, 'data', { signal });
  const [outcome] = (await Promise.race([ready, once(process, 'close', { signal })])) as unknown[];
  if (!(outcome instanceof Buffer) || process.pid === undefined) {
    throw new Error(`no network namespace here: ${complaint.trim()}`);
  }
  const enter = [`--target=${process.pid}`, '--user', '--net', '--preserve-credentials'];
  return { process, enter };
}

function userOf(space: Space): readonly string[] {
  return space.enter.filter((word) => word !== '--net');
}

type AddCable = (name: string, network: string) => Promise<void>;

async function connect(first: Space, second: Space, name: string, network: string): Promise<void> {
  const far = String(second.process.pid);
  const cable = ['link', 'add', name, 'type', 'veth', 'peer', 'name', name, 'netns', far];
  await runIn(first, 'ip', cable);
  await plugIn(first, name, `${network}.1/24`);
  await plugIn(second, name, `${network}.2/24`);
  await carrierOn(first, name);
  await carrierOn(second, name);
}

async function plugIn(space: Space, name: string, address: string): Promise<void> {
  await runIn(space, 'ip', ['link', 'set', 'lo', 'up']);
  await runIn(space, 'ip', ['address', 'add', address, 'dev', name]);
  await runIn(space, 'ip', ['link', 'set', name, 'up']);
}

/** The kernel tells programs of a new carrier up to a second after it is there. */
async function carrierOn(space: Space, name: string): Promise<void> {
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  const show = ['-oneline', 'link', 'show', name];
  while (!(await runIn(space, 'ip', show)).includes('state UP')) await delay(20, null, { signal });
}

async function runIn(space: Space, command: string, args: readonly string[]): Promise<string> {
  const inside = [...space.enter, '--', command, ...args];
  const { stdout } = await execute('nsenter', inside, { timeout: COMMAND_TIMEOUT_MS });
  return stdout;
}

function hostIn(
  space: Space,
  name: string,
  address: string,
  children: ChildProcess[],
  addCable: AddCable,
): Host {
  const setLink = async (state: string) => {
    await runIn(space, 'ip', ['link', 'set', INTERFACE, state]);
  };
  return {
    name,
    address,
    interface: INTERFACE,
    addCable,
    spawn: (command, args, options = {}) => {
      const child = spawn('nsenter', [...space.enter, '--', command, ...args], options);
      children.push(child);
      return child;
    },
    run: (command, args) => runIn(space, command, args),
    linkDown: () => setLink('down'),
    linkUp: async () => {
      await setLink('up');
      await carrierOn(space, INTERFACE);
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
