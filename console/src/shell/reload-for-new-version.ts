const KEY = 'sluice-reloads';
const RELOADS_MAX = 2;
/** A page that has run for so long is sound: a later deploy has reloads of its own. */
const SOUND_MS = 60_000;

/**
 * After a deploy the chunks of the version that runs are gone. Loading the page again gets the new version; when that
 * does not help twice, the page shows the error instead.
 */
export function reloadForNewVersion(page: Window): void {
  page.addEventListener('vite:preloadError', (event) => {
    const reloads = Number(page.sessionStorage.getItem(KEY) ?? 0);
    if (reloads >= RELOADS_MAX) return;
    page.sessionStorage.setItem(KEY, String(reloads + 1));
    event.preventDefault();
    page.location.reload();
  });
  page.setTimeout(() => page.sessionStorage.removeItem(KEY), SOUND_MS);
}
