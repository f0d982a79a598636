import { type ComponentProps, type RefObject, useLayoutEffect } from 'react'

type GrowingTextProps = ComponentProps<'textarea'> & { ref: RefObject<HTMLTextAreaElement | null>; value: string }

/** A textarea as high as its text, up to two fifths of the window. */
export function GrowingText({ ref, value, ...rest }: GrowingTextProps) {
  useLayoutEffect(() => {
    const box = ref.current
    if (!box) return
    box.style.height = 'auto'
    // Without text it is as high as its one row: the page need not be laid out to know.
    if (value !== '') box.style.height = `${box.scrollHeight}px`
  }, [ref, value])

  return (
    <textarea
      rows={1}
      {...rest}
      ref={ref}
      value={value}
      className="block max-h-[40dvh] w-full resize-none bg-transparent px-2 py-2 text-base outline-none placeholder:truncate placeholder:text-ink-3 coarse:py-2.5 coarse:text-touch"
    />
  )
}
