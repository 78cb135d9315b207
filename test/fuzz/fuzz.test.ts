/** The fuzz targets, each a few times. `npm run fuzz` tries them longer. */
import.meta.glob('./*.fuzz.ts', { eager: true });
