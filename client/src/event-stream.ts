/** Server-Sent Events, as the HTML standard reads them; of each event its data alone. Chunks may end anywhere. */
export class EventStream {
  readonly #hear: (data: string) => void
  #data: string[] = []
  /** The line that is not over yet, in pieces. */
  #line: string[] = []
  /** A line feed that comes now belongs to the line's end before it. */
  #isAfterReturn = false

  constructor(hear: (data: string) => void) {
    this.#hear = hear
  }

  take(text: string): void {
    const from = this.#isAfterReturn && text.startsWith('\n') ? 1 : 0
    if (text !== '') this.#isAfterReturn = text.endsWith('\r')
    const [first, ...lines] = text.slice(from).split(/\r\n|\r|\n/)
    this.#line.push(first!)
    for (const line of lines) {
      this.#end(this.#line.join(''))
      this.#line = [line]
    }
  }

  #end(line: string): void {
    if (line === '') return this.#dispatch()
    const [, field, value = ''] = /^([^:]*)(?:: ?([^]*))?$/.exec(line)!
    if (field === 'data') this.#data.push(value)
  }

  #dispatch(): void {
    const isEvent = this.#data.length > 0
    const data = this.#data.join('\n')
    this.#data = []
    if (isEvent) this.#hear(data)
  }
}
