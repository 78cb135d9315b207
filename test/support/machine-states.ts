import { bytesOf } from './memory-tree.ts';
import { runSession } from './wire.ts';

/** The states of both machines in a session that goes all its way, with a file that cannot be read. */

export const session = runSession({
  sender: {
    tree: [
      { path: ['d', 'a'], content: bytesOf(5000) },
      { path: ['d', 'e'], content: null },
      { path: ['f'], content: new Uint8Array(0) },
      { path: ['g'], content: bytesOf(10) },
    ],
    unreadable: new Set([3]),
  },
  chunk: () => 700,
});
export const senderStates = session.sender.states;
export const receiverStates = session.receiver.states;
