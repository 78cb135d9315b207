import { register } from 'node:module';

/** Node reads this first (`--import`): from here on, `electron` is the stand-in beside this file. */
register('./resolve.js', import.meta.url, {
  data: { electron: new URL('./electron.js', import.meta.url).href },
});
