/** Loaded before a program (`node --import`), in all its threads: its clock goes wrong by CLOCK_AHEAD_MS. What it measures with `performance` stays right. */
const aheadMs = Number(process.env.CLOCK_AHEAD_MS)
const { now } = Date
const shifted = () => now() + aheadMs

globalThis.Date = new Proxy(Date, {
  construct: (date, args, as) => Reflect.construct(date, args.length > 0 ? args : [shifted()], as) as Date,
  apply: (date) => new date(shifted()).toString(),
  get: (date, name) => (name === 'now' ? shifted : (Reflect.get(date, name) as unknown)),
})
