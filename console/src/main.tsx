import './theme/mantine.css';
import './theme/tokens.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SluiceError } from '../../client/src/client.ts';
import { dropSession } from './api/session.ts';
import { shouldAskAgain } from './api/should-ask-again.ts';
import { createConsoleRouter } from './routes.tsx';
import { reloadForNewVersion } from './shell/reload-for-new-version.ts';
import { theme } from './theme/theme.ts';

/** The key is read by public/color-scheme.js, too. */
const colorSchemeManager = localStorageColorSchemeManager({ key: 'sluice-color-scheme' });
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.nonce ?? '';
// Locking the scroll behind a dialog adds a style element; react-style-singleton asks this name for its nonce.
Object.assign(globalThis, { __webpack_nonce__: nonce });

// A package below Mantine that adds a style while a dialog is open looks for the nonce here.
Object.assign(window, { __webpack_nonce__: nonce });
reloadForNewVersion(window);

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error) => void signInAgain(error) }),
  defaultOptions: { queries: { retry: shouldAskAgain, staleTime: 5_000, refetchOnWindowFocus: true } },
});
const router = createConsoleRouter(queries);

/** A session that has ended shows the sign-in, which comes back to the page. */
async function signInAgain(error: Error): Promise<void> {
  if (!(error instanceof SluiceError) || error.status !== 401) return;
  dropSession(queries);
  await router.invalidate();
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root.');
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemeManager}
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
