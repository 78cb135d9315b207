import { config } from 'zod';

/**
 * Schemas may compile themselves to code, and try out whether they can as soon as the first one is made.
 * The page's policy forbids that, and the browser would complain of the try. So this is imported first.
 */
config({ jitless: true });
