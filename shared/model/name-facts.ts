import type { Item } from './transfer.ts';

/** What a name does not show at a glance, for whoever decides whether to take the thing. */
export interface NameFacts {
  /** The last one, in small letters and with its dot; '' where there is none. */
  readonly extension: string;
  /** In the order in which they matter. */
  readonly warnings: readonly NameWarning[];
}

export type NameWarning =
  /** Some system runs it when it is opened. */
  | 'program'
  /** `photo.jpg.exe`: it calls itself something harmless first. */
  | 'twoExtensions'
  /** Its end may be pushed out of sight. */
  | 'longBlanks'
  /** One word is written in letters of several alphabets that look alike. */
  | 'mixedLetters'
  /** Programs read it by its name when nobody has opened it. */
  | 'readByPrograms';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Of any system: what is harmless here may be passed on. */
const PROGRAMS = words(
  'exe com scr pif cpl msi msp msix msixbundle appx appxbundle bat cmd ps1 psm1 psd1 vbs vbe vb js jse ws ' +
    'wsf wsh wsc sct hta msc inf reg lnk url scf chm gadget application appref-ms library-ms search-ms ' +
    'settingcontent-ms theme diagcab xll dll sys jar jnlp iso img vhd vhdx ' +
    'app command tool workflow action scpt scptd applescript pkg mpkg dmg prefpane kext mobileconfig ' +
    'terminal webloc inetloc fileloc osax saver qlgenerator ' +
    'sh bash zsh fish csh ksh run bin elf appimage desktop deb rpm apk snap flatpakref service so ' +
    'py pyw pyz pl rb php lua tcl docm dotm xlsm xltm xlam pptm potm ppam sldm',
);
const HARMLESS = words(
  'jpg jpeg png gif webp heic bmp tif tiff svg pdf txt rtf md doc docx xls xlsx ppt pptx odt ods odp csv ' +
    'mp3 wav flac ogg m4a mp4 mov avi mkv webm zip 7z rar gz tar html htm xml json eml ics vcf',
);
/** Where the name alone has an effect: shells, keys, hooks, and what a file manager or a build reads. */
const READ_BY_PROGRAMS =
  /^(?:\.(?:bash_?\w*|zsh\w*|zprofile|profile|login|ssh|gnupg|git|gitconfig|config|local|npmrc|yarnrc|netrc|vimrc|envrc|pam_environment|xprofile|xsession\w*|xinitrc)|authorized_keys|desktop\.ini|autorun\.inf|crontab|makefile)$/iu;

const INVISIBLE = /[\p{DI}\p{Cc}]/gu;
const LONG_BLANKS = /[\s\p{Z}\u2800\u3164\uffa0]{3,}/u;
/** Windows drops blanks and dots at the end. */
const END = /[.\s\p{Z}]+$/u;
const EXTENSION = /\.([^.\s]{1,20})$/u;
const WORDS = /[\p{L}\p{M}]+/gu;
/** Alphabets that share the shapes of their letters. */
const ALIKE = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
  /\p{Script=Lisu}/u,
];
/** A longer name is none that a person reads: its beginning and its end are looked at. */
const MAX_UNITS = 1024;

/** Never throws, whatever another computer calls a thing. */
export function nameFacts({ name: given, kind }: Item): NameFacts {
  const whole = given.length > MAX_UNITS ? given.slice(0, 512) + given.slice(-512) : given;
  const name = whole.replace(INVISIBLE, '').replace(END, '');
  const last = EXTENSION.exec(name)?.[1]?.toLowerCase() ?? '';
  const before = EXTENSION.exec(name.slice(0, -last.length - 1).replace(END, ''))?.[1] ?? '';
  const isProgram = PROGRAMS.has(last);
  const warnings: NameWarning[] = [];
  if (isProgram) warnings.push('program');
  if (isProgram && HARMLESS.has(before.toLowerCase())) warnings.push('twoExtensions');
  if (LONG_BLANKS.test(whole)) warnings.push('longBlanks');
  if (mixesAlphabets(name)) warnings.push('mixedLetters');
  if (READ_BY_PROGRAMS.test(name)) warnings.push('readByPrograms');
  return { extension: last !== '' && (kind === 'file' || isProgram) ? `.${last}` : '', warnings };
}

function mixesAlphabets(name: string): boolean {
  return (name.match(WORDS) ?? []).some(
    (word) => ALIKE.filter((alphabet) => alphabet.test(word)).length > 1,
  );
}
