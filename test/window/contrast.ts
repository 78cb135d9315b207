import type { Page } from 'playwright-core';

/** Of WCAG 2, level AA. */
const LEAST = 4.5;

/** Every text in the page that does not stand out enough from what is painted behind it. */
export function faintTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate((least) => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (canvas === null) throw new Error('no canvas');

    /** What is seen where these colours lie on one another, the first at the bottom. */
    const painted = (colors: readonly string[]): readonly number[] => {
      canvas.clearRect(0, 0, 1, 1);
      for (const color of colors) {
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
      }
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };

    const luminance = (rgb: readonly number[]): number => {
      const [r = 0, g = 0, b = 0] = rgb.map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };

    const contrast = (element: Element): number => {
      const grounds: string[] = [];
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        grounds.unshift(getComputedStyle(at).backgroundColor);
      }
      const [low = 0, high = 0] = [
        luminance(painted(grounds)),
        luminance(painted([...grounds, getComputedStyle(element).color])),
      ].sort((a, b) => a - b);
      return (high + 0.05) / (low + 0.05);
    };

    /** A control that cannot be used may be faint, and so may what is only heard. */
    const counts = (element: Element): boolean =>
      element.checkVisibility() &&
      element.closest('[disabled], [aria-disabled=true], .only-heard') === null;

    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const faint: string[] = [];
    let seen = 0;
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim() ?? '';
      if (text === '' || element === null || !counts(element)) continue;
      seen += 1;
      const ratio = contrast(element);
      if (ratio < least) faint.push(`${text}: ${ratio.toFixed(2)}`);
    }
    return seen > 10 ? faint : ['the page is empty'];
  }, LEAST);
}
