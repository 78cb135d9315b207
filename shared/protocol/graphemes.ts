let segmenter: Intl.Segmenter | null = null;

/** What a reader takes for one letter each. Made at first need: it costs each thread 13 ms, and few need it. */
export function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}
