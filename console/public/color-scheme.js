// Before the first paint, so that a dark page does not flash white. What it reads is written by Mantine's color scheme manager.
(() => {
  let chosen = 'auto';
  try {
    chosen = localStorage.getItem('sluice-color-scheme') ?? 'auto';
  } catch {
    // Storage is off: the system decides.
  }
  const isDark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');
})();
