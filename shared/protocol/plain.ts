/** The bare exchange of the textbook (PROTOCOL.md §10): a name, `ok`, then bytes until the end. */
export * from './plain-receiver.ts';
export * from './plain-sender.ts';
