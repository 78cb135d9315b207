/**
 * What was pasted, as files: pictures and files as they are, else its text as a file of that name. Must be
 * asked while the paste is handled: afterwards its data is gone.
 */
export function pastedFiles(data: DataTransfer, textName: string): readonly File[] {
  if (data.files.length > 0) return [...data.files];
  const text = data.getData('text/plain');
  return text.trim() === '' ? [] : [new File([text], textName, { type: 'text/plain' })];
}

/** What is typed into takes what is pasted there for itself. */
export function isForField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, [contenteditable]') !== null;
}
