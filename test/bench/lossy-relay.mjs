import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/**
 * `lossy-relay.mjs HOST PORT OWN_PORT HOST PORT OWN_PORT DELAY_MS LOST_PART`: every packet that comes to one
 * of the own ports leaves by the other, late, or not at all. It says at its end how many it was.
 */
const [nearHost, nearPort, nearOwn, farHost, farPort, farOwn, delayMs, lostPart] =
  process.argv.slice(2);
const BUFFER_BYTES = 4 * 1024 * 1024;
const bind = process.argv[2];

let seen = 0;
let lost = 0;

/** @param {string} own */
async function open(own) {
  const socket = createSocket({ type: 'udp4', recvBufferSize: BUFFER_BYTES });
  socket.bind(Number(own), bind);
  await once(socket, 'listening');
  return socket;
}

/** @param {import('node:dgram').Socket} from @param {(packet: Buffer) => void} send */
function relay(from, send) {
  /** @type {{ dueMs: number, packet: Buffer }[]} */
  let waiting = [];
  let isSet = false;
  const release = () => {
    isSet = false;
    const nowMs = performance.now();
    const due = waiting.findIndex(({ dueMs }) => dueMs > nowMs);
    const ready = due < 0 ? waiting : waiting.slice(0, due);
    waiting = due < 0 ? [] : waiting.slice(due);
    for (const { packet } of ready) send(packet);
    set();
  };
  const set = () => {
    const [next] = waiting;
    if (isSet || !next) return;
    isSet = true;
    setTimeout(release, Math.max(0, next.dueMs - performance.now()));
  };
  from.on('message', (packet) => {
    seen++;
    if (Math.random() < Number(lostPart)) {
      lost++;
      return;
    }
    waiting.push({ dueMs: performance.now() + Number(delayMs), packet });
    set();
  });
}

const [near, far] = await Promise.all([open(nearOwn), open(farOwn)]);
// a program at the other end that is gone is no reason to end
for (const socket of [near, far]) socket.on('error', () => undefined);
relay(near, (packet) => far.send(packet, Number(farPort), farHost));
relay(far, (packet) => near.send(packet, Number(nearPort), nearHost));
console.log('ready');
process.on('SIGTERM', () => {
  process.stderr.write(`${seen} packets, ${lost} lost\n`);
  process.exit();
});
