import { fuzz } from '../support/fuzz.ts';
import { pathsHold } from '../support/names-hold.ts';

fuzz('paths', pathsHold);
