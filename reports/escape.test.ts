import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostileName } from '../test/fixtures/summary.ts';
import { escapeHtml, escapeMarkdown, escapeTerminal } from './escape.ts';

test('escapeHtml() leaves nothing that ends text or an attribute', () => {
  expect(escapeHtml(`<a href="x" title='y'>&`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;');
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[<>"']/.test(escapeHtml(text))));
});

test('escapeMarkdown() takes the meaning from markup, HTML, links and mentions', () => {
  expect(escapeMarkdown('a|b `c` *d* <e> [f](https://g) @h $i$\nj')).toBe(
    'a\\|b \\`c\\` \\*d\\* &lt;e&gt; \\[f\\](https:&#47;&#47;g) &#64;h \\$i\\$ j',
  );
});

test('escapeTerminal() lets no control character through', () => {
  expect(escapeTerminal(hostileName)).toContain('�[31m');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\u202e]/u.test(escapeTerminal(text))),
  );
});
