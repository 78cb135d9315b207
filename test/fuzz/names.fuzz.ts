import { fuzz } from '../support/fuzz.ts';
import { namesHold } from '../support/names-hold.ts';

fuzz('names', namesHold);
