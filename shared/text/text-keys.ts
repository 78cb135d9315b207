import en from './en.json' with { type: 'json' };

type PluralForm = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other';
type WithoutForm<K extends string> = K extends `${infer Base}_${PluralForm}` ? Base : K;

type Leaves<T, Path extends string> = {
  [K in keyof T & string]: T[K] extends string
    ? `${Path}${WithoutForm<K>}`
    : Leaves<T[K], `${Path}${K}.`>;
}[keyof T & string];

/** Every key of the words, dotted. The forms of a plural share one key and are told apart by `count`. */
export type TextKey = Leaves<typeof en, ''>;

/** The words of one language. The forms of its plurals are its own: only what has none is named here. */
export type Catalogue = Pick<typeof en, 'error'>;

/** The keys below one heading, as in `KeysUnder<'window.peers'>`. */
export type KeysUnder<Heading extends string> = Extract<TextKey, `${Heading}.${string}`>;
