import { fuzz } from '../support/fuzz.ts';
import { promptsHold } from '../support/prompts-model.ts';

fuzz('prompts', promptsHold);
