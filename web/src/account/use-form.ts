import { type FormEvent, useRef, useState } from 'react'
import { refusalWords } from './refusal-words.ts'

export interface SubmittedForm {
  isSending: boolean
  failure: string | null
  onSubmit: (event: FormEvent<HTMLFormElement>) => void
}

/** Sends a form once at a time and keeps what went wrong with it, in these words. */
export function useForm(send: (fields: FormData, form: HTMLFormElement) => Promise<void>, words = refusalWords): SubmittedForm {
  const [isSending, setSending] = useState(false)
  // A double click is over before anything is rendered anew.
  const isBusy = useRef(false)
  const [failure, setFailure] = useState<string | null>(null)

  async function submit(form: HTMLFormElement): Promise<void> {
    isBusy.current = true
    setSending(true)
    setFailure(null)
    try {
      await send(new FormData(form), form)
    } catch (error) {
      setFailure(words(error))
    } finally {
      isBusy.current = false
      setSending(false)
    }
  }

  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    if (!isBusy.current) void submit(event.currentTarget)
  }

  return { isSending, failure, onSubmit }
}
