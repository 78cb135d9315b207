/** What macOS hands over comes file by file: all that come at once are staged together. */
export class HandedOver {
  readonly #stage: (paths: readonly string[]) => void;
  #paths: string[] = [];

  constructor(stage: (paths: readonly string[]) => void) {
    this.#stage = stage;
  }

  add(path: string): void {
    this.#paths.push(path);
    if (this.#paths.length === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#stage(this.#paths.splice(0));
  }
}
