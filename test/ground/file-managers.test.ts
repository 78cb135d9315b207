import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeFileManagers } from '../../build/packaging/file-managers.js';
import ar from '../../shared/text/ar.json' with { type: 'json' };
import de from '../../shared/text/de.json' with { type: 'json' };
import en from '../../shared/text/en.json' with { type: 'json' };
import zhHant from '../../shared/text/zh-Hant.json' with { type: 'json' };

/** If one of these fails, a file manager of Linux offers nothing, or something else than it says. */

const ROOT = resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'dropline-menus-'));
cpSync(join(ROOT, 'shared/text'), join(scratch, 'shared/text'), { recursive: true });
mkdirSync(join(scratch, 'build/packaging'), { recursive: true });
cpSync(join(ROOT, 'build/packaging/nautilus.py'), join(scratch, 'build/packaging/nautilus.py'));
writeFileManagers(scratch);
const read = (name: string) => readFileSync(join(scratch, 'out/file-managers', name), 'utf8');

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('menus say it in the languages of the desktop, by the words of the catalogues', () => {
  for (const name of ['nemo.nemo_action', 'dolphin.desktop']) {
    const lines = read(name).split('\n');
    expect(lines).toContain(`Name=${en.desktop.menu.sendWith}`);
    expect(lines).toContain(`Name[de]=${de.desktop.menu.sendWith}`);
    expect(lines).toContain(`Name[zh_TW]=${zhHant.desktop.menu.sendWith}`);
    expect(lines).toContain(`Name[ar]=${ar.desktop.menu.sendWith}`);
  }
});

test('all that is selected is handed to the program that the package puts on the path, as paths', () => {
  for (const name of ['nemo.nemo_action', 'dolphin.desktop', 'thunar.desktop']) {
    expect(read(name)).toMatch(/^Exec=dropline-desktop %F$/m);
    expect(read(name)).toMatch(/^Icon(-Name)?=dropline-desktop$/m);
  }
});

/** What the extension of Files uses of GNOME, as far as it uses it. */
const GNOME = `
import sys, types, json
def module(name, **members):
    made = types.ModuleType(name); made.__dict__.update(members); sys.modules[name] = made; return made
class Item:
    def __init__(self, name, label, icon): self.label = label
    def connect(self, signal, call, *words): self.activate = lambda: call(self, *words)
GLib = module("GLib", get_language_names=lambda: json.loads(sys.argv[2]))
GObject = module("GObject", GObject=type("GObject", (), {}))
Nautilus = module("Nautilus", MenuProvider=type("MenuProvider", (), {}), MenuItem=Item)
module("gi"); module("gi.repository", GLib=GLib, GObject=GObject, Nautilus=Nautilus)
class File:
    def __init__(self, path): self.path = path
    def get_location(self): return self
    def get_path(self): return self.path
started = []
import subprocess
subprocess.Popen = lambda words, **_: started.append(words)
space = {"__name__": "extension"}
exec(open(sys.argv[1]).read(), space)
files = [File(path) for path in json.loads(sys.argv[3])]
items = space["SendWithDropline"]().get_file_items("window", files)
for item in items: item.activate()
print(json.dumps({"labels": [item.label for item in items], "started": started}))
`;

function askExtension(languages: readonly string[], paths: readonly (string | null)[]): unknown {
  const extension = join(scratch, 'out/file-managers/nautilus.py');
  const words = ['-c', GNOME, extension, JSON.stringify(languages), JSON.stringify(paths)];
  return JSON.parse(execFileSync('python3', words, { encoding: 'utf8' }));
}

const hasPython = spawnSync('python3', ['--version']).status === 0;

test.runIf(hasPython)('Files of GNOME starts the program with each path, whatever is in it', () => {
  const paths = ['/a folder', `/it's "odd" $x & 100%`, '/ünï'];
  expect(askExtension(['de_AT.UTF-8', 'de_AT', 'de', 'C'], paths)).toEqual({
    labels: [de.desktop.menu.sendWith],
    started: [['dropline-desktop', ...paths]],
  });
  expect(askExtension(['pt_BR', 'pt', 'C'], ['/a'])).toMatchObject({
    labels: [en.desktop.menu.sendWith],
  });
});

test.runIf(hasPython)('Files of GNOME offers nothing for what has no path here', () => {
  expect(askExtension(['C'], ['/a', null])).toEqual({ labels: [], started: [] });
  expect(askExtension(['C'], [])).toEqual({ labels: [], started: [] });
});
