import { type ChangeEvent, type DragEvent, type RefObject, useRef } from 'react'
import { useAccount } from '#account/use-account.ts'
import { Button } from '#theme/button.tsx'
import { Face, PICTURE_EDGE } from '#theme/face.tsx'
import { FormAlert, FormSaid } from '#theme/form-alert.tsx'
import { LeavingButton } from '#theme/leaving-button.tsx'
import { Section } from '#theme/section.tsx'
import { usePicture } from './use-picture.ts'

export function PictureSection() {
  const { user } = useAccount()
  const chooser = useRef<HTMLButtonElement>(null)
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
          <img src={picture.preview.address} alt="Preview" className={`size-24 flex-none rounded-face object-cover ${PICTURE_EDGE}`} />
        ) : (
          <Face id={user.id} name={user.name} picture={user.picture} size="huge" />
        )}
        {picture.preview ? (
          <PreviewDeeds picture={picture} onFocusLost={() => chooser.current?.focus()} />
        ) : (
          <PictureDeeds picture={picture} isSet={user.picture !== null} chooser={chooser} />
        )}
      </div>
      <FormAlert>{picture.failure}</FormAlert>
      <FormSaid>{picture.said}</FormSaid>
    </Section>
  )
}

function PreviewDeeds({ picture, onFocusLost }: { picture: ReturnType<typeof usePicture>; onFocusLost: () => void }) {
  return (
    <div className="flex flex-wrap gap-2">
      <LeavingButton look="main" isBusy={picture.isBusy} onClick={() => void picture.save()} onFocusLost={onFocusLost} autoFocus>
        {picture.isBusy ? 'Saving…' : 'Use this picture'}
      </LeavingButton>
      <LeavingButton isBusy={picture.isBusy} onClick={picture.giveUp} onFocusLost={onFocusLost}>
        Cancel
      </LeavingButton>
    </div>
  )
}

interface PictureDeedsProps {
  picture: ReturnType<typeof usePicture>
  isSet: boolean
  /** The button that is always there. */
  chooser: RefObject<HTMLButtonElement | null>
}

function PictureDeeds({ picture, isSet, chooser }: PictureDeedsProps) {
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
      <Button ref={chooser} disabled={picture.isBusy} onClick={() => file.current?.click()}>
        {isSet ? 'Choose another picture' : 'Choose a picture'}
      </Button>
      {isSet && (
        <LeavingButton isBusy={picture.isBusy} onClick={() => void picture.remove()} onFocusLost={() => chooser.current?.focus()}>
          Remove
        </LeavingButton>
      )}
    </div>
  )
}
