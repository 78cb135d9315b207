import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * "Send with Dropline" in the menus of Linux's file managers, as Explorer has it in "Send to". Each has a form
 * of its own: Files of GNOME an extension in Python, the others a file that they read. The deb installs them;
 * who has no such program never reads them. They hand over paths and not addresses: Nemo quotes only those, and
 * starts nothing where the name in an address holds an apostrophe.
 */

/** Where the deb puts what `writeFileManagers` makes: see build/electron-builder.yml. */
const FOLDER = 'file-managers';

/** How desktops of Linux call the languages of shared/text. */
const LANGUAGES = {
  de: 'de',
  fr: 'fr',
  es: 'es',
  ja: 'ja',
  zh_CN: 'zh-Hans',
  zh_TW: 'zh-Hant',
  ar: 'ar',
};

const KEY = 'desktop.menu.sendWith';

const PROGRAM = 'dropline-desktop';

/** @param {string} root @param {string} language @returns {string} */
function sendWith(root, language) {
  const catalogue = readFileSync(join(root, 'shared', 'text', `${language}.json`), 'utf8');
  return KEY.split('.').reduce((words, part) => words[part], JSON.parse(catalogue));
}

/** @param {string} root */
export function writeFileManagers(root) {
  const folder = join(root, 'out', FOLDER);
  mkdirSync(folder, { recursive: true });
  const english = sendWith(root, 'en');
  const others = Object.entries(LANGUAGES).map(
    ([language, catalogue]) => /** @type {const} */ ([language, sendWith(root, catalogue)]),
  );
  const names = [
    `Name=${english}`,
    ...others.map(([language, words]) => `Name[${language}]=${words}`),
  ].join('\n');
  const files = {
    'nemo.nemo_action': nemo(names),
    'dolphin.desktop': dolphin(names),
    'thunar.desktop': thunar(),
    'nautilus.py': nautilus(root, english, Object.fromEntries(others)),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** Cinnamon. @param {string} names */
function nemo(names) {
  return `[Nemo Action]
${names}
Icon-Name=${PROGRAM}
Exec=${PROGRAM} %F
Selection=notnone
Extensions=any;
UriScheme=file
`;
}

/** KDE. @param {string} names */
function dolphin(names) {
  return `[Desktop Entry]
Type=Service
MimeType=all/all;
X-KDE-ServiceTypes=KonqPopupMenu/Plugin
X-KDE-Protocols=file
X-KDE-Priority=TopLevel
Actions=send;

[Desktop Action send]
${names}
Icon=${PROGRAM}
Exec=${PROGRAM} %F
`;
}

/** Xfce, whose menu says "Send To" before it. */
function thunar() {
  return `[Desktop Entry]
Type=Application
Name=Dropline
Icon=${PROGRAM}
Exec=${PROGRAM} %F
`;
}

/** GNOME. @param {string} root @param {string} english @param {Record<string, string>} others */
function nautilus(root, english, others) {
  const extension = readFileSync(join(root, 'build', 'packaging', 'nautilus.py'), 'utf8');
  const names = JSON.stringify({ C: english, ...others }, null, 4);
  return extension.replace('NAMES = {}', `NAMES = ${names}`);
}
