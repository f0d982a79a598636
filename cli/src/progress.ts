/** One line on a terminal that is written over and over, and is gone at the end; where nobody watches, nothing. */
export class Progress implements Disposable {
  readonly #out: NodeJS.WriteStream

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out
  }

  say(line: string): void {
    if (this.#out.isTTY) this.#out.write(`\r\u001B[2K${line}`)
  }

  [Symbol.dispose](): void {
    this.say('')
  }
}
