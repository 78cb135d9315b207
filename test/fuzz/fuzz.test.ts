/** The fuzz targets, each a few times. `npm run fuzz` tries them longer. */
import.meta.glob(['./*.fuzz.ts', '!./pairing-attack.fuzz.ts'], { eager: true });
