import type { HelpConfiguration, Option } from 'commander';
import type { KeysUnder } from '../../shared/text/text-keys.ts';
import { list, word } from './words.ts';

const TITLES: Readonly<Record<string, KeysUnder<'terminal.help'>>> = {
  'Usage:': 'terminal.help.usage',
  'Arguments:': 'terminal.help.arguments',
  'Options:': 'terminal.help.options',
  'Global Options:': 'terminal.help.globalOptions',
  'Commands:': 'terminal.help.commands',
};

/** What the library that reads the line writes by itself, in the language that is spoken. */
export const HELP: HelpConfiguration = {
  showGlobalOptions: true,
  styleTitle: (title) => {
    const key = TITLES[title];
    return key === undefined ? title : word(key);
  },
  optionDescription: (option) => {
    const facts = factsOf(option);
    return facts.length === 0 ? option.description : `${option.description} (${list(facts)})`;
  },
};

function factsOf({ argChoices, defaultValue, required, optional }: Option): readonly string[] {
  const facts: string[] = [];
  if (argChoices !== undefined) {
    facts.push(word('terminal.help.choices', { choices: list(argChoices) }));
  }
  const isShown = (required || optional) && ['string', 'number'].includes(typeof defaultValue);
  if (isShown) facts.push(word('terminal.help.default', { value: String(defaultValue) }));
  return facts;
}
