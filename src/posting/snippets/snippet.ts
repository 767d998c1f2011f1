import type { PostedRequest } from '../posted-request.ts';
import { writeCsharp } from './csharp.ts';
import { writeCurl } from './curl.ts';
import { writeJavascript } from './javascript.ts';
import { writePhp } from './php.ts';
import { writePython } from './python.ts';
import { writeRuby } from './ruby.ts';

/** A program that sends one request and prints status and body. */
export interface Snippet {
  id: 'curl' | 'javascript' | 'php' | 'python' | 'csharp' | 'ruby';
  /** Of the tab. */
  name: string;
  /** What it needs beside the language; null: nothing. */
  needs: string | null;
  code: string;
}

const LANGUAGES: readonly (Omit<Snippet, 'code'> & { write: (request: PostedRequest) => string })[] = [
  { id: 'curl', name: 'curl', needs: null, write: writeCurl },
  { id: 'javascript', name: 'JavaScript', needs: 'Node 18 or newer, as a module', write: writeJavascript },
  { id: 'php', name: 'PHP', needs: 'the extension curl', write: writePhp },
  { id: 'python', name: 'Python', needs: 'the package requests', write: writePython },
  { id: 'csharp', name: 'C#', needs: '.NET 6 or newer', write: writeCsharp },
  { id: 'ruby', name: 'Ruby', needs: null, write: writeRuby },
];

/** The same request in every language. Each value stands in the code as a literal that means exactly this value. */
export function writeSnippets(request: PostedRequest): Snippet[] {
  return LANGUAGES.map(({ write, ...language }) => ({ ...language, code: write(request) }));
}
