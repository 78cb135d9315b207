/** Of the pictures of an offer, how many can be looked at before it is answered, and how many have come. */
export interface Pictures {
  readonly offered: number;
  readonly come: number;
}

/** One of them. `path`: as it was offered. `jpeg`: small, in base64. */
export interface OfferedPicture {
  readonly path: readonly string[];
  readonly jpeg: string;
}

interface Offer {
  readonly peer: { readonly verified: boolean };
}

/** Nobody shows a person anything that they do not want to see, but whom they know. */
export function mayShowPictures({ peer }: Offer, asked: boolean): boolean {
  return peer.verified || asked;
}
