import { useEffect, useState } from 'react'
import { refusalWords } from '#account/refusal-words.ts'
import { useCall } from '#account/use-call.ts'
import { NoPicture, shrinkPicture, toBase64 } from './shrink-picture.ts'

interface Preview {
  blob: Blob
  address: string
}

/** A picture on its way from a file to the server: chosen, looked at, and only then everybody's to see. */
export function usePicture() {
  const call = useCall()
  const { preview, show } = usePreview()
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const [said, setSaid] = useState('')

  async function act(deed: () => Promise<string>): Promise<void> {
    setBusy(true)
    setFailure(null)
    setSaid('')
    try {
      setSaid(await deed())
    } catch (error) {
      setFailure(error instanceof NoPicture ? error.message : refusalWords(error))
    } finally {
      setBusy(false)
    }
  }

  async function store(blob: Blob | null): Promise<string> {
    await call('me.set-picture', { picture: blob && (await toBase64(blob)) })
    show(null)
    return blob ? 'Your picture is changed.' : 'Your picture is removed.'
  }

  return {
    preview,
    isBusy,
    failure,
    said,
    choose: (file: Blob) =>
      act(async () => {
        show(await shrinkPicture(file))
        return 'This is how it will look.'
      }),
    save: () => preview && act(() => store(preview.blob)),
    remove: () => act(() => store(null)),
    giveUp() {
      show(null)
      setFailure(null)
      setSaid('')
    },
  }
}

function usePreview() {
  const [preview, setPreview] = useState<Preview | null>(null)
  const address = preview?.address
  useEffect(() => () => void (address && URL.revokeObjectURL(address)), [address])
  return { preview, show: (blob: Blob | null) => setPreview(blob && { blob, address: URL.createObjectURL(blob) }) }
}
