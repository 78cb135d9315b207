import { fuzz } from '../support/fuzz.ts';
import { sessionsHold } from '../support/sessions-hold.ts';

// each is a whole session
fuzz('sessions', sessionsHold, 0.1);
