import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answer } from '#load/answer.ts'
import { own } from '#programs/program.ts'
import { keepOn } from './cores.ts'

const JOB_WITHIN_MS = 300_000

/** What a load generator is to do. */
interface Work<Job> {
  /** Its program. */
  by: 'generate' | 'lose'
  job: Job
  /** On these cores alone; left out: on any. */
  cores?: string | undefined
  /** Done when it says that everybody is there; it is told what comes of it. */
  onGathered?: () => Promise<object>
}

/** Lets a load generator, a process of its own, do one job. Throws where that fails. */
export async function generator<Job extends object, Result>({ by, job, cores, onGathered }: Work<Job>): Promise<Result> {
  // Otherwise what is not known would come as null.
  const child = fork(fileURLToPath(new URL(`./load/${by}.ts`, import.meta.url)), { serialization: 'advanced' })
  own(child)
  if (cores) keepOn(cores, child.pid!)
  const late = setTimeout(() => child.kill('SIGKILL'), JOB_WITHIN_MS)
  try {
    const answered = answerOf<Result>(child, onGathered)
    child.send(job)
    const [answer] = await Promise.all([answered, once(child, 'close')])
    if (answer.is === 'failed') throw new Error(answer.reason)
    return answer.result
  } finally {
    clearTimeout(late)
  }
}

function answerOf<Result>(child: ChildProcess, onGathered?: () => Promise<object>): Promise<Answer<Result>> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      reject(error)
      child.kill('SIGKILL')
    }
    child.on('message', (told: Answer<Result> | { is: 'gathered' }) => {
      if (told.is === 'gathered') void onGathered!().then((news) => child.send(news), fail)
      else resolve(told)
    })
    child.once('close', () => resolve({ is: 'failed', reason: 'The load generator ended without an answer.' }))
  })
}
