import { contentOf, linkOf } from '../../../shared/model/content.ts';

/** What comes from the clipboard or a drag must be asked for while its event is handled: then it is gone. */

/** null: there are files, or it is more than a text may be. */
export function pastedText(data: DataTransfer): string | null {
  if (data.files.length > 0) return null;
  const text = data.getData('text/plain');
  return contentOf(text) === null ? null : text;
}

/** What was pasted, as files: pictures and files as they are, else its text as a file of that name. */
export function pastedFiles(data: DataTransfer, textName: string): readonly File[] {
  if (data.files.length > 0) return [...data.files];
  const text = data.getData('text/plain');
  return text.trim() === '' ? [] : [new File([text], textName, { type: 'text/plain' })];
}

/** A link that was dragged out of a browser comes as such; what else has no file is a text. */
export function droppedText(data: DataTransfer): string | null {
  const [first] = data
    .getData('text/uri-list')
    .split(/[\r\n]+/)
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (first !== undefined && linkOf(first) !== null) return first;
  const text = data.getData('text/plain');
  return text.trim() === '' ? null : text;
}

/** What is typed into takes what is pasted there for itself. */
export function isForField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, [contenteditable]') !== null;
}
