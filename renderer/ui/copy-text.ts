/** Puts a text into the clipboard, right after a press; false: the system does not let us. */
export function copyText(text: string): boolean {
  let isTaken = false;
  const onCopy = (event: ClipboardEvent): void => {
    event.preventDefault();
    event.clipboardData?.setData('text/plain', text);
    isTaken = event.clipboardData !== null;
  };
  document.addEventListener('copy', onCopy, { once: true });
  // navigator.clipboard asks for a permission, which the desktop window grants nobody
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  document.execCommand('copy');
  document.removeEventListener('copy', onCopy);
  return isTaken;
}
