/** What the engine needs of the system around it that differs by face. */
export interface Shell {
  /** Shows a file or folder in the system's file manager. Path: absolute, from our own records. */
  reveal(path: string): Promise<void>;
  /** Opens an address of the web in the person's browser. Throws NO_BROWSER. */
  openLink(href: string): Promise<void>;
  /** The computer does not fall asleep by itself until what this answers is called. Never throws. */
  keepAwake(): () => void;
}
