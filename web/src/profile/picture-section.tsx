import { type ChangeEvent, type DragEvent, useRef } from 'react'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { Button } from '#theme/button.tsx'
import { Face } from '#theme/face.tsx'
import { FormAlert, FormSaid } from '#theme/form-alert.tsx'
import { Section } from '#theme/section.tsx'
import { usePicture } from './use-picture.ts'

export function PictureSection() {
  const { user, belfry } = useAccount()
  const me = useObservable(belfry.me) ?? user
  const picture = usePicture()
  function drop(event: DragEvent): void {
    event.preventDefault()
    const [dropped] = event.dataTransfer.files
    if (dropped) void picture.choose(dropped)
  }

  return (
    <Section title="Picture" lead="Stands beside what you write. Without one, the first letter of your name does.">
      <div
        className="mt-4 flex flex-wrap items-center gap-4"
        // Not for the keyboard: the button does the same.
        onDragOver={(event) => event.preventDefault()}
        onDrop={drop}
      >
        {picture.preview ? (
          <img src={picture.preview.address} alt="Preview" className="size-24 flex-none rounded-face object-cover" />
        ) : (
          <Face id={me.id} name={me.name} picture={me.picture} size="huge" />
        )}
        {picture.preview ? <PreviewDeeds picture={picture} /> : <PictureDeeds picture={picture} isSet={me.picture !== null} />}
      </div>
      <FormAlert>{picture.failure}</FormAlert>
      <FormSaid>{picture.said}</FormSaid>
    </Section>
  )
}

function PreviewDeeds({ picture }: { picture: ReturnType<typeof usePicture> }) {
  return (
    <div className="flex flex-wrap gap-2">
      <Button look="main" disabled={picture.isBusy} onClick={() => void picture.save()} autoFocus>
        {picture.isBusy ? 'Saving…' : 'Use this picture'}
      </Button>
      <Button disabled={picture.isBusy} onClick={picture.giveUp}>
        Cancel
      </Button>
    </div>
  )
}

function PictureDeeds({ picture, isSet }: { picture: ReturnType<typeof usePicture>; isSet: boolean }) {
  const file = useRef<HTMLInputElement>(null)
  function choose({ currentTarget }: ChangeEvent<HTMLInputElement>): void {
    const [chosen] = currentTarget.files ?? []
    if (chosen) void picture.choose(chosen)
    // The same file may be chosen again.
    currentTarget.value = ''
  }

  return (
    <div className="flex flex-wrap gap-2">
      <input ref={file} type="file" accept="image/*" hidden onChange={choose} data-picture />
      <Button disabled={picture.isBusy} onClick={() => file.current?.click()}>
        {isSet ? 'Choose another picture' : 'Choose a picture'}
      </Button>
      {isSet && (
        <Button disabled={picture.isBusy} onClick={() => void picture.remove()}>
          Remove
        </Button>
      )}
    </div>
  )
}
