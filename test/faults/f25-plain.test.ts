import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PLAIN_NAME_QUIET_MS } from '../../shared/protocol/limits.ts';
import { holdBaseline } from './support/baseline.ts';
import { promise } from './support/matrix.ts';
import { look } from './support/oracle.ts';
import { Bench } from '../support/transfer-pair.ts';

/** If this fails, a file that a dead sender left half is shown as complete or verified. */

const KIB = 1024;

promise({
  id: 'F25',
  says: 'what comes by the bare exchange is never verified, and one that is cut by a reset is not there',
  quick: 6,
  full: 200,
  run: async (random, trial) => {
    await look(trial.folder, { versions: {} });
    const atBaseline = holdBaseline();
    const bench = new Bench();
    trial.atEnd(async () => {
      await bench.stop();
      await atBaseline().finally(() => bench.remove());
    });
    const receiver = await bench.receiver({ mode: 'plain' });
    const socket = connect(receiver.port, '127.0.0.1');
    socket.on('error', () => undefined);
    const closed = once(socket, 'close').catch(() => undefined);
    await once(socket, 'connect');
    socket.write('half.bin');
    await once(socket, 'data');
    const sent = random.int(0, 600) * KIB;
    if (sent > 0) await new Promise((resolve) => socket.write(Buffer.alloc(sent, 7), resolve));
    if (random.chance(0.5)) await delay(random.int(0, PLAIN_NAME_QUIET_MS));
    // a program that is killed ends its side as if it were done; a network that breaks does not
    const how = random.pick(['killed', 'reset'] as const);
    if (how === 'killed') socket.end();
    else socket.resetAndDestroy();
    await closed;
    const [offered] = receiver.events.filter((event) => event.kind === 'offered');
    if (!offered) throw new Error('it was not offered');
    const { outcome } = await receiver.event('ended', offered.transferId);
    if (outcome.kind === 'delivered' && (outcome.verified || outcome.hash !== null)) {
      throw new Error('it is called verified');
    }
    if ((outcome.kind === 'delivered') !== (how === 'killed')) {
      throw new Error(`${how} with ${sent} bytes: ${JSON.stringify(outcome)}`);
    }
    const { found, hidden } = await look(receiver.directory, { versions: {} });
    const files = found.filter(({ kind }) => kind === 'file');
    if (files.length !== (how === 'killed' ? 1 : 0)) throw new Error(JSON.stringify(files));
    // as far as it came it is what was sent, and nothing else
    const came = how === 'killed' ? readFileSync(join(receiver.directory, 'half.bin')) : null;
    if (came && !came.equals(Buffer.alloc(sent, 7))) throw new Error(`${came.length} other bytes`);
    if (hidden.length > 0) throw new Error(`left over: ${hidden.join()}`);
    return undefined;
  },
});
