/** Accents, and the points that Hebrew and Arabic are mostly written without. */
const MARKS = /[\u0300-\u036f\u0591-\u05bd\u064b-\u0652]/g;

/** Letters that Unicode does not take apart, and that many keyboards do not have. */
const PLAIN: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ħ: 'h',
  þ: 'th',
  ς: 'σ',
};
const UNPLAIN = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');

/** Two texts that a person would take for the same are the same after this. */
export function folded(text: string): string {
  return (
    text
      .normalize('NFKD')
      .replace(MARKS, '')
      // upper case first: there ß is SS
      .toUpperCase()
      .toLowerCase()
      .replace(UNPLAIN, (letter) => PLAIN[letter] ?? letter)
  );
}

/** Whether each word that is looked for occurs somewhere in a text that is folded already. */
export function holdsWords(foldedText: string, wanted: string): boolean {
  return folded(wanted)
    .split(/\s+/)
    .every((word) => foldedText.includes(word));
}
