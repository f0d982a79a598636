import { type ComponentType, lazy } from 'react'

/** A part of the page whose code comes after what is seen first. `preload` fetches it before it is needed. */
export function laterPart<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return {
    Part: lazy(() => load().then((component) => ({ default: component }))),
    preload(): void {
      // What fails here is tried again, and told, when it is needed.
      load().catch(() => undefined)
    },
  }
}
