import { grown } from '../../../shared/protocol/grown.ts';

const FIRST_ROOM = 16;
const INODE_BITS = 64;

/** A number for each entry, as a disk tells files apart: an object for each would take four times as much. */
export class InodeList {
  #inodes = new BigInt64Array(FIRST_ROOM);
  #length = 0;

  add(inode: bigint): void {
    if (this.#length === this.#inodes.length) this.#inodes = grown(this.#inodes, this.#length + 1);
    this.#inodes[this.#length++] = inode;
  }

  /** The entry is that file. */
  is(index: number, inode: bigint): boolean {
    return index < this.#length && this.#inodes[index] === BigInt.asIntN(INODE_BITS, inode);
  }

  /** Those from that index on are no more. */
  cutTo(length: number): void {
    this.#length = length;
  }
}
