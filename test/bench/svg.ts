/** Drawings whose colours follow the reader's light or dark. */

const STYLE = `text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:14px}
.quiet{fill:#59636e;font-size:11px}.grid{stroke:#d1d9e0}.page{fill:#fff}
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.quiet{fill:#9198a1}.grid{stroke:#3d444d}.page{fill:#0d1117}}`;

export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** For who cannot see it. */
  readonly label: string;
  /** Of what only this one has. */
  readonly style: string;
  readonly parts: readonly string[];
}

export function drawing({ width, height, label, style, parts }: Drawing): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
<style>${STYLE}
${style}</style>
<rect class="page" width="${width}" height="${height}"/>
${parts.join('\n')}
</svg>
`;
}

export function text(x: number, y: number, words: string, kind = '', anchor = 'start'): string {
  const safe = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" class="${kind}" text-anchor="${anchor}">${safe}</text>`;
}

export const round = (value: number): number => Math.round(value * 10) / 10;
