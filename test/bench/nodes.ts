import { execFileSync } from 'node:child_process';
import { WrongArguments } from './arguments.ts';

/** A Node program that runs Dropline. */
export interface Node {
  readonly path: string;
  readonly version: string;
  readonly openssl: string;
}

/** Each is a contender of its own, named by its version. Throws where two would be one. */
export function askNodes(paths: readonly string[]): Node[] {
  const nodes: Node[] = [];
  for (const path of paths) {
    const node = askNode(path);
    const same = nodes.find(({ version }) => version === node.version);
    if (same) {
      const both = `${path} and ${same.path} are both Node ${node.version}`;
      throw new WrongArguments(`--node takes another version each time: ${both}`);
    }
    nodes.push(node);
  }
  return nodes;
}

function askNode(path: string): Node {
  const [version, openssl] = sayVersions(path);
  if (version === undefined || openssl === undefined || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new WrongArguments(`--node takes the path of a Node program, and ${path} is none`);
  }
  return { path, version, openssl };
}

function sayVersions(path: string): string[] {
  const ask = "process.versions.node + ' ' + process.versions.openssl";
  try {
    const said = execFileSync(path, ['-p', ask], { encoding: 'utf8', stdio: 'pipe' });
    return said.trim().split(' ');
  } catch {
    return []; // it is not there, cannot be run, or does not know the words
  }
}
