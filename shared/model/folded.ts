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

const ASCII = /^[\u0000-\u007f]*$/;

/** Two texts that a person would take for the same are the same after this. */
export function folded(text: string): string {
  // most names, and a tenth of the time
  if (ASCII.test(text)) return text.toLowerCase();
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

/** What is looked for, folded: for many texts it is taken apart once. */
export function wordsIn(wanted: string): readonly string[] {
  return folded(wanted).split(/\s+/);
}

/** Whether each word that is looked for occurs somewhere in a text that is folded already. */
export function holdsWords(foldedText: string, wanted: string): boolean {
  return wordsIn(wanted).every((word) => foldedText.includes(word));
}
