/**
 * The only globals that shared/ may use beside the language itself: both exist in Node,
 * Electron and every browser. Everything else (time, randomness, sockets) comes in as an argument.
 */
declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array): string;
}
