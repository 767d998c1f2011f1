import { describe, expect, it } from 'vitest';
import { nameProblem } from './name-problem.ts';

describe('a name is reported when the flow is saved', () => {
  // biome-ignore format: a table reads better in rows
  const cases: [string[], string, RegExp | undefined][] = [
    [['xml_path', 'first name'], 'x', /"first name" cannot be the name of an XML element/],
    [['xml_path', 'lead', '1st'], 'x', /"1st"/],
    [['xml_path', 'lead', ''], 'x', /""/],
    [['xml_path', 'lead', 'a<b'], 'x', /XML element/],
    [['xml_path', 'lead@first name'], 'x', /"first name" cannot be the name of an XML attribute/],
    [['xml_path', '0', 'a'], 'x', /one root/],
    [['xml_path', 'lead', 'a#cdate'], 'x', /cdata/],
    [['xml_path', 'lead', 'a#cdata'], 'x', undefined],
    [['xml_path', 'lead', 'name', '0@part'], 'first', undefined],
    [['xml_path', 'lead', 'name', '0'], 'x', undefined],
    [['xml_path', 'lead@xmlns:xsi'], 'urn:x', undefined],
    [['xml_path', 'soap:Envelope', 'ünï-code_1.2'], 'x', undefined],
    [['xml_path', 'order@codes', '0'], 'x', undefined],
    [['arg', 'Lead', 'First Name'], 'x', /"First Name"/],
    [['arg', 'Lead', 'Phones', '0'], 'x', undefined],
    [['soap_header', 'Auth@xmlns'], 'urn:x', undefined],
    [['header', 'X Key'], 'x', /header/],
    [['header', 'X:Key'], 'x', /header/],
    [['header', ''], 'x', /header/],
    [['header', '0'], 'x', /place of a list/],
    [['header', 'X-Key'], 'a\r\nX-Other: b', /line breaks/],
    [['header', 'X-Key'], 'a\n', undefined],
    [['header', 'X-Key'], '{{lead.note}}', undefined],
    [['header', 'X-Key'], 'Bearer a\tb', undefined],
    [['json_property', 'first name'], 'x', undefined],
    [['form_field', 'a b'], 'x', undefined],
    [['url'], 'x', undefined],
  ];
  it.each(cases)('%j = %j', (segments, value, expected) => {
    const problem = nameProblem({ segments, value });
    if (expected === undefined) expect(problem).toBeUndefined();
    else expect(problem).toMatch(expected);
  });
});
