import { nameFacts } from '../../shared/model/name-facts.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import { isUnsized } from './progress.ts';
import { printable, size, word } from './words.ts';

/** A stranger may not fill the screen: the question must stay in sight. */
const MAX_WARNINGS = 8;
const SHORT_ID_DIGITS = 12;

/** What was left unfinished before this program started is told as such: it asks for no answer. */
export function offerEvent(transfer: Transfer): Record<string, unknown> {
  const { id, peer, mode, items, itemCount, content, totals, leftOut } = transfer;
  return {
    event: transfer.phase === 'interrupted' ? 'unfinished' : 'offer',
    transferId: id,
    peer: peer.name,
    peerId: peer.id,
    peerVerified: peer.verified,
    address: peer.address,
    mode,
    items,
    itemCount,
    ...(content && { content }),
    files: totals.files,
    directories: totals.directories,
    totalBytes: isUnsized(transfer) ? null : totals.bytes,
    leftOut: leftOut.count,
  };
}

/** Who it is, what it is and how much: all that a person needs for an answer. */
export function offerLine(transfer: Transfer): string {
  const { peer, totals } = transfer;
  const what = whatIsSent(transfer);
  if (transfer.phase === 'interrupted') {
    return word('terminal.unfinished', { name: printable(peer.name), what });
  }
  if (transfer.mode === 'plain') {
    return word('terminal.offerPlain', { address: peer.address, what });
  }
  const id = (peer.id ?? '').slice(0, SHORT_ID_DIGITS);
  const known = word(peer.verified ? 'terminal.verified' : 'terminal.notVerified', { id });
  const name = printable(peer.name);
  return word('terminal.offerFrom', { name, id: known, what, size: size(totals.bytes) });
}

/** What is odd about the names, each of which is said in the offer itself or only counted there. */
export function nameWarnings({ items, content, phase }: Transfer): readonly string[] {
  // what goes on was answered before; a text is read, and its name is nothing to open
  if (phase === 'interrupted' || content !== undefined) return [];
  const lines = items.flatMap((item) => {
    const { extension, warnings } = nameFacts(item);
    const what = printable(item.name);
    return warnings.map((warning) => {
      const badge = word(`window.names.${warning}.badge`);
      const more = word(`window.names.${warning}.more`);
      return extension === ''
        ? word('terminal.offerNameBare', { what, badge, more })
        : word('terminal.offerName', { what, extension: printable(extension), badge, more });
    });
  });
  return lines.slice(0, MAX_WARNINGS);
}

export function whatIsSent({ items, itemCount, content, totals }: Transfer): string {
  if (content !== undefined) return word(`terminal.${content}`);
  const [first] = items;
  if (itemCount === 1 && first) {
    const name = printable(first.name);
    if (first.kind === 'file') return name;
    return `${name}/ (${word('window.size.files', { count: totals.files })})`;
  }
  return word('window.size.files', { count: totals.files });
}
