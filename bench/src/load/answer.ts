/** What a generator process says when it has done its job. */
export type Answer<Result> = { is: 'done'; result: Result } | { is: 'failed'; reason: string }

/** Does the one job that this process is there for, and ends. Whatever goes wrong, whoever asked is told. */
export function answer<Job, Result>(work: (job: Job) => Promise<Result>): void {
  const tell = (told: Answer<Result>) => void process.send!(told, () => process.exit())
  const fail = (error: unknown) => tell({ is: 'failed', reason: error instanceof Error ? error.message : String(error) })
  process.once('message', (job: Job) => void work(job).then((result) => tell({ is: 'done', result }), fail))
  process.on('uncaughtException', fail)
  process.on('disconnect', () => process.exit())
}
