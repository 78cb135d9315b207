import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8Bytes } from '../../../shared/protocol/name-rules.ts';
import { collisionKey, numberedName, planPath } from '../../../shared/protocol/wire-path.ts';
import { anyName, anyPlatform, expectStorable } from '../../support/hostile-names.ts';

describe('numberedName', () => {
  it('numbers a file before its extension and a folder at its end', () => {
    expect(numberedName('report.pdf', 2, 'file')).toBe('report (2).pdf');
    expect(numberedName('x.tar.gz', 3, 'file')).toBe('x.tar (3).gz');
    expect(numberedName('.bashrc', 2, 'file')).toBe('.bashrc (2)');
    expect(numberedName('..x', 2, 'file')).toBe('..x (2)');
    expect(numberedName('.env.local', 2, 'file')).toBe('.env (2).local');
    expect(numberedName('Dr. Who and the rest', 2, 'file')).toBe('Dr. Who and the rest (2)');
    expect(numberedName('end.', 2, 'file')).toBe('end. (2)');
    expect(numberedName('v1.2', 2, 'directory')).toBe('v1.2 (2)');
  });

  it('stays storable where the name was, and never equals it', () => {
    const kinds = fc.constantFrom('file' as const, 'directory' as const);
    fc.assert(
      fc.property(anyName, anyPlatform, kinds, fc.nat(1e6), (name, platform, kind, n) => {
        const plan = planPath([name], platform);
        const [saved] = plan.ok ? plan.saved : [];
        if (saved === undefined) return;
        const numbered = numberedName(saved, n + 2, kind);
        expectStorable(numbered, platform);
        expect(numbered).toContain(` (${String(n + 2)})`);
        expect(planPath([numbered], platform)).toEqual({ ok: true, saved: [numbered] });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('collisionKey', () => {
  it('folds case by no language, and composition, on the systems that do', () => {
    const same = (a: string, b: string) => collisionKey(a, 'mac') === collisionKey(b, 'mac');
    expect(same('ΟΔΟΣ', 'οδος')).toBe(true);
    expect(same('οδοσ', 'οδος')).toBe(true);
    expect(same('\u212a', 'k')).toBe(true);
    expect(same('\u017f', 'S')).toBe(true);
    expect(same('I', 'i')).toBe(true);
    expect(same('I', '\u0131')).toBe(false);
    expect(same('\u0130', 'i')).toBe(false);
    expect(same('ß', 'ss')).toBe(false);
    expect(same('\ufb01le', 'file')).toBe(false);
    expect(same('.g\u200cit', '.git')).toBe(true);
    expect(collisionKey('A', 'linux')).not.toBe(collisionKey('a', 'linux'));
  });

  it('is one for a name and every way to write it', () => {
    fc.assert(
      fc.property(anyName, fc.constantFrom('mac' as const, 'win' as const), (name, platform) => {
        const key = collisionKey(name, platform);
        expect(collisionKey(name.normalize('NFD'), platform)).toBe(key);
        expect(collisionKey(key, platform)).toBe(key);
      }),
    );
  });
});

describe('utf8Bytes', () => {
  it('counts what an encoder would write, at every width and for any text', () => {
    for (const text of ['\u007f', '\u0080', '\u07ff', '\u0800', '\uffff', '\u{10000}', '\ud800']) {
      expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
    }
    fc.assert(
      fc.property(anyName, (text) => {
        expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });
});
