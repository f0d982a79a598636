import { replaceAsLoaded } from './as-loaded.ts'
import { plantNamed } from './plants.ts'

/** Loaded ahead of a program by `--import`, also in its threads: makes the mistake that PLANT names in the sources as they are loaded. */
replaceAsLoaded(plantNamed(process.env['PLANT']!).pieces)
